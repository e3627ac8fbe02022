"""Readings out of their table."""

from datetime import datetime, timedelta
from time import perf_counter

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from devices import entry, readings, subjects
from devices.measurement import Flags, Source
from devices.models import DeviceWord
from devices.readings import Want
from people.models.homes import Residency
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, DAY, HOUR, MINUTE, says, spo2


def temperature(value: float, at: datetime, channel: str = "") -> dict[str, object]:
    return {"kind": "room_temperature", "value": value, "at": at.isoformat(), "channel": channel}


def type_in(session: Session, person_id: int, value: float, at: datetime) -> None:
    entry.enter(
        session,
        person_id=person_id,
        kind="spo2",
        value=value,
        at=at,
        source=Source.STAFF,
        now=NOW,
        actor=CORA,
    )


def test_tracks_hold_what_was_theirs_when_it_was_measured(session: Session, cast: Cast) -> None:
    oximeter = kit.device(session, room="bedroom")
    kit.give(session, oximeter, person_id=cast.ada.id, end=NOW - HOUR)
    kit.give(session, oximeter, person_id=cast.ben.id, start=NOW - HOUR)
    kit.take_in(session, says("oximeter-1", spo2(90, NOW - 2 * HOUR), spo2(91, NOW - HOUR), spo2(92, NOW)))
    type_in(session, cast.ada.id, 95, NOW - MINUTE)
    ada, ben = subjects.person(cast.ada.id), subjects.person(cast.ben.id)
    wants = [Want(ada, "spo2", NOW - DAY), Want(ben, "spo2", NOW - DAY), Want(ben, "pulse", NOW - DAY)]
    found = readings.tracks(session, wants, NOW)
    assert set(found) == {(ada, "spo2"), (ben, "spo2")}
    assert sorted(zip(found[ada, "spo2"].times, found[ada, "spo2"].values, strict=True)) == [
        ((NOW - 2 * HOUR).timestamp(), 90),
        ((NOW - MINUTE).timestamp(), 95),
    ]
    assert sorted(found[ada, "spo2"].sources) == ["", "bedroom"]
    assert sorted(found[ada, "spo2"].flags) == [Flags.LATE, Flags.STAFF]
    assert found[ben, "spo2"].values == [91, 92]


