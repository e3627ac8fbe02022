"""How a desk copes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.alerts.events import What
from care_plans.models.alerts import Cause, ContactKind
from care_plans.severity import Class, Severity
from outcomes import desk
from outcomes.desk import Told

START = datetime(2026, 11, 16, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
RAISED = Told(1, "1 copd.oxygen_low", What.RAISED, START, Severity.RED, Class.CLINICAL)


def after(seconds: float, **changes: object) -> Told:
    return replace(RAISED, at=START + seconds * SECOND, **changes)  # type: ignore[arg-type]


def asked(seconds: float, team: int = 1, **changes: object) -> Told:
    return after(seconds, what=What.STEP, team_id=team, **changes)


def test_each_step_that_asks_a_team_anew_is_put_before_it() -> None:
    events = [RAISED, asked(0), asked(30, repeats=True), asked(700), asked(700, 2), after(9, what=What.STEP)]
    found = desk.loads(events, START, START + 60 * MINUTE)
    assert {team: one.presented for team, one in found.items()} == {1: 2, 2: 1}
    assert found[1].per_ten == pytest.approx(2 / 6)
    assert (found[1].busiest, found[1].busiest_at) == (1, START)


def test_a_flood_lasts_until_it_has_ebbed() -> None:
    tens = [1, 10, 5, 4, 9, 10]
    times = [START + (10 * ten + 1) * MINUTE for ten, number in enumerate(tens) for _ in range(number)]
    found = desk.load(times, START, START + 60 * MINUTE)
    assert (found.floods, found.flooded) == (2, 30 * MINUTE)
    assert (found.busiest, found.busiest_at) == (10, START + 10 * MINUTE)


def test_nothing_put_before_somebody_is_no_load() -> None:
    assert desk.load([], START, START) == desk.Load(0, 0.0, 0, None, 0, timedelta(0))


@given(st.lists(st.integers(0, 6 * 3600 - 1)))
def test_what_was_presented_is_what_the_tens_hold(seconds: list[int]) -> None:
    end = START + timedelta(hours=6)
    found = desk.load([START + each * SECOND for each in seconds], START, end)
    assert found.presented == len(seconds)
    assert found.per_ten * 36 == pytest.approx(len(seconds))
    assert found.busiest <= found.presented
    assert found.flooded <= end - START


def test_how_alerts_divide_is_told_of_those_raised() -> None:
    amber = after(1, severity=Severity.AMBER)
    worse = after(2, what=What.WORSE)
    told = desk.mix([RAISED, amber, amber, after(3, severity=Severity.WATCH), worse])
    assert told == {Severity.RED: 0.25, Severity.AMBER: 0.5, Severity.WATCH: 0.25}
    assert desk.mix([worse]) == {}


def test_what_comes_back_three_times_within_a_day_chatters() -> None:
    day = 86400
    back = [after(hours * 3600, what=What.REOPENED, alert_id=hours) for hours in (10, 23)]
    assert desk.chattering([RAISED, *back]) == 1
    assert desk.chattering([RAISED, back[0], after(day + 1, what=What.REOPENED)]) == 0
    assert desk.chattering([RAISED, *(replace(one, thing="2 copd.oxygen_low") for one in back)]) == 0


def test_taken_up_is_the_first_that_anybody_did_and_no_answered_call() -> None:
    now = START + 60 * MINUTE
    events = [
        RAISED,
        after(20, what=What.ACKNOWLEDGED),  # by nobody of the staff: Hearthline's own
        after(59, what=What.ACKNOWLEDGED, by_staff=True),
        after(100, what=What.WORSE),
        after(250, what=What.CONTACT, by_staff=True),
        after(0, alert_id=2, severity=Severity.WATCH),
        after(0, alert_id=3, class_=Class.LIFE_SAFETY),
    ]
    assert [(one.met, one.of) for one in desk.taken_up(events, now)] == [(1, 3), (2, 3)]
    assert [(one.met, one.of) for one in desk.taken_up(events, now, Class.LIFE_SAFETY)] == [(0, 1), (0, 1)]
    assert [one.share for one in desk.taken_up([], now)] == [None, None]


def test_what_can_still_be_in_time_is_left_out() -> None:
    [in_60, in_180] = desk.taken_up([RAISED], START + 100 * SECOND)
    assert (in_60.met, in_60.of) == (0, 1)
    assert (in_180.met, in_180.of) == (0, 0)


def test_attended_is_from_going_to_being_there() -> None:
    going = after(0, what=What.GOING, by_staff=True)
    spoke = after(60, what=What.CONTACT, by_staff=True, contact=ContactKind.SPOKE_TO)
    there = after(50 * 60, what=What.CONTACT, by_staff=True, contact=ContactKind.WITH_THEM_NOW)
    late = [replace(going, alert_id=2)]
    found = desk.attended([going, spoke, there, *late], START + timedelta(hours=3))
    assert [(one.met, one.of) for one in found] == [(0, 2), (1, 2)]


def test_whoever_fell_is_waited_for_from_the_fall_itself_and_a_false_alarm_is_no_fall() -> None:
    fell = replace(RAISED, kind="fall", began_at=START - timedelta(minutes=30))
    there = replace(fell, what=What.CONTACT, at=START + timedelta(minutes=20), contact=ContactKind.SAW)
    alone = replace(fell, alert_id=2)
    spoken_to = replace(alone, what=What.CONTACT, contact=ContactKind.SPOKE_TO)
    slipped = replace(fell, alert_id=3, cause=Cause.FALSE_USER)
    [in_an_hour] = desk.lain([fell, there, alone, spoken_to, slipped], START + timedelta(hours=3))
    assert (in_an_hour.met, in_an_hour.of) == (1, 2)
    assert desk.lain([RAISED], START + timedelta(hours=3))[0].share is None
