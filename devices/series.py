"""The lines of readings: one for each device (or person whose readings are typed in), channel and kind."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from devices.models import Series


class SeriesKey(NamedTuple):
    """What tells one device's series apart."""

    device_id: int
    channel: str
    kind: str


_FIND = """
SELECT k.device_id, k.channel, k.kind, s.id
FROM unnest(%b::int8[], %b::text[], %b::text[]) AS k (device_id, channel, kind)
JOIN series s ON s.device_id = k.device_id AND s.channel = k.channel AND s.kind = k.kind
"""
_ADD = """
INSERT INTO series (device_id, channel, kind)
SELECT * FROM unnest(%b::int8[], %b::text[], %b::text[])
ON CONFLICT (device_id, channel, kind) WHERE device_id IS NOT NULL DO NOTHING
"""


def ensure(session: Session, wanted: Iterable[SeriesKey]) -> dict[SeriesKey, int]:
    """The ids of these series, made where there were none; several workers may ask at once.

    They are made in the order of their keys, so that two workers never wait for each other in a ring. An id
    may be remembered once the transaction has committed, not before: no foreign key of readings holds it.
    """
    keys = sorted(set(wanted))
    found = _found(session, keys)
    missing = [key for key in keys if key not in found]
    if missing:
        session.connection().exec_driver_sql(_ADD, _columns(missing))
        found |= _found(session, missing)  # another worker's too: a new statement sees what it committed
    return found


def of_person(session: Session, person_id: int, kind: str, channel: str = "") -> int:
    """The id of the series of a person's typed-in readings, made where there was none."""
    key = {"person_id": person_id, "channel": channel, "kind": kind}
    session.execute(
        insert(Series)
        .values(**key)
        .on_conflict_do_nothing(
            index_elements=["person_id", "channel", "kind"], index_where=Series.person_id.is_not(None)
        )
    )
    return session.scalars(select(Series.id).filter_by(**key)).one()


def _found(session: Session, keys: list[SeriesKey]) -> dict[SeriesKey, int]:
    if not keys:
        return {}
    rows = session.connection().exec_driver_sql(_FIND, _columns(keys))
    return {SeriesKey(device_id, channel, kind): series_id for device_id, channel, kind, series_id in rows}


def _columns(keys: list[SeriesKey]) -> tuple[list[int], list[str], list[str]]:
    device_ids, channels, kinds = zip(*keys, strict=True)
    return list(device_ids), list(channels), list(kinds)
