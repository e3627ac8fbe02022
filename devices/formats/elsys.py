"""ELSYS frames: a type and its value, over and over, the same for every model."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Field(NamedTuple):
    """One value in a frame: its key ("" is read over), its bytes, what divides it, whether it is signed."""

    key: str
    size: int
    divisor: int = 1
    signed: bool = False


_SETTINGS = 0x3E

# Source: vendor/elsys/elsys.js in TheThingsNetwork/lorawan-devices. Read over is how the kit lies (03), where
# it is (09), its 64 thermal pixels (13), and what it says for its makers (3D).
_TYPES: Mapping[int, tuple[Field, ...]] = {
    0x01: (Field("temperature", 2, 10, True),),
    0x02: (Field("humidity", 1),),
    0x03: (Field("", 3),),
    0x04: (Field("light", 2),),
    0x05: (Field("motion", 1),),
    0x06: (Field("co2", 2),),
    0x07: (Field("vdd", 2),),
    0x08: (Field("analog1", 2),),
    0x09: (Field("", 6),),
    0x0A: (Field("pulse1", 2),),
    0x0B: (Field("pulseAbs", 4),),
    0x0C: (Field("externalTemperature", 2, 10, True),),
    0x0D: (Field("digital", 1),),
    0x0E: (Field("distance", 2),),
    0x0F: (Field("accMotion", 1),),
    0x10: (
        Field("irInternalTemperature", 2, 10, True),
        Field("irExternalTemperature", 2, 10, True),
    ),
    0x11: (Field("occupancy", 1),),
    0x12: (Field("waterleak", 1),),
    0x13: (Field("", 65),),
    0x14: (Field("pressure", 4, 1000),),
    0x15: (Field("soundPeak", 1), Field("soundAvg", 1)),
    0x16: (Field("pulse2", 2),),
    0x17: (Field("pulseAbs2", 4),),
    0x18: (Field("analog2", 2),),
    0x19: (Field("externalTemperature2", 2, 10, True),),
    0x1A: (Field("digital2", 1),),
    0x1B: (Field("analogUv", 4, 1, True),),
    0x1C: (Field("tvoc", 2),),
    0x3D: (Field("", 4),),
}


def decode(frame: bytes) -> tuple[dict[str, Any], bool]:
    """Return what a frame says by the keys of ELSYS's own codec, and whether it was read to its end.

    A frame of settings says nothing. Of a value given twice the last counts.
    """
    said: dict[str, Any] = {}
    place = 0
    while place < len(frame) and frame[0] != _SETTINGS:
        fields = _TYPES.get(frame[place], ())
        place += 1
        if not fields or place + sum(field.size for field in fields) > len(frame):
            return said, False
        for field in fields:
            value = frame[place : place + field.size]
            place += field.size
            if field.key:
                number = int.from_bytes(value, "big", signed=field.signed)
                said[field.key] = number / field.divisor
    return said, True
