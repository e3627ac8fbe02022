"""What stands where in a record of a blood glucose meter over Bluetooth, and whose glucose it is."""

from datetime import datetime, timedelta

from devices.formats import wire
from devices.formats.gatt_frame import Frame, amount, beyond_range, mask
from devices.formats.ieee11073 import Special
from devices.measurement import Flags

FAILED = "The meter measured nothing: there was no blood or no strip, or it is a record of another kind."

_CONTROL_TYPE, _CONTROL_PLACE = 10, 4
"""The sample was the meter's own test solution, nobody's blood."""
_BATTERY_LOW = mask(0)
_BEYOND = mask(5, 6)
"""Higher, lower than the meter can measure."""
_FAULTS = mask(1, 2, 3, 4, 7, 8, 9, 10)
"""A malfunction; too little blood; a strip put in wrongly, or the wrong one; too warm, too cold; a strip
pulled out too early; any other fault."""

_NO_OFFSETS = frozenset({0x7FFF, -0x8000})
"""Offsets that stand for more, and for less, than can be written."""


def glucose(frame: Frame) -> str:
    """Read 2A18, in kg/L or mol/L: a record that the meter keeps, and sends whenever it is asked to.

    It was measured at the record's time plus its offset, in minutes, and not when the gateway heard it.
    """
    has = frame.uint(1)
    frame.message_id = wire.short_text(f"{frame.address}/2A18/{frame.uint(2)}")
    local = frame.local_time()
    offset = int.from_bytes(frame.take(2), "little", signed=True) if has & 1 else 0
    frame.measured_at(_later(local, offset))
    frame.measured_before()
    number = frame.sfloat() if has & 2 else Special.NAN
    sample = frame.uint(1) if has & 2 else 0
    status = frame.uint(2) if has & 8 else None
    if status is not None:
        frame.add("battery_low", status & _BATTERY_LOW)
    if sample & 0b1111 == _CONTROL_TYPE or sample >> 4 == _CONTROL_PLACE:
        frame.flags |= Flags.TEST
    if status is not None and status & (_FAULTS | _BEYOND):
        frame.flags |= Flags.DOUBTED
    found = amount(number)
    if found is None and status is not None and status & _BEYOND:
        raise beyond_range()
    if found is not None:
        frame.add("glucose", found * (1000 if has & 4 else 100_000), "mmol/L" if has & 4 else "mg/dL")
    return FAILED


def context(frame: Frame) -> str:
    """Pass by 2A34: meals, exercise and medicines that belong to a record are not taken over."""
    frame.take(len(frame.value))
    return "What a meter knows about a record (meals, exercise, medicines) is not taken over."


def _later(local: datetime | None, minutes: int) -> datetime | None:
    if local is None or minutes in _NO_OFFSETS:
        return None
    try:
        return local + timedelta(minutes=minutes)
    except OverflowError:
        return None
