"""By when protection is to be mended, and when somebody without it is rung; pure.

All figures are defaults, for a clinical safety officer to set.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from care_plans.protection_states import Lack
from care_plans.work import hours, recurrence
from devices.protecting import ANALOGUE_ENDS, Amiss, Urgency

LINE_WITHIN: Mapping[Amiss, int] = {
    Amiss.NO_ANALOGUE: 1,
    Amiss.UNTRIED_SINCE: 2,
    Amiss.UNKNOWN_LINE: 10,
    Amiss.NEVER_TRIED: 10,
    Amiss.NOT_PRESSED: 5,
    Amiss.NO_BATTERY: 20,
    Amiss.MOVES_SOON: 15,
}
"""Working days from when it is found; half of that for who lives alone, a whole one at least."""
AT_ONCE = frozenset({Amiss.NO_ANALOGUE, Amiss.UNTRIED_SINCE})
"""Asked whenever it is found. The rest waits its turn: see MOST_A_DAY."""
MOST_A_DAY = 10
"""Follow-ups about the register that a team is given in a day: what nobody can do hides what must be done."""
RECALL_WITHIN: Mapping[Urgency, timedelta] = {
    Urgency.DAY: timedelta(days=1),
    Urgency.WEEK: timedelta(days=7),
    Urgency.MONTH: timedelta(days=28),
}
AGAIN_AFTER = timedelta(days=7)
"""What is still amiss so long after somebody said it was done is asked again."""
REPLACED_AFTER = timedelta(hours=4)
"""Kit that is still down so long after it was said to be mended is to be mended again."""
REPLACE_ALONE = timedelta(hours=24)
"""The longest that somebody who lives alone waits for it, whatever the day."""
TAKEN_UP_AGAIN = timedelta(hours=24)
"""Kit that fails again so soon was not mended: the interim plan, and its clock, go on."""
NEAR = timedelta(hours=1)
"""How long before its time a call is asked for, so that it is not made too early."""
REACHED_WITHIN = timedelta(minutes=15)
"""After a call was due, before somebody who lives alone counts as not reached."""

MOST_CALLS = 8
_CALLS: Mapping[tuple[Lack, bool], tuple[str, ...]] = {
    (Lack.DOWN, True): ("09:00", "13:00", "17:00", "21:00"),
    (Lack.DOWN, False): ("10:00", "18:00"),
    (Lack.RECALLED, True): ("10:00", "18:00"),
    (Lack.RECALLED, False): ("10:00",),
}


def line_due(amiss: Amiss, now: datetime, zone: str, *, alone: bool, moves_on: date | None) -> datetime:
    """By when what is amiss with a line is to be mended; before the line moves, where it is to."""
    today = now.astimezone(ZoneInfo(zone)).date()
    days = LINE_WITHIN[amiss]
    by = recurrence.working_days_after(today, max(1, days // 2) if alone else days)
    if amiss is Amiss.MOVES_SOON:
        by = max(today + timedelta(days=1), min(by, (moves_on or ANALOGUE_ENDS) - timedelta(days=1)))
    return recurrence.moment(by, hours.END_OF_DAY, zone)


def replace_by(now: datetime, zone: str, *, alone: bool) -> datetime:
    """By when kit that is down is to be mended or replaced: the next end of a working team's day, or noon."""
    by = hours.by_working_hours(now, zone)
    return min(by, now + REPLACE_ALONE) if alone else by


def usual_calls(lack: Lack, *, alone: bool) -> list[str]:
    """The times of day at which somebody is rung unless something else is agreed with them."""
    return list(_CALLS[lack, alone])


def next_call(times: Sequence[str], after: datetime, zone: str) -> datetime | None:
    """The first of these local times of day after `after`; None where there is none."""
    today = after.astimezone(ZoneInfo(zone)).date()
    found = (
        recurrence.moment(today + timedelta(days=days), time.fromisoformat(each), zone)
        for days in (0, 1)
        for each in times
    )
    return min((at for at in found if at > after), default=None)
