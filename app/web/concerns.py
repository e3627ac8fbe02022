"""The pages of safeguarding concerns: raising one, and what a safeguarding team does with it (H19)."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import context
from app.auth import needs
from app.web import asking, concern_forms, essentials
from app.web.forms import refused
from app.web.pages import done, page
from app.web.words import clock
from care_plans.alerts import read
from care_plans.work import safeguarding
from core.errors import NotFound
from core.zones import UK
from people import concerns, identity, people, residencies, visible
from people.models.concerns import Concern
from people.models.people import Person

blueprint = Blueprint("concerns", __name__)

PATH = "/concerns"


@blueprint.get("/people/<uuid:person_id>/concern")
@needs("safeguarding:raise", form=True)
def show_raise(person_id: UUID) -> ResponseReturnValue:
    """The form to raise a concern about somebody."""
    person = visible.get_person(context.session(), context.viewer(), person_id, context.now())
    return asking.show(concern_forms.raising(person, f"/people/{person_id}", essentials.name_of(person)))


@blueprint.post("/people/<uuid:person_id>/concern")
@needs("safeguarding:raise")
def raise_about_person(person_id: UUID) -> ResponseReturnValue:
    """Raise a concern about somebody."""
    person = visible.get_person(context.session(), context.viewer(), person_id, context.now())
    return _raise(person, f"/people/{person_id}", essentials.name_of(person), None)


@blueprint.get("/alerts/<uuid:alert_id>/concern")
@needs("safeguarding:raise", form=True)
def show_raise_from_alert(alert_id: UUID) -> ResponseReturnValue:
    """The form to raise a concern about whom an alert is about."""
    person, _ = _of_alert(alert_id)
    return asking.show(concern_forms.raising(person, f"/alerts/{alert_id}", "The alert"))


@blueprint.post("/alerts/<uuid:alert_id>/concern")
@needs("safeguarding:raise")
def raise_from_alert(alert_id: UUID) -> ResponseReturnValue:
    """Raise a concern about whom an alert is about."""
    person, key = _of_alert(alert_id)
    return _raise(person, f"/alerts/{alert_id}", "The alert", key)


@blueprint.get("/concerns")
@needs("concerns:read")
def show_list() -> ResponseReturnValue:
    """What my teams hold, and what I raised myself."""
    opened, viewer = context.session(), context.viewer()
    held = concerns.list_held(opened, viewer)
    mine = [each for each in concerns.list_raised(opened, viewer) if not concerns.holds(viewer, each.concern)]
    return page(
        "concerns.html",
        held=tuple(concern_forms.row(each) for each in held),
        raised=tuple(concern_forms.row(each) for each in mine),
    )


@blueprint.get("/concerns/<uuid:concern_id>")
@needs("concerns:read")
def show(concern_id: UUID) -> ResponseReturnValue:
    """One concern: all of it for its team, their own words for whoever raised it."""
    opened, viewer = context.session(), context.viewer()
    found = concerns.get_known(opened, viewer, concern_id)
    concerns.record_look(opened, viewer, found.concern)
    mine = concerns.holds(viewer, found.concern)
    return page(
        "concern.html",
        one=concern_forms.row(found),
        said=concern_forms.said(found),
        may=concern_forms.moves(found.concern) if mine else (),
        team=found.team.name,
        person=_essentials(found.person) if mine else None,
        facts=concern_forms.facts(found.concern) if mine else (),
        events=tuple(concerns.list_events(opened, found.concern)) if mine else (),
    )


@blueprint.post("/concerns/<uuid:concern_id>/read")
@needs("concerns:read")
def take(concern_id: UUID) -> ResponseReturnValue:
    """Say that I have read it, and have it."""
    row = _held(concern_id)
    safeguarding.take(context.session(), row, by=context.viewer(), now=context.now())
    return done("You have it.", f"{PATH}/{concern_id}")


@blueprint.get("/concerns/<uuid:concern_id>/enquiry")
@needs("concerns:read")
def show_decide(concern_id: UUID) -> ResponseReturnValue:
    """The form to decide about an enquiry."""
    return asking.show(concern_forms.deciding(_held(concern_id)))


@blueprint.post("/concerns/<uuid:concern_id>/enquiry")
@needs("concerns:read")
def decide(concern_id: UUID) -> ResponseReturnValue:
    """Decide about an enquiry."""
    row = _held(concern_id)
    return _done(concern_forms.deciding(row), row, safeguarding.decide, "Decided.")


@blueprint.get("/concerns/<uuid:concern_id>/safety-plan")
@needs("concerns:read")
def show_plan(concern_id: UUID) -> ResponseReturnValue:
    """The form of the safety plan."""
    row = _held(concern_id)
    return asking.show(concern_forms.planning(row), concern_forms.begun(row))


@blueprint.post("/concerns/<uuid:concern_id>/safety-plan")
@needs("concerns:read")
def plan(concern_id: UUID) -> ResponseReturnValue:
    """Write the safety plan."""
    row = _held(concern_id)
    return asking.done_by(
        concern_forms.planning(row),
        lambda given: concerns.plan(
            context.session(), row, given["safety_plan"], by=context.viewer(), now=context.now()
        ),
        "The safety plan is written.",
        f"{PATH}/{concern_id}",
    )


@blueprint.get("/concerns/<uuid:concern_id>/close")
@needs("concerns:read")
def show_close(concern_id: UUID) -> ResponseReturnValue:
    """The form to close it."""
    return asking.show(concern_forms.closing(_held(concern_id)))


@blueprint.post("/concerns/<uuid:concern_id>/close")
@needs("concerns:read")
def close(concern_id: UUID) -> ResponseReturnValue:
    """Close it with what came of it."""
    row = _held(concern_id)
    return _done(concern_forms.closing(row), row, safeguarding.close, "Closed.")


def _raise(person: Person, back: str, back_words: str, alert_id: int | None) -> ResponseReturnValue:
    sent: list[Concern] = []

    def act(given: Mapping[str, str]) -> None:
        sent.append(
            safeguarding.raise_concern(
                context.session(), person, given, by=context.viewer(), now=context.now(), alert_id=alert_id
            )
        )

    sheet = concern_forms.raising(person, back, back_words)
    given = asking.typed(sheet)
    wrong = refused(lambda: act(given), given)
    if wrong:
        return asking.show(sheet, wrong)
    by = clock(sent[0].read_by, context.now(), UK)
    return done(f"Sent, and nobody else is told. It is to be read by {by}.", back)


def _done(sheet: asking.Sheet, row: Concern, act: Callable[..., object], words: str) -> ResponseReturnValue:
    return asking.done_by(
        sheet,
        lambda given: act(context.session(), row, given, by=context.viewer(), now=context.now()),
        words,
        f"{PATH}/{row.uuid}",
    )


def _held(concern_id: UUID) -> Concern:
    return concerns.get_held(context.session(), context.viewer(), concern_id).concern


def _of_alert(alert_id: UUID) -> tuple[Person, int]:
    opened = context.session()
    alert = read.get(opened, context.viewer(), alert_id, context.now())
    person = opened.scalar(select(Person).where(Person.id == alert.person_id))
    if person is None:
        raise NotFound
    return person, alert.id


def _essentials(person: Person) -> dict[str, object]:
    """Whom it is about, as far as a team needs that has no part in the care."""
    opened, now = context.session(), context.now()
    home = residencies.find_home(opened, person, now)
    number = people.numbers(opened, person).telephone
    seen = visible.find_person(opened, context.viewer(), person.uuid, now)
    return {
        "name": essentials.name_of(person),
        "born": person.date_of_birth,
        "address": essentials.address_of(home),
        "telephone": identity.spaced_telephone(number) if number else None,
        "needs": person.communication_needs,
        "href": f"/people/{person.uuid}" if seen else None,
    }
