"""The page of a hub: its rooms, and the sensors that wait for one."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import found, kit_expected, silences
from devices.found import Found
from devices.models import Device, FoundSensor
from people.watching import Watched
from tests.agreeing import agree
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast
from tests.devices import kit


@pytest.fixture
def hub(session: Session, cast: Cast, now: datetime) -> Device:
    """Ada's, which was found to speak for a thermometer, a door contact and a smoke alarm."""
    made = kit.device(session, "hub-0001", name="Ada’s hub", model="Z2M")
    kit.give(session, made, person_id=cast.ada.id, start=now - timedelta(days=9))
    at = now - timedelta(minutes=5)
    sensors = {
        (made.id, "0xa1"): Found("WSDCGQ11LM", heard_at=at, kinds={"room_temperature"}),
        (made.id, "0xa2"): Found("MCCGQ11LM", "Contact", at, {"door_open"}),
        (made.id, "0xa3"): Found("HS1SA", None, at, {"smoke"}),
    }
    found.write(session, sensors, at)
    return made


def sensors_of(session: Session, hub: Device) -> dict[str | None, tuple[str, str | None]]:
    rows = session.scalars(select(Device).where(Device.hub_id == hub.id))
    return {each.address: (each.name, each.room) for each in rows}


def test_it_shows_what_waits_for_a_room(cast: Cast, client_as: ClientAs, hub: Device) -> None:
    answer = client_as(cast.cora).get(f"/kit/{hub.uuid}/sensors")

    assert answer.status_code == 200
    assert "Sensors of Ada’s hub" in h1(answer)
    assert "3 sensors wait for a room" in answer.text
    assert "life-safety" in answer.text
    assert "Fridge" in answer.text


def test_the_hubs_own_page_leads_there(cast: Cast, client_as: ClientAs, hub: Device) -> None:
    text = client_as(cast.cora).get(f"/kit/{hub.uuid}").text

    assert f'href="/kit/{hub.uuid}/sensors"' in text
    assert "3 sensors wait for a room" in text


def test_sensors_that_were_registered_by_hand_are_counted_as_well(
    session: Session, cast: Cast, client_as: ClientAs, hub: Device
) -> None:
    kit.sensor(session, hub, "0xb2")

    text = client_as(cast.cora).get(f"/kit/{hub.uuid}").text

    assert "1 sensor in its room" in text
    assert "what it hears is its sensors’" in text
    assert "3 sensors wait for a room" in text


def test_a_room_is_one_press(session: Session, cast: Cast, client_as: ClientAs, hub: Device) -> None:
    client = client_as(cast.cora)
    form = {"address": "0xa1", "room": "Bedroom"}

    answer = client.post(f"/kit/{hub.uuid}/sensors/place", data=form, follow_redirects=True)

    assert "Room temperature sensor is placed in: Bedroom." in answer.text
    assert sensors_of(session, hub) == {"0xa1": ("Room temperature sensor", "Bedroom")}
    assert "2 sensors wait for a room" in answer.text


def test_a_room_of_ones_own_and_what_it_stands_on_are_said(
    session: Session, cast: Cast, client_as: ClientAs, hub: Device, now: datetime
) -> None:
    agree(session, cast.ada, Watched.DOORS, by=cast.cora, now=now)
    form = {"address": "0xa2", "other_room": "Pantry", "name": "Fridge door", "reads_as": "fridge_open"}

    client_as(cast.cora).post(f"/kit/{hub.uuid}/sensors/place", data=form)

    assert sensors_of(session, hub) == {"0xa2": ("Fridge door", "Pantry")}
    assert session.scalars(select(Device.reads_as).where(Device.address == "0xa2")).one() == {
        "door_open": "fridge_open"
    }


def test_what_watches_waits_until_they_agreed(cast: Cast, client_as: ClientAs, hub: Device) -> None:
    form = {"address": "0xa2", "room": "Hall"}

    answer = client_as(cast.cora).post(f"/kit/{hub.uuid}/sensors/place", data=form)

    assert answer.status_code == 409
    assert "nobody has agreed to that" in answer.text


