"""From when a follow-up may be done, and by when, around the time that a plan asks for it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from care_plans.models.work import FollowUp, FollowUpOutcome
from care_plans.work.recurrence import Recurrence
from core.errors import Invalid
from core.zones import UK


def around(recurrence: Recurrence, at: datetime) -> tuple[datetime | None, datetime]:
    """From when (None: at any time) what is asked for `at` may be done, and by when it is due."""
    before = timedelta(seconds=recurrence.opens_before)
    return (at - before if before else None), at + timedelta(seconds=recurrence.due_within)


def refuse_early(follow_up: FollowUp, outcome: FollowUpOutcome, now: datetime) -> None:
    """Invalid where it would be done before it may be: it would stand for the next one.

    That it is not needed, or not wanted, may be said at any time.
    """
    if follow_up.opens_at is None or now >= follow_up.opens_at or outcome is not FollowUpOutcome.DONE:
        return
    local = follow_up.opens_at.astimezone(ZoneInfo(UK))
    when = f"{local.day} {local:%B %Y at %H:%M}"
    raise Invalid(
        {"outcome": f"This may be done from {when} on. If it has to be earlier, move it, with a reason."}
    )
