"""The page on which a form is filled in, gone on with or corrected: one page, that needs no script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import forms as typing
from app.web import papers, questionnaire_views
from app.web.forms import moment, moment_text, refused, typed
from app.web.pages import done, page
from app.web.papers import Whose
from app.web.questionnaire_views import name_of
from care_plans.plan import filled_in
from core.errors import Conflict, Invalid
from people import about_me
from people.forms import answering, filled, filling, reading
from people.forms.filled import Filled
from people.forms.shape import Form, QuestionKind
from people.models.forms import AnsweredBy, AskedBy, FilledForm, FillState
from people.models.people import Person

blueprint = Blueprint("questionnaire_fill", __name__)

TOLD = ("answered_by", "answered_by_name", "asked_by", "answered_at")
CHANGED = "Somebody else went on with this draft since you opened it. Look at theirs before you save yours."


@dataclass(frozen=True, slots=True)
class Filling:
    """A form that somebody is at: a new one, a draft, or a correction of one that was completed."""

    who: Whose
    form: Form
    path: str
    before: Filled | None = None
    draft: FilledForm | None = None

    @property
    def corrects(self) -> bool:
        """Whether it takes the place of a completed one."""
        return self.before is not None and self.draft is None


@blueprint.get("/people/<uuid:person_id>/forms/<form_code>")
@needs("forms:write", form=True)
def show_new(person_id: UUID, form_code: str) -> ResponseReturnValue:
    """An empty form; what the person's About Me says already stands in it."""
    found = _new(person_id, form_code)
    filling.refuse_unseen(context.session(), found.who.person, found.form, context.viewer(), context.now())
    return _page(found, known(found.form, found.who.person), _told_of(found))


@blueprint.post("/people/<uuid:person_id>/forms/<form_code>")
@needs("forms:write")
def fill_new(person_id: UUID, form_code: str) -> ResponseReturnValue:
    """Save it as a draft, complete it, or show what the answers lead to."""
    return _act(_new(person_id, form_code))


@blueprint.get("/people/<uuid:person_id>/filled-forms/<uuid:filled_id>/edit")
@needs("forms:write", form=True)
def show_again(person_id: UUID, filled_id: UUID) -> ResponseReturnValue:
    """A draft to go on with, or a completed form to correct, with what stands in it."""
    found = _again(person_id, filled_id)
    row = found.before.row if found.before else None
    return _page(found, row.answers if row else {}, _told_of(found))


@blueprint.post("/people/<uuid:person_id>/filled-forms/<uuid:filled_id>/edit")
@needs("forms:write")
def fill_again(person_id: UUID, filled_id: UUID) -> ResponseReturnValue:
    """Go on with a draft, or put a correction in the place of a completed form."""
    return _act(_again(person_id, filled_id))


def _new(person_id: UUID, form_code: str) -> Filling:
    who, form = papers.whose(person_id), reading.get(form_code)
    return Filling(who, form, f"{who.path}/forms/{form.code}")


def _again(person_id: UUID, filled_id: UUID) -> Filling:
    who = papers.whose(person_id, "form")
    found = filled.get_whole(context.session(), context.viewer(), who.person, filled_id, context.now())
    draft = found.row if found.row.state is FillState.DRAFT else None
    return Filling(who, found.form, f"{who.path}/filled-forms/{found.row.uuid}/edit", found, draft)


def _act(found: Filling) -> ResponseReturnValue:
    given, told = sent(found.form), typed(*TOLD)
    wanted = request.form.get("do", "complete")
    opened = newly_asked(found.form, given)
    if wanted == "next" or (wanted == "complete" and opened):
        return _page(found, given, told, opened=opened)
    made: list[FilledForm] = []
    values = {**{name_of(key): "" for key in given}, **told}
    fields = {f"answers.{key}": name_of(key) for key in given}
    wrong = refused(lambda: made.append(_do(found, wanted, given, told)), values, fields)
    if wrong:
        return _page(found, given, told, wrong=wrong)
    row = made[0]
    if row.state is FillState.DRAFT:
        return done("The draft is saved.", f"{found.who.path}/filled-forms/{row.uuid}/edit")
    words = "The correction stands." if found.corrects else f"{found.form.title} is completed."
    return done(words, f"{found.who.path}/filled-forms/{row.uuid}")


