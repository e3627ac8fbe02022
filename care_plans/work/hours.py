"""When a working team can be expected to have looked at something that is not urgent; pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from care_plans.work.recurrence import moment, next_working_day

SAME_DAY_UNTIL = time(13, 0)
END_OF_DAY = time(17, 0)
NEXT_DAY_BY = time(12, 0)


def by_working_hours(now: datetime, zone: str) -> datetime:
    """The end of this working day (17:00) for what comes before 13:00 local, else noon of the next one."""
    local = now.astimezone(ZoneInfo(zone))
    today = local.date()
    if next_working_day(today) == today and local.time() < SAME_DAY_UNTIL:
        return moment(today, END_OF_DAY, zone)
    return moment(next_working_day(today + timedelta(days=1)), NEXT_DAY_BY, zone)
