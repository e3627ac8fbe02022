"""What a sensor stands on makes of what it measures: a contact on a fridge door tells of the fridge."""

from collections.abc import Mapping

from devices import kinds

INSTEAD: Mapping[str, tuple[str, ...]] = {
    "door_open": ("window_open", "fridge_open", "medicine_box_open"),
    "appliance_on": ("kettle_on", "light_on", "heating_on"),
    "presence": ("bed_occupied", "chair_occupied"),
    "motion": ("presence",),
    "room_temperature": ("outdoor_temperature", "surface_temperature"),
    "pendant": ("pull_cord",),
}
"""Kinds that kit names by its own build, and what they may be read as by where it stands."""


def choices(codes: frozenset[str]) -> list[tuple[str, str]]:
    """What a sensor that measures `codes` may stand on, as (kind it is read as, its name); itself first."""
    found = []
    for code in sorted(codes & INSTEAD.keys()):
        found += [(each, kinds.get(each).name) for each in (code, *INSTEAD[code])]
    return found


def reads_as(code: str) -> dict[str, str] | None:
    """How a sensor that is to be read as `code` is read; None where that is as it says itself.

    The keys are kinds as it says them, the values what they are stored as.
    """
    return next(({said: code} for said, others in INSTEAD.items() if code in others), None)
