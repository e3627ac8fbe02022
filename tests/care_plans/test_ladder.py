from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from care_plans.alerts.ladder import (
    Due,
    Ladder,
    LadderStep,
    Stopped,
    Way,
    asked_from,
    faults,
    from_document,
    next_step,
    to_document,
    when_words,
)
from care_plans.judging.conditions import Class, Severity
from care_plans.judging.hours import Hours
from core.errors import Invalid
from tests.care_plans.making import NOW, ago

BOARD = LadderStep(1, "Coordinators", Way.BOARD, 300, team=11)
FAMILY = LadderStep(2, "Beth, key holder", Way.CALL, 300, contact=5)
CENTRE = LadderStep(3, "All hours", Way.CALL, 600, team=12, staffed_all_hours=True, receiving_centre=True)
LADDER = Ladder("clinical", "Breathing worse", (BOARD, FAMILY, CENTRE))
MINUTE = timedelta(minutes=1)


def after(position: int, minutes_ago: float, **more: Any) -> Due | Stopped:
    said = {
        "contact_made": False,
        "acknowledged": False,
        "severity": Severity.RED,
        "going_until": None,
        **more,
    }
    return next_step(LADDER, position, NOW - minutes_ago * MINUTE, NOW, **said)  # type: ignore[arg-type]


def test_an_alert_begins_with_the_first_step_at_once() -> None:
    assert after(0, 0) == Due(1, NOW)


def test_the_next_step_is_due_when_the_wait_of_this_one_is_over() -> None:
    assert after(1, 2) == Due(2, NOW + 3 * MINUTE)
    assert after(2, 7) == Due(3, NOW - 2 * MINUTE)


def test_the_last_step_repeats() -> None:
    assert after(3, 1) == Due(3, NOW + 9 * MINUTE, repeats=True)


def test_acknowledging_a_red_alert_does_not_stop_its_ladder() -> None:
    assert after(1, 2, acknowledged=True) == Due(2, NOW + 3 * MINUTE)


@pytest.mark.parametrize("severity", [Severity.AMBER, Severity.WATCH])
def test_acknowledging_a_lesser_alert_stops_its_ladder(severity: Severity) -> None:
    assert after(1, 2, acknowledged=True, severity=severity) == Stopped("Somebody has acknowledged it.")
    assert after(1, 2, severity=severity) == Due(2, NOW + 3 * MINUTE)


@pytest.mark.parametrize("severity", list(Severity))
def test_a_recorded_contact_stops_every_ladder(severity: Severity) -> None:
    assert after(3, 99, contact_made=True, severity=severity) == Stopped("Contact has been made.")


def test_somebody_who_is_going_holds_the_ladder_until_their_time() -> None:
    assert after(1, 2, going_until=NOW + 20 * MINUTE) == Due(2, NOW + 20 * MINUTE)


def test_somebody_who_did_not_arrive_lets_the_next_step_begin_at_once() -> None:
    overdue = after(1, 2, going_until=NOW)
    assert isinstance(overdue, Due)
    assert overdue == Due(2, NOW)
    late = after(1, 30, going_until=NOW - MINUTE)
    assert late == Due(2, NOW - MINUTE)


def test_a_promise_from_before_this_step_has_had_its_effect() -> None:
    assert after(2, 1, going_until=NOW - 2 * MINUTE) == Due(3, NOW + 4 * MINUTE)


def test_a_good_ladder_has_no_faults_for_any_class() -> None:
    assert [faults(LADDER, class_) for class_ in Class] == [[]] * 4


def test_family_is_never_the_last_step() -> None:
    ladder = replace(LADDER, steps=(BOARD, FAMILY))
    for class_ in Class:
        assert (
            "The last step can't be family or neighbours: end with a team that is always staffed."
            in faults(ladder, class_)
        )


