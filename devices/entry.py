"""Readings that somebody types in: a person about themselves, or staff; and taking back what was wrong."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from core import journal
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from devices import hours, kinds, partitions, rows, series, subjects, unread
from devices.formats.wire import cut, limits
from devices.joining_models import OwnKit, Way
from devices.measurement import Flags, Source
from devices.models import Assignment, Reading, Series
from devices.rows import Row
from devices.series import SeriesKey
from people import scoping

AHEAD = timedelta(minutes=5)
"""How far a clock that somebody read the time from may be ahead of ours."""
LATELY = timedelta(days=30)
"""How far back is looked for what was typed in."""
FLAG_OF = {Source.SELF_REPORTED: Flags.SELF_REPORTED, Source.STAFF: Flags.STAFF}


@dataclass(frozen=True, slots=True)
class TypedIn:
    """A reading that somebody typed in, in its kind's own unit; its flags say who, and whether by mistake."""

    kind: str
    value: float
    at: datetime
    flags: int


@scoping.past  # what somebody found is added to the record, and needs no sight of what stands there
def enter(
    session: Session,
    *,
    person_id: int,
    kind: str,
    value: float,
    at: datetime,
    source: Source,
    now: datetime,
    actor: Actor,
    unit: str | None = None,
) -> Row:
    """Store one reading about a person, and have them judged; it returns as stored, in the kind's own unit.

    Invalid by field ("kind", "value", "unit", "at") for what can't be a reading. A value beyond the limits of
    its kind is stored and flagged, as a device's would be. Conflict for another value at the same time.
    """
    measured = _read(kind, value, unit)
    _check_time(at, now)
    [row] = _put(session, person_id, {kind: measured}, at, source, now)
    _tell(session, "entered", person_id, kind, actor)
    return row


@scoping.past
def enter_together(
    session: Session,
    *,
    person_id: int,
    values: Mapping[str, float],
    at: datetime,
    source: Source,
    now: datetime,
    actor: Actor,
    device_id: int | None = None,
) -> list[Row]:
    """Store what was measured at one time, by kind and in each kind's own unit, whole or not at all.

    With `device_id` it was read off this kit of their own, and counts as far as that does.
    Invalid by kind, and on "at"; "" where nothing was given. Conflict for another value at the same time.
    """
    faults: dict[str, str] = {}
    measured: dict[str, float] = {}
    for kind, value in values.items():
        try:
            measured[kind] = _read(kind, value, None)
        except Invalid as fault:
            faults[kind] = next(iter(fault.fields.values()))
    try:
        _check_time(at, now)
    except Invalid as fault:
        faults |= fault.fields
    if faults:
        raise Invalid(faults)
    if not measured:
        raise Invalid({"": "Give at least one measurement."})
    stored = _put(session, person_id, measured, at, source, now, device_id)
    for kind in measured:
        _tell(session, "entered", person_id, kind, actor)
    return stored


def take_back(
    session: Session, *, person_id: int, kind: str, at: datetime, now: datetime, actor: Actor
) -> None:
    """Mark a reading that was typed in as entered in error: it stays visible and is judged no more.

    NotFound where there is none, or none that whoever asks is shown.
    """
    theirs = select(Series.id).where(_typed(person_id), Series.kind == kind)
    changed = (
        update(Reading)
        .where(Reading.series_id.in_(theirs), Reading.measured_at == cut(at))
        .values(flags=Reading.flags.op("|")(int(Flags.ENTERED_IN_ERROR)))
        .returning(Reading.series_id, Reading.measured_at)
    )
    marked = session.execute(changed).all()
    if not marked:
        raise NotFound
    hours.mark(session, marked, now)
    unread.wake(session, [subjects.person(person_id)], now)
    _tell(session, "taken back", person_id, kind, actor)


def list_typed(
    session: Session, person_id: int, kinds: Collection[str], now: datetime, limit: int
) -> list[TypedIn]:
    """What was typed in about a person and can be taken back, the latest first."""
    rows = session.execute(
        select(Series.kind, Reading.value, Reading.measured_at, Reading.flags)
        .join(Reading, Reading.series_id == Series.id)
        .where(
            _typed(person_id),
            Series.kind.in_(kinds),
            Reading.measured_at > now - LATELY,
        )
        .order_by(Reading.measured_at.desc(), Series.id)
        .limit(limit)
    )
    return [TypedIn(*row) for row in rows]


def _read(kind: str, value: float, unit: str | None) -> float:
    found = kinds.find_measured(kind)
    if found is None:
        raise Invalid({"kind": "There is no such kind of reading."})
    if not math.isfinite(value):
        raise Invalid({"value": "Give a number."})
    if found.is_binary and value not in (0, 1):
        raise Invalid({"value": f"{found.name} is yes or no."})
    return kinds.to_canonical(found, float(value), unit)


def _check_time(at: datetime, now: datetime) -> None:
    if at > now + AHEAD:
        raise Invalid({"at": "This lies ahead; give the time it was measured."})
    if at < partitions.retention_start(now):
        raise Invalid({"at": "This is more than fourteen months ago, longer than readings are kept."})


def _put(
    session: Session,
    person_id: int,
    values: Mapping[str, float],
    at: datetime,
    source: Source,
    now: datetime,
    device_id: int | None = None,
) -> list[Row]:
    told_by = FLAG_OF.get(source, Flags.NONE)
    found = [
        Row(
            _series(session, person_id, device_id, kind),
            cut(at),
            value,
            int(limits(kinds.get(kind), value) | told_by),
        )
        for kind, value in values.items()
    ]
    if rows.put(session, found, now, now).conflicts:
        raise Conflict(
            "Another value was entered for this very time; take that one back, or correct the time."
        )
    unread.wake(session, [subjects.person(person_id)], now)
    return found


def _series(session: Session, person_id: int, device_id: int | None, kind: str) -> int:
    if device_id is None:
        return series.of_person(session, person_id, kind)
    key = SeriesKey(device_id, "", kind)
    return series.ensure(session, [key])[key]


def _typed(person_id: int) -> ColumnElement[bool]:
    """The series of what is typed in about somebody: by itself, or read off kit of their own."""
    own = (
        select(OwnKit.device_id)
        .join(Assignment, Assignment.device_id == OwnKit.device_id)
        .where(Assignment.person_id == person_id, Assignment.deleted_at.is_(None), OwnKit.way == Way.BY_HAND)
    )
    return (Series.channel == "") & or_(Series.person_id == person_id, Series.device_id.in_(own))


def _tell(session: Session, what: str, person_id: int, kind: str, actor: Actor) -> None:
    journal.write(session, what, actor=actor, subject="reading", person_id=person_id, details={"kind": kind})
