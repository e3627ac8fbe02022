"""What stands where in a pulse oximeter's values over Bluetooth, and which of them are readings."""

from devices.formats.gatt_frame import Frame, amount, mask
from devices.formats.ieee11073 import Number
from devices.measurement import Flags

FAILED = "The oximeter sent no number."
UNFINISHED = "The oximeter is still measuring: this is not yet a reading."
NOT_MEASURED = "The oximeter says that this is not a measurement: invalid, unavailable, or not on a finger."

# Measurement Status, and Device and Sensor Status, of the Pulse Oximeter Service 1.0.1 (tables 3.4 and 3.5).
_ONGOING, _EARLY = mask(5), mask(6)
_STORED = mask(9)
_NOT_REAL = mask(10, 11, 12)
"""For demonstration, for testing, while calibrating."""
_UNAVAILABLE_OR_INVALID = mask(13, 15)
_QUESTIONABLE = mask(14)

_BROKEN_OR_OFF = mask(1, 11, 14, 15)
"""Equipment malfunction; the sensor not on the user, malfunctioning, or disconnected."""
_WEAK = mask(2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13)
"""Irregular processing; a signal that is inadequate, poor, weakly perfused, erratic or without pulse; a
questionable pulse; analysis that still goes on; interference; an unknown or displaced sensor."""


def spot_check(frame: Frame) -> str:
    """Read 2A5E: one measurement, which counts once it is finished."""
    has = frame.uint(1)
    oxygen, pulse = frame.sfloat(), frame.sfloat()
    if has & 1:
        local = frame.local_time()
        clock_not_set = has & 16
        frame.measured_at(None if clock_not_set else local)
    status, sensor = _states(frame, has >> 1)
    return _taken(frame, oxygen, pulse, status, sensor, unfinished=_ONGOING | _EARLY)


def continuous(frame: Frame) -> str:
    """Read 2A5F. Measuring that goes on is its ordinary state: each value is a reading all the same.

    Were it none, a low oxygen of an oximeter that always says so would never be seen (ChoiceMMed does).
    """
    has = frame.uint(1)
    oxygen, pulse = frame.sfloat(), frame.sfloat()
    for bit in (1, 2):
        # The same again, averaged over a shorter and over a longer time.
        if has & bit:
            frame.take(4)
    status, sensor = _states(frame, has >> 2)
    return _taken(frame, oxygen, pulse, status, sensor, unfinished=_EARLY)


def _states(frame: Frame, has: int) -> tuple[int, int]:
    """Read the measurement's status and the sensor's, and pass by the amplitude of the pulse."""
    status = frame.uint(2) if has & 1 else 0
    sensor = frame.uint(3) if has & 2 else 0
    if has & 4:
        frame.take(2)
    return status, sensor


def _taken(frame: Frame, oxygen: Number, pulse: Number, status: int, sensor: int, *, unfinished: int) -> str:
    if status & _UNAVAILABLE_OR_INVALID or sensor & _BROKEN_OR_OFF:
        return NOT_MEASURED
    if status & unfinished:
        return UNFINISHED
    if status & _STORED:
        frame.flags |= Flags.FROM_STORAGE
        frame.measured_before()
    if status & _NOT_REAL:
        frame.flags |= Flags.TEST
    if status & _QUESTIONABLE or sensor & _WEAK:
        frame.flags |= Flags.DOUBTED
    frame.add("spo2", amount(oxygen))
    frame.add("pulse", amount(pulse))
    return FAILED
