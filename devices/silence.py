"""What should be heard and isn't: late first, then missing, for each kind and each piece of kit."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.orm import Session

from devices import unread
from devices.measurement import Flags
from devices.models import Assignment, Device, Expectation, HeardState
from devices.subjects import Subject
from devices.subjects import home as home_subject
from devices.subjects import person as person_subject
from people.models.homes import Residency

KIT = "kit"
"""The source of expectations about kit itself; all others are written by care plans."""
PROTECTS_SILENT_AFTER = 25 * 3600
"""Seconds after which life-safety kit without a figure of its own counts as silent: Zigbee2MQTT's own limit
for passive devices (its availability defaults, 25 hours)."""
LOOK_AGAIN = timedelta(seconds=60)
"""How soon a late or missing one is looked at again, so that it clears when it is heard."""

HUB_DOWN_AFTER = timedelta(minutes=5)
"""How long a hub may be offline before its sensors count as unheard: a restart takes less."""

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
    """A person whose life-safety kit is down: which, since when, and why: hub, offline, silent or away."""

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
        found = Expectation(**of, state=HeardState.HEARD, state_since=now, expected_by=first_by)
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
    return len(session.scalars(ended.values(ended_at=now).returning(Expectation.id)).all())


def expect_kit(session: Session, device: Device, now: datetime) -> None:
    """Expect `device` to be heard as often as its model should be, if it should."""
    every = device.silent_after_seconds or (PROTECTS_SILENT_AFTER if device.life_safety else None)
    if every is not None:
        expect(
            session,
            source=KIT,
            device_id=device.id,
            every_seconds=every,
            grace_seconds=max(300, every // 10),
            first_by=now + timedelta(seconds=every),
            now=now,
        )


def step(session: Session, now: datetime, limit: int = 500, next_window: NextWindow | None = None) -> bool:
    """Look at up to `limit` expectations that are due, and wake whom a change of standing is about.

    Without `next_window` those that go by a calendar are left alone. Several workers may step at once.
    Whether any was due.
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
    heard = _last_heard(session, expectations, now)
    changed = []
    for each in expectations:
        each.last_heard_at = heard.get(each.id, each.last_heard_at)
        before = each.state
        standing = stand(each, each.last_heard_at, now, next_window)
        each.state, each.state_since, each.expected_by = standing.state, standing.since, standing.expected_by
        if each.state is not before:
            changed.append(each)
    session.flush()
    _wake(session, changed, now)
    return True


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


# Replayed readings say nothing of now; entered in error, nothing at all.
_LAST_HEARD = text(
    """
    SELECT e.id, max(l.at)
    FROM expectations e
    CROSS JOIN LATERAL (
      SELECT s.id, lower(a.period) AS since, upper(a.period) AS until
      FROM assignments a JOIN series s ON s.device_id = a.device_id
      WHERE (a.person_id = e.person_id OR a.home_id = e.home_id) AND a.deleted_at IS NULL
        AND (e.kind IS NULL OR s.kind = e.kind)
      UNION ALL
      SELECT s.id, NULL, NULL FROM series s
      WHERE s.person_id = e.person_id AND (e.kind IS NULL OR s.kind = e.kind)
    ) AS x
    CROSS JOIN LATERAL (
      SELECT r.measured_at AS at FROM readings r
      WHERE r.series_id = x.id AND r.measured_at >= coalesce(x.since, '-infinity')
        AND r.measured_at < least(coalesce(x.until, 'infinity'), :ahead) AND r.flags & :void = 0
      ORDER BY r.measured_at DESC LIMIT 1
    ) AS l
    WHERE e.id = ANY(:ids) AND e.device_id IS NULL
    GROUP BY e.id
    UNION ALL
    SELECT e.id, w.heard_at
    FROM expectations e JOIN device_words w ON w.device_id = e.device_id
    WHERE e.id = ANY(:ids) AND w.heard_at IS NOT NULL
    """
)
_VOID = int(Flags.REPLAYED | Flags.ENTERED_IN_ERROR)


