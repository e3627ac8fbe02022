"""The record of when kit was not heard."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import assignments, kit_expected, last_word, silence, silences, works
from devices.gather import Word
from devices.hearing import Heard
from devices.hearing_models import Listened, Silence, Why
from devices.models import Device, Expectation
from people.models.absences import Absence, Away
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, DAY, HOUR, MINUTE

MONTH = timedelta(days=30)


@pytest.fixture
def pendant(session: Session, cast: Cast) -> Device:
    """Expected every four hours, and heard at NOW."""
    made = kit.device(session, "pendant-1", silent_after_seconds=4 * 3600)
    kit.give(session, made, person_id=cast.ada.id)
    kit_expected.expect(session, made, NOW)
    hear(session, made, NOW)
    return made


def hear(session: Session, device: Device, at: datetime) -> None:
    last_word.write(session, {device.id: Word(heard_at=at)}, at)


def recorded(session: Session) -> list[tuple[datetime, datetime | None, Why]]:
    rows = session.scalars(select(Silence).order_by(Silence.id))
    return [(row.since, row.until, row.why) for row in rows]


def heard(session: Session, *devices: Device, now: datetime, over: timedelta = MONTH) -> Heard:
    hubs = {device.id: device.hub_id for device in devices}
    return silences.together(silences.heard(session, hubs, now, over).values())


def test_a_silence_is_written_down_from_when_it_was_late_until_it_is_heard(
    session: Session, pendant: Device
) -> None:
    silence.step(session, NOW + 4 * HOUR + MINUTE)
    silence.step(session, NOW + 9 * HOUR)
    assert recorded(session) == [(NOW + 4 * HOUR, None, Why.UNHEARD)]
    hear(session, pendant, NOW + 10 * HOUR)
    silence.step(session, NOW + 11 * HOUR)
    assert recorded(session) == [(NOW + 4 * HOUR, NOW + 10 * HOUR, Why.UNHEARD)]


def test_one_that_is_found_hours_late_began_when_it_was_due(session: Session, pendant: Device) -> None:
    silence.step(session, NOW + DAY)
    assert recorded(session) == [(NOW + 4 * HOUR, None, Why.UNHEARD)]


def test_the_same_silence_told_again_is_one(session: Session, pendant: Device) -> None:
    for _ in range(2):
        silences.begin(session, {pendant.id: NOW})
    for at in (NOW + HOUR, NOW + DAY):
        silences.end(session, {pendant.id: at})
    assert recorded(session) == [(NOW, NOW + HOUR, Why.UNHEARD)]


def test_kit_that_is_taken_back_is_silent_no_more(session: Session, pendant: Device) -> None:
    silence.step(session, NOW + DAY)
    held = assignments.find(session, pendant.id, NOW + DAY)
    assert held is not None
    assignments.end(session, held, at=NOW + DAY, now=NOW + DAY, actor=CORA)
    assert recorded(session) == [(NOW + 4 * HOUR, NOW + DAY, Why.UNHEARD)]


def test_it_tells_how_much_of_the_time_kit_was_heard(session: Session, pendant: Device) -> None:
    silence.step(session, NOW + 6 * HOUR)
    assert heard(session, pendant, now=NOW + 8 * HOUR) == Heard(expected=8 * HOUR, unheard=4 * HOUR)
    assert heard(session, pendant, now=NOW + 8 * HOUR, over=2 * HOUR).percent == 0


def test_kit_without_a_figure_of_silence_is_left_out(session: Session, cast: Cast) -> None:
    scale = kit.device(session, "scale-1")
    kit.give(session, scale, person_id=cast.ada.id)
    assert silences.heard(session, {scale.id: None}, NOW, MONTH) == {}


def test_a_sensor_is_not_heard_while_its_hub_is_not(session: Session, pendant: Device) -> None:
    sensor = kit.sensor(session, pendant, "0xa1")
    silence.step(session, NOW + 6 * HOUR)
    now = NOW + 8 * HOUR
    assert heard(session, sensor, now=now).percent == 50
    assert heard(session, pendant, sensor, now=now) == Heard(expected=16 * HOUR, unheard=8 * HOUR)


def test_what_was_not_heard_while_we_did_not_listen_is_ours(session: Session, pendant: Device) -> None:
    listens = [(NOW - DAY, NOW + HOUR), (NOW + 6 * HOUR, NOW + 20 * HOUR)]
    session.add_all(Listened(since=since, until=until) for since, until in listens)
    silence.step(session, NOW + 12 * HOUR)
    found = heard(session, pendant, now=NOW + 12 * HOUR)
    assert (found.deaf, found.unheard) == (6 * HOUR, 2 * HOUR), "it may wait four hours to speak again"


def test_listening_goes_on_and_begins_anew_after_a_gap(session: Session) -> None:
    for at in (NOW, NOW + MINUTE, NOW + HOUR):
        silences.listen(session, at, within=2 * MINUTE)
    rows = session.scalars(select(Listened).order_by(Listened.id))
    assert [(row.since, row.until) for row in rows] == [(NOW, NOW + MINUTE), (NOW + HOUR, NOW + HOUR)]


def test_what_was_not_heard_while_it_was_worked_on_is_told_apart(session: Session, pendant: Device) -> None:
    start, end = NOW + 4 * HOUR, NOW + 8 * HOUR
    works.plan(session, pendant, {"starts": start, "ends": end, "why": "battery"}, now=NOW, actor=CORA)
    silence.step(session, start + HOUR)
    assert heard(session, pendant, now=start + 2 * HOUR).work == 2 * HOUR
    works.step(session, end)
    assert (start, end, Why.WORK) in recorded(session)
    assert heard(session, pendant, now=end + HOUR) == Heard(expected=5 * HOUR, unheard=HOUR, work=4 * HOUR)


def test_what_was_not_heard_while_whoever_has_it_was_away_is_told_apart(
    session: Session, cast: Cast, pendant: Device
) -> None:
    session.add(
        Absence(
            person_id=cast.ada.id,
            why=Away.HOSPITAL,
            known_from="her daughter",
            began_at=NOW + HOUR,
            ends_at=NOW + 6 * HOUR,
            recorded_at=NOW,
            recorded_by_id=cast.cora.id,
            confirmed_at=NOW,
            confirmed_by_id=cast.cora.id,
            begun_at=NOW + HOUR,
        )
    )
    session.flush()
    silence.step(session, NOW + 8 * HOUR)
    found = heard(session, pendant, now=NOW + 8 * HOUR)
    assert (found.away, found.unheard) == (2 * HOUR, 2 * HOUR)


def test_all_kit_of_a_home_comes_together(session: Session, cast: Cast) -> None:
    for key, every in (("smoke-1", 3600), ("heat-1", 7 * 24 * 3600)):
        made = kit.device(session, key, silent_after_seconds=every)
        kit.give(session, made, home_id=cast.ada_home.id)
        kit_expected.expect(session, made, NOW)
    silence.step(session, NOW + HOUR)
    found = silences.in_homes(session, [cast.ada_home.id], NOW + 2 * HOUR, MONTH)
    assert found == {cast.ada_home.id: Heard(expected=4 * HOUR, unheard=HOUR)}


def test_what_was_expected_before_this_was_kept_counts_since_it_stands_so(
    session: Session, pendant: Device
) -> None:
    row = session.scalars(select(Expectation)).one()
    row.began_at = None
    session.flush()
    assert heard(session, pendant, now=NOW + HOUR) == Heard(expected=HOUR)


def test_what_was_over_long_ago_is_forgotten_and_what_goes_on_is_not(
    session: Session, pendant: Device
) -> None:
    silences.begin(session, {pendant.id: NOW - 500 * DAY})
    silences.end(session, {pendant.id: NOW - 499 * DAY})
    silences.begin(session, {pendant.id: NOW - 450 * DAY})
    session.add(Listened(since=NOW - 500 * DAY, until=NOW - 499 * DAY))
    session.flush()
    assert silences.forget(session, NOW - 425 * DAY) == 2
    assert recorded(session) == [(NOW - 450 * DAY, None, Why.UNHEARD)]
