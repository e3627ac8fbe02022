"""By which ways somebody is told, and when."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.channel import Channel
from care_plans.messages.telling import Quiet, Sending, Ways, next_after, quiet_until, sendings

EMAIL, SMS, PUSH = Channel.EMAIL, Channel.SMS, Channel.PUSH
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe")
NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
NIGHT = Quiet(time(22), time(7), "Europe/London")
MINE = Ways((PUSH, SMS, EMAIL), (PUSH, EMAIL), timedelta(minutes=3), NIGHT)


def test_whoever_has_chosen_nothing_is_told_by_email_at_once() -> None:
    for important in (True, False):
        assert sendings(Ways(), NOW, important=important) == (Sending(EMAIL, NOW),)


def test_what_is_important_goes_by_every_way_whatever_the_hour() -> None:
    assert sendings(MINE, NOW, important=True) == (
        Sending(PUSH, NOW),
        Sending(SMS, NOW + timedelta(minutes=3)),
        Sending(EMAIL, NOW + timedelta(minutes=6)),
    )


def test_what_is_ordinary_waits_for_the_end_of_quiet_hours_or_goes_without_a_sound() -> None:
    morning = datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert sendings(MINE, NOW, important=False) == (Sending(PUSH, morning),)
    assert sendings(MINE, NOW, important=False, can_wait=False) == (Sending(EMAIL, NOW),)
    assert sendings(MINE, morning, important=False) == (Sending(PUSH, morning),)


def test_a_way_that_does_not_reach_them_is_passed_over_unless_it_is_the_only_one() -> None:
    bad = frozenset({SMS})
    assert [each.channel for each in sendings(Ways((SMS, EMAIL), bad=bad), NOW, important=True)] == [EMAIL]
    assert [each.channel for each in sendings(Ways((SMS,), bad=bad), NOW, important=True)] == [SMS]


@pytest.mark.parametrize(
    ("tried", "then"),
    [([PUSH], SMS), ([PUSH, SMS], EMAIL), ([EMAIL], PUSH), ([PUSH, SMS, EMAIL], None)],
)
def test_after_one_that_failed_comes_the_next_in_order(tried: list[Channel], then: Channel | None) -> None:
    assert next_after(MINE, tried, important=True) is then


def test_email_comes_last_also_for_whom_it_is_not_among_their_ways() -> None:
    only = Ways((SMS,), (SMS,))
    assert next_after(only, [SMS], important=True) is EMAIL
    assert next_after(only, [SMS, EMAIL], important=False) is None


def test_quiet_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    friday_night = Quiet(time(22), time(7), "Europe/London", frozenset({4}))
    for day, hour, quiet in ((20, 23, True), (21, 3, True), (21, 23, False), (20, 3, False)):
        at = datetime(2026, 11, day, hour, tzinfo=UTC)
        assert (quiet_until(friday_night, at) is not None) is quiet


@pytest.mark.parametrize("zone", ZONES)
@given(
    minutes=st.integers(0, 366 * 24 * 60),
    starts=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    ends=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
)
def test_quiet_hours_end_at_their_time_of_the_wall_on_every_day_of_a_year(
    zone: str, minutes: int, starts: time, ends: time
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    quiet = None if starts == ends else Quiet(starts, ends, zone)
    until = quiet_until(quiet, now)
    if until is None:
        return
    assert now < until <= now + timedelta(hours=26)
    there = until.astimezone(ZoneInfo(zone))
    exists = _exists(there.date(), ends, zone)
    assert not exists or there.time() == ends
    assert quiet_until(quiet, until) is None or _begins_at_once(quiet, until)


def _exists(day: object, at: time, zone: str) -> bool:
    """Whether the clock of the wall shows that time on that day."""
    there = datetime.combine(day, at, ZoneInfo(zone))  # type: ignore[arg-type]
    return there.astimezone(UTC).astimezone(ZoneInfo(zone)).time() == at


def _begins_at_once(quiet: Quiet | None, at: datetime) -> bool:
    """Hours that begin within the hour that a clock change leaves out, or repeats, may meet their own end."""
    if quiet is None:
        return False
    there = at.astimezone(ZoneInfo(quiet.zone))
    before = there.utcoffset()
    around = [(at + timedelta(hours=each)).astimezone(ZoneInfo(quiet.zone)).utcoffset() for each in (-3, 3)]
    return any(each != before for each in around)


@pytest.mark.parametrize("zone", ZONES)
def test_no_quiet_hours_move_when_the_clocks_change(zone: str) -> None:
    quiet = Quiet(time(22), time(7), zone)
    ends = set()
    for day in range(366):
        noon = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo(zone)) + timedelta(days=day)
        assert quiet_until(quiet, noon.astimezone(UTC)) is None
        until = quiet_until(quiet, noon.replace(hour=23).astimezone(UTC))
        assert until is not None
        ends.add(until.astimezone(ZoneInfo(zone)).time())
    assert ends == {time(7)}
