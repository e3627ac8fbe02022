"""Kit that is somebody's own, checked against kit known to be right: asked for, and what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.own_kit import Found, OwnKitCheck
from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.work import follow_ups, hours, part_in_care, recurrence
from core import journal
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from devices import assignments, kinds, own_kit
from devices.models import Device
from devices.own_kit import Own
from devices.registry import Enrolment
from people.access import Viewer
from people.faults import LINES, as_given, one_of, read_fields, words
from people.models.agencies import Staff
from people.models.people import Person
from people.visible import actor as actor_of

WITHIN_DAYS = 3
"""Working days within which it is to be checked; to be confirmed."""
TEXT = (
    "Check the {name} ({model}), which is their own, against ours: until then what it says reassures nobody."
)
NOBODY = "Nobody leads the care here just now, so that nobody could check it. Ring those who look after you."


@dataclass(frozen=True, slots=True)
class Added:
    """Kit that was put on record, with its secret where it speaks by itself, and when it is to be checked."""

    device: Device
    enrolment: Enrolment | None
    check_by: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """A check that was asked for or done: the row, its deadline, and who did it."""

    row: OwnKitCheck
    due_at: datetime
    team_id: int
    by: str | None


def add(
    session: Session, person: Person, given: Mapping[str, Any], *, zone: str, actor: Actor, now: datetime
) -> Added:
    """Put somebody's own kit on record, and have it checked; raises like `own_kit.add`.

    Conflict where nobody leads their care: nobody could be asked.
    """
    device, enrolment = own_kit.add(session, person.id, given, now=now, actor=actor)
    asked = _ask(session, device, person.id, zone, now)
    _tell(session, "own kit added", device, person.id, actor)
    return Added(device, enrolment, asked.due_at)


def record(
    session: Session, own: Own, given: Mapping[str, Any], *, zone: str, by: Viewer, now: datetime
) -> OwnKitCheck:
    """Say what a check found: `found`, `compared` (kind to [theirs, ours]), `remarks`, `counts_from`.

    Found right, it counts from then on (or from `counts_from`, not before it was added); else its readings
    are unchecked from now on. Where nobody can tell, it is to be checked again. Invalid for fields: two
    values are compared before it is called right, and why is said of anything else.
    """
    readers = {
        "found": one_of(Found), "compared": as_given, "remarks": words(LINES), "counts_from": as_given,
    }  # fmt: skip
    read = read_fields(given, readers, required=("found",))
    compared = _compared(own, read.get("compared") or {})
    found, remarks, since = read["found"], read.get("remarks"), read.get("counts_from") or now
    _refuse(own, found, compared, remarks, since, now)
    person_id = _whose(session, own.device, now)
    row = _waiting(session, own.device) or _unasked(session, own.device, person_id, zone, now)
    row.done_at, row.done_by_id, row.found = now, by.staff_id, found
    row.compared, row.remarks = compared, remarks
    follow_up = session.get_one(FollowUp, row.follow_up_id)
    if follow_up.done_at is None:
        follow_ups.complete(
            session, follow_up, outcome=FollowUpOutcome.DONE, remarks=remarks or "It measures right.", by=by,
            now=now,
        )  # fmt: skip
    if found is Found.RIGHT:
        row.counts_from = since
        own_kit.count(session, own.own, since, person_id=person_id, now=now)
    else:
        own_kit.doubt(session, own.own, now, person_id=person_id, now=now)
    session.flush()
    if found is Found.CANT_TELL:
        _ask(session, own.device, person_id, zone, now)
    _tell(session, f"own kit checked: {found.value}", own.device, person_id, actor_of(by))
    return row


def doubt(
    session: Session, own: Own, given: Mapping[str, Any], *, zone: str, by: Viewer, now: datetime
) -> Check:
    """Doubt kit that counted: unchecked from now on, or from `since`, and to be checked again; `why` is kept.

    Conflict where it does not count anyway.
    """
    read = read_fields(given, {"why": words(LINES), "since": as_given}, required=("why",))
    since = read.get("since") or now
    if since > now:
        raise Invalid({"since": "This lies ahead: give the time from which you doubt it."})
    if not own.own.checked:
        raise Conflict("It was never found right: what it says is not taken as checked anyway.")
    person_id = _whose(session, own.device, now)
    own_kit.doubt(session, own.own, since, person_id=person_id, now=now)
    asked = _ask(session, own.device, person_id, zone, now, f" It is doubted: {read['why']}")
    _tell(session, "own kit doubted", own.device, person_id, actor_of(by))
    return asked


def listing(session: Session, devices: Sequence[Device]) -> list[Check]:
    """The checks of these, asked or done, the latest first."""
    rows = session.execute(
        select(OwnKitCheck, FollowUp.due_at, FollowUp.team_id, Staff.name)
        .join(FollowUp, FollowUp.id == OwnKitCheck.follow_up_id)
        .outerjoin(Staff, Staff.id == OwnKitCheck.done_by_id)
        .where(OwnKitCheck.device_id.in_([each.id for each in devices]))
        .order_by(OwnKitCheck.id.desc())
    )
    return [Check(*row) for row in rows]


def get(session: Session, device: Device) -> Own:
    """What makes a device somebody's own; NotFound for any other."""
    found = own_kit.find(session, device)
    if found is None:
        raise NotFound
    return found


