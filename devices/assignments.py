"""Whose a device is, from when to when: a person's or a home's, dated, never two at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core import journal
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from devices import agreed, kit_expected, life, silence, silences
from devices.joining_models import OwnKit
from devices.models import Assignment, Device, DeviceState
from devices.shared_kit_models import KitUser
from people import scoping

AHEAD = timedelta(days=1)
"""How far ahead of now an assignment may begin: kit is handed over, not booked."""
SHORTEST = timedelta(microseconds=1)
CLOCKS_APART = timedelta(minutes=5)
"""How far ahead of ours a clock may be by which somebody says that kit was taken back."""


def assign(
    session: Session,
    device: Device,
    *,
    start: datetime,
    now: datetime,
    actor: Actor,
    person_id: int | None = None,
    home_id: int | None = None,
    purpose: str | None = None,
    goal_key: str | None = None,
) -> Assignment:
    """Give `device` to a person or a home from `start` on, without an end.

    Readings measured since then become theirs, also those stored before, and are judged anew. Conflict when
    it is somebody's at any time from `start` on, or when it watches and whom it would watch have not agreed
    (H18); Invalid for both or neither of person and home, or for a start that lies ahead.
    """
    if (person_id is None) == (home_id is None):
        raise Invalid({"person_id": "Name either a person or a home."})
    if start > now + AHEAD:
        raise Invalid({"from": "An assignment begins now or earlier."})
    if device.state not in life.MAY_BE_GIVEN:
        raise Conflict(f"This kit is {device.state.value}: bring it back into use first.")
    if session.get(OwnKit, device.id) is not None:
        raise Conflict("This is somebody's own kit: it can't be given to anybody else.")
    _take_turns(session, device.id)
    _refuse_overlap(session, device.id, start)
    agreed.refuse_unagreed(session, device, person_id=person_id, home_id=home_id, start=start, now=now)
    assignment = Assignment(
        device_id=device.id,
        person_id=person_id,
        home_id=home_id,
        purpose=purpose,
        goal_key=goal_key,
        period=Range(start, None),
    )
    session.add(assignment)
    session.flush()
    if device.state is not DeviceState.INSTALLED:
        device.state, device.state_since, device.reserved_for = DeviceState.INSTALLED, now, None
    kit_expected.expect(session, device, now)
    _tell(session, "assigned", assignment, actor, now)
    return assignment


def from_now(session: Session, device: Device, now: datetime) -> datetime:
    """From when on kit that is handed over at `now` is theirs: from this minute, or since it was another's.

    Kit tells time in whole seconds or minutes: what it measures just after it was handed over may say a time
    just before.
    """
    minute = now.replace(second=0, microsecond=0)
    ended = session.scalar(
        select(func.max(func.upper(Assignment.period))).where(
            Assignment.device_id == device.id, func.upper(Assignment.period) <= now
        )
    )
    return minute if ended is None else max(minute, ended)


def end(session: Session, assignment: Assignment, *, at: datetime, now: datetime, actor: Actor) -> None:
    """End an assignment at `at`: what was measured from then on is nobody's, or the next owner's.

    Conflict when it has ended before; Invalid when it would end before it began, or lies ahead: kit that is
    still with somebody is still expected to be heard. Kit of their own goes off the record.
    """
    start, ended = assignment.period.lower, assignment.period.upper
    if ended is not None and ended <= now:
        raise Conflict("This assignment has ended already.")
    if start is not None and at <= start:
        raise Invalid({"at": "An assignment ends after it began."})
    if at > now + CLOCKS_APART:
        raise Invalid({"at": "This lies ahead: end it once the kit has been taken back."})
    _tell(session, "ended", assignment, actor, now)  # while it still covers what is taken away
    assignment.period = Range(start, at)
    _end_numbers(session, assignment.device_id, at, now)
    silence.end(session, source=silences.KIT, device_id=assignment.device_id, now=now)
    device = session.get_one(Device, assignment.device_id)
    if session.get(OwnKit, device.id) is not None:
        # It stays with its owner: among our stock everybody would see it, and somebody would look for it.
        device.deleted_at = device.revoked_at = now
    elif device.state is DeviceState.INSTALLED:
        device.state, device.state_since = DeviceState.RECOVERED, now
    device.due_back_on = None
    session.flush()


def move(
    session: Session,
    device: Device,
    *,
    at: datetime,
    now: datetime,
    actor: Actor,
    person_id: int | None = None,
    home_id: int | None = None,
    purpose: str | None = None,
) -> Assignment:
    """End what holds `device` at `at`, if anything does, and assign it anew from then on."""
    holding = find(session, device.id, at)
    if holding is not None:
        end(session, holding, at=at, now=now, actor=actor)
    return assign(
        session,
        device,
        start=at,
        now=now,
        actor=actor,
        person_id=person_id,
        home_id=home_id,
        purpose=purpose,
    )


def get(session: Session, uuid: object) -> Assignment:
    """The assignment with this UUID; NotFound if there is none."""
    found = session.scalars(
        select(Assignment).where(Assignment.uuid == uuid, Assignment.deleted_at.is_(None))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def find(session: Session, device_id: int, at: datetime) -> Assignment | None:
    """The assignment that held at `at`, or None."""
    return session.scalars(
        select(Assignment).where(
            Assignment.device_id == device_id,
            Assignment.deleted_at.is_(None),
            Assignment.period.contains(at),
        )
    ).one_or_none()


def list_of_device(session: Session, device_id: int) -> Sequence[Assignment]:
    """All assignments of a device, the newest first."""
    return session.scalars(
        select(Assignment)
        .where(Assignment.device_id == device_id, Assignment.deleted_at.is_(None))
        .order_by(func.lower(Assignment.period).desc())
    ).all()


def wake_changed(session: Session, since: datetime, now: datetime) -> int:
    """Wake whom assignments concern that were changed since then; how many assignments.

    A reading that is being stored while its device is being assigned sees no assignment, and the assignment
    sees no reading. Both wait for nobody; this second wake-up, a little later, finds both.
    """
    changed = session.scalars(
        select(Assignment).where(Assignment.changed_at >= since, Assignment.deleted_at.is_(None))
    ).all()
    _wake(session, changed, now)
    return len(changed)


def _end_numbers(session: Session, device_id: int, at: datetime, now: datetime) -> None:
    """Whose its user numbers were ends with it: whoever has it next is somebody else's number one."""
    with scoping.lifted(session):
        there = KitUser.device_id == device_id, KitUser.deleted_at.is_(None)
        for row in session.scalars(
            select(KitUser).where(*there, KitUser.period.op("&&")(func.tstzrange(at, None)))
        ):
            if row.period.lower is not None and row.period.lower >= at:
                row.deleted_at = now
            else:
                row.period = Range(row.period.lower, at)


