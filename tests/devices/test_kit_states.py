"""What kit last said of its power, its lines, faults and tests."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import kit_states
from devices.gather import Spoken
from devices.kit_states import Key, Wrong
from devices.measurement import Flags
from devices.models import KitState
from devices.series import SeriesKey
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import HOUR, MINUTE

UNIT = 7


def say(
    kind: str, value: float, at: datetime = NOW, *, flags: int = 0, device: int = UNIT, channel: str = ""
) -> Spoken:
    return Spoken(SeriesKey(device, channel, kind), at, value, flags, None)


@pytest.fixture
def unit(session: Session) -> int:
    return kit.device(session, "unit", name="Care phone", life_safety=True).id


def wrong(session: Session, *wanted: str) -> list[Wrong]:
    session.expire_all()
    return kit_states.list_wrong(session, wanted or tuple(kit_states.WRONG))


def rows(session: Session) -> list[KitState]:
    session.expire_all()
    return list(session.scalars(select(KitState)))


def test_mains_that_failed_are_wrong_from_then_until_they_are_restored(session: Session, unit: int) -> None:
    kit_states.note(session, [say("mains_failed", 1, NOW, device=unit)])
    kit_states.note(session, [say("mains_failed", 1, NOW + MINUTE, device=unit)])
    assert wrong(session) == [Wrong(unit, "mains_failed", "", NOW, True)]

    kit_states.note(session, [say("mains_failed", 0, NOW + HOUR, device=unit)])
    assert wrong(session) == []


def test_kit_that_never_was_on_the_mains_has_not_lost_them(session: Session, unit: int) -> None:
    kit_states.note(session, [say("mains_power", 0, NOW, device=unit)])
    assert wrong(session) == []

    kit_states.note(session, [say("mains_power", 1, NOW + MINUTE, device=unit)])
    kit_states.note(session, [say("mains_power", 0, NOW + HOUR, device=unit)])
    assert wrong(session) == [Wrong(unit, "mains_power", "", NOW + HOUR, True)]


def test_a_battery_that_is_well_has_not_failed_any_more(session: Session, unit: int) -> None:
    kit_states.note(session, [say("battery_failed", 1, NOW, device=unit)])
    kit_states.note(session, [say("battery_low", 0, NOW + MINUTE, device=unit)])
    assert wrong(session) == []


def test_each_line_is_lost_and_back_for_itself(session: Session, unit: int) -> None:
    for channel in ("IP line", "mobile line"):
        kit_states.note(session, [say("line_lost", 1, device=unit, channel=channel)])
    kit_states.note(session, [say("line_lost", 0, NOW + MINUTE, device=unit, channel="IP line")])
    assert [each.channel for each in wrong(session)] == ["mobile line"]


def test_what_was_measured_before_the_last_word_changes_nothing(session: Session, unit: int) -> None:
    kit_states.note(
        session, [say("mains_failed", 0, NOW, device=unit), say("mains_failed", 1, NOW - HOUR, device=unit)]
    )
    kit_states.note(session, [say("mains_failed", 1, NOW - MINUTE, device=unit)])
    assert wrong(session) == []


def test_a_state_that_was_sent_again_shows_what_is_wrong_and_ends_nothing(
    session: Session, unit: int
) -> None:
    replayed = int(Flags.REPLAYED)
    kit_states.note(session, [say("mains_failed", 1, NOW, device=unit, flags=replayed)])
    assert wrong(session) == [Wrong(unit, "mains_failed", "", NOW, False)]
    kit_states.note(session, [say("mains_failed", 0, NOW + MINUTE, device=unit, flags=replayed)])
    assert len(wrong(session)) == 1
    kit_states.note(session, [say("mains_failed", 1, NOW + MINUTE, device=unit)])
    assert wrong(session) == [Wrong(unit, "mains_failed", "", NOW, True)]


def test_what_was_never_wrong_and_what_is_not_of_kit_take_no_row(session: Session, unit: int) -> None:
    kit_states.note(session, [say("battery_low", 0, device=unit), say("motion", 1, device=unit)])
    assert rows(session) == []


def test_the_last_test_is_the_latest_that_came_through(session: Session, unit: int) -> None:
    assert kit_states.last_test(session, unit) is None
    kit_states.note(session, [say("test_call", 1, NOW, device=unit, channel="first line")])
    kit_states.note(session, [say("test_call", 1, NOW + HOUR, device=unit, channel="first line")])
    kit_states.note(session, [say("pendant", 1, NOW + MINUTE, device=unit, flags=int(Flags.TEST))])
    last = kit_states.last_test(session, unit)
    assert last is not None
    assert (last.channel, last.at) == ("first line", NOW + HOUR)
    assert [row.channel for row in rows(session) if row.at == NOW + MINUTE] == [kit_states.PRESSED]


READINGS = st.lists(
    st.builds(
        lambda minute, value: say("mains_failed", value, NOW + minute * MINUTE),
        st.integers(0, 30),
        st.sampled_from([0.0, 1.0]),
    ),
    min_size=1,
    unique_by=lambda each: each.at,
)


@settings(max_examples=50)
@given(READINGS, st.randoms())
def test_the_order_in_which_they_came_says_nothing(spoken: list[Spoken], random: object) -> None:
    mixed = list(spoken)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert kit_states.last_said(mixed) == kit_states.last_said(spoken)
    last = max(spoken, key=lambda each: each.at)
    assert kit_states.last_said(spoken)[Key(UNIT, "mains_failed", "")].value == last.value
