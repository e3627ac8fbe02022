"""When people and homes were last heard of, through whatever kit they have."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from devices import kinds
from devices.measurement import Flags
from devices.models import Assignment, DeviceWord
from devices.subjects import Subject
from people.access import RecordClass

AHEAD = timedelta(minutes=5)
"""How far the clock of a device may be ahead of ours and still be believed."""
_VOID = int(Flags.REPLAYED | Flags.ENTERED_IN_ERROR)
"""What a hub replays, and what was entered in error, is no sign of anybody."""


def last_heard(session: Session, subjects: Collection[Subject], now: datetime) -> dict[Subject, datetime]:
    """For each subject the last word of any kit that is theirs at `now`; who was never heard is left out."""
    people = [subject.id for subject in subjects if subject.about == "person"]
    homes = [subject.id for subject in subjects if subject.about == "home"]
    rows = session.execute(
        select(Assignment.person_id, Assignment.home_id, func.max(DeviceWord.heard_at))
        .join(DeviceWord, DeviceWord.device_id == Assignment.device_id)
        .where(
            or_(Assignment.person_id.in_(people), Assignment.home_id.in_(homes)),
            Assignment.deleted_at.is_(None),
            Assignment.period.contains(now),
            DeviceWord.heard_at.is_not(None),
        )
        .group_by(Assignment.person_id, Assignment.home_id)
    )
    found: dict[Subject, datetime] = {}
    for person_id, home_id, at in rows:
        subject = Subject("person", person_id) if person_id is not None else Subject("home", home_id or 0)
        if at is not None:
            found[subject] = at
    return found


# Replayed readings say nothing of now; entered in error, nothing at all.
_OF_EXPECTATIONS = text(
    """
    SELECT e.id, max(l.at)
    FROM expectations e
    CROSS JOIN LATERAL (
      SELECT h.* FROM held_series h
      WHERE h.person_id = e.person_id AND (e.kind IS NULL OR h.kind = e.kind)
      UNION ALL
      SELECT h.* FROM held_series h WHERE h.home_id = e.home_id AND (e.kind IS NULL OR h.kind = e.kind)
    ) AS x
    CROSS JOIN LATERAL (
      SELECT r.measured_at AS at FROM readings r
      WHERE r.series_id = x.series_id AND r.measured_at >= coalesce(lower(x.period), '-infinity')
        AND r.measured_at < least(coalesce(upper(x.period), 'infinity'), :ahead) AND r.flags & :void = 0
        AND (NOT x.split OR NOT EXISTS (
          SELECT FROM reading_owners o WHERE o.device_id = x.device_id AND o.channel = x.channel
          AND o.measured_at = r.measured_at))
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


def of_expectations(session: Session, ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """When what is expected was last heard, by the ids of expectations; what was never heard is left out."""
    # A clock that is ahead must not make somebody look heard of until tomorrow.
    asked = {"ids": list(ids), "ahead": now + AHEAD, "void": _VOID}
    return {number: min(at, now) for number, at in session.execute(_OF_EXPECTATIONS, asked)}


_SIGNS = text(
    """
    SELECT h.kind, max(r.at)
    FROM (
      SELECT h.* FROM held_series h
      WHERE h.person_id = :person_id AND h.device_id IS NOT NULL
        AND (h.kind = ANY(:moved) OR h.kind = ANY(:measured))
      UNION ALL
      SELECT h.* FROM held_series h WHERE h.home_id = :home_id AND h.kind = ANY(:moved)
    ) AS h
    CROSS JOIN LATERAL (
      SELECT r.measured_at AS at FROM readings r
      WHERE r.series_id = h.series_id AND r.measured_at > :since AND r.measured_at <= :now
        AND h.period @> r.measured_at AND r.flags & :void = 0 AND (h.kind = ANY(:measured) OR r.value >= 0.5)
        AND (NOT h.split OR NOT EXISTS (
          SELECT FROM reading_owners o WHERE o.device_id = h.device_id AND o.channel = h.channel
          AND o.measured_at = r.measured_at))
      ORDER BY r.measured_at DESC LIMIT 1
    ) AS r
    GROUP BY h.kind ORDER BY 2 DESC LIMIT 1
    """
)


def sign_of_life(
    session: Session, person_id: int, home_id: int | None, since: datetime, now: datetime
) -> tuple[str, datetime] | None:
    """The kind and time of the newest sign of somebody: what their own kit measured, or that they moved.

    In a home (if given) only what shows that somebody moves there counts.
    """
    row = session.execute(
        _SIGNS,
        {
            "person_id": person_id,
            "home_id": home_id,
            "since": since,
            "now": now,
            "void": _VOID,
            "measured": sorted(kinds.of_class(RecordClass.VITALS)),
            "moved": sorted(kinds.of_class(RecordClass.ACTIVITY)),
        },
    ).first()
    return (row[0], row[1]) if row else None
