"""Forms in the REST API: which there are, and those filled in about a person."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from app.api.fields import Moment, Shape, Text, choice, edit_of, identity, row_version
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.api.versions import if_match
from app.auth import needs
from app.context import now, session, viewer
from care_plans.plan import asked_forms, filled_in
from core.errors import Invalid
from people import sharing, visible
from people.access import Extent, RecordClass
from people.forms import filled, filling, reading, scoring
from people.forms.conditions import to_document
from people.forms.filled import Filled
from people.forms.shape import Form, QuestionKind
from people.models.forms import AnsweredBy, AskedBy, FilledForm, FillState
from people.models.people import Person

ABOUT = "Questionnaires: what is asked, and what was answered."
blueprint = Blueprint("forms", ABOUT)
of_person = Blueprint("forms", ABOUT, part="filled", prefix=f"{PREFIX}/people/<uuid:person_id>/forms")


class FormSource(Shape):
    """Where questions or their scoring come from."""

    title = fields.String()
    url = fields.String(allow_none=True)


class OptionOut(Shape):
    """One answer of a choice, and what it counts."""

    key = fields.String()
    text = fields.String()
    score = fields.Float(allow_none=True)


class QuestionOut(Shape):
    """One question; `ask_if` is the condition under which it is asked."""

    key = fields.String()
    kind = choice(QuestionKind)
    text = fields.String()
    hint = fields.String(allow_none=True)
    needed = fields.Boolean()
    ask_if = fields.Dict(allow_none=True)
    options = fields.List(fields.Nested(OptionOut))
    unit = fields.String(allow_none=True)
    lowest = fields.Float(allow_none=True)
    highest = fields.Float(allow_none=True)
    lowest_words = fields.String(allow_none=True)
    highest_words = fields.String(allow_none=True)
    about_me = fields.String(allow_none=True)


class SectionOut(Shape):
    """Questions that stand together."""

    title = fields.String()
    words = fields.String(allow_none=True)
    questions = fields.List(fields.Nested(QuestionOut))


class FormBrief(Shape):
    """A form that can be filled in."""

    code = fields.String()
    version = fields.Integer()
    title = fields.String()
    about = fields.String()
    minutes = fields.Integer()
    record_class = choice(RecordClass)
    pathways = fields.List(fields.String())


class FormOut(FormBrief):
    """A form with its questions, its source, its licence, how it is scored and what a missing answer does."""

    sources = fields.List(fields.Nested(FormSource))
    licence = fields.String()
    scoring = fields.String()
    missing = fields.String()
    sections = fields.List(fields.Nested(SectionOut))


class Forms(Shape):
    """Every form in use."""

    items = fields.List(fields.Nested(FormBrief), required=True)


class FormAsked(Shape):
    """Which version of a form is asked for: the newest, unless one is named."""

    version = fields.Integer(load_default=None, validate=validate.Range(1, 10_000))


class AnswersIn(Shape):
    """What was answered, by question, and who answered, how they were asked and when (now)."""

    answers = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True))
    answered_by = choice(AnsweredBy)
    answered_by_name = Text(allow_none=True)
    asked_by = choice(AskedBy)
    answered_at = Moment(allow_none=True)


class FilledNew(AnswersIn):
    """A form to be filled in; a draft can be gone on with."""

    form = Text(most=64, required=True)
    state = choice(FillState, load_default=FillState.COMPLETE)


class DraftEdit(AnswersIn):
    """More of a draft; what is given stands in place of what stood there."""

    state = choice(FillState, load_default=FillState.DRAFT)


class FormMistake(Shape):
    """What is wrong with it."""

    mistake = Text(lines=True, required=True)


class ScoreOut(Shape):
    """What some answers came to; without a value, how many are missing."""

    key = fields.String()
    name = fields.String()
    value = fields.Float(allow_none=True)
    lowest = fields.Float()
    highest = fields.Float()
    band = fields.String(allow_none=True)
    better = fields.String(allow_none=True)
    reading = fields.String(allow_none=True, metadata={"description": "The kind of reading it became."})
    missing = fields.Integer()


class FilledOut(Shape):
    """A filled form; where `extent` is not full, only that it was filled in, when, and by which agency."""

    id = identity()
    version = row_version()
    form = fields.String()
    form_version = fields.Integer()
    title = fields.String()
    extent = choice(Extent)
    state = choice(FillState)
    stands = fields.Boolean(metadata={"description": "Whether it counts."})
    answered_at = Moment()
    completed_at = Moment(allow_none=True)
    agency = fields.String()
    by = fields.String(allow_none=True)
    answered_by = choice(AnsweredBy, allow_none=True)
    answered_by_name = fields.String(allow_none=True)
    asked_by = choice(AskedBy, allow_none=True)
    answers = fields.Dict(allow_none=True)
    scores = fields.List(fields.Nested(ScoreOut))
    prompts = fields.List(fields.String())
    superseded_at = Moment(allow_none=True)
    superseded_by = fields.UUID(allow_none=True)
    mistaken_at = Moment(allow_none=True)
    mistake = fields.String(allow_none=True)


class AskedForm(Shape):
    """A form that the plan asks for, and why."""

    form = fields.String()
    why = fields.String()


class FilledForms(Shape):
    """What was filled in, the latest first; `others` says that there is something that is not shown."""

    items = fields.List(fields.Nested(FilledOut), required=True)
    others = fields.Boolean(required=True)
    asked = fields.List(fields.Nested(AskedForm), required=True)


@blueprint.get("")
@needs("forms:read")
@blueprint.answers(Forms)
def list_forms() -> Any:
    """List every form in use, by title."""
    return {"items": list(reading.in_use().values())}


@blueprint.get("/<form_code>")
@needs("forms:read")
@blueprint.takes(FormAsked, location="query")
@blueprint.answers(FormOut)
def get_form(asked: Given, form_code: str) -> Any:
    """Show a form with all its questions."""
    return _form(reading.get(form_code, asked["version"]))


@of_person.get("")
@needs("forms:read")
@of_person.answers(FilledForms)
def list_filled(person_id: UUID) -> Any:
    """List what was filled in about a person, as much as you may see, and what the plan asks for."""
    person = opened_person(person_id, "forms")
    found = filled.shown(session(), viewer(), person, now())
    why = asked_forms.asked(session(), person, now(), sharing.sees(session(), viewer(), person.id, now()))
    return {
        "items": [_told(each) for each in found.items],
        "others": found.others,
        "asked": [{"form": code, "why": words} for code, words in why.items()],
    }


@of_person.post("")
@needs("forms:write")
@of_person.takes(FilledNew)
@of_person.answers(FilledOut, 201)
def fill_in(given: Given, person_id: UUID) -> Any:
    """Fill a form in, or begin a draft; each score becomes a reading, and the person is judged by it."""
    person = _person(person_id)
    code, state = given.pop("form"), given.pop("state")
    form = reading.in_use().get(code)
    if form is None:
        raise Invalid({"form": "There is no such form."})
    row = _do(state)(session(), person, form, *_said(given), viewer=viewer(), now=now())
    return _shown(person, row)


@of_person.get("/<uuid:filled_id>")
@needs("forms:read")
@of_person.answers(FilledOut)
def get_filled(person_id: UUID, filled_id: UUID) -> Any:
    """Show one filled form, as much as you may see."""
    person = opened_person(person_id, "form")
    return _told(filled.get(session(), viewer(), person, filled_id, now()))


@of_person.patch("/<uuid:filled_id>")
@needs("forms:write")
@of_person.takes(edit_of(DraftEdit))
@of_person.answers(FilledOut)
def go_on(given: Given, person_id: UUID, filled_id: UUID) -> Any:
    """Go on with a draft, and complete it where `state` says so."""
    person = _person(person_id)
    found = filled.get_whole(session(), viewer(), person, filled_id, now())
    if_match(found.row.version)
    act = _do(given.pop("state", FillState.DRAFT))
    given.setdefault("answers", found.row.answers)
    row = act(session(), person, found.form, *_said(given), viewer=viewer(), now=now(), draft=found.row)
    return _shown(person, row)


@of_person.post("/<uuid:filled_id>/correct", seen=True)
@needs("forms:write")
@of_person.takes(AnswersIn)
@of_person.answers(FilledOut, 201)
def correct(given: Given, person_id: UUID, filled_id: UUID) -> Any:
    """Put a correction, with all its answers, in the place of a completed form, which stays to be seen."""
    person = _person(person_id)
    found = filled.get_whole(session(), viewer(), person, filled_id, now())
    row = filled_in.correct(session(), person, found.row, *_said(given), viewer=viewer(), now=now())
    return _shown(person, row)


@of_person.post("/<uuid:filled_id>/mistake")
@needs("forms:write")
@of_person.takes(FormMistake)
@of_person.answers(FilledOut)
def mark_mistaken(given: Given, person_id: UUID, filled_id: UUID) -> Any:
    """Say that a completed form was entered in error: it stays to be seen, its readings are taken back."""
    person = _person(person_id)
    found = filled.get_whole(session(), viewer(), person, filled_id, now())
    filled_in.mark_mistaken(session(), found.row, given, viewer=viewer(), now=now())
    return _shown(person, found.row)


@of_person.delete("/<uuid:filled_id>")
@needs("forms:write")
@of_person.answers()
def throw_away(person_id: UUID, filled_id: UUID) -> None:
    """Throw a draft away; 409 for a form that was completed."""
    found = filled.get_whole(session(), viewer(), _person(person_id), filled_id, now())
    filling.throw_away(session(), found.row, viewer=viewer(), now=now())


def _person(person_id: UUID) -> Person:
    return visible.get_person(session(), viewer(), person_id, now())


def _do(state: FillState) -> Callable[..., FilledForm]:
    return filling.save if state is FillState.DRAFT else filled_in.complete


def _said(given: Given) -> tuple[Mapping[str, Any], Given]:
    """The answers, and who told them, how and when."""
    return given.pop("answers", {}), {name: value for name, value in given.items() if value is not None}


def _shown(person: Person, row: FilledForm) -> Any:
    return _told(filled.get_whole(session(), viewer(), person, row.uuid, now()))


def _form(form: Form) -> dict[str, Any]:
    names = ("code", "version", "title", "about", "minutes", "record_class", "pathways")
    more = ("sources", "licence", "scoring", "missing")
    sections = [
        {
            "title": section.title,
            "words": section.words,
            "questions": [
                {
                    **{name: getattr(each, name) for name in QuestionOut().fields if name != "ask_if"},
                    "ask_if": to_document(each.ask_if) if each.ask_if else None,
                }
                for each in section.questions
            ],
        }
        for section in form.sections
    ]
    return {**{name: getattr(form, name) for name in (*names, *more)}, "sections": sections}


def _told(each: Filled) -> dict[str, Any]:
    row, full = each.row, each.extent is Extent.FULL
    told: dict[str, Any] = {
        "uuid": row.uuid,
        "version": row.version,
        "form": row.form_code,
        "form_version": row.form_version,
        "title": each.form.title,
        "extent": each.extent,
        "state": row.state,
        "stands": each.stands,
        "answered_at": row.answered_at,
        "agency": each.agency,
        "scores": [],
        "prompts": [],
    }
    names = (
        "completed_at", "answered_by", "answered_by_name", "asked_by", "answers", "superseded_at",
        "mistaken_at", "mistake",
    )  # fmt: skip
    if not full:
        return told | dict.fromkeys((*names, "by", "superseded_by"))
    return told | {
        **{name: getattr(row, name) for name in names},
        "by": each.by,
        "superseded_by": filled.find_after(session(), row) if row.superseded_at else None,
        "scores": list(each.scores),
        "prompts": scoring.prompts(each.form, row.answers),
    }
