"""Which troubles are told when and by which way, and which are over."""

from datetime import UTC, datetime, timedelta

import pytest

from app.auditing.standing import AGAIN_AFTER, STANDS_FOR, Standing

NOW = datetime(2026, 11, 22, 7, 46, tzinfo=UTC)
LATER = NOW + STANDS_FOR
STILL = {"schedule": "Ladders stand still."}
AWAY = {"database": "It does not answer."}


def told_of(found: dict[str, str], *ways: str) -> Standing:
    """How things stand at LATER once these ways were told of what was found at NOW."""
    stands = Standing().seen(found, NOW).seen(found, LATER)
    for way in ways:
        stands = stands.told(way, LATER)
    return stands


def test_a_trouble_is_told_once_it_stands_at_a_second_look() -> None:
    first = Standing().seen(STILL, NOW)
    assert first.due("mail", NOW) == {}
    second = first.seen({"schedule": "Ladders stand still for 20 s."}, LATER)
    (told,) = second.due("mail", LATER).values()
    assert (told.words, told.since) == ("Ladders stand still for 20 s.", NOW)
    assert second.told("mail", LATER).due("mail", LATER + STANDS_FOR) == {}


def test_what_was_gone_at_the_next_look_is_neither_told_nor_over() -> None:
    stands = Standing().seen(STILL, NOW).seen({}, LATER)
    assert (stands.due("mail", LATER), stands.over) == ({}, {})


def test_a_trouble_that_nobody_could_be_told_of_stays_due() -> None:
    stands = told_of(STILL)
    assert stands.seen(STILL, LATER + STANDS_FOR).due("mail", LATER + STANDS_FOR).keys() == {"schedule"}


def test_a_trouble_that_stands_is_told_again() -> None:
    stands = told_of(STILL, "mail")
    assert stands.due("mail", LATER + AGAIN_AFTER - timedelta(seconds=1)) == {}
    assert stands.due("mail", LATER + AGAIN_AFTER).keys() == {"schedule"}


def test_a_way_that_failed_is_due_until_it_takes_it_and_no_other_is_told_twice() -> None:
    stands = told_of(STILL, "mail")
    for later in (LATER, LATER + STANDS_FOR, LATER + AGAIN_AFTER - STANDS_FOR):
        assert stands.due("web", later).keys() == {"schedule"}
        assert stands.due("mail", later) == {}
    assert stands.told("web", LATER).due("web", LATER + STANDS_FOR) == {}


def test_each_way_that_was_told_hears_that_it_is_over_and_only_those() -> None:
    stands = told_of(STILL, "mail", "web").seen({}, LATER)
    stands = stands.told("mail", LATER)
    assert stands.over_for("mail") == {}
    assert stands.seen({}, LATER + STANDS_FOR).over_for("web").keys() == {"schedule"}
    assert stands.over_for("another") == {}
    assert stands.told("web", LATER).over == {}


def test_what_is_back_before_a_way_heard_that_it_was_over_is_one_and_the_same_to_it() -> None:
    stands = told_of(STILL, "mail", "web").seen({}, LATER).told("mail", LATER).seen(STILL, LATER)
    assert stands.over == {}
    later = LATER + STANDS_FOR
    assert stands.due("mail", later).keys() == {"schedule"}
    assert stands.due("web", later) == {}
    assert stands.seen({}, later).over_for("web").keys() == {"schedule"}


@pytest.mark.parametrize("told", [(), ("mail",)])
def test_while_the_database_is_away_what_stood_stands_and_nothing_is_over(told: tuple[str, ...]) -> None:
    both = {**STILL, "alerts": "1 open alert has no next step."}
    before = told_of(both, *told)
    stands = before.seen(AWAY, LATER)
    assert stands.troubles.keys() == {"schedule", "alerts", "database"}
    assert {key: stands.troubles[key] for key in both} == before.troubles
    assert stands.over == {}
    assert stands.seen(STILL, LATER + STANDS_FOR).over.keys() == ({"alerts"} if told else set())


def test_while_schedule_is_silent_its_ticks_can_not_be_seen_and_are_not_over() -> None:
    tick = {"schedule: escalate": "It fails.", "intake": "It is silent."}
    stands = told_of(tick, "mail").seen(STILL, LATER)
    assert stands.troubles.keys() == {"schedule: escalate", "schedule"}
    assert stands.over.keys() == {"intake"}


def test_nobody_heard_of_a_trouble_that_is_due_to_every_way() -> None:
    ways = ("mail", "web")
    assert Standing().seen(STILL, NOW).unheard(ways, NOW) == set()
    assert told_of(STILL).unheard(ways, LATER) == {"schedule"}
    assert told_of(STILL, "web").unheard(ways, LATER) == set()
    assert told_of(STILL, "log").unheard((), LATER) == {"schedule"}, "there is no way at all"
