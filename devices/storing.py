"""A batch of what messages said, stored in one transaction with everything that follows from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exc
from sqlalchemy.orm import Session

from devices import kinds, kit_states, rows, series, unread
from devices.gather import Batch, Claim, Spoken
from devices.rows import Row
from devices.series import SeriesKey

POISON = (
    exc.DataError,
    exc.IntegrityError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Something in a message is more than a column, or a decoder of ours, can take."""
UNSTORABLE = "unstorable"
WHY_UNSTORABLE = "The message was read, but something in it can't be stored. Please report it."


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch, in readings; `series` are ids that were not known before."""

    stored: int
    duplicates: int
    conflicts: int
    series: Mapping[SeriesKey, int]


_SEEN = """
SELECT t.n FROM unnest(%b::int8[], %b::text[], %b::bytea[], %b::timestamptz[]) WITH ORDINALITY
  AS t (device_id, message_id, payload_hash, since, n)
JOIN messages_seen s USING (device_id, message_id, payload_hash)
LEFT JOIN batches b ON b.id = s.batch_id
WHERE t.since IS NULL OR b.received_at >= t.since
"""
_SEE = """
INSERT INTO messages_seen (device_id, message_id, payload_hash, batch_id)
SELECT t.*, %b::int8 FROM unnest(%b::int8[], %b::text[], %b::bytea[]) AS t
ON CONFLICT (device_id, message_id, payload_hash) DO UPDATE SET batch_id = excluded.batch_id
"""


def store(session: Session, batch: Batch, known: Mapping[SeriesKey, int], now: datetime) -> Stored:
    """Store the readings of `batch`, wake whoever they are about, and remember the messages' own ids.

    `known` are series ids of committed transactions. The words of devices and refusals are not stored here.
    """
    claims, spoken, repeated = _without_seen(session, batch)
    fresh = series.ensure(session, {each.series for each in spoken if each.series not in known})
    ids = {**known, **fresh} if fresh else known
    put = rows.put(
        session,
        (
            Row(
                ids[each.series],
                each.at,
                each.value,
                each.flags,
                each.original,
                kinds.alarms(each.series.kind, each.value),
            )
            for each in spoken
        ),
        batch.received_at,
        now,
    )
    if put.batch_id is not None:
        _see(session, claims, put.batch_id)
    kit_states.note(session, spoken)
    unread.wake_by_devices(session, _spans(spoken, ids, put.unchanged), now)
    return Stored(put.stored, put.duplicates + repeated, put.conflicts, fresh)


def _without_seen(session: Session, batch: Batch) -> tuple[list[Claim], list[Spoken], int]:
    """The claims and measurements of `batch` without messages stored before, and how many were left out."""
    if not batch.claims:
        return [], batch.spoken, 0
    asked = (*_columns(batch.claims), [claim.since for claim in batch.claims])
    found = session.connection().exec_driver_sql(_SEEN, asked).scalars()
    seen = [batch.claims[number - 1] for number in found]
    left_out = {place for claim in seen for place in range(claim.first, claim.beyond)}
    spoken = [each for place, each in enumerate(batch.spoken) if place not in left_out]
    return [claim for claim in batch.claims if claim not in seen], spoken, len(left_out)


def _see(session: Session, claims: list[Claim], batch_id: int) -> None:
    if claims:
        session.connection().exec_driver_sql(_SEE, (batch_id, *_columns(sorted(claims, key=_key))))


def _columns(claims: Iterable[Claim]) -> tuple[list[int], list[str], list[bytes]]:
    device_ids, message_ids, hashes = zip(*map(_key, claims), strict=True)
    return list(device_ids), list(message_ids), list(hashes)


def _key(claim: Claim) -> tuple[int, str, bytes]:
    return claim.device_id, claim.message_id, claim.payload_hash


def _spans(
    spoken: list[Spoken], ids: Mapping[SeriesKey, int], unchanged: set[int]
) -> dict[int, tuple[datetime, datetime]]:
    """For each device that brought something new, the first and the last moment it was measured at."""
    spans: dict[int, tuple[datetime, datetime]] = {}
    for each in spoken:
        if unchanged and ids[each.series] in unchanged:
            continue
        at, device_id = each.at, each.series.device_id
        span = spans.get(device_id)
        if span is None:
            spans[device_id] = (at, at)
        elif at < span[0]:
            spans[device_id] = (at, span[1])
        elif at > span[1]:
            spans[device_id] = (span[0], at)
    return spans