def _take_turns(session: Session, device_id: int) -> None:
    """Wait for whoever is assigning this kit at the same time: two who insert at once wait in a ring."""
    session.execute(select(Device.id).where(Device.id == device_id).with_for_update(key_share=True))


def _refuse_overlap(session: Session, device_id: int, start: datetime) -> None:
    later = session.scalars(
        select(Assignment)
        .where(
            Assignment.device_id == device_id,
            Assignment.period.op("&&")(func.tstzrange(start, None)),
        )
        .order_by(func.lower(Assignment.period))
        .limit(1)
    ).one_or_none()
    if later is None:
        return
    since, until = later.period.lower, later.period.upper
    said = f"since {since:%-d %B %Y %H:%M}" if since else "all along"
    if until is not None:
        said = f"{said.replace('since', 'from', 1)} to {until:%-d %B %Y %H:%M}"
    raise Conflict(f"This kit is assigned {said} (UTC). End that first, or begin later.")


def _tell(session: Session, what: str, assignment: Assignment, actor: Actor, now: datetime) -> None:
    _wake(session, [assignment], now)
    journal.write(
        session,
        what,
        actor=actor,
        subject="assignment",
        subject_uuid=assignment.uuid,
        person_id=assignment.person_id,
        details={"device_id": assignment.device_id, "home_id": assignment.home_id},
    )


_CONCERNED = text(
    """
    INSERT INTO unread (subject, at)
    SELECT DISTINCT s.subject, CAST(:now AS timestamptz)
    FROM assignments a
    LEFT JOIN residencies r ON r.home_id = a.home_id AND r.period && a.period
    CROSS JOIN LATERAL (VALUES (a.person_id * 2), (a.home_id * 2 + 1), (r.person_id * 2)) AS s (subject)
    WHERE a.id = ANY(:ids) AND s.subject IS NOT NULL
    ORDER BY s.subject
    """
)


def _wake(session: Session, changed: Sequence[Assignment], now: datetime) -> None:
    if changed:
        session.execute(_CONCERNED, {"ids": [assignment.id for assignment in changed], "now": now})
