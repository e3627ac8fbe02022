"""How pressing it is that a home lost its mains or a line, and which homes are one outage."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from care_plans.judging import outages
from care_plans.judging.outages import Lost, What
from care_plans.severity import Severity

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
UNTIL = "Monday 23 November, 10:00"
ONE = Lost(3, What.MAINS, AT, "Westmere", ("Care phone",), protects=True, asked=1, battery_hours=24)


def street(*minutes: int, **more: object) -> list[Lost]:
    """A home for each, that lost its mains so many minutes later."""
    return [
        replace(ONE, subject=2 * n + 1, since=AT + minute * MINUTE, **more)  # type: ignore[arg-type]
        for n, minute in enumerate(minutes)
    ]


def test_three_homes_of_a_place_within_minutes_are_one_outage() -> None:
    homes = street(0, 10, 20)
    (found,) = outages.outages(homes)
    assert (found.what, found.place, found.homes) == (What.MAINS, "Westmere", tuple(homes))


@pytest.mark.parametrize(
    "homes",
    [
        street(0, 10),
        street(0, 10, 40),
        [replace(one, place=None) for one in street(0, 1, 2)],
        [replace(one, place=place) for one, place in zip(street(0, 1, 2), "ABC", strict=True)],
        [replace(one, what=what) for one, what in zip(street(0, 1, 2), What, strict=True)],
        [replace(one, subject=3) for one in street(0, 1, 2)],
    ],
)
def test_two_or_far_apart_or_elsewhere_or_something_else_are_none(homes: list[Lost]) -> None:
    assert outages.outages(homes) == []


def test_of_an_outage_one_home_of_each_team_calls_and_the_others_stand_on_the_board() -> None:
    homes = [*street(0, 1, 2), replace(ONE, subject=99, since=AT + 3 * MINUTE, asked=2)]
    (found,) = outages.outages(homes)
    told = [outages.severity(one, found, AT + 5 * MINUTE) for one in homes]
    assert told == [Severity.AMBER, Severity.WATCH, Severity.WATCH, Severity.AMBER]


def test_the_first_that_protects_somebody_calls_for_all() -> None:
    homes = street(0, 1, 2)
    homes[0] = replace(homes[0], protects=False)
    (found,) = outages.outages(homes)
    assert [found.leads(one) for one in homes] == [False, True, False]


@pytest.mark.parametrize(
    ("hours", "minutes", "severity"),
    [
        (24, 0, Severity.AMBER),
        (24, 22 * 60 + 59, Severity.AMBER),
        (24, 23 * 60, Severity.RED),
        (1, 29, Severity.AMBER),
        (1, 30, Severity.RED),
        (None, 29, Severity.AMBER),
        (None, 30, Severity.RED),
        (0, 0, Severity.RED),
    ],
)
def test_it_presses_before_the_battery_runs_out(hours: int | None, minutes: int, severity: Severity) -> None:
    lost = replace(ONE, battery_hours=hours)
    assert outages.severity(lost, None, AT + minutes * MINUTE) is severity


def test_in_an_outage_too_each_home_calls_before_its_own_battery_runs_out() -> None:
    homes = street(0, 1, 2, battery_hours=2)
    (found,) = outages.outages(homes)
    told = [outages.severity(one, found, AT + HOUR + 5 * MINUTE) for one in homes]
    assert told == [Severity.RED, Severity.AMBER, Severity.AMBER]


def test_kit_that_protects_nobody_and_a_backup_line_are_watched() -> None:
    assert outages.severity(replace(ONE, protects=False), None, AT + 48 * HOUR) is Severity.WATCH
    assert outages.severity(replace(ONE, what=What.BACKUP_LINE), None, AT) is Severity.WATCH
    assert outages.severity(replace(ONE, what=What.LINE), None, AT + 48 * HOUR) is Severity.AMBER


def test_the_words_say_until_when_the_battery_lasts_and_how_that_is_known() -> None:
    assert outages.words(ONE, None, AT, UNTIL) == (
        f"Mains power failed, Care phone; its battery lasts until about {UNTIL}"
    )
    unknown = replace(ONE, battery_hours=None)
    assert f"so until {UNTIL} is assumed" in outages.words(unknown, None, AT, UNTIL)
    assert "may be without protection" in outages.words(ONE, None, AT + 24 * HOUR, UNTIL)
    (found,) = outages.outages(street(0, 1, 2))
    assert outages.words(found.homes[0], found, AT, UNTIL).endswith("; one of 3 homes, Westmere")
    assert outages.words(replace(ONE, what=What.LINE), None, AT, UNTIL) == "Line lost, Care phone"


@settings(max_examples=50)
@given(st.lists(st.integers(0, 90), min_size=1, max_size=12), st.integers(0, 1000))
def test_the_order_in_which_they_are_told_says_nothing(minutes: list[int], seed: int) -> None:
    homes = street(*minutes)
    mixed = list(homes)
    Random(seed).shuffle(mixed)
    assert outages.outages(mixed) == outages.outages(homes)


@settings(max_examples=50)
@given(st.integers(0, 48), st.integers(0, 3000), st.integers(0, 3000))
def test_it_never_gets_less_severe_while_it_lasts(hours: int, early: int, later: int) -> None:
    lost = replace(ONE, battery_hours=hours)
    first, then = (AT + each * MINUTE for each in sorted((early, later)))
    assert outages.severity(lost, None, first).rank <= outages.severity(lost, None, then).rank
