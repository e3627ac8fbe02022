"""Readings as charts draw them: each one while they are few, else what they come to, stretch by stretch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, func, select, text
from sqlalchemy.orm import Session

from devices import stretches, whose
from devices.measurement import UNFIT, Flags
from devices.subjects import Subject


@dataclass(frozen=True, slots=True)
class Point:
    """A reading, or all of a stretch of time that are fit to be judged: their mean, lowest and highest."""

    at: datetime
    value: float
    low: float
    high: float
    flags: int


@dataclass(frozen=True, slots=True)
class Line:
    """One series as a chart draws it: where it comes from, and points ascending in time."""

    series_id: int
    kind: str
    source: str
    device_id: int | None
    points: list[Point]


_MINE = (
    "unnest(CAST(:series AS int8[]), CAST(:since AS timestamptz[]), CAST(:until AS timestamptz[]), "
    "CAST(CAST(:checked AS text[]) AS tstzmultirange[]), CAST(:split AS bool[])) "
    "AS m (series_id, since, until, checked, split)"
)
# Moments of a line of shared kit that were said to be another's, or are still asked about, are not its own.
_ITS_OWN = """
(NOT m.split OR NOT EXISTS (
  SELECT FROM reading_owners o JOIN series s USING (device_id, channel)
  WHERE s.id = r.series_id AND o.measured_at = r.measured_at))
"""
# A reading or an hour of somebody's own kit that was not, or not all, checked is marked as such.
_UNCHECKED = f"CASE WHEN m.checked IS NULL OR m.checked @> %s THEN 0 ELSE {int(Flags.UNCHECKED)} END"
_OF_READING = _UNCHECKED % "r.measured_at"
_OF_HOUR = _UNCHECKED % "tstzrange(h.hour, h.hour + interval '1 hour')"
_EACH = text(f"""
SELECT m.series_id, r.measured_at, r.value, r.value, r.value, r.flags | {_OF_READING}
FROM {_MINE}
JOIN readings r ON r.series_id = m.series_id AND r.measured_at >= m.since AND r.measured_at < m.until
WHERE {_ITS_OWN}
ORDER BY 1, 2
""")  # noqa: S608 - made of our own words alone
# Hours that lie whole in the time somebody had a device are read as they were summed. All else is read
# reading by reading: the hours in which that time begins and ends, those that two stretches share, the stale,
# those with a moment that is another's, and whatever is not summed yet; in a short time all. OFFSET 0 keeps
# each to its own piece of the index: from how much a line has in all, the planner would take the whole line,
# or the whole month.
_FOLDED = text(f"""
WITH mine AS (
  SELECT m.*, date_trunc('hour', m.since, 'UTC') AS first, date_trunc('hour', m.until, 'UTC') AS last
  FROM {_MINE}
), summed AS (
  SELECT CASE WHEN :by_hours THEN summed_until ELSE '-infinity' END AS until FROM summing
), alone AS (
  SELECT m.series_id, m.since, m.until, m.checked, m.split, a.hour
  FROM mine m
  CROSS JOIN LATERAL (
    SELECT m.first UNION SELECT m.last UNION SELECT unnest(CAST(:cut AS timestamptz[]))
    UNION SELECT s.hour FROM stale_hours s
      WHERE s.series_id = m.series_id AND s.hour BETWEEN m.first AND m.last
    UNION SELECT p.hour FROM hours_apart(CAST(:series AS int8[])) p
      WHERE p.series_id = m.series_id AND p.hour BETWEEN m.first AND m.last
  ) AS a (hour)
  WHERE :by_hours
), rest AS (
  SELECT m.series_id, greatest(m.since, summed.until) AS since, m.until, m.checked, m.split
  FROM mine m CROSS JOIN summed
  UNION ALL
  SELECT a.series_id, greatest(a.since, a.hour), least(a.until, a.hour + interval '1 hour', summed.until),
    a.checked, a.split
  FROM alone a CROSS JOIN summed
), parts AS (
  SELECT m.series_id, r.measured_at AS at, fit::int AS count, (NOT fit)::int AS left_out,
    CASE WHEN fit THEN r.value END AS total, CASE WHEN fit THEN r.value END AS low,
    CASE WHEN fit THEN r.value END AS high, CASE WHEN fit THEN r.flags | {_OF_READING} END AS flags
  FROM rest m
  CROSS JOIN LATERAL (
    SELECT r.measured_at, r.value, r.flags, r.flags & :unfit = 0 AS fit FROM readings r
    WHERE r.series_id = m.series_id AND r.measured_at >= m.since AND r.measured_at < m.until
      AND r.measured_at >= :start AND r.measured_at < :end AND {_ITS_OWN}
    OFFSET 0
  ) AS r
  UNION ALL
  SELECT m.series_id, h.hour, h.count, h.left_out, h.total, h.low, h.high, h.flags | {_OF_HOUR}
  FROM mine m
  CROSS JOIN summed
  CROSS JOIN LATERAL (
    SELECT * FROM reading_hours h
    WHERE h.series_id = m.series_id AND h.hour > m.first AND h.hour < least(m.last, summed.until)
      AND h.hour >= :start AND h.hour < :end
    OFFSET 0
  ) AS h
  WHERE NOT EXISTS (
    SELECT FROM alone a WHERE a.series_id = m.series_id AND a.since = m.since AND a.hour = h.hour
  )
)
SELECT series_id, width_bucket(at, CAST(:starts AS timestamptz[])) AS number,
  sum(count)::int8 AS fit, sum(left_out)::int8 AS left_out,
  sum(total) AS total, min(low) AS low, max(high) AS high, bit_or(flags) AS flags
