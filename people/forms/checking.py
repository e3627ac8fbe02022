"""Holds the parts of a form against each other: keys, skip logic, scores, bands, headings."""

from collections.abc import Iterable

from core.documents import Part
from people.about_me import HEADINGS
from people.access import RecordClass
from people.forms.conditions import AllOf, AnyOf, AtLeast, Condition, Equals, Not, questions_of
from people.forms.shape import Form, Question, QuestionKind, Score

SCORED = (QuestionKind.CHOICE, QuestionKind.SCALE, QuestionKind.YES_NO)


def check(part: Part, form: Form) -> None:
    """Note every fault of a form whose parts fit each by itself, at its place."""
    if form.record_class is RecordClass.RESTRICTED:
        part.fault("record_class", "A form is never restricted: raise a concern instead.")
    known: dict[str, Question] = {}
    every = {question.key for question in form.questions}
    for number, section in enumerate(form.sections):
        for inner, question in enumerate(section.questions):
            place = f"sections.{number}.questions.{inner}"
            if question.key in known:
                part.fault(f"{place}.key", "Give each question a key of its own.")
            if question.ask_if is not None:
                _check_condition(part, f"{place}.ask_if", question.ask_if, known, every)
            known[question.key] = question
            _check_question(part, place, question)
    for number, prompt in enumerate(form.prompts):
        _check_condition(part, f"prompts.{number}.when", prompt.when, known, every)
    for number, score in enumerate(form.scores):
        _check_score(part, f"scores.{number}", score, known)
    if len({score.key for score in form.scores}) < len(form.scores):
        part.fault("scores", "Give each score a key of its own.")


def _check_question(part: Part, place: str, question: Question) -> None:
    if len({option.key for option in question.options}) < len(question.options):
        part.fault(f"{place}.options", "Give each option a key of its own.")
    if question.lowest is not None and question.highest is not None and question.lowest >= question.highest:
        part.fault(f"{place}.highest", "Give more than the lowest.")
    if question.about_me is not None and question.about_me not in HEADINGS:
        part.fault(f"{place}.about_me", f"Choose one of {', '.join(HEADINGS)}.")


def _check_condition(
    part: Part, place: str, condition: Condition, before: dict[str, Question], every: set[str]
) -> None:
    """It may look only at what is asked before: so no two questions can wait for each other."""
    for key in sorted(questions_of(condition) - before.keys()):
        words = f"Ask {key} before this: a question can't wait for itself or for a later one."
        part.fault(place, words if key in every else f"There is no question {key}.")
    for leaf in _leaves(condition):
        question = before.get(next(iter(questions_of(leaf))))
        if question is None:
            continue
        if isinstance(leaf, AtLeast) and question.kind not in (QuestionKind.NUMBER, QuestionKind.SCALE):
            part.fault(place, f"{question.key} is no number.")
        if isinstance(leaf, Equals) and not _can_be(question, leaf.value):
            part.fault(place, f"{question.key} is never {leaf.value}.")


def _leaves(condition: Condition) -> Iterable[Condition]:
    if isinstance(condition, AllOf | AnyOf):
        return [leaf for each in condition.parts for leaf in _leaves(each)]
    return _leaves(condition.part) if isinstance(condition, Not) else [condition]


def _can_be(question: Question, value: str | bool | float) -> bool:
    if question.options:
        return value in {option.key for option in question.options}
    if question.kind is QuestionKind.YES_NO:
        return isinstance(value, bool)
    if question.kind in (QuestionKind.NUMBER, QuestionKind.SCALE):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _check_score(part: Part, place: str, score: Score, known: dict[str, Question]) -> None:
    fits = True
    for number, key in enumerate(score.questions):
        where, question = f"{place}.questions.{number}", known.get(key)
        fault = _unfit(question, key)
        if fault:
            part.fault(where, fault)
            fits = False
    if not fits:
        return
    ranges = [_range(known[key]) for key in score.questions]
    if (sum(low for low, _ in ranges), sum(high for _, high in ranges)) != (score.lowest, score.highest):
        part.fault(f"{place}.highest", "Give the least and the most that these answers can add up to.")
    edge = score.lowest
    for number, band in enumerate(score.bands):
        if band.lowest != edge or band.highest < band.lowest:
            part.fault(
                f"{place}.bands.{number}", f"Let this band begin at {edge:g}, where the last one ended."
            )
        edge = band.highest + 1
    if score.bands and edge != score.highest + 1:
        part.fault(f"{place}.bands", f"Let the last band end at {score.highest:g}.")


def _unfit(question: Question | None, key: str) -> str | None:
    """Why a question can't be part of a score, if so."""
    if question is None:
        return f"There is no question {key}."
    if question.kind not in SCORED or (question.options and any(o.score is None for o in question.options)):
        return "Score a scale, yes or no, or a choice whose every option has a score."
    if question.ask_if is not None:
        return "A scored question is always asked: one that was skipped would leave no score."
    return None


def _range(question: Question) -> tuple[float, float]:
    if question.options:
        scores = [option.score or 0.0 for option in question.options]
        return min(scores), max(scores)
    if question.kind is QuestionKind.YES_NO:
        return 0.0, 1.0
    return question.lowest or 0.0, question.highest or 0.0
