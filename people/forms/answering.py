"""Reads answers, typed in or already made, against a form: what was asked, what to store, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import Invalid
from people.faults import LINES, day, words, yes_no
from people.forms.conditions import Answers, holds
from people.forms.shape import Form, Question, QuestionKind

NEEDED = "Answer this one: the form can't be completed without it."
NO_SUCH = "There is no such question in this form."


@dataclass(frozen=True, slots=True)
class Read:
    """What was understood: answers to store, and for each question that is wrong what to change."""

    answers: Answers
    faults: Mapping[str, str]


def asked(form: Form, answers: Answers) -> tuple[Question, ...]:
    """The questions that these answers lead to; an answer to one that is not asked counts for nothing."""
    found: list[Question] = []
    effective: dict[str, Any] = {}
    for question in form.questions:
        if question.ask_if is None or holds(question.ask_if, effective):
            found.append(question)
            if question.key in answers:
                effective[question.key] = answers[question.key]
    return tuple(found)


def read(form: Form, given: Mapping[str, Any], *, complete: bool) -> Read:
    """What to store of `given`; with `complete`, only of what is asked, and faults for what is needed.

    Nothing given (None, empty text, an empty list) is no answer.
    """
    known = {question.key: question for question in form.questions}
    faults = {key: NO_SUCH for key in given if key not in known}
    answers: dict[str, Any] = {}
    for question in form.questions:
        value = given.get(question.key)
        if isinstance(value, str):
            value = value.strip()
        if value is None or value in ("", []):
            continue
        try:
            answers[question.key] = _answer(question, value)
        except Invalid as refused:
            faults[question.key] = next(iter(refused.fields.values()))
    if not complete:
        return Read(answers, faults)
    put = {question.key: question for question in asked(form, answers)}
    faults = {key: said for key, said in faults.items() if key in put or key not in known}
    for key, question in put.items():
        if question.needed and key not in answers:
            faults.setdefault(key, NEEDED)
    return Read({key: value for key, value in answers.items() if key in put}, faults)


def _answer(question: Question, value: Any) -> Any:
    match question.kind:
        case QuestionKind.CHOICE:
            return _option(question, value)
        case QuestionKind.CHOICES:
            return _options(question, value)
        case QuestionKind.YES_NO:
            return yes_no(value)
        case QuestionKind.DATE:
            return day(value).isoformat()
        case QuestionKind.TEXT:
            return _text(value)
        case QuestionKind.SCALE:
            return _number(question, value, whole=True)
        case QuestionKind.NUMBER:
            return _number(question, value, whole=False)


def _option(question: Question, value: Any) -> str:
    for option in question.options:
        if value == option.key:
            return option.key
    raise Invalid({"": f"Choose one of: {', '.join(option.key for option in question.options)}."})


def _options(question: Question, value: Any) -> list[str]:
    """The chosen options in the form's order, each once."""
    given = value if isinstance(value, list | tuple) else [value]
    for one in given:
        _option(question, one)
    return [option.key for option in question.options if option.key in given]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid({"": "Write a text here."})
    text: str = words(LINES)(value)
    return text


def _number(question: Question, value: Any, *, whole: bool) -> float:
    low, high = question.lowest, question.highest
    if isinstance(value, bool | date) or not isinstance(value, str | int | float):
        raise Invalid({"": "Give a number."})
    try:
        number = float(value.replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError) as fault:
        raise Invalid({"": "Give a number."}) from fault
    if not abs(number) < float("inf") or (whole and number != int(number)):
        raise Invalid({"": "Give a whole number." if whole else "Give a number."})
    if (low is not None and number < low) or (high is not None and number > high):
        raise Invalid({"": _bounds(low, high)})
    return int(number) if number == int(number) else number


def _bounds(low: float | None, high: float | None) -> str:
    if low is None:
        return f"Give a number of at most {high:g}."
    if high is None:
        return f"Give a number of at least {low:g}."
    return f"Give a number from {low:g} to {high:g}."