def _last_heard(session: Session, expectations: Sequence[Expectation], now: datetime) -> dict[int, datetime]:
    ids = [each.id for each in expectations]
    # A clock that is ahead must not make somebody look heard of until tomorrow.
    ahead = now + timedelta(minutes=5)
    return {
        expectation_id: min(at, now)
        for expectation_id, at in session.execute(_LAST_HEARD, {"ids": ids, "ahead": ahead, "void": _VOID})
    }


def _wake(session: Session, changed: Sequence[Expectation], now: datetime) -> None:
    subjects = [person_subject(each.person_id) for each in changed if each.person_id is not None]
    subjects += [home_subject(each.home_id) for each in changed if each.home_id is not None]
    unread.wake(session, subjects, now)
    kit = {each.device_id: (now, now) for each in changed if each.device_id is not None}
    unread.wake_by_devices(session, kit, now)


# A device that is meant to sleep (it has a figure for its silence) is offline while it does: all is well.
_DOWN = text(
    """
    SELECT d.id, min(f.since), min(f.why)
    FROM devices d
    LEFT JOIN device_words w ON w.device_id = d.id
    LEFT JOIN expectations e ON e.device_id = d.id AND e.ended_at IS NULL AND e.source = :kit
    CROSS JOIN LATERAL (
      SELECT w.online_changed_at AS since, 'offline' AS why
      WHERE w.online = false AND w.online_changed_at <= :offline_before
        AND NOT (d.silent_after_seconds IS NOT NULL AND w.heard_at IS NOT NULL
                 AND w.heard_at > :now - make_interval(secs => d.silent_after_seconds))
      UNION ALL SELECT e.state_since, 'silent' WHERE e.state = 'missing'
      UNION ALL SELECT d.revoked_at, 'away' WHERE d.revoked_at IS NOT NULL
      UNION ALL SELECT d.changed_at, 'away' WHERE d.state IN ('in_repair', 'lost', 'retired')
    ) AS f
    WHERE d.deleted_at IS NULL AND (CAST(:among AS bigint[]) IS NULL OR d.id = ANY(CAST(:among AS bigint[])))
    GROUP BY d.id
    """
)


def hubs_down(session: Session, now: datetime) -> list[HubDown]:
    """The hubs with sensors that can't be heard, longest first: one cause, instead of one a sensor."""
    down = _down(session, now)
    rows = session.execute(
        select(Device.hub_id, func.count())
        .where(Device.hub_id.in_(down), Device.deleted_at.is_(None), Device.revoked_at.is_(None))
        .group_by(Device.hub_id)
    )
    found = [HubDown(hub_id, down[hub_id][0], sensors) for hub_id, sensors in rows if hub_id is not None]
    return sorted(found, key=lambda hub: hub.since)


def unprotected(session: Session, now: datetime) -> list[Unprotected]:
    """Everyone whose life-safety kit, or the hub it speaks through, is down, longest first (H5, H6).

    A home's kit protects everyone who lives there.
    """
    down = _down(session, now)
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


def down_of(session: Session, device_ids: Collection[int], now: datetime) -> set[int]:
    """Which of these devices are down."""
    return set(_down(session, now, list(device_ids))) if device_ids else set()


def _down(session: Session, now: datetime, among: list[int] | None = None) -> dict[int, tuple[datetime, str]]:
    """The devices that are down (only of `among`, if given), since when, and why."""
    rows = session.execute(
        _DOWN, {"now": now, "offline_before": now - HUB_DOWN_AFTER, "kit": KIT, "among": among}
    )
    return {device_id: (since, why) for device_id, since, why in rows}


def _cause(
    down: Mapping[int, tuple[datetime, str]], device_id: int, hub_id: int | None
) -> tuple[datetime, str]:
    """The hub's fault before the sensor's own, which may be no more than its consequence."""
    hub = down.get(hub_id) if hub_id is not None else None
    return (hub[0], "hub") if hub is not None else down[device_id]
