"""Readings that somebody types in: a person about themselves, or staff; and taking back what was wrong."""

import math
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import journal
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from devices import kinds, partitions, rows, series, subjects, unread
from devices.formats.wire import cut, limits
from devices.measurement import Flags, Source
from devices.models import Reading
from devices.rows import Row

AHEAD = timedelta(minutes=5)
"""How far a clock that somebody read the time from may be ahead of ours."""
FLAG_OF = {Source.SELF_REPORTED: Flags.SELF_REPORTED, Source.STAFF: Flags.STAFF}


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
    if at > now + AHEAD:
        raise Invalid({"at": "This lies ahead; give the time it was measured."})
    if at < partitions.retention_start(now):
        raise Invalid({"at": "This is more than fourteen months ago, longer than readings are kept."})
    flags = limits(kinds.get(kind), measured) | FLAG_OF.get(source, Flags.NONE)
    row = Row(series.of_person(session, person_id, kind), cut(at), measured, int(flags))
    put = rows.put(session, [row], now, now)
    if put.conflicts:
        raise Conflict(
            "Another value was entered for this very time; take that one back, or correct the time."
        )
    unread.wake(session, [subjects.person(person_id)], now)
    _tell(session, "entered", person_id, kind, actor)
    return row


def take_back(
    session: Session, *, person_id: int, kind: str, at: datetime, now: datetime, actor: Actor
) -> None:
    """Mark a reading that was typed in as entered in error: it stays visible and is judged no more."""
    series_id = series.of_person(session, person_id, kind)
    marked = session.scalars(
        update(Reading)
        .where(Reading.series_id == series_id, Reading.measured_at == cut(at))
        .values(flags=Reading.flags.op("|")(int(Flags.ENTERED_IN_ERROR)))
        .returning(Reading.series_id)
    ).all()
    if not marked:
        raise NotFound
    unread.wake(session, [subjects.person(person_id)], now)
    _tell(session, "taken back", person_id, kind, actor)


def _read(kind: str, value: float, unit: str | None) -> float:
    found = kinds.find(kind)
    if found is None:
        raise Invalid({"kind": "There is no such kind of reading."})
    if not math.isfinite(value):
        raise Invalid({"value": "Give a number."})
    if found.is_binary and value not in (0, 1):
        raise Invalid({"value": f"{found.name} is yes or no."})
    return kinds.to_canonical(found, float(value), unit)


def _tell(session: Session, what: str, person_id: int, kind: str, actor: Actor) -> None:
    journal.write(session, what, actor=actor, subject="reading", person_id=person_id, details={"kind": kind})
