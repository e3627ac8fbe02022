"""What faulty kit makes of a message that is otherwise right: other times, other numbers, parts of it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import orjson

from core.zones import UK
from devices.simulator.encoders.gatt import date_time

_TIME = re.compile(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?)\d*(Z|[+-]\d\d:\d\d)?"')
_EPOCH = re.compile(rb'("ts":)(\d{10}(?:\.\d+)?)')
_BATTERY = re.compile(rb'("(?:battery|Battery|percent|batt)":)(\d+)')
_NUMBER = re.compile(
    rb'("(?:value|temperature|humidity|tempc|hum|power|Temperature|Power|tC|rh)":)(-?\d+(?:\.\d+)?)'
)
_COUNTER = re.compile(rb'("(?:cumulative|Total|energy)":)(\d+(?:\.\d+)?)')
_MEASURED = frozenset(
    {
        *("temperature", "humidity", "occupancy", "contact", "power", "current", "state", "voltage"),
        *("tempc", "tempf", "hum", "open", "motion", "ENERGY", "readings", "object", "uplink_message"),
    }
)

Clock = Callable[[datetime], bytes]
"""What the kit's clock makes of a time: bytes of JSON, quotes included."""


def with_times(payload: bytes, shown: Clock) -> bytes:
    """The same with every time in it as `shown`; times without a zone are taken for UTC."""

    def other(found: re.Match[bytes]) -> bytes:
        at = datetime.fromisoformat((found[1] + (found[2] or b"+00:00")).decode())
        return shown(at)

    return _TIME.sub(other, payload)


def with_epochs(payload: bytes, shown: Callable[[datetime], datetime]) -> bytes:
    """The same with the seconds since 1970 of a Shelly moved to what its clock shows."""

    def other(found: re.Match[bytes]) -> bytes:
        at = shown(datetime.fromtimestamp(float(found[2]), UTC))
        return found[1] + f"{at.timestamp():.2f}".encode()

    return _EPOCH.sub(other, payload)


def with_gatt_time(payload: bytes, at: datetime, shown: datetime | None) -> bytes:
    """The same with the Date Time of `at` as the kit shows it; nought is that it doesn't know."""
    other = date_time(_wall(shown)) if shown is not None else bytes(7)
    return payload.replace(date_time(_wall(at)), other)


def with_battery(payload: bytes, shown: bytes) -> bytes:
    """The same with the charge of the battery written as `shown`; its digits stand for {}."""
    return _BATTERY.sub(lambda found: found[1] + shown.replace(b"{}", found[2]), payload)


def with_nan(topic: str, payload: bytes) -> bytes:
    """The same with its first number no number: as text where a message is one, else as JSON has none."""
    if topic.endswith("/state") and not payload.startswith(b"{"):
        return b"nan"
    found = _NUMBER.search(payload)
    return payload if found is None else payload[: found.start(2)] + b"NaN" + payload[found.end(2) :]


def counted_from(payload: bytes, start: float | None) -> tuple[bytes, float | None]:
    """The same with its counters as if they had begun at `start` (None: now), and where they began."""
    begun = start

    def other(found: re.Match[bytes]) -> bytes:
        nonlocal begun
        total = float(found[2])
        begun = total if begun is None else begun
        return found[1] + f"{max(0.0, round(total - begun, 3))}".encode()

    return _COUNTER.sub(other, payload), begun


def without_measures(payload: bytes) -> bytes | None:
    """Only what kit says beside what it measures; None where there is no such part."""
    try:
        body = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
    if type(body) is not dict or _MEASURED.isdisjoint(body):
        return None
    return orjson.dumps({key: value for key, value in body.items() if key not in _MEASURED})


def _wall(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(UK)).replace(tzinfo=None)
