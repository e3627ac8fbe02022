"""Readings day by local day: what goals are counted by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from devices.measurement import Flags
from devices.subjects import Subject

UNFIT = int(Flags.BEYOND_ABSOLUTE | Flags.TEST | Flags.ENTERED_IN_ERROR | Flags.REPLAYED)

# The series come first, so that only their readings are touched; whose a reading is, its own time decides.
_DAILY = text("""
WITH asked AS (
  SELECT *
  FROM unnest(CAST(:kinds AS text[]), CAST(:abouts AS text[]), CAST(:ids AS int8[]),
              CAST(:sinces AS timestamptz[]), CAST(:zones AS text[]))
       WITH ORDINALITY AS q (kind, about, id, since, zone, place)
), ours AS (
  SELECT q.place, q.since, q.zone, h.series_id AS id, h.period, h.device_id, h.channel, h.split, h.checked
  FROM asked q JOIN held_series h ON h.person_id = q.id AND h.kind = q.kind WHERE q.about = 'person'
  UNION ALL
  SELECT q.place, q.since, q.zone, h.series_id, h.period, h.device_id, h.channel, h.split, h.checked
  FROM asked q JOIN held_series h ON h.home_id = q.id AND h.kind = q.kind WHERE q.about = 'home'
)
SELECT ours.place, (r.measured_at AT TIME ZONE ours.zone)::date AS day,
       avg(r.value) AS mean, min(r.value) AS lowest, max(r.value) AS highest, count(*) AS readings
FROM ours JOIN readings r ON r.series_id = ours.id AND r.measured_at >= ours.since
WHERE r.measured_at >= :earliest AND r.measured_at < :until AND (r.flags & :unfit) = 0
  AND ours.period @> r.measured_at
  AND (ours.checked IS NULL OR ours.checked @> r.measured_at)
  AND (NOT ours.split OR NOT EXISTS (
    SELECT FROM reading_owners o WHERE o.device_id = ours.device_id AND o.channel = ours.channel
    AND o.measured_at = r.measured_at))
GROUP BY 1, 2 ORDER BY 1, 2
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose readings of which kind, since when, and in which zone their days are."""

    subject: Subject
    kind: str
    since: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Day:
    """One local day's readings, in the kind's own unit."""

    day: date
    mean: float
    lowest: float
    highest: float
    count: int


def daily(session: Session, asked: Sequence[Asked], until: datetime) -> list[list[Day]]:
    """For each that is asked, in order: its days up to `until` that have readings which can be judged."""
    found: list[list[Day]] = [[] for _ in asked]
    if not asked:
        return found
    rows = session.execute(
        _DAILY,
        {
            "kinds": [each.kind for each in asked],
            "abouts": [each.subject.about for each in asked],
            "ids": [each.subject.id for each in asked],
            "sinces": [each.since for each in asked],
            "zones": [each.zone for each in asked],
            "earliest": min(each.since for each in asked),
            "until": until,
            "unfit": UNFIT,
        },
    )
    for row in rows:
        found[row.place - 1].append(Day(row.day, row.mean, row.lowest, row.highest, row.readings))
    return found
