"""What was measured of a body and is nobody's yet: on kit that several share, or by another number (H4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import text
from sqlalchemy.orm import Session

from devices.measurement import Flags

ASKED_FOR = timedelta(days=14)
"""How long somebody is asked whose a measurement was: later nobody knows."""
MOST = 100
"""Of one line of readings, the newest so many."""
_VOID = int(Flags.TEST | Flags.ENTERED_IN_ERROR)

_UNCLAIMED = text(
    """
    SELECT s.device_id, s.channel, r.measured_at, s.kind, r.value, r.flags, r.doubted_from
    FROM assignments a
    JOIN series s ON s.device_id = a.device_id AND (a.home_id IS NOT NULL OR s.channel LIKE 'user %')
    CROSS JOIN LATERAL (
      SELECT r.measured_at, r.value, r.flags, o.doubted_from
      FROM readings r
      LEFT JOIN reading_owners o
        ON o.device_id = s.device_id AND o.channel = s.channel AND o.measured_at = r.measured_at
      WHERE r.series_id = s.id AND r.measured_at >= greatest(:since, lower(a.period))
        AND r.measured_at < least(:until, upper(a.period)) AND r.flags & :void = 0
        AND CASE WHEN o.id IS NOT NULL THEN o.owner IS NULL ELSE NOT EXISTS (
          SELECT FROM held_series h
          WHERE h.series_id = s.id AND h.person_id IS NOT NULL AND h.period @> r.measured_at) END
      ORDER BY r.measured_at DESC LIMIT :most
    ) AS r
    WHERE a.device_id = ANY(:devices) AND a.deleted_at IS NULL
      AND EXISTS (SELECT FROM kind_classes k WHERE k.kind = s.kind AND k.of_body)
    ORDER BY r.measured_at DESC, s.device_id, s.channel, s.kind
    """
)


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """All that a device measured of a body at one moment, nobody's yet.

    `values` are by kind, in the kind's own unit; `doubted_from` is where the readings of whoever has that
    number lay, if it is doubted for being too far from there.
    """

    device_id: int
    channel: str
    at: datetime
    values: tuple[tuple[str, float], ...]
    flags: Flags
    doubted_from: float | None


def list_of(session: Session, devices: Collection[int], now: datetime) -> list[Unclaimed]:
    """What these devices measured lately and is nobody's, the newest first."""
    if not devices:
        return []
    rows = session.execute(
        _UNCLAIMED,
        {
            "devices": list(devices),
            "since": now - ASKED_FOR,
            "until": now + timedelta(days=1),
            "void": _VOID,
            "most": MOST,
        },
    )
    found = []
    for (device_id, channel, at), group in groupby(
        rows, key=lambda row: (row.device_id, row.channel, row.measured_at)
    ):
        of_one = list(group)
        flags = Flags.NONE
        for row in of_one:
            flags |= Flags(row.flags)
        values = tuple((row.kind, row.value) for row in of_one)
        found.append(Unclaimed(device_id, channel, at, values, flags, of_one[0].doubted_from))
    return found
