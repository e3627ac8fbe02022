"""What should be heard and isn't."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from core.db import Db
from devices import kit_expected, last_word, silence, silent_after, subjects
from devices.gather import Word
from devices.measurement import Flags
from devices.models import Device, DeviceState, Expectation, HeardState
from devices.silence import LOOK_AGAIN, Unprotected, Window
from tests.cast import Cast, make
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import DAY, HOUR, MINUTE, message, says, spo2

HEARD, LATE, MISSING = HeardState.HEARD, HeardState.LATE, HeardState.MISSING


def mornings(_calendar: Mapping[str, Any], after: datetime) -> Window:
    """Each day from 5 to 10."""
    by = after.replace(hour=10, minute=0, second=0, microsecond=0)
    if by <= after:
        by += DAY
    return by - 5 * HOUR, by


def expect(session: Session, cast: Cast, **how: Any) -> Expectation:
    given = {"every_seconds": 7200, "grace_seconds": 3600, "first_by": NOW + HOUR, "now": NOW, "kind": "spo2"}
    return silence.expect(session, source="plan", subject=subjects.person(cast.ada.id), **(given | how))


def hear(session: Session, at: datetime, **more: Any) -> None:
    kit.take_in(session, says("oximeter-1", spo2(93, at, **more), at=at), now=at)
    kit.woken(session)


@pytest.fixture
def oximeter(session: Session, cast: Cast) -> Device:
    made = kit.device(session)
    kit.give(session, made, person_id=cast.ada.id)
    return made


def test_what_is_heard_moves_the_deadline_on_and_wakes_nobody(
    session: Session, cast: Cast, oximeter: Device
) -> None:
    expected = expect(session, cast)
    hear(session, NOW + 30 * MINUTE)
    assert silence.step(session, NOW + HOUR)
    assert (expected.state, expected.expected_by) == (HEARD, NOW + 30 * MINUTE + 2 * HOUR)
    assert expected.last_heard_at == NOW + 30 * MINUTE
    assert kit.woken(session) == set()
    assert not silence.step(session, NOW + HOUR), "nothing is due"


def test_silence_is_late_first_then_missing_and_each_wakes_the_person(
    session: Session, cast: Cast, oximeter: Device
) -> None:
    expected = expect(session, cast)
    ada = {subjects.person(cast.ada.id).number}
    silence.step(session, NOW + HOUR)
    assert (expected.state, expected.state_since) == (LATE, NOW + HOUR)
    assert kit.woken(session) == ada
    silence.step(session, NOW + HOUR + LOOK_AGAIN)
    assert kit.woken(session) == set(), "still late: nobody is woken again"
    silence.step(session, NOW + 2 * HOUR)
    assert (expected.state, expected.state_since) == (MISSING, NOW + 2 * HOUR)
    assert kit.woken(session) == ada


@pytest.mark.parametrize("silent_for", [HOUR + MINUTE, 5 * HOUR])
def test_what_is_heard_at_last_clears_it_soon(
    session: Session, cast: Cast, oximeter: Device, silent_for: timedelta
) -> None:
    expected = expect(session, cast)
    silence.step(session, NOW + silent_for)
    assert expected.state in (LATE, MISSING)
    hear(session, NOW + silent_for)
    silence.step(session, NOW + silent_for + LOOK_AGAIN)
    assert (expected.state, expected.expected_by) == (HEARD, NOW + silent_for + 2 * HOUR)
    assert kit.woken(session) == {subjects.person(cast.ada.id).number}


def test_a_replayed_reading_is_no_sign_of_life(session: Session, cast: Cast, oximeter: Device) -> None:
    expected = expect(session, cast)
    body = {"readings": [spo2(93, NOW + 30 * MINUTE)]}
    at = NOW + 30 * MINUTE
    kit.take_in(session, message("hearth/v1/oximeter-1/readings", body, at=at, retained=True))
    assert [Flags(row[3]) for row in kit.stored(session)] == [Flags.REPLAYED]
    silence.step(session, NOW + HOUR)
    assert expected.state is LATE


def test_another_kind_and_another_persons_reading_are_not_the_one_expected(
    session: Session, cast: Cast, oximeter: Device
) -> None:
    expected = expect(session, cast, kind="weight")
    hear(session, NOW + 30 * MINUTE)
    silence.step(session, NOW + HOUR)
    assert expected.state is LATE
    any_kind = expect(session, cast, kind=None)
    silence.step(session, NOW + HOUR)
    assert any_kind.state is HEARD


def test_a_reading_before_the_device_was_theirs_does_not_count(session: Session, cast: Cast) -> None:
    device = kit.device(session)
    kit.give(session, device, person_id=cast.ben.id, end=NOW + 40 * MINUTE)
    kit.give(session, device, person_id=cast.ada.id, start=NOW + 40 * MINUTE)
    hear(session, NOW + 30 * MINUTE)
    expected = expect(session, cast)
    silence.step(session, NOW + HOUR)
    assert expected.state is LATE


def test_a_home_is_expected_like_a_person(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session), home_id=cast.ada_home.id)
    home = subjects.home(cast.ada_home.id)
    expected = silence.expect(
        session, source="plan", subject=home, every_seconds=60, grace_seconds=60, first_by=NOW, now=NOW
    )
    silence.step(session, NOW)
    assert expected.state is LATE
    assert kit.woken(session) == {home.number}


def test_by_a_calendar_each_window_is_met_or_not(session: Session, cast: Cast, oximeter: Device) -> None:
    ten = NOW.replace(hour=10, minute=0)
    expected = expect(session, cast, every_seconds=None, calendar={"by": "10:00"}, first_by=ten)
    hear(session, ten - HOUR)
    assert silence.step(session, ten, next_window=mornings)
    assert (expected.state, expected.expected_by) == (HEARD, ten + DAY)
    hear(session, ten + HOUR)
    silence.step(session, ten + DAY, next_window=mornings)
    assert (expected.state, expected.state_since) == (LATE, ten + DAY), (
        "yesterday after ten is not this morning"
    )
    hear(session, ten + DAY + 30 * MINUTE)
    silence.step(session, ten + DAY + HOUR, next_window=mornings)
    assert (expected.state, expected.expected_by) == (HEARD, ten + 2 * DAY)


def from_ten_to_ten(_calendar: Mapping[str, Any], after: datetime) -> Window:
    """Each day by 10, from 10 the day before."""
    _opens, by = mornings({}, after)
    return by - DAY, by


def test_what_came_late_this_morning_is_not_tomorrows_as_well(
    session: Session, cast: Cast, oximeter: Device
) -> None:
    ten = NOW.replace(hour=10, minute=0)
    expected = expect(session, cast, every_seconds=None, calendar={"by": "10:00"}, first_by=ten)
    hear(session, ten + 30 * MINUTE)
    silence.step(session, ten + HOUR, next_window=from_ten_to_ten)
    assert (expected.state, expected.expected_by) == (HEARD, ten + DAY)
    silence.step(session, ten + DAY + HOUR, next_window=from_ten_to_ten)
    assert (expected.state, expected.state_since) == (MISSING, ten + DAY + HOUR)


def test_without_a_calendar_reader_calendars_are_left_alone(session: Session, cast: Cast) -> None:
    expect(session, cast, every_seconds=None, calendar={"by": "10:00"}, first_by=NOW)
    assert not silence.step(session, NOW)


def test_what_is_expected_again_is_changed_in_place(session: Session, cast: Cast) -> None:
    first = expect(session, cast)
    again = expect(session, cast, every_seconds=60, first_by=NOW + MINUTE)
    assert again is first
    assert (again.every_seconds, again.expected_by) == (60, NOW + MINUTE)
    same = expect(session, cast, every_seconds=60, first_by=NOW + DAY)
    assert same.expected_by == NOW + MINUTE, "nothing changed, so no deadline moves"


def test_what_has_ended_is_expected_no_more(session: Session, cast: Cast) -> None:
    expect(session, cast)
    expect(session, cast, kind="pulse")
    ada = subjects.person(cast.ada.id)
    assert silence.end(session, source="plan", subject=ada, kind="pulse", now=NOW) == 1
    assert silence.end(session, source="another plan", subject=ada, now=NOW) == 0
    assert silence.end(session, source="plan", subject=ada, now=NOW) == 1
    assert not silence.step(session, NOW + DAY)


def test_kit_is_heard_by_its_last_word_and_its_silence_wakes_who_has_it(
    session: Session, cast: Cast, oximeter: Device
) -> None:
    oximeter.silent_after_seconds = 3600
    kit_expected.expect(session, oximeter, NOW)
    last_word.write(session, {oximeter.id: Word(NOW + 30 * MINUTE)}, NOW)
    silence.step(session, NOW + HOUR)
    expected = session.scalars(select(Expectation)).one()
    assert (expected.state, expected.expected_by) == (HEARD, NOW + 90 * MINUTE)
    silence.step(session, NOW + DAY)
    assert expected.state is MISSING
    assert kit.woken(session) == {subjects.person(cast.ada.id).number}


def test_life_safety_kit_is_always_expected_and_other_kit_where_it_has_a_figure(session: Session) -> None:
    kit_expected.expect(session, kit.device(session, "pendant-1", life_safety=True), NOW)
    kit_expected.expect(session, kit.device(session, "scale-1"), NOW)
    expected = session.scalars(select(Expectation)).one()
    assert expected.every_seconds == silent_after.PROTECTS


def test_one_that_can_not_be_looked_at_keeps_no_other_from_it_and_stays_overdue(
    session: Session, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(calendar: Mapping[str, Any], after: datetime) -> Window:
        if "broken" in calendar:
            raise KeyError("times")
        return mornings(calendar, after)

    by_calendar = {"every_seconds": None, "kind": "pulse", "calendar": {"broken": True}}
    bad = expect(session, cast, **by_calendar)
    good = expect(session, cast, first_by=NOW + HOUR + MINUTE)
    assert silence.step(session, NOW + 2 * HOUR, next_window=broken)
    assert (good.state, bad.state) == (LATE, HEARD)
    assert kit.woken(session) == {subjects.person(cast.ada.id).number}
    assert bad.expected_by == NOW + HOUR
    assert "expectation could not be looked at" in caplog.messages
    assert not silence.step(session, NOW + 2 * HOUR, next_window=broken), "it is not tried in a loop"
    assert silence.count_overdue(session, NOW + HOUR) == 0
    assert silence.count_overdue(session, NOW + HOUR + MINUTE) == 1
    silence.end(session, source="plan", now=NOW, kind="pulse")
    assert silence.count_overdue(session, NOW + 2 * HOUR) == 0


def test_one_whose_change_the_database_refuses_is_undone_alone(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = expect(session, cast, kind="pulse"), expect(session, cast)

    def refuse(session: Session, changed: Sequence[Expectation], _now: datetime) -> None:
        session.execute(text("SELECT 1 / :divisor"), {"divisor": int(bad not in changed)})

    monkeypatch.setattr(silence, "_wake", refuse)
    assert silence.step(session, NOW + 2 * HOUR)
    assert (good.state, bad.state, bad.last_heard_at) == (MISSING, HEARD, None)


@pytest.mark.usefixtures("oximeter")
def test_the_number_of_statements_does_not_grow_with_what_is_due(session: Session, cast: Cast) -> None:
    counts: list[int] = []
    for kinds in (("pulse",), ("weight", "spo2", "systolic", "glucose")):
        expected = [expect(session, cast, kind=kind) for kind in kinds]
        hear(session, NOW + 30 * MINUTE)
        asked: list[str] = []

        def note(*given: object, asked: list[str] = asked) -> None:
            asked.append(str(given[2]))

        event.listen(session.connection(), "before_cursor_execute", note)
        assert silence.step(session, NOW + HOUR)
        event.remove(session.connection(), "before_cursor_execute", note)
        counts.append(len(asked))
        assert [each.state for each in expected] == [HEARD if kind == "spo2" else LATE for kind in kinds]
    assert counts[0] == counts[1]


def test_two_workers_share_what_is_due(real_db: Db) -> None:
    with real_db.transaction() as session:
        cast = make(session)
        for number in range(4):
            expect(session, cast, kind=None if number == 0 else ["spo2", "pulse", "weight"][number - 1])
    first, second = real_db.session(), real_db.session()
    assert silence.step(first, NOW + HOUR, limit=3)
    assert silence.step(second, NOW + HOUR, limit=3), "it waits for nobody and takes the one that is left"
    assert not silence.step(second, NOW + HOUR, limit=3)
    for each in (first, second):
        each.commit()
        each.close()
    with real_db.transaction() as session:
        assert {row.state for row in session.scalars(select(Expectation))} == {LATE}


@given(
    state=st.sampled_from(HeardState),
    heard=st.none() | st.integers(-100_000, 0),
    every=st.integers(60, 90_000),
    grace=st.integers(0, 90_000),
    due=st.integers(0, 90_000),
)
def test_heard_is_who_was_heard_in_time_and_nobody_else(
    state: HeardState, heard: int | None, every: int, grace: int, due: int
) -> None:
    by = NOW - timedelta(seconds=due)
    expectation = Expectation(
        state=state, expected_by=by, state_since=by, every_seconds=every, grace_seconds=grace, calendar=None
    )
    at = None if heard is None else NOW + timedelta(seconds=heard)
    standing = silence.stand(expectation, at, NOW, None)
    in_time = at is not None and at + timedelta(seconds=every) > NOW
    assert (standing.state is HEARD) == in_time
    assert standing.expected_by > NOW


def offline(session: Session, device: Device, since: datetime) -> None:
    last_word.write(session, {device.id: Word(since - HOUR, online=True)}, since - HOUR)
    last_word.write(session, {device.id: Word(online=False)}, since)


def test_a_hub_that_is_down_answers_for_its_sensors(session: Session, cast: Cast) -> None:
    hub = kit.device(session, "hub-1")
    for address in ("0xa1", "0xb2"):
        kit.sensor(session, hub, address)
    offline(session, hub, NOW - 4 * MINUTE)
    assert silence.everything_down(session, NOW) == ([], []), "a restart takes less"
    (down,), _ = silence.everything_down(session, NOW + 2 * MINUTE)
    assert (down.device_id, down.since, down.sensors) == (hub.id, NOW - 4 * MINUTE, 2)


def test_everyone_behind_a_hub_that_is_down_is_listed(session: Session, cast: Cast) -> None:
    hub = kit.device(session, "hub-1")
    smoke = kit.sensor(session, hub, "0xa1", life_safety=True)
    kit.give(session, kit.sensor(session, hub, "0xb2"), home_id=cast.ada_home.id)
    kit.give(session, smoke, home_id=cast.ada_home.id)
    offline(session, hub, NOW - HOUR)
    assert silence.unprotected(session, NOW) == [Unprotected(cast.ada.id, smoke.id, NOW - HOUR, "hub")]


def test_life_safety_kit_that_is_silent_offline_or_away_protects_nobody(session: Session, cast: Cast) -> None:
    silent, gone, broken, well = (kit.device(session, f"pendant-{n}", life_safety=True) for n in range(4))
    for device in (silent, gone, broken, well):
        kit.give(session, device, person_id=cast.ada.id)
    kit_expected.expect(session, silent, NOW - 3 * DAY)
    silence.step(session, NOW)
    offline(session, gone, NOW - HOUR)
    broken.state = DeviceState.IN_REPAIR
    session.flush()
    found = {each.device_id: each.why for each in silence.unprotected(session, NOW)}
    assert found == {silent.id: "silent", gone.id: "offline", broken.id: "away"}


def test_kit_that_sleeps_between_words_is_offline_without_harm(session: Session, cast: Cast) -> None:
    sleeper = kit.device(session, "smoke-1", life_safety=True, silent_after_seconds=6 * 3600)
    kit.give(session, sleeper, person_id=cast.ada.id)
    offline(session, sleeper, NOW - HOUR)
    assert silence.unprotected(session, NOW) == []
    assert [each.why for each in silence.unprotected(session, NOW + DAY)] == ["offline"]


def test_kit_that_says_how_long_it_sleeps_is_offline_without_harm_until_it_should_have_woken(
    session: Session, cast: Cast
) -> None:
    sleeper = kit.device(session, "smoke-1", life_safety=True)
    kit.give(session, sleeper, person_id=cast.ada.id)
    offline(session, sleeper, NOW - HOUR)
    assert [each.why for each in silence.unprotected(session, NOW)] == ["offline"]
    last_word.write(session, {sleeper.id: Word(speaks_every=6 * 3600)}, NOW)
    assert silence.unprotected(session, NOW) == []
    assert [each.why for each in silence.unprotected(session, NOW + 12 * HOUR)] == ["offline"]
