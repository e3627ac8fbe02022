"""Bluetooth health kit whose bytes a gateway forwards: `{address}/{characteristic}`, little endian.

Layouts are those of the GATT specification supplement; IEEE 11073 floats have an exponent and a mantissa,
both in two's complement, and no bias. The kit's clock has no zone.
"""

from datetime import datetime

from devices.simulator.encoders.said import Said, Wire
from devices.simulator.kit import BODY_TEMPERATURE, DIASTOLIC, GLUCOSE, PULSE, SPO2, SYSTOLIC, WEIGHT

NAME = "gatt"
NAN = 0x07FF


def address_of(number: int) -> str:
    """The address of the kit of that number: a MAC with colons."""
    said = f"00005E{number % 2**24:06X}"
    return ":".join(said[at : at + 2] for at in range(0, 12, 2))


def messages(said: Said) -> list[Wire]:
    """The value of the characteristic that is for what was measured."""
    number, value = _value(said)
    return [said.wire(NAME, f"{said.address}/{number}", value)]


def _value(said: Said) -> tuple[str, bytes]:
    values, time = said.values, date_time(said.wall)
    if SYSTOLIC in values:
        # flags: a time, a pulse, a user, a status
        pressures = sfloat(values[SYSTOLIC], 0) + sfloat(values[DIASTOLIC], 0) + NAN.to_bytes(2, "little")
        pulse = sfloat(values[PULSE], 0) if PULSE in values else NAN.to_bytes(2, "little")
        return "2A35", b"\x1e" + pressures + time + pulse + b"\x01\x00\x00"
    if SPO2 in values:
        return "2A5E", b"\x01" + sfloat(values[SPO2], 0) + sfloat(values[PULSE], 0) + time
    if WEIGHT in values:
        return "2A9D", b"\x02" + round(values[WEIGHT] / 0.005).to_bytes(2, "little") + time
    if BODY_TEMPERATURE in values:
        return "2A1C", b"\x02" + float32(values[BODY_TEMPERATURE], -1) + time
    if GLUCOSE in values:
        # mol/L, of capillary whole blood from a finger
        amount = sfloat(values[GLUCOSE] / 1000, -4)
        return "2A18", b"\x06" + (said.count % 65_536).to_bytes(2, "little") + time + amount + b"\x11"
    return "2A37", bytes((0x06, min(round(values[PULSE]), 255)))


def sfloat(value: float, exponent: int) -> bytes:
    """A 16-bit float of IEEE 11073: 4 bits of exponent, 12 of mantissa."""
    mantissa = round(value / 10.0**exponent)
    if not -2046 <= mantissa <= 2045:
        raise ValueError("The mantissa of an SFLOAT has twelve bits.")
    return ((exponent & 0xF) << 12 | mantissa & 0xFFF).to_bytes(2, "little")


def float32(value: float, exponent: int) -> bytes:
    """A 32-bit float of IEEE 11073: 8 bits of exponent, 24 of mantissa."""
    mantissa = round(value / 10.0**exponent)
    return ((exponent & 0xFF) << 24 | mantissa & 0xFFFFFF).to_bytes(4, "little")


def date_time(wall: datetime) -> bytes:
    """The seven bytes of a Date Time."""
    return wall.year.to_bytes(2, "little") + bytes(
        (wall.month, wall.day, wall.hour, wall.minute, wall.second)
    )
