from datetime import UTC, datetime, timedelta

import pytest

from care_plans.alerts import on_the_floor
from care_plans.models.alerts import Cause, ContactKind

FELL = datetime(2026, 11, 27, 2, 13, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return FELL + timedelta(minutes=minutes)


def test_it_is_from_the_fall_until_somebody_was_with_them_not_until_they_were_spoken_to() -> None:
    contacts = [(after(3), ContactKind.SPOKE_TO), (after(45), ContactKind.WITH_THEM_NOW), (after(60), "saw")]
    floor = on_the_floor.time_of("fall", FELL, contacts, None)
    assert floor is not None
    assert floor.until == after(45)
    assert floor.lasted(after(300)) == timedelta(minutes=45)
    assert not floor.long(after(300))


def test_while_nobody_is_with_them_it_goes_on_and_after_an_hour_it_is_long() -> None:
    floor = on_the_floor.time_of("fall", FELL, [(after(3), ContactKind.SPOKE_TO)], None)
    assert floor is not None
    assert floor.until is None
    assert not floor.long(after(60))
    assert floor.long(after(61))


@pytest.mark.parametrize("cause", [Cause.FALSE_USER, Cause.FALSE_KIT, Cause.TEST, Cause.DUPLICATE])
def test_where_nobody_fell_nobody_lay(cause: Cause) -> None:
    assert on_the_floor.time_of("fall", FELL, [], cause) is None


def test_only_a_fall_is_one() -> None:
    assert on_the_floor.time_of("pendant", FELL, [], None) is None
    assert on_the_floor.time_of(None, FELL, [], None) is None


def test_a_clock_that_is_ahead_makes_no_time_below_none() -> None:
    floor = on_the_floor.time_of("fall", FELL, [(after(-2), ContactKind.SAW)], Cause.TRUE_ACTED)
    assert floor is not None
    assert floor.lasted(FELL) == timedelta(0)
