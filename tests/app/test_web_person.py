"""The page of one person and its parts."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.alerts import ContactKind
from care_plans.plan import enrol
from core.models import JournalEntry
from devices import hours, readings
from devices.models import Assignment, Device, DeviceState, DeviceWord
from people import looks, residencies
from tests.app.conftest import ClientAs
from tests.app.raising import raise_
from tests.app.reading import attribute, h1
from tests.app.test_web_board import statements
from tests.care_plans import alerting
from tests.cast import Cast
from tests.people.looking import BY


@pytest.fixture
def oximeter(session: Session, cast: Cast, now: datetime) -> Device:
    """Ada's, with an hour of readings, one every five minutes."""
    device = Device(key="adas-oximeter", name="Oximeter", model="X", state=DeviceState.INSTALLED)
    session.add(device)
    session.flush()
    session.add(
        Assignment(device_id=device.id, person_id=cast.ada.id, period=Range(now - timedelta(days=9), None))
    )
    session.add(DeviceWord(device_id=device.id, heard_at=now, battery=15))
    session.flush()
    history = [
        ("spo2", "", now - timedelta(minutes=5 * each), 92.0 - (8 if each == 0 else each % 3))
        for each in range(12)
    ]
    readings.store_history(session, device.id, history, now)
    session.flush()
    return device


def test_the_page_is_everything_on_one_page(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime, oximeter: Device
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now, agreed_with="Ada")
    alert = raise_(session, cast, now)
    answer = client_as(cast.cora).get(f"/people/{cast.ada.uuid}")
    assert answer.status_code == 200
    assert h1(answer) == "Ada Marsh"
    for words in (
        "78, born 4 May 1948",
        "14 Orchard Row, Westmere, WM1 1AA",
        "Lives alone",
        "My Thursday lunch club and my own front door.",
        "Home oxygen",
        "COPD at home, plan v1",
        "Nobody is watching this now",
        "no clinician has switched its clinical rules on",
        f'href="/alerts/{alert.uuid}"',
        "Oxygen",
        "84\N{NO-BREAK SPACE}%",
        "I want to stay out of hospital.",
        "Coordinators",
        "Beth Marsh",
        "key holder",
        "battery 15",
        "Show the key safe code",
        "Who has looked",
        "Red alert raised.",
    ):
        assert words in answer.text, words
    assert "4711" not in answer.text


def test_somebody_new_has_a_page_that_says_what_is_not_there(cast: Cast, client_as: ClientAs) -> None:
    text = client_as(cast.cora).get(f"/people/{cast.ben.uuid}").text
    for words in (
        "No readings yet",
        "Without a plan Ben’s readings are not judged",
        "Begin a plan",
        "Not asked yet.",
        "None. Kit appears here",
        "there is no plan in force",
    ):
        assert words in text, words


