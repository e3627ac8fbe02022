"""By when a safeguarding concern is to be read, and decided about; pure.

Defaults, as data, for whoever answers for safeguarding to confirm (Care Act 2014, section 42, sets no hours).
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from care_plans.work.recurrence import is_working_day, moment, next_working_day, working_days_after

OPENS, CLOSES = time(9, 0), time(17, 0)
READ_WITHIN = timedelta(hours=4)
"""Working hours."""
READ_IN_DANGER = timedelta(hours=1)
"""Whatever the hour, where somebody is in danger now."""
DECIDE_WITHIN = 2
"""Working days."""
LOOK_AGAIN_WITHIN = 20
"""Working days after an enquiry has begun."""


def read_by(now: datetime, zone: str, *, danger: bool) -> datetime:
    """When it must have been read: four working hours on, or one hour where there is danger now."""
    if danger:
        return now + READ_IN_DANGER
    left, local = READ_WITHIN, now.astimezone(ZoneInfo(zone))
    day = local.date()
    start = local if is_working_day(day) else None
    while True:
        if start is None or start.time() < OPENS:
            start = datetime.combine(day, OPENS, ZoneInfo(zone))
        closes = datetime.combine(day, CLOSES, ZoneInfo(zone))
        if is_working_day(day) and closes - start >= left:
            return (start + left).astimezone(now.tzinfo)
        if is_working_day(day) and closes > start:
            left -= closes - start
        day = next_working_day(day + timedelta(days=1))
        start = None


def decide_by(now: datetime, zone: str) -> datetime:
    """When it must be decided whether to enquire: the end of the second working day after."""
    return moment(working_days_after(now.astimezone(ZoneInfo(zone)).date(), DECIDE_WITHIN), CLOSES, zone)


def look_again_by(now: datetime, zone: str) -> datetime:
    """When an enquiry that has begun is looked at again, if it has not been closed."""
    return moment(working_days_after(now.astimezone(ZoneInfo(zone)).date(), LOOK_AGAIN_WITHIN), CLOSES, zone)
