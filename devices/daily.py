"""Readings of one kind, day by local day: what a goal is counted by."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from devices.measurement import Flags
from devices.subjects import Subject

UNFIT = int(Flags.BEYOND_ABSOLUTE | Flags.TEST | Flags.ENTERED_IN_ERROR | Flags.REPLAYED)

# The series come first, so that only their readings are touched; whose a reading is, its own time decides.
_DAILY = text("""
WITH ours AS (
  SELECT s.id, a.period
  FROM series s JOIN assignments a ON a.device_id = s.device_id
  WHERE s.kind = :kind AND a.deleted_at IS NULL
    AND ((:about = 'person' AND a.person_id = :id) OR (:about = 'home' AND a.home_id = :id))
  UNION ALL
  SELECT s.id, NULL FROM series s WHERE s.kind = :kind AND :about = 'person' AND s.person_id = :id
)
SELECT (r.measured_at AT TIME ZONE :zone)::date AS day,
       avg(r.value) AS mean, min(r.value) AS lowest, max(r.value) AS highest, count(*) AS readings
FROM ours JOIN readings r ON r.series_id = ours.id
WHERE r.measured_at >= :since AND r.measured_at < :until AND (r.flags & :unfit) = 0
  AND (ours.period IS NULL OR ours.period @> r.measured_at)
GROUP BY 1 ORDER BY 1
""")


@dataclass(frozen=True, slots=True)
class Day:
    """One local day's readings, in the kind's own unit."""

    day: date
    mean: float
    lowest: float
    highest: float
    count: int


def daily(
    session: Session, subject: Subject, kind: str, since: datetime, until: datetime, zone: str
) -> list[Day]:
    """The days in [since, until) that have readings which can be judged."""
    rows = session.execute(
        _DAILY,
        {
            "kind": kind,
            "about": subject.about,
            "id": subject.id,
            "since": since,
            "until": until,
            "zone": zone,
            "unfit": UNFIT,
        },
    )
    return [Day(row.day, row.mean, row.lowest, row.highest, row.readings) for row in rows]
