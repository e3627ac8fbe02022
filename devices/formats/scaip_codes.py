"""What the codes of SCAIP mean in our kinds: device types (dty), statuses (stc) and places (lco).

The meanings are those that caruhome/scaip-gateway (scaip_gateway/spec.py) and Syntilio/Datahub-Scaip-Proxy
(SPEC.md) list; the standards (SS 91100:2014, CLC/TS 50134-9:2018) are sold, and their text was not used. Only
what we keep stands here. The lists have 50 for "inactive" and "initiated" alike, and nothing for 49.
"""

from collections.abc import Mapping
from typing import NamedTuple


class State(NamedTuple):
    """A kind and its value; `part` is of what, where one piece of kit has several."""

    kind: str
    value: float
    part: str = ""


KNOWN = frozenset({*range(2, 49), *range(50, 128)})
"""Every status that has a published meaning, but for 0 (unknown) and 1 (undefined), which say nothing."""

AUTOMATIC, MANUAL = 9, 10
CALLS = frozenset({AUTOMATIC, MANUAL, 11, 110})
"""Automatic alarm, manual alarm, alert, assistance: calls, whatever sends them."""
ACTIVE = frozenset({6, 7})
"""Activated and active: calls of kit that has nothing else to say (a trigger, a detector)."""
OTHER_CALLS = frozenset({100, 101, 106, 107, 126})
"""Too hot, too cold, trespass, unauthorised access, heat rising: calls for which we have no kind."""
OVER = frozenset({70, 92})
"""Normal state and automatic reset: the detector itself no longer finds what it found."""
OVER_IN_A_RESET = frozenset({91, 94})
"""Re-established and restored: of the danger in a reset, perhaps of a fault anywhere else."""

SENSES: Mapping[int, str] = {
    3: "pendant",
    4: "pull_cord",
    5: "fall",
    6: "pendant",
    7: "pendant",
    15: "property_exit",
    16: "enuresis",
    17: "seizure",
    21: "gas_alarm",
    23: "smoke",
    25: "heat_alarm",
    26: "carbon_monoxide_alarm",
    30: "fall",
    33: "water_leak",
    38: "tamper",
    47: "smoke",  # a fire alarm system: whatever it found, somebody has to go as for smoke
}
"""What an alarm of a device type is, and what it senses when it is active."""

ALARMS: Mapping[int, str] = {
    10: "activity_alarm",
    11: "medication_alarm",
    12: "bed_alarm",
    14: "door_alarm",
    44: "chair_alarm",
}
"""What a call of a device type is whose sense the code does not tell: that somebody left or that nobody
came. That it is active is no call: somebody moves, or lies down."""

PRESSED = frozenset({2, 5, 30, 45, 48, 51})
"""Units, fall detectors and trackers: a manual alarm of theirs is the button that they have."""

BEYOND: Mapping[tuple[int, int], str] = {
    (21, 46): "gas_alarm",
    (26, 46): "carbon_monoxide_alarm",
    (23, 100): "heat_alarm",
    (23, 126): "heat_alarm",
    (25, 100): "heat_alarm",
    (25, 126): "heat_alarm",
}
"""Levels at which a detector calls, by device type and status."""

OF_KIT: Mapping[int, State] = {
    14: State("battery_failed", 1.0),
    15: State("battery_low", 0.0),
    16: State("battery_low", 1.0),
    85: State("mains_failed", 1.0),
    86: State("mains_failed", 0.0),
    **dict.fromkeys((*range(32, 41), 42, 66, 67, 105), State("sensor_fault", 1.0)),
    23: State("line_lost", 1.0, "IP line"),
    112: State("line_lost", 0.0, "IP line"),
    24: State("line_lost", 1.0, "mobile line"),
    113: State("line_lost", 0.0, "mobile line"),
    25: State("line_lost", 1.0, "telephone line"),
    114: State("line_lost", 0.0, "telephone line"),
    26: State("line_lost", 1.0, "first line"),
    115: State("line_lost", 0.0, "first line"),
    27: State("backup_line_lost", 1.0, "second line"),
    116: State("backup_line_lost", 0.0, "second line"),
    123: State("sensor_fault", 1.0, "radio"),
    124: State("sensor_fault", 0.0, "radio"),
}
"""What a status says of the kit itself, in heartbeats too. Which of a unit's lines is its backup only 27 and
116 say: of all others it is taken for the one that it calls by."""

