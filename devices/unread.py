"""Subjects are woken by appending: whoever brings something new asks for a judgement and waits for nobody."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from devices.subjects import Subject

_ASK = "INSERT INTO unread (subject, at) SELECT s, %b::timestamptz FROM unnest(%b::int8[]) AS s"
# A home's reading wakes the home and everyone who lived there when it was measured.
_WAKE = """
INSERT INTO unread (subject, at)
SELECT DISTINCT s.subject, %b::timestamptz
FROM unnest(%b::int8[], %b::timestamptz[], %b::timestamptz[]) AS t (device_id, first, last)
JOIN assignments a ON a.device_id = t.device_id AND a.deleted_at IS NULL
  AND a.period && tstzrange(t.first, t.last, '[]')
LEFT JOIN residencies r ON r.home_id = a.home_id AND r.period && (a.period * tstzrange(t.first, t.last, '[]'))
CROSS JOIN LATERAL (VALUES (a.person_id * 2), (a.home_id * 2 + 1), (r.person_id * 2)) AS s (subject)
WHERE s.subject IS NOT NULL
ORDER BY s.subject
"""


def wake(session: Session, subjects: list[Subject], now: datetime) -> None:
    """Ask for these subjects to be judged."""
    numbers = sorted({subject.number for subject in subjects})
    if numbers:
        session.connection().exec_driver_sql(_ASK, (now, numbers))


def wake_by_devices(session: Session, spans: Mapping[int, tuple[datetime, datetime]], now: datetime) -> None:
    """Wake whoever had each device (by id) at any time from the first to the last moment of its span."""
    if spans:
        ids = list(spans)
        firsts, lasts = [spans[each][0] for each in ids], [spans[each][1] for each in ids]
        session.connection().exec_driver_sql(_WAKE, (now, ids, firsts, lasts))
