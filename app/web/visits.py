"""The pages of visits: who is on one, one press that says they are safe, and the card of whoever is asked."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, follow_up_views
from app.web.essentials import CardItem
from app.web.follow_up_views import OUTCOMES
from app.web.forms import Form, moment, moment_text, refused, typed
from app.web.pages import done, onward, page
from app.web.unprotected import Banner
from care_plans.models.visits import Visit
from care_plans.models.work import FollowUpKind, FollowUpOutcome
from care_plans.visits import visits
from care_plans.visits.visits import Going
from care_plans.work import agenda, visit_cards
from care_plans.work.visit_cards import CardState, VisitCard
from people import identity
from people.faults import read_fields

blueprint = Blueprint("visits", __name__)

PATH = "/visits"


@blueprint.get("/visits")
@needs("follow-ups:read")
def show_visits() -> ResponseReturnValue:
    """Who of the viewer's teams is on a visit."""
    return _page(Form())


@blueprint.post("/visits/<uuid:visit_id>/safe")
@needs("follow-ups:act")
def say_safe(visit_id: UUID) -> ResponseReturnValue:
    """Say that one has left and is safe."""

    def act(row: Visit) -> None:
        visits.end(context.session(), row, by=context.viewer(), now=context.now())

    return _press(visit_id, act, "It is on record that you are safe.")


@blueprint.post("/visits/<uuid:visit_id>/extend")
@needs("follow-ups:act")
def extend(visit_id: UUID) -> ResponseReturnValue:
    """Stay half an hour longer."""

    def act(row: Visit) -> None:
        visits.extend(context.session(), row, by=context.viewer(), now=context.now())

    return _press(visit_id, act, "Half an hour more.")


@blueprint.post("/visits/<uuid:visit_id>/arrive")
@needs("follow-ups:act")
def arrive(visit_id: UUID) -> ResponseReturnValue:
    """Say that one is there."""

    def act(row: Visit) -> None:
        visits.arrive(context.session(), row, by=context.viewer(), now=context.now())

    return _press(visit_id, act, "You are there. Say when you have left.")


@blueprint.post("/visits/<uuid:visit_id>/call-off")
@needs("follow-ups:act")
def call_off(visit_id: UUID) -> ResponseReturnValue:
    """Say that one does not go: what it was for stays as it is, and somebody's to do."""

    def act(row: Visit) -> None:
        visit_cards.call_off(context.session(), context.viewer(), row, context.now())

    return _press(visit_id, act, "You are not going. Your team is asked again.")


@blueprint.get("/follow-ups/<uuid:follow_up_id>/card")
@needs("follow-ups:read")
def show_card(follow_up_id: UUID) -> ResponseReturnValue:
    """The card of whoever is asked to go; what is no visit has its own page alone."""
    row = agenda.get(context.session(), context.viewer(), follow_up_id, context.now())
    if row.kind is not FollowUpKind.VISIT:
        return done("That is no visit.", f"/follow-ups/{follow_up_id}")
    return _card(follow_up_id, Form())


@blueprint.post("/follow-ups/<uuid:follow_up_id>/card/accept")
@needs("follow-ups:act")
def accept(follow_up_id: UUID) -> ResponseReturnValue:
    """Go there."""
    given, zone = typed("leave_by"), context.installation().time_zone

    def act() -> None:
        read = read_fields(given, {"leave_by": moment(zone)})
        visit_cards.accept(
            context.session(), context.viewer(), follow_up_id, context.now(), leave_by=read["leave_by"]
        )

    wrong = refused(act, given)
    return (
        _card(follow_up_id, wrong)
        if wrong
        else done("You are going. Say when you are there.", _of(follow_up_id))
    )


@blueprint.post("/follow-ups/<uuid:follow_up_id>/card/arrive")
@needs("follow-ups:act")
def arrive_by_card(follow_up_id: UUID) -> ResponseReturnValue:
    """Be there: what opens the door is shown from now on."""
    wrong = refused(
        lambda: visit_cards.arrive(context.session(), context.viewer(), follow_up_id, context.now()), {}
    )
    return (
        _card(follow_up_id, wrong)
        if wrong
        else done("You are there. Say when you have left.", _of(follow_up_id))
    )


def _press(visit_id: UUID, act: Callable[[Visit], None], said: str) -> ResponseReturnValue:
    row = visits.get_own(context.session(), context.viewer(), visit_id)
    wrong = refused(lambda: act(row), {})
    if wrong:
        return _page(wrong)
    return done(said, onward(request.form.get("next", ""), PATH))


def _page(form: Form) -> ResponseReturnValue:
    opened, viewer = context.session(), context.viewer()
    going = [
        (each, visits.place_shown(viewer, each.row), _number(each))
        for each in visits.list_going(opened, viewer)
    ]
    return page("visits.html", going=going, mine=viewer.staff_id, form=form), form.status


def _card(follow_up_id: UUID, form: Form) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    found = visit_cards.get(opened, viewer, follow_up_id, now)
    begins = max(found.due_at or now, now) + visits.LASTS
    begin = Form(
        {"leave_by": moment_text(begins, context.installation().time_zone)}, form.errors, form.status
    )
    html = page(
        "visit_card.html", one=found, items=_items(found), form=form if form.values else begin, visiting=(),
        unprotected=_unprotected(follow_up_id, found),
        warned=found.warnings, outcomes=list(OUTCOMES.items()),
        done=Form({"outcome": FollowUpOutcome.DONE.value}),
    )  # fmt: skip
    return html, form.status


def _unprotected(follow_up_id: UUID, found: VisitCard) -> tuple[Banner, ...]:
    """That whoever is visited is not protected; of a card that has ended nothing."""
    if found.state is CardState.ENDED:
        return ()
    opened, viewer, now = context.session(), context.viewer(), context.now()
    row = agenda.get(opened, viewer, follow_up_id, now)
    return follow_up_views.of_whom(opened, viewer, row, found.zone, now)


def _number(each: Going) -> str | None:
    return identity.spaced_telephone(each.staff.telephone) if each.staff.telephone else None


def _items(found: VisitCard) -> tuple[CardItem, ...]:
    there = found.state is CardState.ARRIVED
    items = list(essentials.card_items(found.card, None, getting_in=there))
    if found.access:
        items.append(CardItem(f"Getting in: {found.access}"))
    if found.code:
        items.append(CardItem("Key safe", None, found.code))
    return tuple(items)


def _of(follow_up_id: UUID) -> str:
    return f"/follow-ups/{follow_up_id}/card"
