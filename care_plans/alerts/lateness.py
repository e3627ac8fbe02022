"""How old a finding may be and still call somebody; pure."""

from datetime import datetime, timedelta

from care_plans.severity import Class, Severity

STILL_PAGES = timedelta(hours=24)
"""Life-safety events and red clinical readings call somebody while they are under a day old (H1)."""


def pages(
    class_: Class, severity: Severity, latest: datetime, now: datetime, pages_within: timedelta
) -> bool:
    """Whether somebody is to be called for a finding whose newest reading is of `latest`, or it waits."""
    urgent = class_ is Class.LIFE_SAFETY or (class_ is Class.CLINICAL and severity is Severity.RED)
    return now - latest <= max(pages_within, STILL_PAGES if urgent else timedelta(0))
