"""The page of who uses shared kit: whose each number is, and each reading that is nobody's yet (H4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, kit_views
from app.web.charts import said
from app.web.forms import Form, moment, refused, typed
from app.web.pages import done, page
from care_plans.evaluating import nobodys
from core.errors import Invalid
from core.zones import UK
from devices import assignments, kinds, kit_users, owners, stock, unclaimed_seen, visible
from devices.kit_users import User
from devices.measurement import Flags
from devices.models import Assignment, Device
from devices.owners import Said
from devices.shared_kit_models import Owner
from devices.unclaimed import Unclaimed
from people import visible as seen
from people.access import Need, may
from people.faults import number, read_fields
from people.models.people import Person

blueprint = Blueprint("kit_users", __name__)

NOBODYS: Mapping[Owner, str] = {Owner.GUEST: "A guest’s", Owner.UNKNOWN: "Nobody knows"}
NO_NUMBER = "It did not say whose"


@dataclass(frozen=True, slots=True)
class UserRow:
    """Who stands for a number: see kit_users.html."""

    uuid: UUID
    number: int
    name: str
    since: datetime | None
    here: bool


@dataclass(frozen=True, slots=True)
class AskedRow:
    """What was measured at one moment and is nobody's: see kit_users.html."""

    channel: str
    said_of: str
    at: datetime
    values: str
    why: str
    people: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class SaidRow:
    """Whose it was said to be: see kit_users.html."""

    uuid: UUID
    at: datetime
    said_of: str
    whose: str
    by: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class UsersShown:
    """Who uses kit, in a line, and how many readings wait to hear whose they are: see kit_device.html."""

    words: str
    waiting: int
    shared: bool


@blueprint.get("/kit/<uuid:device_id>/users")
@needs("kit:read")
def show(device_id: UUID) -> ResponseReturnValue:
    """Who uses it, and what waits to be said."""
    return _page(_get(device_id))


@blueprint.post("/kit/<uuid:device_id>/users")
@needs("kit:write")
def set_down(device_id: UUID) -> ResponseReturnValue:
    """Say whose a number is."""
    device, given = _get(device_id), typed("number", "person", "start")
    zone = context.installation().time_zone
    named: list[str] = []

    def act() -> None:
        readers = {"number": number(0, kit_users.MOST - 1), "person": as_person, "start": moment(zone)}
        read = read_fields(given, readers, required=("number", "person"))
        kit_users.set_down(
            context.session(), device, read["number"], read["person"].id, start=read.get("start"),
            now=context.now(), actor=context.actor(),
        )  # fmt: skip
        named.append(f"User {read['number']} is {essentials.name_of(read['person'])}.")

    wrong = refused(act, given)
    return _page(_get(device_id), wrong) if wrong else done(named[0], _path(device_id))


