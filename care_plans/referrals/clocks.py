"""By when a referral is to be answered, done, looked at and judged; pure.

All of it defaults, for a clinical safety officer to set.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from care_plans.referral_states import Judgement, Urgency
from care_plans.work import hazard_clocks
from care_plans.work.hours import END_OF_DAY, by_working_hours
from care_plans.work.recurrence import moment, working_days_after

URGENT = timedelta(hours=2)
"""NHS England, urgent community response: the two-hour standard of community crisis response."""
SAME_DAY_AT_LEAST = timedelta(hours=4)
ROUTINE_DAYS = 2
DONE_WITHIN_DAYS = 10
REVIEWED_WITHIN_DAYS = 2
JUDGED_WITHIN_DAYS = 1
"""H23: a prompt that reached anyone of the landlord is judged within one working day; that day is day 0."""
ANSWER_WHY = {
    Urgency.URGENT: "two hours: the standard of urgent community response (NHS England)",
    Urgency.SAME_DAY: "today, or four hours: our default",
    Urgency.ROUTINE: "two working days: our default",
}
"""Where the time to answer comes from."""
TAKEN_BACK = {
    Urgency.URGENT: timedelta(minutes=30),
    Urgency.SAME_DAY: timedelta(hours=2),
}
"""How soon whoever asked decides what else to do, once it came back: routine ones by working hours."""


def respond_by(urgency: Urgency, sent_at: datetime, zone: str) -> datetime:
    """By when the other team answers: 2 hours; the end of the day, or 4 hours late in it; 2 working days."""
    if urgency is Urgency.URGENT:
        return sent_at + URGENT
    if urgency is Urgency.SAME_DAY:
        evening = moment(sent_at.astimezone(ZoneInfo(zone)).date(), END_OF_DAY, zone)
        return max(evening, sent_at + SAME_DAY_AT_LEAST)
    return _working_day(sent_at, ROUTINE_DAYS, zone)


def back_by(urgency: Urgency, now: datetime, zone: str) -> datetime:
    """By when the sender decides what else to do with what was declined or not answered."""
    soon = TAKEN_BACK.get(urgency)
    return now + soon if soon else by_working_hours(now, zone)


def done_by(accepted_at: datetime, zone: str) -> datetime:
    """By when it is to be done where the receiver named no day: 10 working days."""
    return _working_day(accepted_at, DONE_WITHIN_DAYS, zone)


def review_by(ended_at: datetime, zone: str) -> datetime:
    """By when the sender looks at the result: 2 working days."""
    return _working_day(ended_at, REVIEWED_WITHIN_DAYS, zone)


def judge_by(aware_at: datetime, zone: str) -> datetime:
    """By when a landlord judges a prompt: the end of the next working day in England."""
    return _working_day(aware_at, JUDGED_WITHIN_DAYS, zone)


def duty_by(judgement: Judgement, aware_at: datetime, zone: str) -> datetime | None:
    """By when the law asks a social landlord to act first on a hazard; None where it is none."""
    if judgement is Judgement.EMERGENCY:
        return hazard_clocks.of_an_emergency(aware_at)[0].by
    if judgement is Judgement.SIGNIFICANT:
        return hazard_clocks.of_a_significant_one(aware_at, zone=zone)[0].by
    return None


def _working_day(start: datetime, days: int, zone: str, at: time = END_OF_DAY) -> datetime:
    return moment(working_days_after(start.astimezone(ZoneInfo(zone)).date(), days), at, zone)