TESTS: Mapping[int, State] = {
    102: State("test_call", 1.0, "first line"),
    103: State("test_call", 1.0, "second line"),
}
"""Test calls that came through; a heartbeat is none."""

OF_HOME: Mapping[int, State] = {
    81: State("medication_missed", 1.0),
    83: State("medication_taken", 1.0),
    117: State("bed_occupied", 1.0),
    119: State("motion", 1.0),
    125: State("tamper", 1.0),
}
"""What a status says whatever device sends it."""

OF_DEVICE: Mapping[tuple[int, int], State] = {
    (10, 6): State("motion", 1.0),
    (10, 7): State("motion", 1.0),
    (14, 21): State("door_open", 0.0),
    (14, 22): State("door_open", 0.0),
    (14, 76): State("door_open", 1.0),
    (14, 77): State("door_open", 1.0),
    **{
        (device, status): State(kind, value)
        for device, kind in (
            (12, "bed_occupied"),
            (44, "chair_occupied"),
            (13, "presence"),
            (18, "presence"),
        )
        for status, value in ((3, 0.0), (71, 1.0), (120, 1.0), (121, 1.0))
    },
}
"""The same, by device type and status."""

OFFLINE = frozenset({73, 123})
"""Offline, and test by radio missing: of a peripheral, that its unit no longer hears it."""
REACHED = OFFLINE | {75, 124}
"""The same, and their ends."""

DEVICES: Mapping[int, str] = {
    10: "activity detector",
    11: "pill dispenser",
    12: "bed monitor",
    13: "mat",
    14: "door sensor",
    18: "occupancy detector",
    20: "environment",
    24: "heating",
    27: "bogus caller switch",
    28: "intruder detector",
    29: "boundary detector",
    34: "bath sensor",
    36: "perimeter",
    37: "sprinkler",
    44: "chair monitor",
    46: "lift",
}
"""Which kit an alarm is from that has no kind of its own."""

PLACES: Mapping[int, str] = {
    10: "basement",
    11: "bathroom",
    12: "bedroom",
    13: "dining room",
    15: "garage",
    21: "kitchen",
    22: "laundry",
    25: "stairs",
    26: "study",
    27: "workshop",
    28: "loft",
    29: "shed",
    37: "accessible bathroom",
    39: "front door",
    40: "back door",
    42: "hallway",
    43: "living room",
    46: "lounge",
    47: "communal area",
}
"""Rooms; where somebody is outside their home (away, garden, a position) is not taken over."""


def call(device: int | None, status: int) -> State | None:
    """Return the alarm that a status of a device type is, or None if it is none.

    One from kit of an unknown type, or whose sense the codes leave open, is an unnamed one: never dropped.
    """
    beyond = BEYOND.get((device or 0, status))
    if beyond is not None:
        return State(beyond, 1.0)
    if status == MANUAL and device in PRESSED:
        return State("pendant", 1.0)
    if status in CALLS or status in ACTIVE:
        sensed = SENSES.get(device or 0)
        if sensed is not None:
            return State(sensed, 1.0)
    alarm = ALARMS.get(device or 0)
    if status in CALLS and alarm is not None:
        return State(alarm, 1.0)
    if status in CALLS or status in OTHER_CALLS:
        return unnamed(device)
    return None


def unnamed(device: int | None) -> State:
    """Return the alarm of kit whose sense is not known, with the word for its type where there is one."""
    return State("unnamed_alarm", 1.0, DEVICES.get(device or 0, ""))


def state(device: int | None, status: int) -> State | None:
    """Return what a status says that is no alarm, or None if it is nothing we keep."""
    said = OF_DEVICE.get((device or 0, status)) or OF_HOME.get(status)
    return said or OF_KIT.get(status) or TESTS.get(status)