FROM parts
GROUP BY 1, 2 ORDER BY 1, 2
""")  # noqa: S608 - made of our own words alone


def span(
    session: Session,
    subject: Subject,
    kinds: Collection[str],
    start: datetime,
    end: datetime,
    max_points: int,
    zone: str,
) -> list[Line]:
    """The readings of some kinds from `start` to before `end`, a line for each series that has any.

    Where a line has more readings than `max_points`, each of its points stands for a stretch of time; in a
    year for a day by the calendar of `zone` (`stretches.beginnings`).
    """
    lines, asked = _theirs(session, subject, kinds, start, end)
    if not lines:
        return []
    starts = stretches.beginnings(start, end, max_points, zone)
    folded = session.execute(
        _FOLDED,
        {
            **asked,
            "start": start,
            "end": end,
            "starts": list(starts),
            "cut": stretches.cut_hours(starts),
            "by_hours": stretches.is_long(start, end),
            "unfit": UNFIT,
        },
    )
    readings: dict[int, int] = {}
    for row in folded:
        readings[row.series_id] = readings.get(row.series_id, 0) + row.fit + row.left_out
        if row.fit:
            point = Point(starts[row.number - 1], row.total / row.fit, row.low, row.high, row.flags)
            lines[row.series_id].points.append(point)
    few = {series_id for series_id, count in readings.items() if count <= max_points}
    _draw_each(session, {series_id: lines[series_id] for series_id in few}, asked)
    return [line for line in lines.values() if line.series_id in readings]


def _theirs(
    session: Session, subject: Subject, kinds: Collection[str], start: datetime, end: datetime
) -> tuple[dict[int, Line], dict[str, list[object]]]:
    """A line without points for each series, and when each was theirs: one may have been several times."""
    theirs = whose.series_of([subject], kinds)
    period = theirs.c.period * func.tstzrange(start, end)
    rows = session.execute(
        select(
            theirs.c.series_id,
            theirs.c.kind,
            theirs.c.source,
            theirs.c.device_id,
            func.lower(period).label("since"),
            func.upper(period).label("until"),
            cast(theirs.c.checked, Text).label("checked"),
            theirs.c.split,
        )
        .where(~func.isempty(period))
        .order_by(theirs.c.kind, theirs.c.source, theirs.c.series_id)
    ).all()
    lines = {row.series_id: Line(row.series_id, row.kind, row.source, row.device_id, []) for row in rows}
    columns = {"series": "series_id"} | {name: name for name in ("since", "until", "checked", "split")}
    return lines, {name: [getattr(row, column) for row in rows] for name, column in columns.items()}


def _draw_each(session: Session, lines: Mapping[int, Line], asked: Mapping[str, list[object]]) -> None:
    """Let each reading of these lines be a point of its own, also one that is not fit to be judged."""
    if not lines:
        return
    for line in lines.values():
        line.points.clear()
    pieces = [each for each in zip(*asked.values(), strict=True) if each[0] in lines]
    theirs = dict(zip(asked, map(list, zip(*pieces, strict=True)), strict=True))
    for series_id, *point in session.execute(_EACH, theirs):
        lines[series_id].points.append(Point(*point))
