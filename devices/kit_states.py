"""What kit last said of its power, its lines, faults and tests: since when, and what of it is wrong."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from devices import kinds
from devices.gather import Spoken
from devices.measurement import UNFIT, Flags
from devices.models import KitState

MAINS = frozenset({"mains_failed", "mains_power"})
LINES = frozenset({"line_lost", "backup_line_lost"})
BATTERIES = frozenset({"battery_low", "battery_failed"})
FAULTS = frozenset({"sensor_fault"})
TEST = "test_call"
PRESSED = "pressed"
"""The channel of a test that somebody pressed; a unit that calls by itself names the line that it tried."""
WRONG: Mapping[str, float] = MappingProxyType(
    {**dict.fromkeys(MAINS | LINES | BATTERIES | FAULTS, 1.0), "mains_power": 0.0}
)
"""The kinds that are kept, and the value that is wrong."""
ALSO_WELL: Mapping[str, str] = MappingProxyType({"battery_low": "battery_failed"})
"""What else is well where the first is: no kit says that a battery has failed no more."""
# As plain numbers: every reading is looked at, and an IntFlag takes a microsecond for each question.
_TESTED, _REPLAYED = int(Flags.TEST), int(Flags.REPLAYED)


class Key(NamedTuple):
    """Of which piece of kit, what, and of which part of it."""

    device_id: int
    kind: str
    channel: str


class Said(NamedTuple):
    """What kit said: the value, since when and when last, whether it had said otherwise; whether afresh."""

    value: float
    since: datetime
    at: datetime
    turned: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is wrong with a piece of kit by its own word."""

    device_id: int
    kind: str
    channel: str
    since: datetime
    confirmed: bool


_KNOWN = """
SELECT k.device_id, k.kind, k.channel, k.value, k.since, k.at, k.turned, k.confirmed
FROM unnest(%b::int8[], %b::text[], %b::text[]) AS t (device_id, kind, channel)
JOIN kit_states k USING (device_id, kind, channel)
"""
# Rows are in the order of their keys, so that two workers never wait for each other in a ring.
_WRITE = """
INSERT INTO kit_states AS k (device_id, kind, channel, value, since, at, turned, confirmed)
SELECT * FROM unnest(%b::int8[], %b::text[], %b::text[], %b::float8[], %b::timestamptz[], %b::timestamptz[],
  %b::bool[], %b::bool[])
ON CONFLICT (device_id, kind, channel) DO UPDATE SET
  value = excluded.value,
  since = CASE WHEN k.value = excluded.value AND k.kind <> 'test_call' THEN k.since ELSE excluded.since END,
  at = excluded.at,
  turned = k.turned OR excluded.turned OR k.value <> excluded.value,
  confirmed = excluded.confirmed OR (k.confirmed AND k.value = excluded.value)
WHERE k.at <= excluded.at
"""


def note(session: Session, spoken: Iterable[Spoken]) -> None:
    """Write down what of these measurements tells of the kit itself and is not known yet."""
    said = last_said(spoken)
    if not said:
        return
    driver = session.connection()
    rows = driver.exec_driver_sql(_KNOWN, _columns(sorted(said)))
    known = {Key(*row[:3]): Said(*row[3:]) for row in rows}
    news = [(*key, *each) for key, each in sorted(said.items()) if _is_news(key, each, known.get(key))]
    if news:
        driver.exec_driver_sql(_WRITE, _columns(news))


def last_said(spoken: Iterable[Spoken]) -> dict[Key, Said]:
    """The last word of each part of each piece of kit, in whatever order they came."""
    found: dict[Key, Said] = {}
    for key, value, at, confirmed in sorted(_told(spoken), key=lambda one: one[2]):
        before = found.get(key)
        if before is None:
            found[key] = Said(value, at, at, False, confirmed)
        elif value == before.value:
            found[key] = before._replace(at=at, confirmed=before.confirmed or confirmed)
        else:
            found[key] = Said(value, at, at, True, confirmed)
    return found


def _told(spoken: Iterable[Spoken]) -> Iterable[tuple[Key, float, datetime, bool]]:
    for each in spoken:
        device_id, channel, kind = each.series.device_id, each.series.channel, each.series.kind
        if each.flags & _TESTED and kinds.alarms(kind, each.value):
            yield Key(device_id, TEST, PRESSED), 1.0, each.at, True
        if each.flags & UNFIT:
            continue
        fresh = not each.flags & _REPLAYED
        if kind == TEST:
            yield Key(device_id, kind, channel), each.value, each.at, fresh
        elif kind in WRONG and (fresh or each.value == WRONG[kind]):
            # What was sent again may be old news: it may show what is wrong, and never that all is well.
            yield Key(device_id, kind, channel), each.value, each.at, fresh
            if kind in ALSO_WELL and each.value != WRONG[kind]:
                yield Key(device_id, ALSO_WELL[kind], channel), 0.0, each.at, fresh


def _is_news(key: Key, said: Said, known: Said | None) -> bool:
    """Whether it is to be written: what was never wrong has no row, but for being on the mains."""
    if known is None:
        return key.kind in (TEST, "mains_power") or said.turned or said.value == WRONG[key.kind]
    if said.at < known.at:
        return False
    return key.kind == TEST or said.value != known.value or (said.confirmed and not known.confirmed)


def _columns(rows: Iterable[tuple[object, ...]]) -> tuple[list[object], ...]:
    return tuple(list(column) for column in zip(*rows, strict=True))


def is_wrong() -> ColumnElement[bool]:
    """The rows that say that something is wrong. Kit that never was on the mains has not lost it."""
    ones = [kind for kind, value in WRONG.items() if value == 1.0]
    return or_(
        and_(KitState.kind.in_(ones), KitState.value == 1.0),
        and_(KitState.kind == "mains_power", KitState.value == 0.0, KitState.turned),
    )


def list_wrong(
    session: Session, wanted: Collection[str], devices: Collection[int] | None = None
) -> list[Wrong]:
    """What of these kinds is wrong, of these devices or of all, longest first."""
    query = select(KitState).where(KitState.kind.in_(wanted), is_wrong())
    if devices is not None:
        query = query.where(KitState.device_id.in_(devices))
    rows = session.scalars(query.order_by(KitState.since, KitState.device_id))
    return [Wrong(row.device_id, row.kind, row.channel, row.since, row.confirmed) for row in rows]


def last_test(session: Session, device_id: int) -> KitState | None:
    """The last test of a piece of kit that came through: pressed by somebody, or made by itself."""
    query = select(KitState).where(KitState.device_id == device_id, KitState.kind == TEST)
    return session.scalars(query.order_by(KitState.at.desc()).limit(1)).first()
