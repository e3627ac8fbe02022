"""Sensors that hubs speak for, known here or not, and what kit has announced of its messages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

MOVES_BY = timedelta(minutes=10)
"""How often a sensor that is heard all the time is written down as heard."""
MOST_OF_A_HUB = 250
"""Sensors kept of one hub: a Bluetooth gateway hears every thermometer of the block."""


@dataclass(slots=True)
class Found:
    """What a batch says of one sensor behind a hub; None and empty are "not said"."""

    model: str | None = None
    name: str | None = None
    heard_at: datetime | None = None
    kinds: set[str] = field(default_factory=set)


_WRITE = """
INSERT INTO found_sensors AS f (hub_id, address, model, name, first_at, heard_at, kinds)
SELECT t.hub_id, t.address, t.model, t.name, %b, t.heard_at, string_to_array(t.kinds, ' ')
FROM unnest(%b::int8[], %b::text[], %b::text[], %b::text[], %b::timestamptz[], %b::text[])
  AS t (hub_id, address, model, name, heard_at, kinds)
WHERE EXISTS (SELECT FROM found_sensors g WHERE g.hub_id = t.hub_id AND g.address = t.address)
  OR (SELECT count(*) FROM found_sensors g WHERE g.hub_id = t.hub_id) < %b
ON CONFLICT (hub_id, address) DO UPDATE SET
  model = coalesce(excluded.model, f.model),
  name = coalesce(excluded.name, f.name),
  heard_at = greatest(f.heard_at, excluded.heard_at),
  kinds = CASE WHEN excluded.kinds = '{}' THEN f.kinds ELSE excluded.kinds END
"""
_ANNOUNCE = """
INSERT INTO announcements (device_id, topic, document)
SELECT * FROM unnest(%b::int8[], %b::text[], %b::bytea[])
ON CONFLICT (device_id, topic) DO UPDATE SET document = excluded.document
"""
_TAKE_BACK = """
DELETE FROM announcements a USING unnest(%b::int8[], %b::text[]) AS t (device_id, topic)
WHERE a.device_id = t.device_id AND a.topic = t.topic
"""

Key = tuple[int, str]
"""A hub and the address of a sensor, or a device and the topic of an announcement."""


def write(session: Session, found: Mapping[Key, Found], now: datetime) -> None:
    """Write down sensors by hub and address, in that order; of a hub MOST_OF_A_HUB at most."""
    if not found:
        return
    keys = sorted(found)
    said = [found[key] for key in keys]
    columns = (
        [hub_id for hub_id, _ in keys],
        [address for _, address in keys],
        [each.model for each in said],
        [each.name for each in said],
        [each.heard_at for each in said],
        [" ".join(sorted(each.kinds)) for each in said],
    )
    session.connection().exec_driver_sql(_WRITE, (now, *columns, MOST_OF_A_HUB))


def announce(session: Session, announced: Mapping[Key, bytes]) -> None:
    """Write down what kit announced, by device and topic; an empty document takes it back."""
    told = sorted(key for key, document in announced.items() if document)
    gone = sorted(key for key, document in announced.items() if not document)
    run = session.connection().exec_driver_sql
    if told:
        run(_ANNOUNCE, (*_columns(told), [announced[key] for key in told]))
    if gone:
        run(_TAKE_BACK, _columns(gone))


def _columns(keys: Collection[Key]) -> tuple[list[int], list[str]]:
    return [device_id for device_id, _ in keys], [text for _, text in keys]


class Noticed:
    """Remembers which sensors were written down lately, to spare writes."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._at: dict[Key, datetime] = {}

    def worth_writing(self, found: Mapping[Key, Found]) -> dict[Key, Found]:
        """Those that say more than that a sensor is still there, or say so after long enough."""
        return {key: each for key, each in found.items() if self._is_news(key, each)}

    def written(self, found: Mapping[Key, Found]) -> None:
        """Remember what was written; call it once the transaction has committed."""
        if len(self._at) > self._most:
            self._at.clear()
        for key, each in found.items():
            if each.heard_at is not None:
                self._at[key] = each.heard_at

    def _is_news(self, key: Key, found: Found) -> bool:
        before = self._at.get(key)
        if before is None or found.heard_at is None:
            return True
        return found.heard_at - before >= MOVES_BY