@pytest.mark.parametrize("class_", [Class.LIFE_SAFETY, Class.CLINICAL])
def test_the_last_step_of_a_matter_of_health_is_staffed_round_the_clock(class_: Class) -> None:
    by_day = replace(CENTRE, staffed_all_hours=False, receiving_centre=False)
    one_person = replace(by_day, team=None, staff=7, staffed_all_hours=True)
    said = "The last step must be staffed round the clock, or be a receiving centre."
    assert said in faults(replace(LADDER, steps=(BOARD, FAMILY, by_day)), class_)
    assert said in faults(replace(LADDER, steps=(BOARD, FAMILY, one_person)), class_)
    assert faults(replace(LADDER, steps=(BOARD, FAMILY, by_day)), Class.HOME_SOCIAL) == []


def test_a_life_safety_ladder_needs_a_voice() -> None:
    silent = replace(CENTRE, way=Way.MESSAGE, receiving_centre=False)
    ladder = replace(LADDER, steps=(BOARD, FAMILY, silent))
    assert faults(ladder, Class.LIFE_SAFETY) == [
        "A life-safety ladder needs a voice call to a team or to staff, or a receiving centre."
    ]
    assert faults(replace(ladder, steps=(BOARD, FAMILY, CENTRE)), Class.LIFE_SAFETY) == []


def test_each_step_names_one_recipient_and_a_wait() -> None:
    nobody = replace(BOARD, team=None)
    several = replace(BOARD, staff=4)
    hasty = replace(BOARD, wait=0)
    on_the_board = replace(FAMILY, way=Way.BOARD)
    said = "Step 1 must name one team, one member of staff or one contact."
    assert faults(replace(LADDER, steps=(nobody, FAMILY, CENTRE)), Class.CLINICAL) == [said]
    assert faults(replace(LADDER, steps=(several, FAMILY, CENTRE)), Class.CLINICAL) == [said]
    assert "a time after which" in faults(replace(LADDER, steps=(hasty, FAMILY, CENTRE)), Class.CLINICAL)[0]
    assert (
        "don't see the board"
        in faults(replace(LADDER, steps=(BOARD, on_the_board, CENTRE)), Class.CLINICAL)[0]
    )


def test_a_ladder_without_steps_or_with_a_gap_is_faulty() -> None:
    assert faults(replace(LADDER, steps=()), Class.TECHNICAL) == [
        "The ladder has no step: nobody would be contacted."
    ]
    assert faults(replace(LADDER, steps=(BOARD, CENTRE)), Class.TECHNICAL) == [
        "The steps must be numbered from 1 on, without a gap."
    ]


def test_a_ladder_is_read_back_as_it_was_written() -> None:
    document = to_document(LADDER)
    assert from_document(document) == LADDER
    assert to_document(from_document(document)) == document


def test_every_fault_of_a_ladder_document_is_named_at_its_place() -> None:
    with pytest.raises(Invalid) as refused:
        from_document(
            {
                "key": "Help!",
                "name": "Help",
                "steps": [{"position": 0, "way": "fax", "wait": "soon", "team": -1}],
            }
        )
    assert set(refused.value.fields) == {
        "key", "steps.0.position", "steps.0.words", "steps.0.way", "steps.0.wait", "steps.0.team",
    }  # fmt: skip


def test_time_runs_on_while_nobody_looks() -> None:
    assert next_step(
        LADDER, 1, ago(86400), NOW, contact_made=False, acknowledged=True, severity=Severity.RED
    ) == Due(2, ago(86400 - 300))


def test_a_ladder_that_asks_nobody_of_hearthlines_own_is_faulty() -> None:
    by_contract = replace(CENTRE, team=None, position=1)
    assert faults(replace(LADDER, steps=(by_contract,)), Class.LIFE_SAFETY) == [
        "No step asks a team or a member of staff: nobody would be told."
    ]


@pytest.mark.parametrize("class_", [Class.LIFE_SAFETY, Class.CLINICAL])
def test_the_last_step_of_a_matter_of_health_is_not_only_on_the_board(class_: Class) -> None:
    on_the_board = replace(CENTRE, way=Way.BOARD)
    assert "The last step must call or message: the board wakes nobody." in faults(
        replace(LADDER, steps=(BOARD, FAMILY, on_the_board)), class_
    )


