"""The pages of kit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.context import KEY
from core.db import vault_of
from devices import readings
from devices.gather import UNKNOWN_SENSOR
from devices.models import Assignment, Device, DeviceState, DeviceWord, Rejected, Route
from people.models.agencies import Role
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast
from tests.devices import kit


@pytest.fixture
def pendant(session: Session, cast: Cast, now: datetime) -> Device:
    """Ada's, installed nine days ago."""
    device = Device(
        key="adas-pendant", name="Pendant", model="P1", state=DeviceState.INSTALLED, life_safety=True
    )
    session.add(device)
    session.flush()
    period = Range(now - timedelta(days=9), None)
    session.add(Assignment(device_id=device.id, person_id=cast.ada.id, period=period))
    session.add(DeviceWord(device_id=device.id, heard_at=now - timedelta(minutes=3), battery=12))
    session.flush()
    return device


@pytest.fixture
def unreadable(session: Session, pendant: Device, now: datetime) -> Rejected:
    row = Rejected(
        received_at=now,
        device_id=pendant.id,
        topic="hearth/v1/adas-pendant/readings",
        payload_sealed=vault_of(session).seal("{not json"),
        size=9,
        code="not_json",
        reason="This is not JSON.",
        where="",
    )
    session.add(row)
    session.flush()
    return row


def as_technician(cast: Cast) -> None:
    cast.sol.role = Role.TECHNICIAN


def test_the_list_shows_what_is_out_and_with_whom(cast: Cast, client_as: ClientAs, pendant: Device) -> None:
    answer = client_as(cast.cora).get("/kit")
    assert answer.status_code == 200
    assert h1(answer) == "Kit"
    for words in ("Pendant", "adas-pendant", "Ada Marsh", "12 %", "3 min ago"):
        assert words in answer.text, words
    assert "No kit here" in client_as(cast.cora).get("/kit?state=stock").text
    assert "Pendant" in client_as(cast.cora).get("/kit?q=adas-p").text
    assert "No kit found for" in client_as(cast.cora).get("/kit?q=zzz").text


def test_kit_of_strangers_is_not_there(cast: Cast, client_as: ClientAs, pendant: Device) -> None:
    mallory = client_as(cast.mallory)
    assert "Pendant" not in mallory.get("/kit").text
    assert mallory.get(f"/kit/{pendant.uuid}").status_code == 404
    assert mallory.post(f"/kit/{pendant.uuid}/collect").status_code == 404


def test_who_is_without_protection_stands_on_top_of_what_is_down(
    cast: Cast, client_as: ClientAs, session: Session, pendant: Device, now: datetime
) -> None:
    pendant.state = DeviceState.LOST
    session.flush()
    text = client_as(cast.cora).get("/kit?state=down").text
    assert "1 person is without protection" in text
    assert "Ada Marsh</b></a>, lives alone" in text
    assert "it is not in the home" in text
    strip = client_as(cast.cora).get("/strip").text
    assert "1 person without protection" in strip
    assert "without protection" not in client_as(cast.mallory).get("/kit?state=down").text


