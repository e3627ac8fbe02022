"""What is amiss with how somebody is protected: the line that alarms call by, its tests, its battery.

The public telephone network's analogue lines end on 31 January 2027; a line that moved has to be tried end to
end; Ofcom asks for an hour of battery at least (Telecare National Action Plan, GOV.UK, February 2025). A test
press a month is what receiving centres ask of people.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

ANALOGUE_ENDS = date(2027, 1, 31)
MOVES_SOON = timedelta(days=60)
TESTED_WITHIN = timedelta(days=365)
PRESSED_WITHIN = timedelta(days=35)
"""A month, and a few days' grace."""
BATTERY_HOURS = 1


class LineType(StrEnum):
    """By what an alarm calls."""

    ANALOGUE = "analogue"
    DIGITAL = "digital"
    MOBILE = "mobile"


class Amiss(StrEnum):
    """One thing that is amiss, the gravest first."""

    NO_ANALOGUE = "no_analogue"
    UNTRIED_SINCE = "untried_since"
    UNKNOWN_LINE = "unknown_line"
    NEVER_TRIED = "never_tried"
    NOT_PRESSED = "not_pressed"
    NO_BATTERY = "no_battery"
    MOVES_SOON = "moves_soon"


class Urgency(StrEnum):
    """Within what time kit that is called back is to be dealt with."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class How(NamedTuple):
    """How a home's alarms call, as far as it is known."""

    line: LineType | None = None
    migrates_on: date | None = None
    tested_on: date | None = None
    battery_hours: int | None = None


def amiss(how: How, pressed_on: date | None, today: date) -> list[Amiss]:
    """What is amiss, the gravest first; `pressed_on` is the oldest last test press of the kit there."""
    analogue = how.line is LineType.ANALOGUE
    moved = how.migrates_on is not None and how.migrates_on <= today
    ended = moved or today >= ANALOGUE_ENDS
    found = {
        Amiss.NO_ANALOGUE: analogue and ended,
        Amiss.UNTRIED_SINCE: moved and (how.tested_on is None or how.tested_on < (how.migrates_on or today)),
        Amiss.UNKNOWN_LINE: how.line is None,
        Amiss.NEVER_TRIED: how.tested_on is None or today - how.tested_on > TESTED_WITHIN,
        Amiss.NOT_PRESSED: pressed_on is None or today - pressed_on > PRESSED_WITHIN,
        Amiss.NO_BATTERY: how.battery_hours is None or how.battery_hours < BATTERY_HOURS,
        Amiss.MOVES_SOON: analogue and not ended and (how.migrates_on or ANALOGUE_ENDS) - today <= MOVES_SOON,
    }
    # What was not tried since the line moved was also not tried in time: the graver is said.
    found[Amiss.NEVER_TRIED] = found[Amiss.NEVER_TRIED] and not found[Amiss.UNTRIED_SINCE]
    return [each for each in Amiss if found[each]]
