"""A gateway in a British home, as the tests of Bluetooth values need it."""

from datetime import UTC, datetime

from devices.formats import gatt
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
MAC = "00:00:5E:00:53:01"
TIME = "e9070a0f0a1e00"
"""15 October 2025, 10:30 on the wall: 9:30 UTC."""
AT = datetime(2025, 10, 15, 9, 30, tzinfo=UTC)


def arrival(*, retained: bool = False, zone: str = "Europe/London") -> Arrival:
    return Arrival(NOW, retained, zone, {})


def read(characteristic: str, text: str, *, retained: bool = False) -> Decoded:
    """What comes of a value that is forwarded as bytes."""
    return gatt.decode(f"{MAC}/{characteristic}", bytes.fromhex(text), arrival(retained=retained))


def values(decoded: Decoded) -> dict[str, float]:
    return {one.kind: one.value for one in decoded.measurements}


def flags(decoded: Decoded) -> Flags:
    """The flags that every reading has, but for those that only tell of its clock and its size."""
    [found] = {one.flags for one in decoded.measurements}
    return found & ~(Flags.CLOCK_CORRECTED | Flags.IMPLAUSIBLE | Flags.BEYOND_ABSOLUTE)
