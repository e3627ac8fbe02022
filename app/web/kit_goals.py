"""Kit that serves no goal: the list, and what becomes of a piece: a goal, a review, or a day to come back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials
from app.web.forms import Form, refused, typed
from app.web.pages import PER_PAGE, done, page, page_number, paging
from care_plans.models.work import FollowUp
from care_plans.work import kit_reviews
from care_plans.work.kit_reviews import Goalless, Why
from core.errors import NotFound
from devices import assignments, registry, visible
from devices.models import Assignment, Device
from people import reach
from people.access import Extent, Need, RecordClass, may
from people.faults import day, read_fields

blueprint = Blueprint("kit_goals", __name__)

PATH = "/kit/goalless"
WHY: Mapping[Why, str] = {
    Why.NONE: "Nobody has said which goal it serves",
    Why.GONE: "The plan has its goal no more",
    Why.ACHIEVED: "Its goal was achieved",
    Why.GIVEN_UP: "Its goal was given up",
    Why.NOT_SHARED: "No goal of the plan asks for it",
}


@dataclass(frozen=True, slots=True)
class GoallessRow:
    """A piece of kit that no goal asks for: see kit_goalless.html."""

    uuid: UUID
    name: str
    model: str
    whose: str
    person_uuid: UUID | None
    why: str
    since: datetime | None
    given_at: datetime | None
    due_back_on: date | None
    asked: FollowUp | None


@blueprint.get(PATH)
@needs("kit:read")
def show_goalless() -> ResponseReturnValue:
    """Kit that somebody has and no goal asks for, the longest first."""
    found = kit_reviews.list_goalless(context.session(), context.viewer(), context.now())
    number = page_number()
    return page(
        "kit_goalless.html",
        rows=tuple(_row(each) for each in found[(number - 1) * PER_PAGE : number * PER_PAGE]),
        total=len(found),
        paging=paging(PATH, {}, number, len(found)),
        may_act=may(context.viewer(), Need.KIT_WRITE),
    )


@blueprint.get("/kit/<uuid:device_id>/goal")
@needs("kit:write", form=True)
def show_goal(device_id: UUID) -> ResponseReturnValue:
    """What a piece of kit is for, and what may become of it."""
    device = visible.get(context.session(), context.viewer(), device_id, context.now())
    if assignments.find(context.session(), device.id, context.now()) is None:
        return done("It is with nobody: it serves a goal once somebody has it.", f"/kit/{device_id}")
    device, held = _held(device_id)
    return _page(device, held, Form({"goal": held.goal_key or "", "due_back_on": _text(device)}))


@blueprint.post("/kit/<uuid:device_id>/goal")
@needs("kit:write")
def set_goal(device_id: UUID) -> ResponseReturnValue:
    """Say which goal it serves."""
    (device, held), given = _held(device_id), typed("goal")

    def act() -> None:
        kit_reviews.set_goal(context.session(), held, given["goal"], by=context.viewer(), now=context.now())

    wrong = refused(act, given, {"goal_key": "goal"})
    return _page(device, held, wrong) if wrong else done("It serves that goal.", f"/kit/{device_id}")


@blueprint.post("/kit/<uuid:device_id>/goal/review")
@needs("kit:write")
def ask_for_review(device_id: UUID) -> ResponseReturnValue:
    """Ask whoever leads the care whether it is still needed."""
    device, held = _held(device_id)
    wrong = refused(
        lambda: kit_reviews.ask(context.session(), device, held, by=context.viewer(), now=context.now()), {}
    )
    return _page(device, held, wrong) if wrong else done("Whoever leads the care is asked.", PATH)


@blueprint.post("/kit/<uuid:device_id>/goal/due-back")
@needs("kit:write")
def set_due_back(device_id: UUID) -> ResponseReturnValue:
    """Set the day by which it comes back."""
    (device, held), given = _held(device_id), typed("due_back_on")

    def act() -> None:
        told = read_fields(given, {"due_back_on": day}, required=("due_back_on",))
        registry.change(context.session(), device, told, now=context.now(), actor=context.actor())

    wrong = refused(act, given)
    return _page(device, held, wrong) if wrong else done("It is due back then.", PATH)


def _page(device: Device, held: Assignment, form: Form) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    plan = reach.read(opened, viewer, [held.person_id], [held.home_id], now)
    shared = plan.of(held.person_id, held.home_id, RecordClass.PLAN) is Extent.FULL
    aims = kit_reviews.list_aims(opened, held, now) if shared and may(viewer, Need.PLANS_READ) else []
    html = page(
        "kit_goal.html",
        uuid=device.uuid,
        name=device.name,
        goals=[("", "Choose"), *((aim.key, aim.text) for aim in aims)] if aims else [],
        shared=shared,
        agency=viewer.agency or "your agency",
        form=form,
    )
    return html, form.status


def _row(each: Goalless) -> GoallessRow:
    device, held = each.device, each.assignment
    whose = essentials.name_of(each.person) if each.person else essentials.address_of(each.home) or ""
    return GoallessRow(
        device.uuid, device.name, device.model, whose, each.person.uuid if each.person else None,
        WHY[each.why], each.since, held.period.lower, device.due_back_on, each.asked,
    )  # fmt: skip


def _text(device: Device) -> str:
    return device.due_back_on.isoformat() if device.due_back_on else ""


def _held(device_id: UUID) -> tuple[Device, Assignment]:
    """A piece of kit with whoever in sight has it; NotFound for what is with nobody in sight."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    device = visible.get(opened, viewer, device_id, now)
    held = assignments.find(opened, device.id, now)
    if held is None:
        raise NotFound
    return device, visible.get_assignment(opened, viewer, device, held.uuid, now)