def test_a_neighbours_is_left_alone_and_can_be_taken_up(
    session: Session, cast: Cast, client_as: ClientAs, hub: Device
) -> None:
    client = client_as(cast.cora)
    client.post(f"/kit/{hub.uuid}/sensors/leave", data={"address": "0xa3"})
    assert session.scalars(select(FoundSensor.left_at).where(FoundSensor.address == "0xa3")).one()

    page = client.get(f"/kit/{hub.uuid}/sensors").text
    assert "1 sensor left alone" in page
    client.post(f"/kit/{hub.uuid}/sensors/place", data={"address": "0xa3"})

    assert sensors_of(session, hub) == {"0xa3": ("Smoke alarm sensor", None)}


def test_a_hub_without_sensors_says_how_they_come(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    made = kit.device(session, "hub-0002", agency_id=cast.cora.agency_id)

    assert "No sensor yet" in client_as(cast.cora).get(f"/kit/{made.uuid}/sensors").text


def test_a_sensor_is_no_hub_and_a_strangers_hub_is_not_there(
    session: Session, cast: Cast, client_as: ClientAs, hub: Device
) -> None:
    sensor = kit.sensor(session, hub, "0xb2")
    kit.give(session, sensor, person_id=cast.ada.id)

    assert client_as(cast.cora).get(f"/kit/{sensor.uuid}/sensors").status_code == 404
    assert client_as(cast.mallory).get(f"/kit/{hub.uuid}/sensors").status_code == 404


def test_a_sensor_that_another_hub_hears_too_is_made_one_at_a_press_and_parted_at_another(
    session: Session, cast: Cast, client_as: ClientAs, hub: Device, now: datetime
) -> None:
    other = kit.device(session, "hub-0002", name="Hub in the hall")
    kit.give(session, other, home_id=cast.ada_home.id, start=now - timedelta(days=9))
    door = kit.sensor(session, other, "A4C138777C52", name="Front door")
    found.write(session, {(hub.id, "A4C138777C52"): Found(heard_at=now, kinds={"door_open"})}, now)
    cora, path = client_as(cast.cora), f"/kit/{hub.uuid}/sensors"
    assert "which another hub in this home hears" in cora.get(path).text

    answer = cora.post(f"{path}/same", data={"address": "A4C138777C52"}, follow_redirects=True)

    assert "Front door is one sensor now, heard by both hubs." in answer.text
    assert "Heard by this hub too" in answer.text
    assert f'href="/kit/{door.uuid}"' in answer.text
    assert cora.post(f"{path}/same", data={"address": "A4C138777C52"}).status_code == 404

    parted = cora.post(f"{path}/another", data={"address": "A4C138777C52"}, follow_redirects=True)
    assert "It is a sensor of its own" in parted.text
    assert "4 sensors wait for a room" in parted.text


def test_a_sensor_that_is_registered_behind_two_hubs_is_said_to_be(
    session: Session, cast: Cast, client_as: ClientAs, hub: Device, now: datetime
) -> None:
    other = kit.device(session, "hub-0002")
    kit.give(session, other, home_id=cast.ada_home.id, start=now - timedelta(days=9))
    kit.sensor(session, other, "A4C138777C52", name="Front door")
    kit.sensor(session, hub, "A4C138777C52", name="Door again")
    found.write(session, {(hub.id, "A4C138777C52"): Found(heard_at=now, kinds={"door_open"})}, now)
    cora, path = client_as(cast.cora), f"/kit/{hub.uuid}/sensors"

    assert "Registered twice" in cora.get(path).text

    answer = cora.post(f"{path}/same", data={"address": "A4C138777C52"}, follow_redirects=True)
    assert "Registered twice" not in answer.text
    assert "Door again" not in answer.text


def test_it_tells_how_much_of_the_time_its_sensors_were_heard(
    session: Session, cast: Cast, client_as: ClientAs, hub: Device, now: datetime
) -> None:
    client = client_as(cast.cora)
    assert "How much of the time they were heard" not in client.get(f"/kit/{hub.uuid}/sensors").text
    smoke = kit.sensor(session, hub, "0xb2", life_safety=True)
    kit_expected.expect(session, smoke, now - timedelta(days=9))
    silences.begin(session, {smoke.id: now - timedelta(days=3)})
    text = client.get(f"/kit/{hub.uuid}/sensors").text
    assert "The hub and its sensors together." in text
    assert "66 %" in text