def _do(found: Filling, wanted: str, given: Mapping[str, Any], told: Mapping[str, str]) -> FilledForm:
    opened, viewer, now, person = context.session(), context.viewer(), context.now(), found.who.person
    faults: dict[str, str] = {}
    values: dict[str, Any] = {name: value for name, value in told.items() if value}
    try:
        if "answered_at" in values:
            values["answered_at"] = moment(found.who.zone)(values["answered_at"])
    except Invalid as fault:
        faults["answered_at"] = next(iter(fault.fields.values()))
    if found.corrects and not told["asked_by"]:
        faults["asked_by"] = "Say how they were asked."
    if faults:
        read = answering.read(found.form, given, complete=wanted == "complete")
        raise Invalid({**{f"answers.{key}": words for key, words in read.faults.items()}, **faults})
    if found.draft is not None and typing.seen() not in (None, found.draft.version):
        raise Conflict(CHANGED)
    if found.corrects and found.before is not None:
        return filled_in.correct(opened, person, found.before.row, given, values, viewer=viewer, now=now)
    do = filling.save if wanted == "save" else filled_in.complete
    return do(opened, person, found.form, given, values, viewer=viewer, now=now, draft=found.draft)


def sent(form: Form) -> dict[str, Any]:
    """What was sent for each question."""
    return {
        each.key: request.form.getlist(name_of(each.key))
        if each.kind is QuestionKind.CHOICES
        else request.form.get(name_of(each.key), "").strip()
        for each in form.questions
    }


def newly_asked(form: Form, given: Mapping[str, Any]) -> int:
    """How many questions the answers lead to that whoever answers has not seen yet."""
    seen = set(request.form.get("seen", "").split())
    asked = answering.asked(form, answering.read(form, given, complete=False).answers)
    return len([each for each in asked if each.key not in seen]) if seen else 0


def known(form: Form, person: Person) -> dict[str, Any]:
    """What About Me says already, for the questions that are put under its headings."""
    headings = {each.about_me: each.key for each in form.questions if each.about_me}
    said = about_me.find(context.session(), person) if headings else None
    return {key: getattr(said, name) or "" for name, key in headings.items()} if said else {}


def _told_of(found: Filling) -> dict[str, str]:
    row = found.before.row if found.before else None
    carer = found.form.code.startswith("carer")
    return {
        "answered_by": row.answered_by if row else AnsweredBy.CARER if carer else AnsweredBy.PERSON,
        "answered_by_name": (row.answered_by_name if row else None) or "",
        "asked_by": row.asked_by if row and row.staff_id else AskedBy.IN_PERSON if not row else "",
        "answered_at": moment_text(row.answered_at if row else context.now(), found.who.zone),
    }


def _page(
    found: Filling,
    given: Mapping[str, Any],
    told: Mapping[str, str],
    *,
    wrong: typing.Form | None = None,
    opened: int = 0,
) -> ResponseReturnValue:
    errors = wrong.errors if wrong else {}
    stored = found.before is not None and given is found.before.row.answers
    values = questionnaire_views.typed_of(found.form, given) if stored else given
    shown = questionnaire_views.sections(found.form, values, questionnaire_views.errors_of(found.form, wrong))
    html = page(
        "form_fill.html",
        person=found.who,
        form=found.form,
        about=typing.Form(
            told, errors, labels={one.name: one.text for each in shown for one in each.questions}
        ),
        sections=shown,
        seen=" ".join(each.key for section in shown for each in section.questions if each.asked),
        opened=opened,
        path=found.path,
        draft=found.draft,
        corrects=found.before if found.corrects else None,
        answered_by=[(each.value, words) for each, words in questionnaire_views.ANSWERED_BY.items()],
        asked_by=[
            (each.value, words)
            for each, words in questionnaire_views.ASKED_BY.items()
            if each is not AskedBy.OWN_PAGE
        ],
        zone=found.who.zone,
    )
    return html, wrong.status if wrong else 200
