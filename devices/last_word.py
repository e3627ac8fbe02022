"""The last that kit let us know of itself: when heard, whether online, its battery and firmware."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from devices import kit_expected, unread
from devices.gather import Word

SAME_PACE = 0.1
"""The part by which what kit says of how often it speaks may differ from what it said, and be no change."""
MOVES_BY = timedelta(seconds=30)
"""A device that is heard often is written down this often; nobody needs it finer, and each write costs."""

_WRITE = """
INSERT INTO device_words AS w
  (device_id, heard_at, online, online_changed_at, battery, firmware, speaks_every_seconds)
SELECT t.device_id, t.heard_at, t.online, CASE WHEN t.online IS NOT NULL THEN %b END, t.battery, t.firmware,
  t.speaks_every
FROM unnest(%b::int8[], %b::timestamptz[], %b::bool[], %b::float8[], %b::text[], %b::float8[])
  AS t (device_id, heard_at, online, battery, firmware, speaks_every)
ON CONFLICT (device_id) DO UPDATE SET
  heard_at = greatest(w.heard_at, excluded.heard_at),
  online = coalesce(excluded.online, w.online),
  online_changed_at = CASE
    WHEN excluded.online IS DISTINCT FROM w.online AND excluded.online IS NOT NULL
    THEN excluded.online_changed_at ELSE w.online_changed_at END,
  battery = coalesce(excluded.battery, w.battery),
  firmware = coalesce(excluded.firmware, w.firmware),
  speaks_every_seconds = CASE
    WHEN abs(excluded.speaks_every_seconds - w.speaks_every_seconds) <= %b * w.speaks_every_seconds
    THEN w.speaks_every_seconds ELSE coalesce(excluded.speaks_every_seconds, w.speaks_every_seconds) END
"""

_OTHER_BATTERY = """
SELECT t.device_id FROM unnest(%b::int8[], %b::float8[]) AS t (device_id, battery)
LEFT JOIN device_words w ON w.device_id = t.device_id
WHERE t.battery IS DISTINCT FROM w.battery
"""
_OTHER_PACE = """
SELECT t.device_id FROM unnest(%b::int8[], %b::float8[]) AS t (device_id, pace)
LEFT JOIN device_words w ON w.device_id = t.device_id
WHERE w.speaks_every_seconds IS NULL
  OR abs(t.pace - w.speaks_every_seconds) > %b * w.speaks_every_seconds
"""


def write(session: Session, words: Mapping[int, Word], now: datetime) -> None:
    """Write down what each device (by id) said, over what it said before; what it didn't say stays.

    Whose battery is another than before is woken with whoever has the kit: it may be all that this kit ever
    says. What says to speak more or less often than before is expected by that from now on. In the order of
    the ids, so that two workers never wait for each other in a ring.
    """
    if not words:
        return
    ids = sorted(words)
    _wake_for_batteries(session, {id_: words[id_].battery for id_ in ids}, now)
    paced = _of_other_pace(session, {id_: words[id_].speaks_every for id_ in ids})
    said = [words[device_id] for device_id in ids]
    columns = (
        [word.heard_at for word in said],
        [word.online for word in said],
        [word.battery for word in said],
        [word.firmware for word in said],
        [word.speaks_every for word in said],
    )
    session.connection().exec_driver_sql(_WRITE, (now, ids, *columns, SAME_PACE))
    if paced:
        kit_expected.expect_anew(session, paced, now)


def _of_other_pace(session: Session, paces: Mapping[int, float | None]) -> list[int]:
    said = {device_id: pace for device_id, pace in paces.items() if pace is not None}
    if not said:
        return []
    asked = (list(said), list(said.values()), SAME_PACE)
    return list(session.connection().exec_driver_sql(_OTHER_PACE, asked).scalars())


def _wake_for_batteries(session: Session, batteries: Mapping[int, float | None], now: datetime) -> None:
    said = {device_id: battery for device_id, battery in batteries.items() if battery is not None}
    if said:
        columns = (list(said), list(said.values()))
        other = session.connection().exec_driver_sql(_OTHER_BATTERY, columns).scalars()
        unread.wake_by_devices(session, dict.fromkeys(other, (now, now)), now)


class Heard:
    """Remembers when each device was last written down as heard, to spare writes."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._at: dict[int, datetime] = {}

    def worth_writing(self, words: Mapping[int, Word]) -> dict[int, Word]:
        """Those of `words` that say more than that a device is still there, or say so after long enough."""
        return {device_id: word for device_id, word in words.items() if self._is_news(device_id, word)}

    def written(self, words: Mapping[int, Word]) -> None:
        """Remember what was written; call it once the transaction has committed."""
        if len(self._at) > self._most:
            self._at.clear()
        for device_id, word in words.items():
            if word.heard_at is not None:
                self._at[device_id] = word.heard_at

    def _is_news(self, device_id: int, word: Word) -> bool:
        if any(said is not None for said in (word.online, word.battery, word.firmware, word.speaks_every)):
            return True
        before = self._at.get(device_id)
        return word.heard_at is not None and (before is None or word.heard_at - before >= MOVES_BY)
