"""Doubts what a numbered user of shared kit cannot have measured, before anybody is judged by it (H4)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import text
from sqlalchemy.orm import Session

from devices import jumps, unread
from devices.daily import UNFIT

LOOKED_AT = timedelta(days=14)
"""How far back a measurement that came late is still doubted."""

_USERS = text(
    """
    SELECT DISTINCT person_id FROM kit_users
    WHERE (device_id = ANY(:devices) OR person_id = ANY(:people)) AND deleted_at IS NULL
    """
)
# All that is somebody's own, by time; `asked` are those under their number that nobody has spoken of yet.
# What kit of their own says counts against no other while nobody has checked it.
_OWN = text(
    """
    SELECT h.person_id, h.kind, h.device_id, h.channel, r.measured_at, r.value,
      r.measured_at >= :since AND EXISTS (
        SELECT FROM kit_users u WHERE u.device_id = h.device_id AND u.person_id = h.person_id
        AND h.channel = 'user ' || u.number AND u.deleted_at IS NULL AND u.period @> r.measured_at
      ) AND upper(h.period) IS DISTINCT FROM r.measured_at + interval '1 microsecond' AS asked,
      h.checked IS NULL OR h.checked @> r.measured_at AS counts
    FROM held_series h
    JOIN readings r ON r.series_id = h.series_id AND h.period @> r.measured_at
    WHERE h.person_id = ANY(:people) AND h.kind = ANY(:kinds)
      AND r.measured_at >= :earliest AND r.measured_at <= :until AND r.flags & :unfit = 0
      AND (NOT h.split OR NOT EXISTS (
        SELECT FROM reading_owners o WHERE o.device_id = h.device_id AND o.channel = h.channel
        AND o.measured_at = r.measured_at))
    ORDER BY h.person_id, h.kind, r.measured_at
    """
)
_DOUBT = """
INSERT INTO reading_owners (uuid, version, changed_at, device_id, channel, measured_at, doubted_from)
SELECT gen_random_uuid(), 1, %b::timestamptz, t.*
FROM unnest(%b::int8[], %b::text[], %b::timestamptz[], %b::float8[]) AS t
ON CONFLICT (device_id, channel, measured_at) DO NOTHING
RETURNING device_id, measured_at
"""


def note(session: Session, devices: Collection[int], people: Collection[int], now: datetime) -> bool:
    """Doubt what users of these devices, or these people, measured too far from their own; whether any.

    What is doubted is nobody's from then on, until somebody says whose; whoever is asked is woken.
    """
    users = list(session.scalars(_USERS, {"devices": list(devices), "people": list(people)}))
    if not users:
        return False
    rows = session.execute(
        _OWN,
        {
            "people": users,
            "kinds": list(jumps.LIMITS),
            "since": now - LOOKED_AT,
            "earliest": now - LOOKED_AT - jumps.LATELY,
            "until": now + timedelta(days=1),
            "unfit": UNFIT,
        },
    ).all()
    doubted: dict[tuple[int, str, datetime], float] = {}
    for (_person, kind), group in groupby(rows, key=lambda row: (row.person_id, row.kind)):
        of_one = list(group)
        own = [(row.measured_at, row.value) for row in of_one if row.counts and not row.asked]
        asked = {(row.measured_at, row.value): row for row in of_one if row.asked}
        for each in jumps.doubts(kind, own, list(asked)):
            row = asked[each.at, each.value]
            doubted[row.device_id, row.channel, row.measured_at] = each.usual
    return bool(doubted) and _keep(session, doubted, now)


def _keep(session: Session, doubted: dict[tuple[int, str, datetime], float], now: datetime) -> bool:
    """In the order of their keys, so that two who judge at once never wait for each other in a ring."""
    keys = sorted(doubted)
    ids, channels, times = (list(column) for column in zip(*keys, strict=True))
    asked = (now, ids, channels, times, [doubted[key] for key in keys])
    made = session.connection().exec_driver_sql(_DOUBT, asked).all()
    spans: dict[int, tuple[datetime, datetime]] = {}
    for device_id, at in made:
        first, last = spans.get(device_id, (at, at))
        spans[device_id] = (min(first, at), max(last, at))
    unread.wake_by_devices(session, spans, now)
    return bool(made)
