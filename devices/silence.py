"""What should be heard and isn't: late first, then missing, for each kind and each piece of kit."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from devices import heard, silences, unread
from devices.models import Assignment, Device, Expectation, HeardState
from devices.protecting import BATTERY_HOURS
from devices.silences import KIT
from devices.subjects import Subject
from devices.subjects import home as home_subject
from devices.subjects import person as person_subject
from people.models.homes import Residency

log = logging.getLogger(__name__)

PASSING = (OperationalError, InterfaceError)
"""The database is away, or in a deadlock: nothing is wrong with what is expected; the step is taken anew."""
LOOK_AGAIN = timedelta(seconds=60)
"""How soon a late or missing one is looked at again, so that it clears when it is heard."""

HUB_DOWN_AFTER = timedelta(minutes=5)
"""How long a hub may be offline before its sensors count as unheard: a restart takes less."""

Down = Mapping[int, tuple[datetime, str]]  # by device: since when, and why
Window = tuple[datetime, datetime]
NextWindow = Callable[[Mapping[str, Any], datetime], Window]
"""Of a calendar and a moment: when the first window that is due after it opens, and when it is due."""


@dataclass(frozen=True, slots=True)
class HubDown:
    """A hub that cannot be heard, since when, and how many sensors it answers for."""

    device_id: int
    since: datetime
    sensors: int


@dataclass(frozen=True, slots=True)
class Unprotected:
    """A person whose life-safety kit is down: which, since when, and why.

    Why is hub, offline, silent, away, fault (by its own word) or mains (its battery has run out by now).
    """

    person_id: int
    device_id: int
    since: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How an expectation stands, since when, and when it is to be looked at next."""

    state: HeardState
    since: datetime
    expected_by: datetime


@dataclass(frozen=True, slots=True)
class _Look:
    """An expectation that was looked at, when it was last heard, and how it stands now."""

    expectation: Expectation
    heard_at: datetime | None
    standing: Standing


def expect(
    session: Session,
    *,
    source: str,
    first_by: datetime,
    grace_seconds: int,
    now: datetime,
    subject: Subject | None = None,
    device_id: int | None = None,
    kind: str | None = None,
    every_seconds: int | None = None,
    calendar: dict[str, Any] | None = None,
) -> Expectation:
    """Expect to hear of a subject (readings of `kind`, or of any) or of a device, by `first_by` and then on.

    Either within every so many seconds after the last, or by a calendar, which only its writer understands.
    What the same source expects of the same already is changed in place and stands as it stood.
    """
    person_id = subject.id if subject and subject.about == "person" else None
    home_id = subject.id if subject and subject.about == "home" else None
    of = {"person_id": person_id, "home_id": home_id, "device_id": device_id, "kind": kind, "source": source}
    found = session.scalars(select(Expectation).filter_by(**of, ended_at=None)).one_or_none()
    if found is None:
        found = Expectation(**of, state=HeardState.HEARD, state_since=now, expected_by=first_by, began_at=now)
        session.add(found)
    elif (found.every_seconds, found.calendar) != (every_seconds, calendar) and (
        found.state is HeardState.HEARD
    ):
        found.expected_by = first_by
    found.every_seconds, found.calendar, found.grace_seconds = every_seconds, calendar, grace_seconds
    session.flush()
    return found


def end(
    session: Session,
    *,
    source: str,
    now: datetime,
    subject: Subject | None = None,
    device_id: int | None = None,
    kind: str | None = None,
) -> int:
    """Expect no more what `source` expects of a subject or a device (only of `kind`, if given); how many."""
    ended = update(Expectation).where(Expectation.source == source, Expectation.ended_at.is_(None))
    if subject is not None:
        column = Expectation.person_id if subject.about == "person" else Expectation.home_id
        ended = ended.where(column == subject.id)
    if device_id is not None:
        ended = ended.where(Expectation.device_id == device_id)
    if kind is not None:
        ended = ended.where(Expectation.kind == kind)
    if source == KIT and device_id is not None:
        silences.end(session, {device_id: now})
    return len(session.scalars(ended.values(ended_at=now).returning(Expectation.id)).all())


