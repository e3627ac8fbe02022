"""Forms as their pages show them: what is asked, what was answered, how scores went."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.web.forms import Form as Typed
from app.web.words import date_only, listed
from people.access import Extent, Viewer
from people.forms import answering, reading, scoring
from people.forms.conditions import to_document
from people.forms.filled import Filled, Shown
from people.forms.scoring import Scored
from people.forms.shape import Form, Question, QuestionKind
from people.models.forms import AnsweredBy, AskedBy, FillState

ANSWERED_BY = {
    AnsweredBy.PERSON: "The person",
    AnsweredBy.REPRESENTATIVE: "Somebody who speaks for them",
    AnsweredBy.CARER: "A carer, about themselves",
    AnsweredBy.STAFF: "Staff, from what they saw",
}
ASKED_BY = {
    AskedBy.IN_PERSON: "Face to face",
    AskedBy.TELEPHONE: "By telephone",
    AskedBy.VIDEO: "By video",
    AskedBy.PAPER: "On paper",
    AskedBy.OWN_PAGE: "On their own page",
}
YES_NO = (("yes", "Yes"), ("no", "No"))
NOT_ANSWERED = "Not answered"


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """One question with what stands in it: see _parts/question.html."""

    key: str
    name: str
    kind: str
    text: str
    hint: str | None
    choices: tuple[tuple[str, str], ...]
    value: str
    chosen: frozenset[str]
    error: str | None
    asked: bool
    ask_if: str | None
    unit: str | None
    lowest: int | None
    highest: int | None
    lowest_words: str | None
    highest_words: str | None


@dataclass(frozen=True, slots=True)
class SectionShown:
    """Questions that stand together."""

    title: str
    words: str | None
    questions: tuple[QuestionShown, ...]


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """A question and what was answered, in words."""

    text: str
    words: str
    answered: bool


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """A score in words: "7 of 10, High", or why there is none."""

    name: str
    words: str
    has_value: bool


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One filled form in a list: see forms.html. `state` is as `state` below says it."""

    uuid: UUID
    title: str
    at: datetime
    by: str
    told: str
    scores: tuple[ScoreShown, ...]
    state: str
    whole: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """How one score went; values oldest first."""

    name: str
    values: tuple[float, ...]
    words: str
    better: str | None


@dataclass(frozen=True, slots=True)
class FormShown:
    """A form that can be filled in; `why` the plan asks for it, and when it was last."""

    code: str
    title: str
    about: str
    minutes: int
    why: str | None
    last_at: datetime | None
    draft: UUID | None


def name_of(key: str) -> str:
    """What a question's field is called on the page."""
    return f"q_{key}"


def sections(form: Form, given: Mapping[str, Any], errors: Mapping[str, str]) -> tuple[SectionShown, ...]:
    """The form's questions with what stands in them; those that are not asked yet are there to come up."""
    asked = {each.key for each in answering.asked(form, answering.read(form, given, complete=False).answers)}
    return tuple(
        SectionShown(
            each.title,
            each.words,
            tuple(_question(one, given.get(one.key), errors, asked) for one in each.questions),
        )
        for each in form.sections
    )


def told(row: Filled) -> str:
    """Whose answers they are and how they were asked: "Beth Marsh for the person, by telephone"."""
    who = ANSWERED_BY[row.row.answered_by].lower()
    name = row.row.answered_by_name
    return f"{f'{name}, {who}' if name else who.capitalize()}; {ASKED_BY[row.row.asked_by].lower()}"


def rows(shown: Shown, viewer: Viewer) -> tuple[FilledRow, ...]:
    """What was filled in, the latest first."""
    return tuple(
        FilledRow(
            uuid=each.row.uuid,
            title=each.form.title,
            at=each.row.answered_at,
            by=f"{each.by}, {each.agency}" if each.extent is Extent.FULL else each.agency,
            told=told(each) if each.extent is Extent.FULL else "",
            scores=scores(each.scores) if each.extent is Extent.FULL else (),
            state=state(each),
            whole=each.extent is Extent.FULL,
            mine=each.row.staff_id is not None and each.row.staff_id == viewer.staff_id,
        )
        for each in shown.items
    )


def state(each: Filled) -> str:
    """Why it does not count, in a word; nothing for one that does."""
    if each.row.state is FillState.DRAFT:
        return "draft"
    if each.row.mistaken_at is not None:
        return "mistaken"
    return "corrected" if each.row.superseded_at is not None else ""


def scores(found: Sequence[Scored]) -> tuple[ScoreShown, ...]:
    """Each score in words."""
    return tuple(ScoreShown(each.name, _score(each), each.value is not None) for each in found)


