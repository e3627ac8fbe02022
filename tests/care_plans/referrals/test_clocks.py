from datetime import UTC, datetime, timedelta

import pytest

from care_plans.referral_states import Judgement, Urgency
from care_plans.referrals import clocks

ZONE = "Europe/London"
FRIDAY = datetime(2026, 12, 18, 10, 0, tzinfo=UTC)


def test_an_urgent_one_is_answered_in_two_hours_at_any_time_of_day() -> None:
    night = datetime(2026, 12, 25, 3, 0, tzinfo=UTC)
    assert clocks.respond_by(Urgency.URGENT, night, ZONE) == night + timedelta(hours=2)


@pytest.mark.parametrize(
    ("sent", "answered"), [((9, 0), (17, 0)), ((13, 0), (17, 0)), ((15, 0), (19, 0)), ((22, 0), (26, 0))]
)
def test_one_for_the_same_day_has_until_the_evening_and_never_under_four_hours(
    sent: tuple[int, int], answered: tuple[int, int]
) -> None:
    start = datetime(2026, 11, 23, *sent, tzinfo=UTC)
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    assert clocks.respond_by(Urgency.SAME_DAY, start, ZONE) == midnight + timedelta(hours=answered[0])


def test_a_routine_one_has_two_working_days_and_christmas_is_none() -> None:
    before_christmas = datetime(2026, 12, 23, 10, 0, tzinfo=UTC)
    # 24 December, then 29: 25 and 28 are bank holidays, 26 and 27 a weekend
    assert clocks.respond_by(Urgency.ROUTINE, before_christmas, ZONE) == datetime(
        2026, 12, 29, 17, 0, tzinfo=UTC
    )


def test_a_landlord_judges_by_the_end_of_the_next_working_day() -> None:
    assert clocks.judge_by(FRIDAY, ZONE) == datetime(2026, 12, 21, 17, 0, tzinfo=UTC)
    saturday = FRIDAY + timedelta(days=1)
    assert clocks.judge_by(saturday, ZONE) == datetime(2026, 12, 21, 17, 0, tzinfo=UTC)


def test_what_comes_back_is_decided_the_sooner_the_more_urgent_it_is() -> None:
    soon = [clocks.back_by(urgency, FRIDAY, ZONE) for urgency in Urgency]
    assert soon == sorted(soon)
    assert soon[0] == FRIDAY + timedelta(minutes=30)


def test_what_was_accepted_is_done_and_what_is_done_is_looked_at_within_working_days() -> None:
    assert clocks.done_by(FRIDAY, ZONE) == datetime(2027, 1, 6, 17, 0, tzinfo=UTC)
    assert clocks.review_by(FRIDAY, ZONE) == datetime(2026, 12, 22, 17, 0, tzinfo=UTC)


def test_the_law_gives_a_day_for_an_emergency_and_ten_working_days_for_a_significant_hazard() -> None:
    assert clocks.duty_by(Judgement.EMERGENCY, FRIDAY, ZONE) == FRIDAY + timedelta(hours=24)
    significant = clocks.duty_by(Judgement.SIGNIFICANT, FRIDAY, ZONE)
    assert significant is not None
    assert significant == datetime(2027, 1, 6, 23, 59, 59, tzinfo=UTC)  # past three bank holidays
    assert clocks.duty_by(Judgement.NO_HAZARD, FRIDAY, ZONE) is None
