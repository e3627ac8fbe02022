"""What answers add up to: exactly as the form's source says, and nothing where one of them is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from people.forms.conditions import Answers, holds
from people.forms.shape import Form, Question, QuestionKind, Score


@dataclass(frozen=True, slots=True)
class Scored:
    """One score of a filled form; without a value, `missing` says how many answers it lacks."""

    key: str
    name: str
    value: float | None
    lowest: float
    highest: float
    band: str | None
    better: str | None
    reading: str | None
    missing: int = 0


def score(form: Form, answers: Answers) -> tuple[Scored, ...]:
    """Every score of the form, in its order."""
    questions = {question.key: question for question in form.questions}
    return tuple(_scored(each, questions, answers) for each in form.scores)


def prompts(form: Form, answers: Answers) -> tuple[str, ...]:
    """The sentences that the answers ask for, in the form's order."""
    return tuple(each.words for each in form.prompts if holds(each.when, answers))


def counts(question: Question, answer: Any) -> float:
    """What one answer counts: its option's score, 1 for yes and 0 for no, or its own number."""
    if question.kind is QuestionKind.CHOICE:
        return next(option.score or 0.0 for option in question.options if option.key == answer)
    return float(answer)


def band(of: Score, value: float) -> str | None:
    """What its source calls a value."""
    return next((each.name for each in of.bands if each.lowest <= value <= each.highest), None)


def _scored(one: Score, questions: Mapping[str, Question], answers: Answers) -> Scored:
    missing = sum(key not in answers for key in one.questions)
    value = None if missing else sum(counts(questions[key], answers[key]) for key in one.questions)
    return Scored(
        key=one.key,
        name=one.name,
        value=value,
        lowest=one.lowest,
        highest=one.highest,
        band=None if value is None else band(one, value),
        better=one.better.value if one.better else None,
        reading=one.reading,
        missing=missing,
    )