def test_the_key_safe_is_shown_when_asked_and_that_is_written_down(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    answer = cora.post(f"/people/{cast.ada.uuid}/key-safe")
    assert answer.status_code == 200
    assert "4711" in answer.text
    told = session.scalars(
        select(JournalEntry.what).where(JournalEntry.subject_uuid == cast.ada_home.uuid)
    ).all()
    assert told == ["looked at the key safe"]
    looks = cora.get(f"/people/{cast.ada.uuid}/looks")
    assert h1(looks) == "Who has looked"
    assert "Key safe" in looks.text
    assert "Cora, Westmere Hub" in looks.text


PARTS = ("open", "latest", "happened", "readings.json")


def test_looking_is_written_down_but_not_again_by_parts_that_load_by_themselves(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    path = f"/people/{cast.ada.uuid}"
    cora.get(path)
    for part in PARTS:
        answer = cora.get(f"{path}/{part}")
        assert answer.status_code == 200
        assert "<html" not in answer.text
    query = select(JournalEntry).where(JournalEntry.person_id == cast.ada.id)
    assert [entry.what for entry in session.scalars(query)] == ["looked at"]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_opened_past_its_page_is_a_look_too(
    cast: Cast, client_as: ClientAs, session: Session, part: str
) -> None:
    dev = client_as(cast.dev)
    for _ in range(2):
        dev.get(f"/people/{cast.ada.uuid}/{part}")
    assert [look.by for look in looks.list_looks(session, cast.ada)] == ["Dev"]


def test_what_the_home_measured_before_somebody_came_is_not_on_their_page(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    device = Device(key="hall-door", name="Door", model="X", state=DeviceState.INSTALLED)
    session.add(device)
    session.flush()
    since = Range(now - timedelta(days=99), None)
    session.add(Assignment(device_id=device.id, home_id=cast.ben_home.id, period=since))
    session.flush()
    times = [now - timedelta(hours=hours) for hours in (200, 150, 100, 50)]
    readings.store_history(session, device.id, [("room_temperature", "", at, 19.5) for at in times], now)
    residencies.move_out(session, cast.ben, now - timedelta(hours=120), actor=BY)
    residencies.move_out(session, cast.ada, now - timedelta(hours=120), actor=BY)
    residencies.move_in(session, cast.ada, cast.ben_home, now - timedelta(hours=75), actor=BY)
    session.flush()
    path = f"/people/{cast.ada.uuid}"
    drawn = client_as(cast.cora).get(f"{path}/readings.json?range=month").json
    assert [len(kind["points"]) for kind in drawn["kinds"]] == [1]
    assert client_as(cast.cora).get(f"{path}?range=month").text.count("19.5") > 0


def test_a_chart_of_a_year_draws_the_lowest_and_the_highest_with_the_mean(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    device = Device(key="hall-thermometer", name="Thermometer", model="X", state=DeviceState.INSTALLED)
    session.add(device)
    session.flush()
    since = Range(now - timedelta(days=99), None)
    session.add(Assignment(device_id=device.id, home_id=cast.ada_home.id, period=since))
    session.flush()
    first = now.replace(hour=0, minute=0) - timedelta(days=25)
    history = [
        ("room_temperature", "", first + timedelta(hours=n), 19.0 - 6 * (n % 24 == 3)) for n in range(480)
    ]
    readings.store_history(session, device.id, history, now)
    hours.lay(session, first, first + timedelta(days=20))
    drawn = client_as(cast.cora).get(f"/people/{cast.ada.uuid}/readings.json?range=year").json
    (kind,) = [each for each in drawn["kinds"] if each["key"].startswith("room_temperature")]
    assert {value for _at, value in kind["points"]} == {18.75}
    assert {(low, high) for _at, low, high in kind["spread"]} == {(13.0, 19.0)}
    assert len(kind["spread"]) == 20


def test_a_meter_is_told_by_what_was_used(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    device = Device(key="glow-1", name="Meter display", model="X", state=DeviceState.INSTALLED)
    session.add(device)
    session.flush()
    since = Range(now - timedelta(days=99), None)
    session.add(Assignment(device_id=device.id, home_id=cast.ada_home.id, period=since))
    session.flush()
    first = now.replace(hour=0, minute=0) - timedelta(days=40)
    history = [
        ("electricity_energy", "", first + timedelta(hours=n), 6000 + n * 0.25) for n in range(40 * 24)
    ]
    readings.store_history(session, device.id, history, now)
    hours.lay(session, first, first + timedelta(days=40))
    ada, cora = f"/people/{cast.ada.uuid}", client_as(cast.cora)
    for asked, used, unit in (
        ("year", 6.0, "kWh a day"),
        ("month", 6.0, "kWh a day"),
        ("day", 0.25, "kWh an hour"),
    ):
        (kind,) = cora.get(f"{ada}/readings.json?range={asked}").json["kinds"]
        assert used in {value for _at, value in kind["points"]}
        assert (kind["unit"], kind["spread"], kind["stepped"]) == (unit, [], True)
    told = cora.get(f"{ada}?range=month").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "6.0 kWh used" in told
    assert "part of it is not known" in told


def test_readings_are_sent_again_only_when_there_is_something_new(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime, oximeter: Device
) -> None:
    cora = client_as(cast.cora)
    path = f"/people/{cast.ada.uuid}/latest?range=day"
    version = attribute(cora.get(path), "latest-version", "value")
    assert cora.get(f"{path}&version={version}").status_code == 204
    readings.store_history(session, oximeter.id, [("spo2", "", now + timedelta(seconds=30), 93.0)], now)
    session.flush()
    assert "93" in cora.get(f"{path}&version={version}").text


def test_charts_have_the_persons_own_limits_usual_range_and_alerts(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime, oximeter: Device
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    alert = raise_(session, cast, now)
    answer = client_as(cast.cora).get(f"/people/{cast.ada.uuid}/readings.json?range=day")
    assert answer.json["zone"] == "Europe/London"
    spo2 = next(kind for kind in answer.json["kinds"] if kind["key"].startswith("spo2"))
    assert len(spo2["points"]) == 11  # the one measured at this very moment comes with the next look
    assert spo2["band"] == [90.0, 92.0]
    assert {"value": 88.0, "severity": "amber", "words": "amber below 88 %"} in spo2["limits"]
    assert [mark["href"] for mark in spo2["marks"]] == [f"/alerts/{alert.uuid}"]
    assert answer.json["events"][0]["words"] == "Plan v1"


@pytest.mark.parametrize("chosen", ["day", "week", "month", "year", "nonsense"])
def test_every_range_can_be_drawn(chosen: str, cast: Cast, client_as: ClientAs, oximeter: Device) -> None:
    cora = client_as(cast.cora)
    answer = cora.get(f"/people/{cast.ada.uuid}/readings.json?range={chosen}")
    assert answer.status_code == 200
    assert cora.get(f"/people/{cast.ada.uuid}?range={chosen}").status_code == 200


def test_the_story_is_told_across_agencies(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    alerts.contact(
        session, alert, kind=ContactKind.SPOKE_TO, words="Warm hand: 91.", by=alerting.dev(cast), now=now
    )
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    session.flush()
    answer = client_as(cast.sol).get(f"/people/{cast.ada.uuid}/history")
    assert h1(answer) == "What happened"
    for words in ("Red alert raised.", "Warm hand: 91.", "Dev, Westmere Health", "Put on the pathway COPD"):
        assert words in answer.text, words
    older = client_as(cast.sol).get(f"/people/{cast.ada.uuid}/history?before=2020-01-01T00:00:00%2B00:00")
    assert "Nothing more" in older.text


@pytest.mark.parametrize(
    "part", ["", "/open", "/latest", "/happened", "/readings.json", "/history", "/looks"]
)
def test_a_stranger_finds_nobody(part: str, cast: Cast, client_as: ClientAs) -> None:
    assert client_as(cast.mallory).get(f"/people/{cast.ada.uuid}{part}").status_code == 404


def test_what_is_newest_and_what_is_down_are_read_once_a_page(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    with statements(session) as sent:
        assert cora.get(f"/people/{cast.ada.uuid}").status_code == 200
    read = [next((each for each in ("newest", "battery_hours") if each in one), "") for one in sent]
    assert {each: read.count(each) for each in ("newest", "battery_hours")} == {
        "newest": 1,
        "battery_hours": 1,
    }
