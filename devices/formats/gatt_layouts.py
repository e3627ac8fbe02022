"""What stands where in a measurement of blood pressure, weight, temperature or heart rate over Bluetooth.

The layouts are those of the Bluetooth GATT Specification Supplement. Bits that it reserves are not looked at:
real kit sets them. Each function returns why there is no reading, for where it took none.
"""

from decimal import Decimal

from devices.formats import ieee11073
from devices.formats.gatt_frame import Frame, amount, mask, reading
from devices.formats.ieee11073 import Special
from devices.measurement import Flags

FAILED = "The measurement failed: the kit sent no number."
NO_CONTACT = "The sensor has no contact with the skin, so what it counts is no pulse."

_IRREGULAR = mask(2)
_IN_DOUBT = mask(0, 1, 3, 4, 5)
"""The body moved, the cuff was loose, the pulse was out of range (2 bits), the arm was held wrongly."""

_NOT_WEIGHED = 0xFFFF
_NO_CONTACT = 0b10


def blood_pressure(frame: Frame) -> str:
    """Read 2A35. A pressure without its other half, of a measurement that failed, is none."""
    has = frame.uint(1)
    unit = "kPa" if has & 1 else "mm[Hg]"
    systolic, diastolic, mean = frame.sfloat(), frame.sfloat(), frame.sfloat()
    if has & 2:
        frame.measured_at(frame.local_time())
    pulse = frame.sfloat() if has & 4 else Special.NAN
    if has & 8:
        frame.measured_by(frame.uint(1))
    status = frame.uint(2) if has & 16 else None
    high, low = amount(systolic), amount(diastolic)
    if high is None or low is None:
        return FAILED
    if status is not None and status & _IN_DOUBT:
        frame.flags |= Flags.DOUBTED
    frame.add("systolic", high, unit)
    frame.add("diastolic", low, unit)
    # The mean is reckoned from the other two, and often left out as NaN or 0.
    frame.add("mean_arterial_pressure", mean if isinstance(mean, Decimal) and mean > 0 else None, unit)
    frame.add("pulse", amount(pulse))
    if status is not None:
        frame.add("irregular_pulse", int(status & _IRREGULAR > 0))
    return FAILED


def weight(frame: Frame) -> str:
    """Read 2A9D, in steps of 0.005 kg or 0.01 lb. Height and body mass index are not taken over."""
    has = frame.uint(1)
    raw = frame.uint(2)
    if has & 2:
        frame.measured_at(frame.local_time())
    if has & 4:
        frame.measured_by(frame.uint(1))
    if has & 8:
        frame.take(4)
    step, unit = (Decimal("0.01"), "[lb_av]") if has & 1 else (Decimal("0.005"), "kg")
    frame.add("weight", raw * step if raw not in (0, _NOT_WEIGHED) else None, unit)
    return FAILED


def temperature(frame: Frame) -> str:
    """Read 2A1C. Where on the body it was taken is not taken over."""
    has = frame.uint(1)
    number = ieee11073.float32(frame.take(4))
    if has & 2:
        frame.measured_at(frame.local_time())
    if has & 4:
        frame.take(1)
    frame.add("body_temperature", reading(number), "[degF]" if has & 1 else "Cel")
    return FAILED


def heart_rate(frame: Frame) -> str:
    """Read 2A37. Without contact it is no reading: straps then repeat the last number, or count noise."""
    has = frame.uint(1)
    rate = frame.uint(2 if has & 1 else 1)
    if has & 8:
        frame.take(2)
    if has & 16:
        # One or more intervals between beats fill the rest.
        frame.take(max(2, (len(frame.value) - frame.place) // 2 * 2))
    if has >> 1 & 0b11 == _NO_CONTACT:
        return NO_CONTACT
    frame.add("pulse", rate or None)
    return FAILED