def _compared(own: Own, given: Mapping[str, Any]) -> list[list[Any]]:
    """Pairs of values by kind, in the order of its sort; Invalid for another kind, or half a pair."""
    faults, found = {}, []
    for code in own.sort.kinds:
        pair = [value for value in given.get(code) or () if value is not None]
        if len(pair) == 1:
            faults[f"compared.{code}"] = "Give both values, theirs and ours."
        elif len(pair) == 2:
            found.append([code, float(pair[0]), float(pair[1])])
    if set(given) - set(own.sort.kinds):
        faults["compared"] = f"This measures: {', '.join(own.sort.kinds)}."
    if faults:
        raise Invalid(faults)
    return found


def _refuse(
    own: Own, found: Found, compared: list[list[Any]], remarks: str | None, since: datetime, now: datetime
) -> None:
    faults = {}
    if found is Found.RIGHT and not compared:
        faults["compared"] = "Measure with both, one after the other, and give what each said."
    if found is not Found.RIGHT and not remarks:
        faults["remarks"] = "Say why, so that the next person knows."
    if found is Found.RIGHT and not own.own.added_at <= since <= now:
        faults["counts_from"] = "Give a time between when it was added and now."
    if faults:
        raise Invalid(faults)


def _whose(session: Session, device: Device, now: datetime) -> int:
    held = assignments.find(session, device.id, now)
    if held is None or held.person_id is None:
        raise Conflict("It is off the record.")
    return held.person_id


def _waiting(session: Session, device: Device) -> OwnKitCheck | None:
    return session.scalar(
        select(OwnKitCheck)
        .where(OwnKitCheck.device_id == device.id, OwnKitCheck.done_at.is_(None))
        .order_by(OwnKitCheck.id)
        .limit(1)
        .with_for_update()
    )


def _unasked(session: Session, device: Device, person_id: int, zone: str, now: datetime) -> OwnKitCheck:
    """A check that nobody had asked for: its follow-up is made and done at once, so that it is counted."""
    return _ask(session, device, person_id, zone, now).row


def _ask(session: Session, device: Device, person_id: int, zone: str, now: datetime, why: str = "") -> Check:
    waiting = _waiting(session, device)
    if waiting is not None:
        follow_up = session.get_one(FollowUp, waiting.follow_up_id)
        if follow_up.done_at is None:
            return Check(waiting, follow_up.due_at, follow_up.team_id, None)
    team_id = part_in_care.leading_team(session, person_id, None, now)
    if team_id is None:
        raise Conflict(NOBODY)
    due_at = recurrence.moment(recurrence.working_days_after(now.date(), WITHIN_DAYS), hours.END_OF_DAY, zone)
    name = f"{device.name[0].lower()}{device.name[1:]}".removeprefix("own ")
    made = follow_ups.make(
        session, kind=FollowUpKind.REVIEW, text=TEXT.format(name=name, model=device.model) + why,
        team_id=team_id, person_id=person_id, due_at=due_at, now=now,
    )  # fmt: skip
    row = OwnKitCheck(device_id=device.id, asked_at=now, follow_up_id=made.id)
    session.add(row)
    session.flush()
    return Check(row, due_at, team_id, None)


def said(check: OwnKitCheck) -> tuple[str, ...]:
    """What was compared, in words: "Systolic: theirs 142, ours 138"."""
    return tuple(
        f"{kinds.get(code).name}: theirs {kinds.say(kinds.get(code), theirs)}, "
        f"ours {kinds.say(kinds.get(code), ours)}"
        for code, theirs, ours in check.compared or ()
    )


def _tell(session: Session, what: str, device: Device, person_id: int, actor: Actor) -> None:
    journal.write(session, what, actor=actor, subject="device", subject_uuid=device.uuid, person_id=person_id)
