"""How far kit is believed, by what was marked on its readings.

The parts from which on something is said are ours, to sort what somebody should look at; nothing is judged by
them, and no reading is kept from a rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from devices.measurement import Flags

OFTEN = 0.05
"""The part of its readings from which on it is no chance."""


class Mark(StrEnum):
    """What may be marked on a reading, in the order of how much it speaks against the kit."""

    BEYOND = "beyond"
    CONFLICT = "conflict"
    DOUBTED = "doubted"
    IMPLAUSIBLE = "implausible"
    MISTAKE = "mistake"
    WHOSE = "whose"
    CLOCK_CORRECTED = "clock_corrected"
    NO_CLOCK = "no_clock"
    LATE = "late"
    FROM_STORAGE = "from_storage"
    REPLAYED = "replayed"
    COPY = "copy"
    TEST = "test"


FLAGS: Mapping[Mark, Flags] = {
    Mark.BEYOND: Flags.BEYOND_ABSOLUTE,
    Mark.DOUBTED: Flags.DOUBTED,
    Mark.IMPLAUSIBLE: Flags.IMPLAUSIBLE,
    Mark.MISTAKE: Flags.ENTERED_IN_ERROR,
    Mark.WHOSE: Flags.WHOSE,
    Mark.CLOCK_CORRECTED: Flags.CLOCK_CORRECTED,
    Mark.NO_CLOCK: Flags.NO_CLOCK,
    Mark.LATE: Flags.LATE,
    Mark.FROM_STORAGE: Flags.FROM_STORAGE,
    Mark.REPLAYED: Flags.REPLAYED,
    Mark.COPY: Flags.COPY,
    Mark.TEST: Flags.TEST,
}
"""The flag of each mark; a conflict is a row of its own."""
AGAINST = (Mark.BEYOND, Mark.CONFLICT, Mark.DOUBTED)
"""What speaks against the values that it measures."""


class Verdict(StrEnum):
    """How far it is believed."""

    NOTHING = "nothing"
    """It measured nothing that could be."""
    DOUBTFUL = "doubtful"
    """Values that can't be believed are no chance."""
    SELDOM_WRONG = "seldom_wrong"
    """Some values can't be believed."""
    BELIEVED = "believed"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many readings were counted, and how many of them have each mark.

    `slow_by` is how far its clock was usually behind, where it was set right (negative: ahead); `delay` how
    long what came late was usually under way.
    """

    readings: int = 0
    marks: Mapping[Mark, int] = field(default_factory=dict)
    slow_by: timedelta | None = None
    delay: timedelta | None = None

    def often(self, mark: Mark) -> bool:
        """Whether so many readings have the mark that it is no chance."""
        return self.marks.get(mark, 0) >= max(1, OFTEN * self.readings)


def verdict(tally: Tally) -> Verdict:
    """How far kit with these readings is believed."""
    wrong = sum(tally.marks.get(mark, 0) for mark in AGAINST)
    if not tally.readings:
        return Verdict.NOTHING
    if wrong > 1 and wrong >= OFTEN * tally.readings:
        return Verdict.DOUBTFUL
    return Verdict.SELDOM_WRONG if wrong else Verdict.BELIEVED


def marks_of(flags: int) -> list[Mark]:
    """The marks of a reading with these flags."""
    return [mark for mark, flag in FLAGS.items() if flags & flag]
