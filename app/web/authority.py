"""The pages about who decides for somebody: capacity, best interests, attorneys, monitoring agreements."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import context
from app.auth import needs
from app.web import asking, authority_forms, authority_views, essentials
from app.web.forms import Form
from app.web.pages import page
from care_plans.work import monitoring
from core.errors import Invalid, NotFound
from devices import watching
from people import agreements, authority, deciding, sharing, visible
from people.access import Need, may
from people.models.agencies import Staff
from people.models.authority import AgreedBy, Authority, BestInterests
from people.models.people import Person
from people.standing import holds_for_welfare

blueprint = Blueprint("authority", __name__, url_prefix="/people/<uuid:person_id>/authority")

CHOOSE = "Choose one of these."


@blueprint.get("")
@needs("authority:read")
def show(person_id: UUID) -> ResponseReturnValue:
    """All of it, as far as the viewer's agency sees it; that somebody looked is written down."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    person = _person(person_id)
    visible.record_look(opened, viewer, person, at_what="capacity and agreements")
    sees = sharing.sees(opened, viewer, person.id, now)
    kit = watching.of_people(opened, [person.id], now)
    return page(
        "authority.html",
        person={
            "uuid": person.uuid,
            "name": essentials.name_of(person),
            "first_name": essentials.first_name(person),
        },
        path=authority_forms.path_of(person),
        may_write=may(viewer, Need.AUTHORITY_WRITE),
        agreements=authority_views.agreed(agreements.listing(opened, person), kit, sees, now),
        unagreed=authority_views.unagreed(kit, person, now),
        assessments=authority_views.assessments(deciding.list_assessments(opened, person), sees),
        decisions=authority_views.decisions(deciding.list_decisions(opened, person), sees),
        held=tuple(authority_views.held(opened, row, now) for row in authority.listing(opened, person)),
        may_agree=authority.who_may_agree(opened, person, now),
    )


@blueprint.get("/capacity")
@needs("authority:write", form=True)
def show_assess(person_id: UUID) -> ResponseReturnValue:
    """The form of an assessment."""
    return asking.show(authority_forms.capacity(_person(person_id)))


@blueprint.post("/capacity")
@needs("authority:write")
def assess(person_id: UUID) -> ResponseReturnValue:
    """Record an assessment."""
    person = _person(person_id)
    return asking.done_by(
        authority_forms.capacity(person),
        lambda given: deciding.assess(context.session(), person, given, **_by()),
        "The assessment is recorded.",
        authority_forms.path_of(person),
    )


@blueprint.get("/best-interests")
@needs("authority:write", form=True)
def show_decide(person_id: UUID) -> ResponseReturnValue:
    """The form of a best-interests decision."""
    person = _person(person_id)
    review = authority_forms.next_month(context.now().date(), 3)
    return asking.show(_decision_sheet(person), Form({"review_on": review}))


@blueprint.post("/best-interests")
@needs("authority:write")
def decide(person_id: UUID) -> ResponseReturnValue:
    """Record a best-interests decision."""
    person = _person(person_id)

    def act(given: Mapping[str, str]) -> None:
        opened = context.session()
        uuid = _uuid(given["assessment_id"], "assessment_id")
        try:
            rests_on = deciding.get_assessment(opened, person, uuid)
        except NotFound as fault:
            raise Invalid({"assessment_id": CHOOSE}) from fault
        said = {name: text for name, text in given.items() if name != "assessment_id"}
        deciding.decide(opened, person, rests_on, said, **_by())

    path = authority_forms.path_of(person)
    return asking.done_by(_decision_sheet(person), act, "The decision is recorded.", path)


@blueprint.get("/attorneys")
@needs("authority:write", form=True)
def show_record(person_id: UUID) -> ResponseReturnValue:
    """The form of an attorney, deputy or appointee."""
    return asking.show(authority_forms.attorney(_person(person_id)))


@blueprint.post("/attorneys")
@needs("authority:write")
def record(person_id: UUID) -> ResponseReturnValue:
    """Record an attorney, deputy or appointee."""
    person = _person(person_id)

    def act(given: Mapping[str, str]) -> None:
        said = {**given, "registered": given["registered"] or "no"}
        authority.record(context.session(), person, said, **_by())

    path = authority_forms.path_of(person)
    return asking.done_by(authority_forms.attorney(person), act, "Recorded.", path)


@blueprint.get("/attorneys/<uuid:authority_id>/verify")
@needs("authority:write", form=True)
def show_verify(person_id: UUID, authority_id: UUID) -> ResponseReturnValue:
    """The form to say that a document was looked at."""
    person = _person(person_id)
    row = authority.get(context.session(), person, authority_id)
    return asking.show(authority_forms.verify(person, f"attorneys/{authority_id}/verify", row))