def test_kit_is_enrolled_and_its_password_shown_once(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    assert h1(cora.get("/kit/enrol")) == "Enrol kit"
    given = {
        "name": "Oximeter, bedside", "model": "PC-60FW", "format": "readings", "room": "Bedroom",
        "person": str(cast.ada.uuid),
    }  # fmt: skip
    answer = cora.post("/kit/enrol", data=given)
    assert answer.status_code == 200
    assert "Oximeter, bedside is enrolled" in h1(answer)
    assert "<svg" in answer.text
    assert "style=" not in answer.text
    device = session.scalars(select(Device).where(Device.name == "Oximeter, bedside")).one()
    assert f"hearth/v1/{device.key}/readings" in answer.text
    held = session.scalars(select(Assignment).where(Assignment.device_id == device.id)).one()
    assert held.person_id == cast.ada.id
    assert "Password" not in cora.get(f"/kit/{device.uuid}").text


def test_what_is_wrong_with_an_enrolment_is_said_beside_its_field(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    answer = cora.post("/kit/enrol", data={"name": "", "model": "PC-60FW", "format": "readings"})
    assert answer.status_code == 422
    assert "This is needed." in answer.text
    assert 'value="PC-60FW"' in answer.text
    answer = cora.post("/kit/enrol", data={"name": "Meter", "model": "Glow", "format": "glow"})
    assert "it stands in its topics" in answer.text
    answer = cora.post("/kit/enrol", data={"name": "X", "model": "Y", "format": "smoke signals"})
    assert "Say how it speaks." in answer.text
    assert session.scalars(select(Device)).all() == []


def test_a_meter_is_routed_and_a_sensor_stands_behind_its_hub(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    given = {"name": "Meter", "model": "Glow IHD", "format": "glow", "serial": "ABC123"}
    assert cora.post("/kit/enrol", data=given).status_code == 200
    assert session.scalars(select(Route.topic_filter)).one() == "glow/ABC123/SENSOR/#"
    hub = session.scalars(select(Device)).one()
    given = {"name": "Door", "model": "MCCGQ11LM", "format": f"hub:{hub.uuid}", "serial": "0x00158d"}
    answer = cora.post("/kit/enrol", data=given)
    assert answer.status_code == 303
    sensor = session.scalars(select(Device).where(Device.name == "Door")).one()
    assert (sensor.hub_id, sensor.address) == (hub.id, "0x00158d")
    answer = cora.post("/kit/enrol", data=given)
    assert answer.status_code == 409
    assert "A sensor with this address is registered behind this hub." in answer.text


def test_kit_is_given_and_taken_back(
    cast: Cast, client_as: ClientAs, session: Session, pendant: Device
) -> None:
    cora = client_as(cast.cora)
    text = cora.get(f"/kit/{pendant.uuid}").text
    assert "Collected, to be cleaned" in text
    assert "Yes: whoever has it is without protection when it is down" in text
    assert cora.post(f"/kit/{pendant.uuid}/collect").status_code == 303
    assert "Give it to somebody" in cora.get(f"/kit/{pendant.uuid}").text
    wrong = {"subject": "person:nobody", "start": "2026-11-22T07:46"}
    answer = cora.post(f"/kit/{pendant.uuid}/assign", data=wrong)
    assert answer.status_code == 422
    assert "Choose a person or a home." in answer.text
    given = {"subject": f"home:{cast.ben_home.uuid}", "start": "2026-11-22T07:46"}
    assert cora.post(f"/kit/{pendant.uuid}/assign", data=given).status_code == 303
    assert "Mill Court 3" in cora.get(f"/kit/{pendant.uuid}").text


def test_a_piece_shows_what_it_measures(
    cast: Cast, client_as: ClientAs, session: Session, pendant: Device, now: datetime
) -> None:
    readings.store_history(session, pendant.id, [("pendant", "", now - timedelta(hours=2), 1.0)], now)
    session.flush()
    cora = client_as(cast.cora)
    assert "pressed" in cora.get(f"/kit/{pendant.uuid}").text
    answer = cora.get(f"/kit/{pendant.uuid}/readings.json")
    assert answer.json["kinds"][0]["states"] == {"0": "not pressed", "1": "pressed"}


def test_another_password_is_shown_once(
    cast: Cast, client_as: ClientAs, session: Session, pendant: Device
) -> None:
    answer = client_as(cast.cora).post(f"/kit/{pendant.uuid}/rotate")
    assert answer.status_code == 200
    assert "shown this once" in answer.text
    session.refresh(pendant)
    assert pendant.secret_hash is not None


def test_kit_from_before_mosquittos_files_says_that_it_needs_another_password_there(
    app: Flask, cast: Cast, client_as: ClientAs, session: Session, pendant: Device
) -> None:
    pendant.secret_hash = "$2a$04$from-an-earlier-version"
    session.flush()
    cora = client_as(cast.cora)
    assert "Mosquitto" not in cora.get(f"/kit/{pendant.uuid}").text
    app.extensions[KEY] = replace(app.extensions[KEY], mosquitto=True)
    assert "kept for Mosquitto too" in cora.get(f"/kit/{pendant.uuid}").text
    cora.post(f"/kit/{pendant.uuid}/rotate")
    assert "kept for Mosquitto too" not in cora.get(f"/kit/{pendant.uuid}").text


def test_what_could_not_be_read_is_shown_with_why_and_tried_again(
    cast: Cast, client_as: ClientAs, session: Session, unreadable: Rejected
) -> None:
    text = client_as(cast.cora).get("/kit?state=rejected").text
    assert "This is not JSON." in text
    assert "Try again" not in text
    as_technician(cast)
    session.flush()
    sol = client_as(cast.sol)
    answer = sol.post(f"/kit/rejected/{unreadable.uuid}/retry")
    assert answer.status_code == 303
    session.refresh(unreadable)
    assert unreadable.tries == 2
    assert "Still:" in sol.get("/kit?state=rejected").text
    assert sol.post(f"/kit/rejected/{unreadable.uuid}/set-aside").status_code == 303
    assert "Every message could be read" in sol.get("/kit?state=rejected").text


def test_a_sensor_that_nobody_registered_can_be_placed_from_its_message(
    cast: Cast, client_as: ClientAs, session: Session, unreadable: Rejected
) -> None:
    unreadable.code = UNKNOWN_SENSOR
    as_technician(cast)
    session.flush()
    hub = session.get_one(Device, unreadable.device_id)
    text = client_as(cast.sol).get("/kit?state=rejected").text
    assert f'<a href="/kit/{hub.uuid}/sensors">Place the sensor' in text


def test_a_message_without_a_reading_is_not_said_to_be_stored(
    cast: Cast, client_as: ClientAs, session: Session, unreadable: Rejected
) -> None:
    hub = session.get_one(Device, unreadable.device_id)
    unreadable.topic = f"hearth/v1/{hub.key}/status"
    unreadable.payload_sealed = vault_of(session).seal('{"state": "online"}')
    as_technician(cast)
    session.flush()
    sol = client_as(cast.sol)
    sol.post(f"/kit/rejected/{unreadable.uuid}/retry")
    assert "nothing of it is stored" in sol.get("/kit?state=rejected").text


def test_who_mends_kit_sees_the_shape_of_a_message_and_none_of_its_values(
    cast: Cast, client_as: ClientAs, session: Session, unreadable: Rejected
) -> None:
    unreadable.payload_sealed = vault_of(session).seal('{"readings": [{"kind": "spo2", "value": 8417')
    unreadable.topic = "hearth/v1/adas-pendant/zigbee2mqtt/Adas bed"
    as_technician(cast)
    sol = client_as(cast.sol).get("/kit?state=rejected").text
    for words in ("readings&#34;: [{", "value&#34;: …", "hearth/v1/adas-pendant/zigbee2mqtt/…", "9 bytes"):
        assert words in sol, words
    for words in ("8417", "spo2", "Adas bed"):
        assert words not in sol, words
    assert "Every message could be read" in client_as(cast.sol).get("/kit?state=rejected&q=Adas+bed").text


def test_a_message_is_in_the_clear_for_who_sees_all_that_kit_tells_of_everybody_who_had_it(
    cast: Cast, client_as: ClientAs, session: Session, unreadable: Rejected, pendant: Device, now: datetime
) -> None:
    assert "{not json" in client_as(cast.cora).get("/kit?state=rejected").text
    earlier = Range(now - timedelta(days=99), now - timedelta(days=9))
    session.add(Assignment(device_id=pendant.id, person_id=cast.ben.id, period=earlier))
    session.flush()
    assert "{not json" in client_as(cast.cora).get("/kit?state=rejected").text
    session.execute(text("DELETE FROM care_teams WHERE person_id = :ben"), {"ben": cast.ben.id})
    unsure = client_as(cast.cora).get("/kit?state=rejected").text
    assert "{not json" not in unsure
    assert "{… …" in unsure


def test_what_kit_of_nobody_sent_stays_covered(
    cast: Cast, client_as: ClientAs, session: Session, unreadable: Rejected
) -> None:
    unreadable.device_id = None
    assert "{not json" not in client_as(cast.cora).get("/kit?state=rejected").text


def test_a_technician_works_without_seeing_readings(
    cast: Cast, client_as: ClientAs, session: Session, pendant: Device, now: datetime
) -> None:
    readings.store_history(session, pendant.id, [("pendant", "", now, 1.0)], now)
    as_technician(cast)
    session.flush()
    sol = client_as(cast.sol)
    assert "pressed" not in sol.get(f"/kit/{pendant.uuid}").text
    assert sol.get(f"/kit/{pendant.uuid}/readings.json").status_code == 403


def test_two_values_for_one_moment_are_shown_to_whoever_sees_the_readings(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs, api_as: Callable[..., FlaskClient]
) -> None:
    device = kit.device(session, "twice-1")
    kit.give(session, device, person_id=cast.ada.id)
    at = (now - timedelta(minutes=5)).isoformat()
    for value in (93, 84):
        kit.take_in(session, kit.says("twice-1", {"kind": "spo2", "value": value, "at": at}))
    page = client_as(cast.dev).get(f"/kit/{device.uuid}").text
    assert "Two values for one moment" in page
    assert '<td data-name="The other">84%</td>' in page
    assert "Two values for one moment" not in client_as(cast.hana).get(f"/kit/{device.uuid}").text
    told = api_as(cast.dev).get(f"/api/v1/devices/{device.uuid}/conflicts").json["items"]
    assert [(each["kept"], each["other"]) for each in told] == [(93, 84)]
    assert api_as(cast.hana).get(f"/api/v1/devices/{device.uuid}/conflicts").json["items"] == []


def test_what_kit_watches_is_a_guess_until_somebody_says(
    session: Session, cast: Cast, client_as: ClientAs, api_as: Callable[..., FlaskClient]
) -> None:
    device = kit.device(session, "hall-1", name="Motion, hall", model="X")
    cora, path = client_as(cast.cora), f"/kit/{device.uuid}"
    assert "Movement: guessed from its model and name. Nobody has said." in cora.get(path).text
    told = api_as(cast.cora).get(f"/api/v1/devices/{device.uuid}").json
    assert (told["watches"], told["watches_proposed"]) == (None, ["movement"])
    assert cora.post(f"{path}/watches", data={"watches": ["nonsense"]}).status_code == 422
    assert cora.post(f"{path}/watches", data={"watches": ["movement", "doors"]}).status_code == 303
    page = cora.get(path).text
    assert "Movement and doors." in page
    assert "guessed" not in page
    told = api_as(cast.cora).get(f"/api/v1/devices/{device.uuid}").json
    assert (told["watches"], told["watches_proposed"]) == (["movement", "doors"], None)
    assert cora.post(f"{path}/watches", data={}).status_code == 303
    assert "Nothing of somebody’s life" in cora.get(path).text
    assert client_as(cast.vi).post(f"{path}/watches", data={}).status_code == 403


def test_work_is_planned_on_its_page_and_ended(cast: Cast, client_as: ClientAs, pendant: Device) -> None:
    cora, path = client_as(cast.cora), f"/kit/{pendant.uuid}"
    refused = cora.post(f"{path}/work", data={"ends": "2026-11-22T20:00", "why": "New strap"})
    assert refused.status_code == 422
    assert "Give at most eight hours" in refused.text
    assert cora.post(f"{path}/work", data={"ends": "2026-11-22T09:00", "why": "New strap"}).status_code == 303
    page = cora.get(path).text
    assert "Being worked on until" in page
    assert "New strap. Its silence and its battery call nobody meanwhile" in page
    assert "It is done" in page
    assert cora.post(f"{path}/work/end").status_code == 303
    assert "Being worked on" not in cora.get(path).text
    assert cora.post(f"{path}/work/end").status_code == 409
    assert client_as(cast.mallory).post(f"{path}/work", data={}).status_code == 404
