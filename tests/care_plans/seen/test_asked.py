"""What a follow-up asks, as somebody sees it."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.seen import asked
from care_plans.seen.showing import Shown
from people.access import SEES_ALL, SEES_LITTLE, Extent, RecordClass, Sees
from tests.app.raising import raise_
from tests.cast import Cast

TEXT = "Visit: oxygen at rest"


@pytest.mark.parametrize(
    ("extent", "own", "text"),
    [
        (Extent.FULL, False, TEXT),
        (Extent.CATEGORY, True, TEXT),
        (Extent.CATEGORY, False, "Something about vital signs"),
        (Extent.CHECK, True, "Check on them"),
    ],
)
def test_what_an_alert_asks_tells_no_more_than_the_alert(
    session: Session, cast: Cast, now: datetime, extent: Extent, own: bool, text: str
) -> None:
    alert = raise_(session, cast, now)
    how = Shown(extent, RecordClass.VITALS, notes=True, plan=True)
    row = FollowUp(kind=FollowUpKind.VISIT, text=TEXT)
    assert asked.as_seen(row, alert, how, SEES_ALL, own=own, team="Nurses").text == text


@pytest.mark.parametrize(
    ("sees", "own", "schedule", "text"),
    [
        (SEES_LITTLE, True, None, TEXT),
        (SEES_LITTLE, False, None, "For Nurses"),
        (SEES_LITTLE | {RecordClass.PLAN: Extent.FULL}, False, "weekly", TEXT),
        (SEES_LITTLE | {RecordClass.PLAN: Extent.FULL}, False, None, "For Nurses"),
        (SEES_ALL, False, None, TEXT),
    ],
)
def test_whoever_is_to_do_it_reads_it_and_others_as_far_as_it_is_shared(
    sees: Sees, own: bool, schedule: str | None, text: str
) -> None:
    row = FollowUp(kind=FollowUpKind.VISIT, text=TEXT, schedule_key=schedule)
    assert asked.as_seen(row, None, None, sees, own=own, team="Nurses").text == text