NIGHT = replace(BOARD, position=2, words="Night nurses", between=Hours(time(22), time(7)))
AGAIN = replace(BOARD, position=3, words="Whoever leads", from_times=3)
PICKY = Ladder("clinical", "Breathing worse", (BOARD, NIGHT, AGAIN, replace(CENTRE, position=4)))


@pytest.mark.parametrize(
    ("hour", "times", "asked"),
    [(23, 1, 2), (3, 1, 2), (12, 1, 4), (12, 2, 4), (12, 3, 3), (23, 3, 2), (7, 3, 3), (22, 1, 2)],
)
def test_a_step_that_is_not_for_now_is_passed_over(hour: int, times: int, asked: int) -> None:
    at = datetime(2026, 11, 22, hour, tzinfo=UTC)
    assert asked_from(PICKY, 2, at, times) == asked
    due = next_step(
        PICKY, 1, at - 300 * timedelta(seconds=1), at, contact_made=False, acknowledged=False,
        severity=Severity.RED, times=times,
    )  # fmt: skip
    assert due == Due(asked, at)


def test_the_last_step_is_never_passed_over() -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    bad = replace(PICKY, steps=(BOARD, replace(NIGHT, position=2)))
    assert asked_from(bad, 2, at) == 2
    assert asked_from(PICKY, 5, at) == 4


@pytest.mark.parametrize("class_", list(Class))
@pytest.mark.parametrize("condition", [{"between": Hours(time(8), time(18))}, {"from_times": 2}])
def test_a_ladder_may_not_end_with_a_step_for_some_hours_or_for_what_comes_back(
    class_: Class, condition: dict[str, Any]
) -> None:
    ladder = replace(LADDER, steps=(BOARD, FAMILY, replace(CENTRE, **condition)))
    assert any("at any time, and at the first time" in fault for fault in faults(ladder, class_))


def test_a_voice_for_some_hours_alone_is_no_voice_for_life_safety() -> None:
    by_night = replace(BOARD, way=Way.CALL, between=Hours(time(22), time(7)))
    last = replace(CENTRE, position=2, way=Way.MESSAGE, receiving_centre=False)
    said = "A life-safety ladder needs a voice call to a team or to staff, or a receiving centre."
    assert faults(replace(LADDER, steps=(by_night, last)), Class.LIFE_SAFETY) == [said]


def test_hours_go_by_the_clock_of_the_home_also_when_it_changes() -> None:
    for zone in ("Europe/London", "America/New_York", "Australia/Lord_Howe"):
        ladder = replace(PICKY, zone=zone)
        for day in range(366):
            noon = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo(zone)) + timedelta(days=day)
            asked = {
                hour: asked_from(ladder, 2, noon.replace(hour=hour).astimezone(UTC))
                for hour in (7, 12, 21, 22, 23)
            }
            assert asked == {7: 4, 12: 4, 21: 4, 22: 2, 23: 2}


def test_conditions_of_steps_are_read_back_as_they_were_written() -> None:
    ladder = replace(PICKY, zone="Australia/Lord_Howe")
    assert from_document(to_document(ladder)) == ladder
    assert "zone" not in to_document(PICKY)
    for wrong, field in (
        ({"between": {"from": "22:00", "to": "22:00"}}, "steps.0.between.to"),
        ({"between": {"from": "10 pm", "to": "07:00"}}, "steps.0.between.from"),
        ({"from_times": 0}, "steps.0.from_times"),
        ({"from_times": 21}, "steps.0.from_times"),
    ):
        document = to_document(LADDER)
        document["steps"][0] |= wrong
        with pytest.raises(Invalid) as refused:
            from_document(document)
        assert field in refused.value.fields
    with pytest.raises(Invalid):
        from_document(to_document(LADDER) | {"zone": "Westmere"})


def test_when_a_step_is_asked_is_said() -> None:
    assert when_words(BOARD) == ""
    assert when_words(replace(NIGHT, from_times=2)) == "only from 22:00 to 07:00, only from the 2nd time on"