@blueprint.post("/attorneys/<uuid:authority_id>/verify")
@needs("authority:write")
def verify(person_id: UUID, authority_id: UUID) -> ResponseReturnValue:
    """Say that a document was looked at."""
    person = _person(person_id)
    row = authority.get(context.session(), person, authority_id)
    return asking.done_by(
        authority_forms.verify(person, f"attorneys/{authority_id}/verify", row),
        lambda given: authority.verify(context.session(), row, given["how"], **_by()),
        "Verified.",
        authority_forms.path_of(person),
    )


@blueprint.get("/attorneys/<uuid:authority_id>/withdraw")
@needs("authority:write", form=True)
def show_withdraw(person_id: UUID, authority_id: UUID) -> ResponseReturnValue:
    """The form to say that it counts no more."""
    person = _person(person_id)
    row = authority.get(context.session(), person, authority_id)
    return asking.show(authority_forms.withdraw(person, f"attorneys/{authority_id}/withdraw", row.name))


@blueprint.post("/attorneys/<uuid:authority_id>/withdraw")
@needs("authority:write")
def withdraw(person_id: UUID, authority_id: UUID) -> ResponseReturnValue:
    """Say that it counts no more."""
    person = _person(person_id)
    row = authority.get(context.session(), person, authority_id)
    return asking.done_by(
        authority_forms.withdraw(person, f"attorneys/{authority_id}/withdraw", row.name),
        lambda given: authority.withdraw(
            context.session(), row, given["why"], actor=context.actor(), now=context.now()
        ),
        "Withdrawn.",
        authority_forms.path_of(person),
    )


@blueprint.get("/agreements")
@needs("authority:write", form=True)
def show_agree(person_id: UUID) -> ResponseReturnValue:
    """The form of an agreement."""
    person = _person(person_id)
    review = authority_forms.next_month(context.now().date(), 3)
    return asking.show(_agreement_sheet(person), Form({"review_on": review}))


@blueprint.post("/agreements")
@needs("authority:write")
def agree(person_id: UUID) -> ResponseReturnValue:
    """Record an agreement."""
    person = _person(person_id)

    def act(given: Mapping[str, str]) -> None:
        opened, basis = context.session(), given.get("agreed_by")
        decision = attorney = None
        if basis == AgreedBy.BEST_INTERESTS and given.get("best_interests_id"):
            decision = deciding.get_decision(
                opened, person, _uuid(given["best_interests_id"], "best_interests_id")
            )
        if basis == AgreedBy.REPRESENTATIVE and given.get("authority_id"):
            attorney = authority.get(opened, person, _uuid(given["authority_id"], "authority_id"))
        said = {name: text for name, text in given.items() if name in agreements.READERS}
        agreements.agree(opened, person, said, decision=decision, authority=attorney, **_by())

    path = authority_forms.path_of(person)
    return asking.done_by(_agreement_sheet(person), act, "The agreement is recorded.", path)


@blueprint.get("/agreements/<uuid:agreement_id>/end")
@needs("authority:write", form=True)
def show_stop(person_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    """The form to stop watching."""
    person = _person(person_id)
    row = agreements.get(context.session(), person, agreement_id)
    begins = Form({"said_by": essentials.name_of(person)})
    return asking.show(authority_forms.stop(person, f"agreements/{agreement_id}/end", row.watched), begins)


@blueprint.post("/agreements/<uuid:agreement_id>/end")
@needs("authority:write")
def stop(person_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    """Stop watching, now."""
    person = _person(person_id)
    row = agreements.get(context.session(), person, agreement_id)
    return asking.done_by(
        authority_forms.stop(person, f"agreements/{agreement_id}/end", row.watched),
        lambda given: monitoring.stop(
            context.session(), person, row, said_by=given["said_by"], why=given["why"],
            actor=context.actor(), now=context.now(),
        ),
        "Nothing watches in that way any more.",
        authority_forms.path_of(person),
    )  # fmt: skip


def _decision_sheet(person: Person) -> asking.Sheet:
    found = [
        each
        for each in deciding.list_assessments(context.session(), person)
        if each.outcome in deciding.FOR_WHOM and each.withdrawn_at is None
    ]
    return authority_forms.best_interests(person, tuple(found))


def _agreement_sheet(person: Person) -> asking.Sheet:
    opened, today = context.session(), context.now().date()
    decisions: list[BestInterests] = [
        each for each in deciding.list_decisions(opened, person) if each.withdrawn_at is None
    ]
    held: list[Authority] = [
        each for each in authority.listing(opened, person) if holds_for_welfare(each, today)
    ]
    return authority_forms.agreement(person, tuple(decisions), tuple(held))


def _person(person_id: UUID) -> Person:
    return visible.get_person(context.session(), context.viewer(), person_id, context.now())


def _by() -> dict[str, Any]:
    staff = context.session().scalars(select(Staff).where(Staff.id == context.viewer().staff_id)).one()
    return {"by": staff, "actor": context.actor(), "now": context.now()}


def _uuid(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise Invalid({field: CHOOSE}) from fault
