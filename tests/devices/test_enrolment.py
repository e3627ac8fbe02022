from dataclasses import replace
from datetime import timedelta

import pytest

from devices.enrolment import (
    CHANGES,
    NO_READING,
    NO_STATE,
    PRESS,
    RETAINED_ONLY,
    SPACE,
    WRONG_CLOCK,
    Mark,
    Refused,
    Seen,
    Spoken,
    State,
    Told,
    tell,
)
from tests.conftest import NOW

SECOND = timedelta(seconds=1)
WELL = Mark.FRESH | Mark.MEASURED | Mark.SAID_STATE
NOTHING = Seen("hub-1", NOW, None, (), {}, (), 0, 0, protects=False)
HEARD = replace(
    NOTHING, heard_at=NOW + SECOND, spoken=[Spoken("zigbee2mqtt", "A hub", NOW + SECOND, WELL)],
    stored={"room_temperature": NOW + SECOND},
)  # fmt: skip


def spoke(marks: Mark) -> Told:
    return tell(replace(HEARD, spoken=[Spoken("zigbee2mqtt", "A hub", NOW, marks)]), NOW + 5 * SECOND)


def refused(code: str) -> Told:
    return tell(replace(HEARD, refused=[Refused(code, "This is not so.", 3, NOW)]), NOW + 5 * SECOND)


def test_in_the_first_two_minutes_silence_is_only_waited_for() -> None:
    told = tell(NOTHING, NOW + 119 * SECOND)
    assert [each.state for each in told.steps] == [State.WAITING]
    assert told.changes == ()


def test_after_two_minutes_of_nothing_it_says_what_to_look_at_with_the_prefix_of_this_key() -> None:
    told = tell(NOTHING, NOW + 120 * SECOND)
    assert told.steps[0].state is State.AMISS
    assert any("hearth/v1/hub-1/" in each for each in told.changes)
    assert any("TLS" in each for each in told.changes)


def test_what_was_heard_before_the_secret_was_set_counts_for_nothing() -> None:
    told = tell(replace(HEARD, heard_at=NOW - SECOND), NOW + 5 * SECOND)
    assert told.steps[0].state is State.WAITING


def test_a_hub_that_said_all_is_told_so() -> None:
    told = tell(HEARD, NOW + 5 * SECOND)
    assert told.whole
    assert all(each.state is State.HEARD for each in told.steps)


@pytest.mark.parametrize(
    ("marks", "change"),
    [
        (WELL | Mark.SPACE, SPACE),
        (WELL | Mark.WRONG_CLOCK, WRONG_CLOCK),
        (Mark.RETAINED | Mark.SAID_STATE, RETAINED_ONLY),
        (Mark.FRESH | Mark.MEASURED, NO_STATE),
    ],
)
def test_each_pattern_has_what_to_change(marks: Mark, change: str) -> None:
    assert spoke(marks).changes == (change,)


def test_no_clock_at_all_is_no_fault() -> None:
    assert spoke(WELL | Mark.NO_CLOCK).whole


@pytest.mark.parametrize("code", sorted(CHANGES))
def test_each_known_refusal_has_its_change_and_is_not_whole(code: str) -> None:
    told = refused(code)
    assert len(told.changes) == 1
    assert "{" not in told.changes[0]


def test_an_unknown_refusal_is_told_by_its_reason() -> None:
    assert "This is not so." in refused("something_new").changes[0]


def test_kit_that_protects_is_whole_only_after_a_test_alarm() -> None:
    quiet = replace(HEARD, protects=True)
    assert tell(quiet, NOW + 5 * SECOND).missing == (PRESS,)
    pressed = replace(quiet, stored={**HEARD.stored, "smoke": NOW + SECOND})
    assert tell(pressed, NOW + 5 * SECOND).whole


def test_what_its_model_should_say_and_did_not_is_named() -> None:
    told = tell(replace(HEARD, awaited=frozenset({"smoke", "room_temperature"})), NOW + 5 * SECOND)
    assert len(told.missing) == 1
    assert "Smoke" in told.missing[0]


def test_kit_that_speaks_and_measures_nothing_is_asked_to_measure() -> None:
    assert NO_READING in tell(replace(HEARD, stored={}), NOW + 5 * SECOND).missing


def test_sensors_that_wait_for_a_room_are_counted() -> None:
    told = tell(replace(HEARD, placed=1, waiting=2), NOW + 5 * SECOND)
    assert "1 placed, 2 to be placed." in [each.words for each in told.steps]
