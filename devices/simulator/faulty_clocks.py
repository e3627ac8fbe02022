"""Clocks of kit that are wrong, each in its own way: of 1970, without a zone, drifting, an hour off."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from devices.simulator import rewriting
from devices.simulator.acts import Act
from devices.simulator.fleet_homes import FleetHome
from devices.simulator.going_wrong import Befalls, Fault, Of, rewritten
from devices.simulator.speaking import Emission

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _clock(shown: Callable[[datetime], datetime]) -> Of:
    """A clock that shows another time."""

    def change(said: Emission) -> bytes:
        if "/gatt/" in said.topic:
            return rewriting.with_gatt_time(said.payload, said.at, shown(said.at))
        payload = rewriting.with_times(said.payload, lambda at: _quoted(shown(at)))
        return rewriting.with_epochs(payload, shown)

    return rewritten(change)


def _worded(shown: Callable[[datetime], bytes]) -> Of:
    """A clock that writes its time another way."""
    return rewritten(lambda said: rewriting.with_times(said.payload, shown))


def _no_clock(said: Emission) -> bytes:
    if "/gatt/" in said.topic:
        return rewriting.with_gatt_time(said.payload, said.at, None)
    return rewriting.with_times(said.payload, lambda _at: b"null")


def _drifts(chance: Random) -> Befalls:
    """A clock that goes wrong by a few seconds with each message."""
    step = timedelta(seconds=chance.uniform(-20, 20))
    off = timedelta()

    def befall(home: FleetHome, acts: list[Act]) -> list[Act]:
        nonlocal off
        off += step
        return _clock(partial(_moved_by, off))(chance)(home, acts)

    return befall


def _moved_by(off: timedelta, at: datetime) -> datetime:
    return at + off


def _since_1970(at: datetime) -> datetime:
    """A clock that began anew at its last start, some time that day."""
    return EPOCH + (at - at.replace(hour=0, minute=0, second=0, microsecond=0))


def _quoted(at: datetime) -> bytes:
    return f'"{at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")}"'.encode()


def _without_zone(at: datetime) -> bytes:
    return f'"{at.replace(tzinfo=None).isoformat()}"'.encode()


def _day_first(at: datetime) -> bytes:
    return at.strftime('"%d/%m/%Y %H:%M:%S"').encode()


CLOCKS: Mapping[str, Fault] = {
    "clock-1970": Fault("the clock began anew in 1970", _clock(_since_1970)),
    "clock-null": Fault("no time is known", rewritten(_no_clock)),
    "clock-no-zone": Fault("times have no zone", _worded(_without_zone)),
    "clock-day-first": Fault("times are dd/mm/yyyy", _worded(_day_first)),
    "clock-drifts": Fault("the clock goes wrong a little more with each message", _drifts),
    "clock-dst": Fault(
        "the clock missed the change of the hour", _clock(partial(_moved_by, timedelta(hours=1)))
    ),
}
