"""What a follow-up asks, as somebody sees it: whoever is to do it needs more of it than others."""

from dataclasses import dataclass

from care_plans.models.alerts import Alert
from care_plans.models.work import FollowUp
from care_plans.seen import showing
from care_plans.seen.showing import Shown
from people.access import Extent, RecordClass, Sees


@dataclass(frozen=True, slots=True)
class Asked:
    """What it asks, and of which alert; `words` is whether what was written of how it ended is shown too."""

    text: str
    words: bool
    alert: Alert | None = None


def as_seen(
    follow_up: FollowUp, alert: Alert | None, how: Shown | None, sees: Sees, *, own: bool, team: str
) -> Asked:
    """A follow-up for whoever sees that much of the person; `how` much of the alert that made it, if one did.

    `own` is whether it is for a team of the reader's agency: by hand or by the plan it was asked of them, and
    they read what is asked. What an alert makes tells no more of the alert than the alert itself does.
    """
    words = own or sees[RecordClass.NOTES] is Extent.FULL
    if alert is not None and how is not None:
        asked = how.full or (own and how.extent is Extent.CATEGORY)
        text = follow_up.text if asked else showing.finding(how, None)
        return Asked(text, words and (how.full or own), showing.as_seen(alert, how))
    planned = follow_up.schedule_key is not None
    shown = sees[RecordClass.PLAN if planned else RecordClass.NOTES] is Extent.FULL
    return Asked(follow_up.text if own or shown else f"For {team}", words and (own or shown))
