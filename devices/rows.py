"""Readings into their table, each once: what is new, what was there already, what contradicts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from devices import hours
from devices.measurement import Flags

REPLAYED = int(Flags.REPLAYED)
TAKEN_BACK = int(Flags.ENTERED_IN_ERROR)


class Row(NamedTuple):
    """One reading on its way in. `original` is the time its device gave, where it was set aside.

    `alarms` says that it is a danger to life: another value of the same moment does not outvote it.
    """

    series_id: int
    at: datetime
    value: float
    flags: int
    original: datetime | None = None
    alarms: bool = False


@dataclass(slots=True)
class Put:
    """What became of rows: their batch (None without any), how many were new, there before, contradicting.

    `unchanged` are the series that brought nothing new, so that nobody need judge them again.
    """

    batch_id: int | None = None
    stored: int = 0
    duplicates: int = 0
    conflicts: int = 0
    unchanged: set[int] = field(default_factory=set)


_PUT = """
WITH batch AS (INSERT INTO batches (received_at, stored_at) VALUES (%b, %b) RETURNING id),
kept AS (
  INSERT INTO readings (series_id, measured_at, value, flags, batch_id)
  SELECT t.*, batch.id
  FROM batch, unnest(%b::int8[], %b::timestamptz[], %b::float8[], %b::int2[]) AS t
  ON CONFLICT DO NOTHING
  RETURNING 1
)
SELECT batch.id, (SELECT count(*) FROM kept) FROM batch
"""
_THERE = """
SELECT r.series_id, r.measured_at, r.value, r.flags
FROM unnest(%b::int8[], %b::timestamptz[]) AS t (series_id, at)
JOIN readings r ON r.series_id = t.series_id AND r.measured_at = t.at
WHERE r.batch_id <> %b
"""
_CONFLICTS = """
INSERT INTO reading_conflicts (series_id, measured_at, value, flags, batch_id)
SELECT t.*, %b
FROM unnest(%b::int8[], %b::timestamptz[], %b::float8[], %b::int2[]) AS t (series_id, at, value, flags)
WHERE NOT EXISTS (
  SELECT FROM reading_conflicts c
  WHERE c.series_id = t.series_id AND c.measured_at = t.at AND c.value = t.value
)
"""
_SET_ASIDE = """
INSERT INTO reading_conflicts (series_id, measured_at, value, flags, batch_id)
SELECT r.series_id, r.measured_at, r.value, r.flags, r.batch_id
FROM unnest(%b::int8[], %b::timestamptz[]) AS t (series_id, at)
JOIN readings r ON r.series_id = t.series_id AND r.measured_at = t.at
WHERE NOT EXISTS (
  SELECT FROM reading_conflicts c
  WHERE c.series_id = r.series_id AND c.measured_at = r.measured_at AND c.value = r.value
)
"""
_REPLACE = """
UPDATE readings r SET value = t.value, flags = t.flags, batch_id = %b
FROM unnest(%b::int8[], %b::timestamptz[], %b::float8[], %b::int2[]) AS t (series_id, at, value, flags)
WHERE r.series_id = t.series_id AND r.measured_at = t.at
"""
_FRESH = """
UPDATE readings r SET flags = r.flags & ~%b::int2
FROM unnest(%b::int8[], %b::timestamptz[]) AS t (series_id, at)
WHERE r.series_id = t.series_id AND r.measured_at = t.at
"""
_ORIGINALS = """
INSERT INTO reading_original_times (series_id, measured_at, original)
SELECT * FROM unnest(%b::int8[], %b::timestamptz[], %b::timestamptz[])
"""


def put(session: Session, rows: Iterable[Row], received_at: datetime, now: datetime) -> Put:
    """Store rows that are not there yet.

    The same series, time and value again is dropped; another value is kept as a conflict and the first stays,
    but for one that alarms: it takes the place of one that doesn't, which is then the conflict.
    What was taken back stands in nobody's way: whatever comes for its moment takes its place.
    A reading that was only ever seen replayed loses that flag when it also comes fresh.
    They go in by the order of their keys, so that two workers never wait for each other in a ring.
    """
    once: dict[tuple[int, datetime], Row] = {}
    contradicting: list[Row] = []
    put = Put()
    for row in rows:
        first = once.get(row[:2])
        if first is None:
            once[row[:2]] = row
        else:
            _second(once, first, row, contradicting, put)
    if not once:
        return put
    ordered = [once[key] for key in sorted(once)]
    run = session.connection().exec_driver_sql
    series_ids, times, values, flags, *_ = (list(column) for column in zip(*ordered, strict=True))
    put.batch_id, put.stored = run(_PUT, (received_at, now, series_ids, times, values, flags)).one()
    fresh = ordered
    if put.stored < len(ordered):
        there = run(_THERE, (series_ids, times, put.batch_id)).all()
        known = {(series_id, at): (value, said) for series_id, at, value, said in there}
        fresh = _sort_out(session, ordered, known, contradicting, put)
    changed = [row for row in ordered if row.series_id not in put.unchanged] if put.unchanged else ordered
    hours.mark(session, changed, now)
    if contradicting:
        _keep_conflicts(session, contradicting, put)
    originals = [(row.series_id, row.at, row.original) for row in fresh if row.original is not None]
    if originals:
        run(_ORIGINALS, tuple(list(column) for column in zip(*originals, strict=True)))
    return put


def _second(
    once: dict[tuple[int, datetime], Row], first: Row, row: Row, contradicting: list[Row], put: Put
) -> None:
    """Deal with a key that stands twice among the rows themselves."""
    if first.value == row.value:
        put.duplicates += 1
        once[row[:2]] = first._replace(flags=first.flags & (row.flags | ~REPLAYED))
    elif row.alarms and not first.alarms:
        once[row[:2]] = row
        contradicting.append(first)
    else:
        contradicting.append(row)


def _sort_out(
    session: Session,
    rows: list[Row],
    known: dict[tuple[int, datetime], tuple[float, int]],
    contradicting: list[Row],
    put: Put,
) -> list[Row]:
    """Tell the new rows from those whose key was taken; return the new."""
    fresh: list[Row] = []
    confirmed: list[Row] = []
    outvoting: list[Row] = []
    anew: list[Row] = []
    for row in rows:
        there = known.get(row[:2])
        if there is None:
            fresh.append(row)
        elif there[1] & TAKEN_BACK:
            anew.append(row)
        elif there[0] != row.value:
            (outvoting if row.alarms else contradicting).append(row)
        else:
            put.duplicates += 1
            if there[1] & REPLAYED and not row.flags & REPLAYED:
                confirmed.append(row)
    if confirmed:
        series_ids, times = [row.series_id for row in confirmed], [row.at for row in confirmed]
        session.connection().exec_driver_sql(_FRESH, (REPLAYED, series_ids, times))
    if outvoting or anew:
        _replace(session, [*outvoting, *anew], put)
        put.conflicts += len(outvoting)
        put.stored += len(anew)
    changed = {row.series_id for row in (*fresh, *confirmed, *outvoting, *anew)}
    put.unchanged = {row.series_id for row in rows} - changed
    return fresh


def _replace(session: Session, rows: list[Row], put: Put) -> None:
    """Let these take the place of what was stored for the same moment, which is kept as the conflict."""
    series_ids, times, values, flags, *_ = (list(column) for column in zip(*rows, strict=True))
    run = session.connection().exec_driver_sql
    run(_SET_ASIDE, (series_ids, times))
    run(_REPLACE, (put.batch_id, series_ids, times, values, flags))


def _keep_conflicts(session: Session, rows: list[Row], put: Put) -> None:
    series_ids, times, values, flags, *_ = (list(column) for column in zip(*rows, strict=True))
    session.connection().exec_driver_sql(_CONFLICTS, (put.batch_id, series_ids, times, values, flags))
    put.conflicts += len(rows)