def trends(shown: Shown) -> tuple[Trend, ...]:
    """How each score went that was taken more than once, by forms that count."""
    counted = [each for each in reversed(shown.items) if each.stands and each.extent is Extent.FULL]
    found: dict[tuple[str, str], list[Scored]] = {}
    for each in counted:
        for one in each.scores:
            if one.value is not None:
                found.setdefault((each.row.form_code, one.key), []).append(one)
    return tuple(
        Trend(
            taken[-1].name,
            tuple(each.value for each in taken if each.value is not None),
            _went(taken),
            taken[-1].better,
        )
        for taken in found.values()
        if len(taken) > 1
    )


def offered(shown: Shown, why: Mapping[str, str], viewer: Viewer) -> tuple[FormShown, ...]:
    """Every form in use: those that the plan asks for first."""
    last: dict[str, datetime] = {}
    drafts: dict[str, UUID] = {}
    for each in reversed(shown.items):
        if each.stands:
            last[each.row.form_code] = each.row.answered_at
        elif each.row.state is FillState.DRAFT and each.row.staff_id == viewer.staff_id:
            drafts[each.row.form_code] = each.row.uuid
    found = [
        FormShown(
            form.code, form.title, form.about, form.minutes,
            why.get(form.code), last.get(form.code), drafts.get(form.code),
        )
        for form in reading.in_use().values()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: each.why is None))


def answers(each: Filled) -> tuple[tuple[str, tuple[AnswerShown, ...]], ...]:
    """What was asked and answered, section by section; what was not asked is left out."""
    asked = {one.key for one in answering.asked(each.form, each.row.answers)}
    found = []
    for section in each.form.sections:
        said = tuple(
            _answer(one, each.row.answers.get(one.key)) for one in section.questions if one.key in asked
        )
        if said:
            found.append((section.title, said))
    return tuple(found)


def prompts(each: Filled) -> tuple[str, ...]:
    """The sentences that the answers ask for."""
    return scoring.prompts(each.form, each.row.answers)


def typed_of(form: Form, answers_: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as the page's fields hold them."""
    words = {True: "yes", False: "no"}
    return {
        each.key: words[answers_[each.key]] if each.kind is QuestionKind.YES_NO else answers_[each.key]
        for each in form.questions
        if each.key in answers_
    }


def errors_of(form: Form, wrong: Typed | None) -> dict[str, str]:
    """What is wrong with which question."""
    errors = wrong.errors if wrong else {}
    return {each.key: errors[name_of(each.key)] for each in form.questions if name_of(each.key) in errors}


def _question(one: Question, value: Any, errors: Mapping[str, str], asked: set[str]) -> QuestionShown:
    chosen = frozenset(value) if isinstance(value, list | tuple) else frozenset()
    return QuestionShown(
        key=one.key,
        name=name_of(one.key),
        kind=one.kind.value,
        text=one.text,
        hint=one.hint,
        choices=YES_NO if one.kind is QuestionKind.YES_NO else tuple((o.key, o.text) for o in one.options),
        value="" if value is None or chosen else str(value),
        chosen=chosen,
        error=errors.get(one.key),
        asked=one.key in asked,
        ask_if=json.dumps(to_document(one.ask_if)) if one.ask_if else None,
        unit=one.unit,
        lowest=None if one.lowest is None else int(one.lowest),
        highest=None if one.highest is None else int(one.highest),
        lowest_words=one.lowest_words,
        highest_words=one.highest_words,
    )


def _answer(one: Question, value: Any) -> AnswerShown:
    if value is None:
        return AnswerShown(one.text, NOT_ANSWERED, answered=False)
    texts = {option.key: option.text for option in one.options}
    match one.kind:
        case QuestionKind.CHOICE:
            words = texts.get(value, value)
        case QuestionKind.CHOICES:
            words = listed([texts.get(each, each) for each in value])
        case QuestionKind.YES_NO:
            words = "Yes" if value else "No"
        case QuestionKind.DATE:
            words = date_only(date.fromisoformat(value))
        case QuestionKind.SCALE:
            words = f"{value} of {one.highest:g}"
        case QuestionKind.NUMBER:
            words = f"{value:g} {one.unit or ''}".strip()
        case QuestionKind.TEXT:
            words = value
    return AnswerShown(one.text, words, answered=True)


def _score(each: Scored) -> str:
    if each.value is None:
        return f"No score: {each.missing} not answered"
    return f"{each.value:g} of {each.highest:g}{f', {each.band.lower()}' if each.band else ''}"


def _went(taken: Sequence[Scored]) -> str:
    first, last = taken[0], taken[-1]
    change = (last.value or 0) - (first.value or 0)
    words = (
        "the same as at first"
        if change == 0
        else f"{'up' if change > 0 else 'down'} {abs(change):g} since the first"
    )
    better = {"higher": change > 0, "lower": change < 0}.get(last.better or "")
    if change and better is not None:
        words += ", which is better" if better else ", which is worse"
    return f"{first.value:g} → {last.value:g} of {last.highest:g}: {words}"
