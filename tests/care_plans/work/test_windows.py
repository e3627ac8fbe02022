"""From when a follow-up may be done, and by when."""

from datetime import UTC, datetime, time, timedelta

import pytest

from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.work import windows
from care_plans.work.recurrence import Recurrence, from_document
from core.errors import Invalid

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
OPENS = AT - timedelta(days=2)


def follow_up(opens_at: datetime | None) -> FollowUp:
    return FollowUp(kind=FollowUpKind.CALL, text="Ring", opens_at=opens_at, due_at=AT)


def test_without_a_window_it_may_be_done_at_any_time_and_is_due_at_its_time() -> None:
    assert windows.around(Recurrence((time(9),)), AT) == (None, AT)
    windows.refuse_early(follow_up(None), FollowUpOutcome.DONE, AT - timedelta(days=30))


def test_a_window_opens_before_its_time_and_ends_after_it() -> None:
    wide = from_document({"times": ["09:00"], "opens_before": "2 days", "due_within": 3600})
    assert windows.around(wide, AT) == (OPENS, AT + timedelta(hours=1))


def test_it_is_not_done_before_its_window_opens_but_may_be_found_needless() -> None:
    early = OPENS - timedelta(seconds=1)
    with pytest.raises(Invalid) as refused:
        windows.refuse_early(follow_up(OPENS), FollowUpOutcome.DONE, early)
    assert "from 29 June 2026 at 10:00 on" in refused.value.fields["outcome"], "in local time"
    windows.refuse_early(follow_up(OPENS), FollowUpOutcome.NOT_NEEDED, early)
    windows.refuse_early(follow_up(OPENS), FollowUpOutcome.DONE, OPENS)


@pytest.mark.parametrize("given", ["15 days", "soon", -1, "0 min"])
def test_a_window_that_is_none_is_refused_at_its_field(given: object) -> None:
    with pytest.raises(Invalid) as refused:
        from_document({"times": ["09:00"], "opens_before": given})
    assert set(refused.value.fields) == {"opens_before"}
