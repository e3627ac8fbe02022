"""What was late, missing, rejected or doubtful in a simulated day, and why, from the product's tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.week_report import table
from devices.measurement import Flags

# Each piece of kit and the home it is in or of whoever has it.
PLACED = """
WITH placed AS (
  SELECT DISTINCT ON (a.device_id) a.device_id, coalesce(a.home_id, r.home_id) AS home_id
  FROM assignments a LEFT JOIN residencies r ON r.person_id = a.person_id
  ORDER BY a.device_id, a.period DESC, r.period DESC
), ours AS (
  SELECT r.series_id, r.flags, b.received_at
  FROM readings r JOIN batches b ON b.id = r.batch_id WHERE b.received_at >= :since
)
"""
DOUBTS = (
    ("late", Flags.LATE), ("clock corrected", Flags.CLOCK_CORRECTED), ("no clock", Flags.NO_CLOCK),
    ("replayed", Flags.REPLAYED), ("implausible", Flags.IMPLAUSIBLE),
    ("beyond limits", Flags.BEYOND_ABSOLUTE),
)  # fmt: skip
FLAGGED = """
SELECT s.kind, {counts}, count(DISTINCT p.home_id)
FROM ours o JOIN series s ON s.id = o.series_id LEFT JOIN placed p ON p.device_id = s.device_id
WHERE (o.flags & :any) <> 0 GROUP BY s.kind ORDER BY count(*) DESC, s.kind
"""
STORED = """
SELECT count(*), count(DISTINCT s.kind), count(DISTINCT p.home_id)
FROM ours o JOIN series s ON s.id = o.series_id LEFT JOIN placed p ON p.device_id = s.device_id
"""
CONFLICTS = """
SELECT s.kind, count(*), count(DISTINCT p.home_id)
FROM reading_conflicts c JOIN batches b ON b.id = c.batch_id JOIN series s ON s.id = c.series_id
  LEFT JOIN placed p ON p.device_id = s.device_id
WHERE b.received_at >= :since GROUP BY s.kind ORDER BY 2 DESC, 1
"""
REJECTED = """
SELECT x.code, sum(x.kept), sum(x.counted), count(DISTINCT p.home_id), max(x.reason)
FROM (
  SELECT code, device_id, 1 AS kept, 0 AS counted, reason FROM rejected WHERE received_at >= :since
  UNION ALL
  SELECT code, device_id, 0, messages, NULL FROM not_kept WHERE last_at >= :since
) AS x LEFT JOIN placed p ON p.device_id = x.device_id
GROUP BY x.code ORDER BY sum(x.kept) + sum(x.counted) DESC, x.code
"""
UNHEARD = """
SELECT coalesce(e.kind, 'sign of life') || ', ' || split_part(e.source, ':', 1),
  count(*) FILTER (WHERE e.state = 'late'), count(*) FILTER (WHERE e.state = 'missing'),
  count(DISTINCT coalesce(e.home_id, r.home_id, p.home_id))
FROM expectations e LEFT JOIN placed p ON p.device_id = e.device_id
  LEFT JOIN residencies r ON r.person_id = e.person_id AND upper_inf(r.period)
WHERE e.ended_at IS NULL AND e.state <> 'heard' AND e.state_since >= :since
GROUP BY 1 ORDER BY 3 DESC, 2 DESC, 1
"""
UNPLACED = """
SELECT count(*), count(DISTINCT p.home_id) FROM found_sensors f LEFT JOIN placed p ON p.device_id = f.hub_id
WHERE f.first_at >= :since AND f.left_at IS NULL AND f.heard_at IS NOT NULL AND NOT EXISTS (
  SELECT FROM devices d WHERE d.hub_id = f.hub_id AND d.address = f.address AND d.deleted_at IS NULL)
"""
Rows = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of each table of the report; `stored` is (readings, kinds, homes), `unplaced` (sensors, homes)."""

    stored: Sequence[int]
    flagged: Rows
    conflicts: Rows
    rejected: Rows
    unheard: Rows
    unplaced: Sequence[int]


def read(session: Session, since: datetime) -> Found:
    """What has come since then, by the installation's clock."""

    def rows(query: str, **more: int) -> list[Sequence[object]]:
        return [tuple(row) for row in session.execute(text(PLACED + query), {"since": since, **more})]

    def one(query: str) -> list[int]:
        return [int(number) for number in session.execute(text(PLACED + query), {"since": since}).one()]

    counts = ", ".join(f"count(*) FILTER (WHERE (o.flags & {int(flag)}) <> 0)" for _, flag in DOUBTS)
    every = sum(int(flag) for _, flag in DOUBTS)
    return Found(
        one(STORED),
        rows(FLAGGED.format(counts=counts), any=every),
        rows(CONFLICTS),
        rows(REJECTED),
        rows(UNHEARD),
        one(UNPLACED),
    )


def said(found: Found, dropped: int) -> str:
    """The report; `dropped` is how many readings came again with the same value, by intake's own count."""
    readings, kinds, homes = found.stored
    sensors, among = found.unplaced
    parts = [
        f"{readings:,} readings of {kinds} kinds were stored, of {homes} homes; {dropped:,} came again and"
        f" were dropped; {sensors} sensors of {among} homes are heard and nobody has placed them",
        _part("Stored, and doubtful", ("kind", *(name for name, _ in DOUBTS), "homes"), found.flagged),
        _part("In conflict with what was stored before", ("kind", "readings", "homes"), found.conflicts),
        _part("Rejected, by code", ("code", "kept", "only counted", "homes", "for example"), found.rejected),
        _part("Expected and not heard at the end", ("what, of", "late", "missing", "homes"), found.unheard),
    ]
    return "\n\n".join(parts)


def _part(title: str, heads: Sequence[str], rows: Rows) -> str:
    return f"{title}:\n{table(heads, rows)}" if rows else f"{title}: nothing."
