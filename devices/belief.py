"""How far a piece of kit is believed, read from what was marked on its newest readings."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from devices import assignments, believed, kinds, shared_kinds
from devices.believed import FLAGS, Mark, Tally
from devices.measurement import Flags
from devices.models import Device
from people.access import Viewer

LOOKS_BACK = timedelta(days=30)
MOST = 5000
"""Readings of a series that are counted, the newest: the index gives them without reading the rest, so that
it takes no longer for kit that has sent a million."""
LISTED = 100
SAMPLE = 500
"""From how many it is told what is usual."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A line of readings: of which kind, on which channel, how many were counted, and the newest."""

    kind: str
    channel: str
    readings: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Belief:
    """What was counted since when; `whole` where that is all of the time that was asked for."""

    tally: Tally
    since: datetime
    whole: bool
    measured: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A reading with a mark; `other` is the value that contradicts it, `original` the time the kit gave."""

    kind: str
    channel: str
    at: datetime
    value: float
    received_at: datetime | None
    original: datetime | None = None
    other: float | None = None


_NEWEST = """
FROM series s
CROSS JOIN LATERAL (
  SELECT r.measured_at, r.value, r.flags, r.batch_id FROM readings r
  WHERE r.series_id = s.id AND r.measured_at >= :since AND r.measured_at <= :until
  ORDER BY r.measured_at DESC LIMIT :most
) AS r
WHERE s.device_id = :device_id AND s.kind = ANY(:kinds)
"""
_COUNTED = text(
    f"""
    SELECT s.kind, s.channel, r.flags, count(*), min(r.measured_at), max(r.measured_at) {_NEWEST}
    GROUP BY s.kind, s.channel, r.flags
    """
)
_CONTRADICTED = text(
    """
    SELECT count(*) FROM (
      SELECT FROM reading_conflicts c JOIN series s ON s.id = c.series_id
      WHERE s.device_id = :device_id AND s.kind = ANY(:kinds) AND c.measured_at >= :since LIMIT :most
    ) AS c
    """
)
_SLOW_BY = text(
    """
    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY o.slow_by) FROM (
      SELECT o.measured_at - o.original AS slow_by
      FROM reading_original_times o JOIN series s ON s.id = o.series_id
      WHERE s.device_id = :device_id AND s.kind = ANY(:kinds) AND o.measured_at >= :since LIMIT :sample
    ) AS o
    """
)
_DELAY = text(
    f"""
    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY l.delay) FROM (
      SELECT b.received_at - r.measured_at AS delay
      FROM (SELECT r.batch_id, r.measured_at {_NEWEST} AND r.flags & :flag <> 0 LIMIT :sample) AS r
      JOIN batches b ON b.id = r.batch_id
    ) AS l
    """  # noqa: S608 - put together of what stands here
)
_MARKED = text(
    f"""
    SELECT n.kind, n.channel, n.measured_at, n.value, b.received_at,
      (SELECT o.original FROM reading_original_times o
       WHERE o.series_id = n.id AND o.measured_at = n.measured_at LIMIT 1)
    FROM (
      SELECT s.id, s.kind, s.channel, r.measured_at, r.value, r.batch_id {_NEWEST} AND r.flags & :flag <> 0
      ORDER BY r.measured_at DESC, s.id LIMIT :listed
    ) AS n
    LEFT JOIN batches b ON b.id = n.batch_id
    ORDER BY n.measured_at DESC, n.id
    """  # noqa: S608 - put together of what stands here
)
_CONFLICTS = text(
    """
    SELECT s.kind, s.channel, c.measured_at, r.value, b.received_at, NULL, c.value
    FROM reading_conflicts c
    JOIN series s ON s.id = c.series_id
    JOIN readings r ON r.series_id = c.series_id AND r.measured_at = c.measured_at
    LEFT JOIN batches b ON b.id = c.batch_id
    WHERE s.device_id = :device_id AND s.kind = ANY(:kinds) AND c.measured_at >= :since
    ORDER BY c.measured_at DESC, c.id DESC LIMIT :listed
    """
)


def of_device(session: Session, viewer: Viewer, device: Device, now: datetime) -> Belief | None:
    """How far `device` is believed, by readings of the last weeks that are shared with the viewer.

    They are those since whoever has it has it; None for kit that is nobody's: what it says is not told.
    """
    asked = _asked(session, viewer, device, now)
    if asked is None:
        return None
    rows = session.execute(_COUNTED, asked).all()
    marks: Counter[Mark] = Counter()
    lines: dict[tuple[str, str], Measured] = {}
    since: datetime = asked["since"]
    for kind, channel, flags, number, _, last in rows:
        for mark in believed.marks_of(flags):
            marks[mark] += number
        before = lines.get((kind, channel), Measured(kind, channel, 0, last))
        total, newest = before.readings + number, max(before.last_at, last)
        lines[kind, channel] = Measured(kind, channel, total, newest)
    cut = {key for key, line in lines.items() if line.readings >= MOST}
    if cut:
        since = max(min(row[4] for row in rows if (row[0], row[1]) == key) for key in cut)
    contradicted = session.execute(_CONTRADICTED, asked).scalar_one()
    if contradicted:
        marks[Mark.CONFLICT] = contradicted
    slow_by = session.execute(_SLOW_BY, asked).scalar() if marks[Mark.CLOCK_CORRECTED] else None
    late = {**asked, "flag": int(Flags.LATE)}
    delay = session.execute(_DELAY, late).scalar() if marks[Mark.LATE] else None
    readings = sum(line.readings for line in lines.values())
    return Belief(
        Tally(readings, {mark: marks[mark] for mark in Mark if marks[mark]}, slow_by, delay),
        since,
        not cut,
        tuple(sorted(lines.values(), key=lambda line: (line.kind, line.channel))),
    )


def list_marked(
    session: Session, viewer: Viewer, device: Device, mark: Mark, now: datetime
) -> Sequence[Marked]:
    """The readings with a mark among those that are counted, the latest first, LISTED at most."""
    asked = _asked(session, viewer, device, now)
    if asked is None:
        return []
    if mark is Mark.CONFLICT:
        return [Marked(*row) for row in session.execute(_CONFLICTS, asked)]
    return [Marked(*row) for row in session.execute(_MARKED, {**asked, "flag": int(FLAGS[mark])})]


def _asked(session: Session, viewer: Viewer, device: Device, now: datetime) -> dict[str, Any] | None:
    held = assignments.find(session, device.id, now)
    if held is None:
        return None
    seen = shared_kinds.of(session, viewer, held.person_id, held.home_id, now)
    return {
        "device_id": device.id,
        "kinds": list(seen.full(kind.code for kind in kinds.all_kinds())),
        "since": max(held.period.lower or now - LOOKS_BACK, now - LOOKS_BACK),
        "until": now + timedelta(days=1),
        "most": MOST,
        "sample": SAMPLE,
        "listed": LISTED,
    }