def step(session: Session, now: datetime, limit: int = 500, next_window: NextWindow | None = None) -> bool:
    """Look at up to `limit` expectations that are due, and wake whom a change of standing is about.

    Without `next_window` those that go by a calendar are left alone. Several workers may step at once. One
    that can't be looked at is left overdue for the second path to tell, and does not hold up the others.
    Whether any was looked at.
    """
    due = (
        select(Expectation)
        .where(Expectation.ended_at.is_(None), Expectation.expected_by <= now)
        .order_by(Expectation.expected_by)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if next_window is None:
        due = due.where(Expectation.calendar.is_(None))
    expectations = session.scalars(due).all()
    if not expectations:
        return False
    last = heard.of_expectations(session, [each.id for each in expectations], now)
    looks: list[_Look] = []
    for each in expectations:
        heard_at = last.get(each.id, each.last_heard_at)
        try:
            looks.append(_Look(each, heard_at, stand(each, heard_at, now, next_window)))
        except Exception as fault:
            # Whatever is wrong with one must not keep anybody else's silence from being noticed.
            _tell_fault(each, fault)
    return _keep(session, looks, now) > 0


def _keep(session: Session, looks: Sequence[_Look], now: datetime) -> int:
    """Write down how these stand and wake whom a change is about; how many could be.

    All at once; where the database refuses that, which it is of them is found by halving.
    """
    if not looks:
        return 0
    try:
        with session.begin_nested():
            changed = [look for look in looks if look.standing.state is not look.expectation.state]
            _wake(session, [look.expectation for look in changed], now)
            _record(session, changed, now)
            _write(session, looks)
    except PASSING:
        raise
    except Exception as fault:
        if len(looks) == 1:
            _tell_fault(looks[0].expectation, fault)
            return 0
        middle = len(looks) // 2
        return _keep(session, looks[:middle], now) + _keep(session, looks[middle:], now)
    for look in looks:
        session.expire(look.expectation, WRITTEN)
    return len(looks)


def _tell_fault(expectation: Expectation, fault: Exception) -> None:
    log.error(
        "expectation could not be looked at",
        extra={"expectation_id": expectation.id, "error": type(fault).__name__},
        exc_info=fault,
    )


def count_overdue(session: Session, before: datetime) -> int:
    """How many expectations had to be looked at before that moment, and were not."""
    overdue = select(func.count()).where(Expectation.ended_at.is_(None), Expectation.expected_by < before)
    return session.scalars(overdue).one()


def stand(
    expectation: Expectation, heard: datetime | None, now: datetime, next_window: NextWindow | None
) -> Standing:
    """How `expectation` stands at `now`, when it was last heard at `heard`; pure, changes nothing."""
    grace = timedelta(seconds=expectation.grace_seconds)
    deadline = {
        HeardState.HEARD: expectation.expected_by,
        HeardState.LATE: expectation.state_since,
        HeardState.MISSING: expectation.state_since - grace,
    }[expectation.state]
    if expectation.calendar is not None and next_window is not None:
        deadline = _unmet(expectation.calendar, deadline, grace, heard, now, next_window)
    elif expectation.every_seconds is not None and heard is not None:
        deadline = max(deadline, heard + timedelta(seconds=expectation.every_seconds))
        if heard + timedelta(seconds=expectation.every_seconds) > now:
            deadline = heard + timedelta(seconds=expectation.every_seconds)
    if deadline > now:
        since = now if expectation.state is not HeardState.HEARD else expectation.state_since
        return Standing(HeardState.HEARD, since, deadline)
    missing_at = deadline + grace
    if now < missing_at:
        return Standing(HeardState.LATE, deadline, min(missing_at, now + LOOK_AGAIN))
    return Standing(HeardState.MISSING, missing_at, now + LOOK_AGAIN)


def _unmet(
    calendar: Mapping[str, Any],
    deadline: datetime,
    grace: timedelta,
    heard: datetime | None,
    now: datetime,
    next_window: NextWindow,
) -> datetime:
    """The deadline of the first window from `deadline` on that is not met, or not due yet.

    What came in the grace after a deadline was this morning's, only late, and is not tomorrow's as well.
    """
    opens, by = next_window(calendar, deadline - timedelta(microseconds=1))
    while by <= now and heard is not None and heard >= opens + min(grace, (by - opens) / 2):
        opens, by = next_window(calendar, by)
    return by


WRITTEN = ("state", "state_since", "expected_by", "last_heard_at")
# One statement for all: row by row, writing takes longer than all the rest.
_WRITE = """
UPDATE expectations e
SET state = t.state, state_since = t.since, expected_by = t.expected_by, last_heard_at = t.heard
FROM unnest(%b::int8[], %b::text[], %b::timestamptz[], %b::timestamptz[], %b::timestamptz[])
  AS t (id, state, since, expected_by, heard)
WHERE e.id = t.id
"""


def _write(session: Session, looks: Sequence[_Look]) -> None:
    rows = [
        (look.expectation.id, standing.state.value, standing.since, standing.expected_by, look.heard_at)
        for look in looks
        for standing in (look.standing,)
    ]
    columns = tuple(list(column) for column in zip(*rows, strict=True))
    session.connection().exec_driver_sql(_WRITE, columns)


def _wake(session: Session, changed: Sequence[Expectation], now: datetime) -> None:
    subjects = [person_subject(each.person_id) for each in changed if each.person_id is not None]
    subjects += [home_subject(each.home_id) for each in changed if each.home_id is not None]
    unread.wake(session, subjects, now)
    kit = {each.device_id: (now, now) for each in changed if each.device_id is not None}
    unread.wake_by_devices(session, kit, now)


def _record(session: Session, changed: Sequence[_Look], now: datetime) -> None:
    """Write down since when kit is not heard, late or missing, and when it was heard again."""
    began: dict[int, datetime] = {}
    ended: dict[int, datetime] = {}
    for expectation, heard_at, standing in (
        (look.expectation, look.heard_at, look.standing) for look in changed
    ):
        if expectation.device_id is None or expectation.source != KIT:
            continue
        if standing.state is HeardState.HEARD:
            ended[expectation.device_id] = heard_at or now
        elif expectation.state is HeardState.HEARD:
            grace = timedelta(seconds=expectation.grace_seconds)
            late = standing.state is HeardState.LATE
            began[expectation.device_id] = standing.since if late else standing.since - grace
    silences.begin(session, began)
    silences.end(session, ended)


# A device that is meant to sleep (staff set a figure for its silence, or it says how long it sleeps) is
# offline while it does: all is well. A fault that it reports ends by its own word, or by a test press that
# came through. How long a battery lasts stands with the home's line, else it is the least there should be;
# what was heard after that lives.
_DOWN = text(
    """
    SELECT d.id, min(f.since), min(f.why)
    FROM devices d
    LEFT JOIN device_words w ON w.device_id = d.id
    LEFT JOIN expectations e ON e.device_id = d.id AND e.ended_at IS NULL AND e.source = :kit
    CROSS JOIN LATERAL (
      SELECT w.online_changed_at AS since, 'offline' AS why
      WHERE w.online = false AND w.online_changed_at <= :offline_before
        AND NOT ((d.silent_after_seconds IS NOT NULL OR w.speaks_every_seconds IS NOT NULL)
                 AND w.heard_at IS NOT NULL
                 AND w.heard_at > :now - make_interval(
                   secs => coalesce(d.silent_after_seconds, e.every_seconds)))
      UNION ALL SELECT e.state_since, 'silent' WHERE e.state = 'missing'
      UNION ALL SELECT d.revoked_at, 'away' WHERE d.revoked_at IS NOT NULL
      UNION ALL SELECT d.changed_at, 'away' WHERE d.state IN ('in_repair', 'lost', 'retired')
      UNION ALL SELECT k.since, 'fault' FROM kit_states k
      WHERE d.life_safety AND k.device_id = d.id AND k.kind = 'sensor_fault' AND k.value = 1
        AND (d.last_test_press_at IS NULL OR d.last_test_press_at < k.since)
      UNION ALL SELECT b.ends, 'mains' FROM (
        SELECT k.since + make_interval(hours => CAST(coalesce(l.battery_hours, :hours) AS int)) AS ends
        FROM kit_states k
        JOIN assignments a ON a.device_id = k.device_id AND a.deleted_at IS NULL
          AND a.period @> CAST(:now AS timestamptz)
        LEFT JOIN residencies r ON r.person_id = a.person_id AND r.period @> CAST(:now AS timestamptz)
        LEFT JOIN alarm_lines l ON l.home_id = coalesce(a.home_id, r.home_id)
        WHERE k.device_id = d.id AND (
          (k.kind = 'mains_failed' AND k.value = 1) OR (k.kind = 'mains_power' AND k.value = 0 AND k.turned))
      ) AS b WHERE b.ends <= :now AND (w.heard_at IS NULL OR w.heard_at <= b.ends)
    ) AS f
    WHERE d.deleted_at IS NULL AND (CAST(:among AS bigint[]) IS NULL OR d.id = ANY(CAST(:among AS bigint[])))
    GROUP BY d.id
    """
)


def everything_down(session: Session, now: datetime) -> tuple[list[HubDown], list[Unprotected]]:
    """Hubs with sensors that can't be heard, longest first, and who is unprotected, by one look at kit."""
    down = _down(session, now)
    return (_hubs(session, down), _unprotected(session, down, now)) if down else ([], [])


def unprotected(session: Session, now: datetime) -> list[Unprotected]:
    """Everyone whose life-safety kit, or the hub it speaks through, is down, longest first (H5, H6).

    A home's kit protects everyone who lives there.
    """
    return _unprotected(session, _down(session, now), now)


def down_of(session: Session, device_ids: Collection[int], now: datetime) -> set[int]:
    """Which of these devices are down."""
    return set(_down(session, now, list(device_ids))) if device_ids else set()


def _hubs(session: Session, down: Down) -> list[HubDown]:
    rows = session.execute(
        select(Device.hub_id, func.count())
        .where(Device.hub_id.in_(down), Device.deleted_at.is_(None), Device.revoked_at.is_(None))
        .group_by(Device.hub_id)
    )
    found = [HubDown(hub_id, down[hub_id][0], sensors) for hub_id, sensors in rows if hub_id is not None]
    return sorted(found, key=lambda hub: hub.since)


def _unprotected(session: Session, down: Down, now: datetime) -> list[Unprotected]:
    person_id = func.coalesce(Assignment.person_id, Residency.person_id)
    rows = session.execute(
        select(person_id, Device.id, Device.hub_id)
        .join(Assignment, Assignment.device_id == Device.id)
        .outerjoin(Residency, (Residency.home_id == Assignment.home_id) & Residency.period.contains(now))
        .where(
            Device.life_safety,
            Device.deleted_at.is_(None),
            or_(Device.id.in_(down), Device.hub_id.in_(down)),
            Assignment.deleted_at.is_(None),
            Assignment.period.contains(now),
            person_id.is_not(None),
        )
    )
    found = [
        Unprotected(person, device_id, *_cause(down, device_id, hub_id)) for person, device_id, hub_id in rows
    ]
    return sorted(found, key=lambda each: (each.since, each.person_id))


def _down(session: Session, now: datetime, among: list[int] | None = None) -> Down:
    """The devices that are down (only of `among`, if given), since when, and why."""
    before = now - HUB_DOWN_AFTER
    asked = {"now": now, "offline_before": before, "kit": KIT, "among": among, "hours": BATTERY_HOURS}
    rows = session.execute(_DOWN, asked)
    return {device_id: (since, why) for device_id, since, why in rows}


def _cause(down: Down, device_id: int, hub_id: int | None) -> tuple[datetime, str]:
    """The hub's fault before the sensor's own, which may be no more than its consequence."""
    hub = down.get(hub_id) if hub_id is not None else None
    return (hub[0], "hub") if hub is not None else down[device_id]
