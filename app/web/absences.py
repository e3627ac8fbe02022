"""The page on which it is written down that somebody is away, until when, and that they are back."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import absence_words, essentials, planning
from app.web.forms import Form, moment, moment_text, refused, typed
from app.web.pages import done, page
from app.web.words import initial_capital
from care_plans import absences as away
from core.errors import Invalid
from people import absences, visible
from people.absences import WORDS
from people.access import Need, may
from people.faults import LINES, read_fields, words
from people.models.absences import Absence
from people.models.people import Person

blueprint = Blueprint("absences", __name__)

FIELDS = ("why", "place", "known_from", "began_at", "ends_at")
WHY = tuple((each.value, initial_capital(words_)) for each, words_ in WORDS.items())


@blueprint.get("/people/<uuid:person_id>/absence")
@needs("people:read")
def show_absences(person_id: UUID) -> ResponseReturnValue:
    """Whether they are away, and when they were; that somebody looked is written down."""
    person = _get(person_id)
    visible.record_look(context.session(), context.viewer(), person, at_what="absences")
    return _page(person, Form({"began_at": moment_text(context.now(), planning.zone_of(person))}))


@blueprint.post("/people/<uuid:person_id>/absence")
@needs("people:write")
def record_absence(person_id: UUID) -> ResponseReturnValue:
    """They are, or will be, away."""
    person, given = _get(person_id), typed(*FIELDS)

    def act() -> None:
        at = moment(planning.zone_of(person))
        told = read_fields(given, {**away.READERS, "began_at": at, "ends_at": at}, required=away.REQUIRED)
        away.record(context.session(), person, told, by=context.viewer(), now=context.now(), confirmed=True)

    wrong = refused(act, given)
    if wrong:
        return _page(_get(person_id), wrong)
    return done(
        "It is written down. Nothing is expected of them until they are back; whatever is heard is judged.",
        _path(person_id),
    )


@blueprint.post("/people/<uuid:person_id>/absence/confirm")
@needs("people:write")
def confirm_absence(person_id: UUID) -> ResponseReturnValue:
    """It is so, as somebody said."""
    person = _get(person_id)
    given = typed("sure")

    def act() -> None:
        away.confirm(context.session(), _open(person), by=context.viewer(), now=context.now())

    wrong = refused(act, given)
    return _page(_get(person_id), wrong) if wrong else done("It is confirmed.", _path(person_id))


@blueprint.post("/people/<uuid:person_id>/absence/until")
@needs("people:write")
def change_absence(person_id: UUID) -> ResponseReturnValue:
    """They are back at another time."""
    person, given = _get(person_id), typed("until")

    def act() -> None:
        read = read_fields(given, {"until": moment(planning.zone_of(person))}, required=("until",))
        away.change_end(
            context.session(), _open(person), read["until"], by=context.viewer(), now=context.now()
        )

    wrong = refused(act, given, {"ends_at": "until"})
    if wrong:
        return _page(_get(person_id), wrong)
    return done("It lasts until then.", _path(person_id))


@blueprint.post("/people/<uuid:person_id>/absence/end")
@needs("people:write")
def end_absence(person_id: UUID) -> ResponseReturnValue:
    """They are back, or it was not so."""
    person, given = _get(person_id), typed("ended_why")

    def act() -> None:
        why = read_fields({"why": given["ended_why"]}, {"why": words(LINES)})["why"] or ""
        away.end(context.session(), _open(person), by=context.viewer(), now=context.now(), why=why)

    wrong = refused(act, given)
    if wrong:
        return _page(_get(person_id), wrong)
    return done("They are at home; everything is expected of them again.", f"/people/{person_id}")


def _get(person_id: UUID) -> Person:
    return visible.get_person(context.session(), context.viewer(), person_id, context.now())


def _open(person: Person) -> Absence:
    row = absences.find_open(context.session(), person)
    if row is None:
        raise Invalid({"": away.CHANGED})
    return row


def _path(person_id: UUID) -> str:
    return f"/people/{person_id}/absence"


def _page(person: Person, form: Form) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    zone = planning.zone_of(person)
    rows = absence_words.listed(opened, viewer, person, now, zone)
    open_ = next((each for each in rows if each["state"] != "ended"), None)
    html = page(
        "absence.html",
        person={
            "uuid": person.uuid,
            "name": essentials.name_of(person),
            "first_name": essentials.first_name(person),
        },
        open=open_,
        past=tuple(each for each in rows if each is not open_),
        choices=WHY,
        may_write=may(viewer, Need.PEOPLE_WRITE),
        agency=viewer.agency,
        died=person.died_on is not None,
        form=form,
        zone=zone,
    )
    return html, form.status
