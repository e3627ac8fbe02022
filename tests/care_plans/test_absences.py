"""Somebody is away: what is expected of them waits, everything else goes on, and it ends (H15)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans import absences as away
from care_plans import deaths
from care_plans.evaluating.watching import Watches
from care_plans.models.work import FollowUp
from care_plans.plan import enrol, expecting
from core.errors import Conflict, Invalid
from devices import kit_expected, silence, subjects
from devices.models import Assignment, Batch, Device, Expectation, HeardState, Reading, Series, Unread
from people import absences
from people.models.absences import Absence
from people.models.homes import Residency
from tests.care_plans import alerting
from tests.cast import Cast

DAY = timedelta(days=1)


def told(now: datetime, days: float = 3, **changed: Any) -> dict[str, Any]:
    return {
        "why": "hospital",
        "known_from": "The ward rang at ten.",
        "began_at": now - timedelta(hours=1),
        "ends_at": now + days * DAY,
    } | changed


def leave(session: Session, cast: Cast, now: datetime, days: float = 3, **changed: Any) -> Absence:
    given = told(now, days, **changed)
    return away.record(session, cast.ada, given, by=alerting.dev(cast), now=now, confirmed=True)


def expected(session: Session, **of: int) -> list[Expectation]:
    rows = select(Expectation).filter_by(**of).where(Expectation.ended_at.is_(None)).order_by(Expectation.id)
    return list(session.scalars(rows.execution_options(populate_existing=True)))


def asked(session: Session) -> list[str]:
    return list(session.scalars(select(FollowUp.text).order_by(FollowUp.id)))


def sensor(session: Session, kind: str, values: dict[datetime, float], **whose: int) -> None:
    device = Device(key=f"kit-{kind}", name=kind, model="test")
    session.add(device)
    session.flush()
    first = min(values)
    session.add(Assignment(device_id=device.id, period=Range(first - DAY, None), **whose))
    series = Series(device_id=device.id, kind=kind, channel="")
    batch = Batch(received_at=first, stored_at=first)
    session.add_all([series, batch])
    session.flush()
    session.add_all(
        Reading(series_id=series.id, measured_at=at, value=value, flags=0, batch_id=batch.id)
        for at, value in values.items()
    )
    session.flush()


def test_nothing_is_expected_until_they_are_back_and_what_was_missing_is_no_more(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    session.execute(update(Expectation).values(state=HeardState.MISSING, state_since=now))
    session.query(Unread).delete()
    row = leave(session, cast, now)
    rows = expected(session, person_id=cast.ada.id)
    assert rows
    assert {each.state for each in rows} == {HeardState.HEARD}
    assert all(each.expected_by > row.ends_at for each in rows)
    woken = {subjects.person(cast.ada.id).number, subjects.home(cast.ada_home.id).number}
    assert set(session.scalars(select(Unread.subject))) == woken
    silence.step(session, now + 2 * DAY, next_window=expecting.next_window)
    assert {each.state for each in expected(session, person_id=cast.ada.id)} == {HeardState.HEARD}


def test_when_they_come_back_sooner_all_is_expected_of_them_at_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    row = leave(session, cast, now, 30)
    away.end(session, row, by=alerting.dev(cast), now=now + DAY)
    assert all(each.expected_by <= now + 3 * DAY for each in expected(session, person_id=cast.ada.id))
    with pytest.raises(Conflict):
        away.end(session, row, by=alerting.cora(cast), now=now + DAY)


def test_a_plan_published_meanwhile_expects_nothing_before_they_are_back(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = leave(session, cast, now)
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    assert all(each.expected_by > row.ends_at for each in expected(session, person_id=cast.ada.id))


def test_a_home_stays_watched_for_whoever_is_still_there(session: Session, cast: Cast, now: datetime) -> None:
    session.execute(
        update(Residency).where(Residency.person_id == cast.ben.id).values(home_id=cast.ada_home.id)
    )
    enrol.enrol(session, cast.ada, "frailty_falls", by=cast.dev, now=now)
    enrol.enrol(session, cast.ben, "warm_dry_home", by=cast.dev, now=now)
    home = subjects.home(cast.ada_home.id)
    before = {each.id: each.expected_by for each in expected(session, home_id=home.id)}
    since = {watch.rule.key: watch.since for watch in Watches().of(session, [home], now)[home]}
    leave(session, cast, now)
    assert {each.id: each.expected_by for each in expected(session, home_id=home.id)} == before
    assert {watch.rule.key: watch.since for watch in Watches().of(session, [home], now)[home]} == since


def test_in_a_home_that_is_empty_nobody_has_to_move_but_it_must_be_warm(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "frailty_falls", by=cast.dev, now=now)
    enrol.enrol(session, cast.ada, "warm_dry_home", by=cast.dev, now=now)
    home = subjects.home(cast.ada_home.id)
    before = {each.kind: each.expected_by for each in expected(session, home_id=home.id)}
    row = leave(session, cast, now)
    after = {each.kind: each.expected_by for each in expected(session, home_id=home.id)}
    assert {kind for kind in after if after[kind] != before[kind]} <= expecting.ACTIVITY
    assert after["room_temperature"] == before["room_temperature"]
    watches = {watch.rule.key: watch for watch in Watches().of(session, [home], now)[home]}
    still = {key for key, watch in watches.items() if watch.since == row.ends_at}
    assert still
    assert all(watches[key].needs.keys() <= expecting.ACTIVITY for key in still)
    away.end(session, row, by=alerting.dev(cast), now=now + DAY)
    later = {watch.rule.key: watch for watch in Watches().of(session, [home], now + DAY)[home]}
    assert {later[key].since for key in still} == {now + DAY}


def test_life_safety_kit_is_watched_as_ever(session: Session, cast: Cast, now: datetime) -> None:
    device = Device(key="pendant", name="Pendant", model="test", life_safety=True)
    session.add(device)
    session.flush()
    session.add(Assignment(device_id=device.id, person_id=cast.ada.id, period=Range(now - DAY, None)))
    kit_expected.expect(session, device, now)
    before = expected(session, device_id=device.id)[0].expected_by
    leave(session, cast, now)
    assert expected(session, device_id=device.id)[0].expected_by == before
    session.execute(update(Expectation).values(state=HeardState.MISSING, state_since=now))
    assert [each.person_id for each in silence.unprotected(session, now)] == [cast.ada.id]


def test_it_begins_and_ends_by_itself_and_then_somebody_asks(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    row = leave(session, cast, now, 3, began_at=now + DAY)
    assert not away.step(session, now)
    assert absences.find_running(session, cast.ada.id, now) is None
    assert away.step(session, now + DAY)
    assert absences.find_running(session, cast.ada.id, now + DAY) is row
    assert away.step(session, now + 3 * DAY)
    assert (row.ended_at, row.ended_why) == (now + 3 * DAY, away.RAN_OUT)
    assert asked(session) == [away.OVER.format(away="in hospital")]
    assert not away.step(session, now + 4 * DAY)
    by = session.scalars(select(FollowUp)).one()
    in_the_morning = (now + 3 * DAY).replace(hour=10, minute=0)
    assert (by.team_id, by.due_at) == (cast.coordinators.id, in_the_morning)


def test_what_a_feed_proposes_changes_nothing_until_named_staff_confirm_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    before = {each.id: each.expected_by for each in expected(session, person_id=cast.ada.id)}
    row = away.record(session, cast.ada, told(now), by=alerting.cora(cast), now=now, confirmed=False)
    assert not away.step(session, now)
    assert absences.find_running(session, cast.ada.id, now) is None
    assert {each.id: each.expected_by for each in expected(session, person_id=cast.ada.id)} == before
    assert asked(session) == [away.CONFIRM.format(away="in hospital")]
    away.confirm(session, row, by=alerting.dev(cast), now=now)
    assert absences.find_running(session, cast.ada.id, now) is row
    assert row.confirmed_by_id == cast.dev.id
    with pytest.raises(Conflict):
        away.confirm(session, row, by=alerting.dev(cast), now=now)


def test_a_proposal_that_nobody_confirms_is_over_with_its_time(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = away.record(session, cast.ada, told(now), by=alerting.cora(cast), now=now, confirmed=False)
    assert away.step(session, row.ends_at)
    assert row.ended_at == row.ends_at
    assert len(asked(session)) == 1


def test_whoever_is_heard_meanwhile_is_asked_about_once_a_day(
    session: Session, cast: Cast, now: datetime
) -> None:
    leave(session, cast, now)
    later = now + timedelta(hours=4)
    sensor(session, "spo2", {now - timedelta(minutes=30): 93, later: 93}, person_id=cast.ada.id)
    assert not away.ask_who_is_back(session, now + timedelta(hours=3))
    assert away.ask_who_is_back(session, later)
    assert asked(session)[0].startswith("Back already? Oxygen")
    assert not away.ask_who_is_back(session, later + timedelta(hours=1))
    assert not away.ask_who_is_back(session, later + DAY), "nothing new was heard"


def test_movement_asks_only_where_nobody_else_can_be_the_cause(
    session: Session, cast: Cast, now: datetime
) -> None:
    leave(session, cast, now)
    later = now + timedelta(hours=4)
    sensor(session, "motion", {later: 1}, home_id=cast.ada_home.id)
    sensor(session, "room_temperature", {later: 17}, home_id=cast.ada_home.id)
    lives = update(Residency).where(Residency.person_id == cast.ben.id)
    session.execute(lives.values(home_id=cast.ada_home.id))
    assert not away.ask_who_is_back(session, later)
    session.execute(lives.values(home_id=cast.ben_home.id))
    assert away.ask_who_is_back(session, later)
    assert "Movement" in asked(session)[0]


@pytest.mark.parametrize(
    ("hour", "due"),
    [(8, (0, 10)), (17, (0, 19)), (7, (0, 10)), (18, (1, 10)), (23, (1, 10)), (2, (0, 10))],
)
def test_what_is_asked_by_day_is_due_soon_and_at_night_in_the_morning(
    session: Session, cast: Cast, now: datetime, hour: int, due: tuple[int, int]
) -> None:
    at = now.replace(hour=hour, minute=0)
    away.record(session, cast.ada, told(at), by=alerting.dev(cast), now=at, confirmed=False)
    assert session.scalars(select(FollowUp.due_at)).one() == at.replace(hour=due[1]) + due[0] * DAY


def test_who_has_been_away_for_long_may_stay_on(session: Session, cast: Cast, now: datetime) -> None:
    row = leave(session, cast, now, 80)
    later = now + 79 * DAY
    away.change_end(session, row, later + 80 * DAY, by=alerting.dev(cast), now=later)
    much_later = later + 79 * DAY
    away.change_end(session, row, much_later + 10 * DAY, by=alerting.dev(cast), now=much_later)
    assert row.ends_at == much_later + 10 * DAY


def test_they_can_stay_longer(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    row = leave(session, cast, now)
    away.change_end(session, row, now + 10 * DAY, by=alerting.dev(cast), now=now + DAY)
    assert all(each.expected_by > now + 10 * DAY for each in expected(session, person_id=cast.ada.id))
    with pytest.raises(Invalid) as refused:
        away.change_end(session, row, now, by=alerting.dev(cast), now=now + DAY)
    assert "ends_at" in refused.value.fields


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_at": timedelta(0)}, "ends_at"),
        ({"ends_at": 200 * DAY}, "ends_at"),
        ({"began_at": 5 * DAY, "ends_at": 4 * DAY}, "ends_at"),
        ({"began_at": 100 * DAY, "ends_at": 101 * DAY}, "began_at"),
        ({"began_at": -100 * DAY}, "began_at"),
    ],
)
def test_an_absence_has_an_end_that_can_be_believed(
    session: Session, cast: Cast, now: datetime, changed: dict[str, timedelta], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        leave(session, cast, now, **{name: now + span for name, span in changed.items()})
    assert field in refused.value.fields


def test_to_have_been_seen_in_an_emergency_department_is_no_absence(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        leave(session, cast, now, why="emergency_department")
    assert "why" in refused.value.fields


def test_of_two_who_record_it_the_second_is_told(session: Session, cast: Cast, now: datetime) -> None:
    leave(session, cast, now)
    with pytest.raises(Conflict):
        leave(session, cast, now)


def test_after_a_death_nobody_asks_whether_they_are_back(session: Session, cast: Cast, now: datetime) -> None:
    row = leave(session, cast, now)
    given = {"died_on": f"{now:%Y-%m-%d}", "known_from": "The ward"}
    deaths.record(session, cast.ada, given, by=alerting.dev(cast), now=now)
    before = len(asked(session))
    assert away.step(session, row.ends_at)
    assert len(asked(session)) == before
    with pytest.raises(Conflict):
        leave(session, cast, now)