@blueprint.post("/kit/<uuid:device_id>/users/<uuid:user_id>/end")
@needs("kit:write")
def end(device_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """Their number is nobody's any more."""
    device, now = _get(device_id), context.now()
    row = kit_users.get(context.session(), context.viewer(), device, user_id, now)
    wrong = refused(lambda: kit_users.end(context.session(), row, now=now, actor=context.actor()), {})
    if wrong:
        return _page(_get(device_id), wrong)
    return done(f"User {row.number} is nobody’s any more.", _path(device_id))


@blueprint.post("/kit/<uuid:device_id>/whose")
@needs("readings:write")
def answer(device_id: UUID) -> ResponseReturnValue:
    """Say whose a measurement was."""
    device, given = _get(device_id), typed("channel", "at", "whose")

    def act() -> None:
        at = read_fields({"at": given["at"]}, {"at": moment(UK)}, required=("at",))["at"]
        waiting = unclaimed_seen.of(context.session(), context.viewer(), device, context.now())
        if all((each.channel, each.at) != (given["channel"], at) for each in waiting.shown):
            raise Invalid({"": "Nobody asks about this any more: somebody has said whose it is. Look again."})
        nobodys = given["whose"] in set(NOBODYS)
        owners.say(
            context.session(), device, given["channel"], at,
            Owner(given["whose"]) if nobodys else Owner.PERSON,
            person_id=None if nobodys else as_person(given["whose"]).id,
            now=context.now(), actor=context.actor(),
        )  # fmt: skip

    wrong = refused(act, {})
    return _page(_get(device_id), wrong) if wrong else done("Kept.", _path(device_id))


@blueprint.post("/kit/<uuid:device_id>/whose/<uuid:answer_id>/take-back")
@needs("readings:write")
def take_back(device_id: UUID, answer_id: UUID) -> ResponseReturnValue:
    """The answer was wrong."""
    device, now = _get(device_id), context.now()
    row = owners.get_said(context.session(), context.viewer(), device, answer_id, now)
    wrong = refused(lambda: owners.take_back(context.session(), row, now=now, actor=context.actor()), {})
    return (
        _page(_get(device_id), wrong) if wrong else done("Taken back: it is asked again.", _path(device_id))
    )


def in_a_line(device: Device) -> UsersShown | None:
    """Who uses it, for its own page; None for kit that measures of no body."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    if not kit_users.may_have_users(opened, device, now):
        return None
    users = kit_users.list_of(opened, viewer, device, now)
    reads = may(viewer, Need.READINGS_READ)
    waiting = unclaimed_seen.of(opened, viewer, device, now) if reads else unclaimed_seen.Waiting((), 0)
    told = "; ".join(f"User {each.row.number}: {essentials.name_of(each.person)}" for each in users)
    held = assignments.find(opened, device.id, now)
    return UsersShown(
        told or "Say whose each number is",
        len(waiting.shown) + waiting.hidden,
        shared=held is not None and held.home_id is not None,
    )


def as_person(value: object) -> Person:
    """Reads somebody in sight by their outer id."""
    try:
        found = seen.find_person(context.session(), context.viewer(), UUID(str(value)), context.now())
    except ValueError:
        found = None
    if found is None:
        raise Invalid({"": "Choose somebody who lives where the kit is."})
    return found


def _page(device: Device, form: Form | None = None) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    (piece,) = stock.list_pieces(opened, viewer, None, now, device=device)
    held = assignments.find(opened, device.id, now)
    reads = may(viewer, Need.READINGS_READ)
    waiting = unclaimed_seen.of(opened, viewer, device, now) if reads else unclaimed_seen.Waiting((), 0)
    told = owners.list_said(opened, viewer, device, now) if reads else []
    people = owners.candidates(opened, viewer, held, now, now) if held else []
    if waiting.shown or told:
        for person in people:
            seen.record_part(opened, viewer, person, now, at_what="readings of shared kit")
    html = page(
        "kit_users.html",
        one=kit_views.row(piece, None, None),
        shared=held is not None and held.home_id is not None,
        held=held is not None,
        users=tuple(_user(each) for each in kit_users.list_of(opened, viewer, device, now)),
        asked=tuple(
            _asked(each, held) for each in sorted(waiting.shown, key=lambda one: not nobodys.is_danger(one))
        ),
        hidden=waiting.hidden,
        said=tuple(_said(each) for each in told),
        people=[
            ("", "Choose"),
            *((str(each.uuid), essentials.name_of(each)) for each in _settable(held, people)),
        ],
        may_set=may(viewer, Need.KIT_WRITE) and held is not None,
        may_answer=may(viewer, Need.READINGS_WRITE),
        form=form or Form({"number": request.args.get("number", "")}),
    )
    return html, form.status if form else 200


def _settable(held: Assignment | None, people: Sequence[Person]) -> list[Person]:
    """Who may be set down: of kit that one person has, that person alone."""
    alone = held.person_id if held else None
    return [each for each in people if alone in (None, each.id)]


def _user(each: User) -> UserRow:
    return UserRow(
        each.row.uuid, each.row.number, essentials.name_of(each.person), each.row.period.lower, each.here
    )


def _asked(each: Unclaimed, held: Assignment | None) -> AskedRow:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    there = owners.candidates(opened, viewer, held, each.at, now) if held else []
    return AskedRow(
        each.channel,
        _of_whom(each.channel),
        each.at,
        ", ".join(f"{kinds.get(kind).name} {_value(kind, value)}" for kind, value in each.values),
        _why(each),
        tuple((one.uuid, essentials.first_name(one)) for one in there),
    )


def _why(each: Unclaimed) -> str:
    """What has to be known of it, beyond that it is nobody's."""
    if nobodys.is_danger(each):
        return "Dangerous, whoever’s it is: ring everybody who lives there now."
    if each.flags & Flags.BEYOND_ABSOLUTE:
        return "It cannot be believed: have it measured again."
    if each.doubted_from is not None:
        kind = next(kind for kind, _ in each.values)
        return f"Too far from what was measured under this number before: {_value(kind, each.doubted_from)}."
    return ""


def _value(kind: str, value: float) -> str:
    return said(kinds.get(kind), value)


def _said(each: Said) -> SaidRow:
    row = each.row
    whose = essentials.name_of(each.person) if each.person else NOBODYS[row.owner or Owner.UNKNOWN]
    return SaidRow(
        row.uuid,
        row.measured_at,
        _of_whom(row.channel),
        whose,
        row.answered_by or "",
        row.answered_at or row.changed_at,
    )


def _of_whom(channel: str) -> str:
    return channel.capitalize() if channel.startswith("user ") else NO_NUMBER


def _get(device_id: UUID) -> Device:
    return visible.get(context.session(), context.viewer(), device_id, context.now())


def _path(device_id: UUID) -> str:
    return f"/kit/{device_id}/users"