def test_tracks_begin_where_they_are_wanted_and_end_where_they_are_cut(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    kit.take_in(session, says("oximeter-1", *(spo2(90 + n, NOW - n * HOUR) for n in range(4))))
    want = Want(subjects.person(cast.ada.id), "spo2", NOW - 2 * HOUR)
    (columns,) = readings.tracks(session, [want], NOW - HOUR).values()
    assert columns.values == [92, 91], "in the order they were measured"


def test_a_homes_tracks_are_those_of_the_kit_in_it_each_with_its_room(session: Session, cast: Cast) -> None:
    for room in ("bedroom", "kitchen"):
        kit.give(session, kit.device(session, f"{room}-1", room=room), home_id=cast.ada_home.id)
        kit.take_in(session, says(f"{room}-1", temperature(15, NOW, "wall")))
    home = subjects.home(cast.ada_home.id)
    (columns,) = readings.tracks(session, [Want(home, "room_temperature", NOW - DAY)], NOW).values()
    assert sorted(columns.sources) == ["bedroom wall", "kitchen wall"]
    person = subjects.person(cast.ada.id)
    assert readings.tracks(session, [Want(person, "room_temperature", NOW - DAY)], NOW) == {}


def test_no_want_is_no_statement(session: Session) -> None:
    assert readings.tracks(session, [], NOW) == {}


def test_tracks_of_many_are_read_in_one_statement_and_fast(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    kit.take_in(session, says("oximeter-1", *(spo2(90, NOW - n * MINUTE) for n in range(50))))
    want = Want(subjects.person(cast.ada.id), "spo2", NOW - DAY)
    readings.tracks(session, [want] * 300, NOW)
    began = perf_counter()
    found = readings.tracks(session, [want] * 300, NOW)
    assert perf_counter() - began < 1
    assert len(found[want.subject, "spo2"].values) == 300 * 50


def test_the_latest_is_the_newest_of_each_series_while_it_was_theirs(session: Session, cast: Cast) -> None:
    oximeter = kit.device(session)
    kit.give(session, oximeter, person_id=cast.ada.id, end=NOW - HOUR)
    kit.take_in(session, says("oximeter-1", *(spo2(90 + n, NOW - n * HOUR) for n in range(4))))
    type_in(session, cast.ada.id, 95, NOW - 5 * HOUR)
    found = readings.latest(session, [subjects.person(cast.ada.id)], NOW)
    assert [(each.value, each.at, each.device_id) for each in found] == [
        (92, NOW - 2 * HOUR, oximeter.id),
        (95, NOW - 5 * HOUR, None),
    ]
    assert {each.subject for each in found} == {subjects.person(cast.ada.id)}


def test_the_latest_of_a_home_and_of_nobody(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session), home_id=cast.ada_home.id)
    kit.take_in(session, says("oximeter-1", temperature(14.5, NOW)))
    (found,) = readings.latest(session, [subjects.home(cast.ada_home.id)], NOW)
    assert (found.subject, found.kind, found.value) == (
        subjects.home(cast.ada_home.id),
        "room_temperature",
        14.5,
    )
    assert readings.latest(session, [], NOW) == []


def test_a_persons_list_has_their_kits_their_homes_and_what_was_typed_in(
    session: Session, cast: Cast
) -> None:
    home = session.scalars(select(Residency).where(Residency.person_id == cast.ada.id)).one()
    home.period = Range(home.period.lower, NOW - 2 * HOUR)
    session.flush()
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    kit.give(session, kit.device(session, "thermometer-1"), home_id=cast.ada_home.id)
    kit.take_in(
        session,
        says("oximeter-1", spo2(93, NOW)),
        says("thermometer-1", temperature(18, NOW - 3 * HOUR), temperature(12, NOW - HOUR)),
    )
    type_in(session, cast.ada.id, 95, NOW - MINUTE)
    found = readings.list_for_person(session, cast.ada.id)
    assert [(each.kind, each.value) for each in found] == [
        ("spo2", 93),
        ("spo2", 95),
        ("room_temperature", 18),
    ], "and nothing of the home after they left it"
    assert [each.device is None for each in found] == [False, True, False]
    assert {each.stored_at for each in found} == {NOW}
    assert [
        each.kind for each in readings.list_for_person(session, cast.ada.id, kinds=["room_temperature"])
    ] == ["room_temperature"]


def test_a_list_goes_on_page_by_page_without_gap_or_repetition(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    kit.take_in(
        session,
        says(
            "oximeter-1",
            *(spo2(90, NOW - n * MINUTE, channel=c) for n in range(5) for c in ("left", "right")),
        ),
    )
    seen: list[tuple[datetime, int]] = []
    while page := readings.list_for_person(
        session, cast.ada.id, cursor=seen[-1] if seen else None, limit=3, start=NOW - DAY, end=NOW + DAY
    ):
        seen += [(each.at, each.series_id) for each in page]
    assert len(seen) == len(set(seen)) == 10
    assert seen == sorted(seen, reverse=True)


def test_a_list_begins_and_ends_where_it_is_asked_to(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    kit.take_in(session, says("oximeter-1", *(spo2(90 + n, NOW - n * HOUR) for n in range(4))))
    found = readings.list_for_person(session, cast.ada.id, start=NOW - 2 * HOUR, end=NOW)
    assert [each.value for each in found] == [91, 92]


def test_a_corrected_time_is_listed_with_the_one_the_device_gave(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    odd = datetime.fromisoformat("1970-01-01T00:00:07Z")
    kit.take_in(session, says("oximeter-1", spo2(93, odd)))
    (found,) = readings.list_for_person(session, cast.ada.id)
    assert (found.at, found.original_at) == (NOW, odd)


def test_history_goes_in_fast_once_and_wakes_nobody(session: Session, cast: Cast) -> None:
    device = kit.device(session)
    kit.give(session, device, person_id=cast.ada.id)
    history = [
        (kind, "", NOW - timedelta(seconds=20 * n), float(50 + n % 40))
        for n in range(25_000)
        for kind in ("spo2", "pulse")
    ]
    began = perf_counter()
    assert readings.store_history(session, device.id, iter(history), NOW) == 50_000
    assert perf_counter() - began < 10, "a twentieth of what 500,000 may take, ten times over"
    assert readings.store_history(session, device.id, history[:100], NOW) == 0
    assert kit.woken(session) == set()
    assert session.get_one(DeviceWord, device.id).heard_at == NOW


@pytest.mark.parametrize(("value", "flags"), [(93.0, 0), (140.0, Flags.IMPLAUSIBLE | Flags.BEYOND_ABSOLUTE)])
def test_history_is_held_to_the_limits_of_its_kind(session: Session, value: float, flags: int) -> None:
    readings.store_history(session, kit.device(session).id, [("spo2", "", NOW, value)], NOW)
    assert [row[3] for row in kit.stored(session)] == [flags]
