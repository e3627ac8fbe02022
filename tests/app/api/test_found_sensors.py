"""Sensors that a hub was found to speak for, through the API."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from devices import found
from devices.found import Found
from devices.models import Device
from tests.app.api.asking import wrong
from tests.cast import Cast
from tests.devices import kit

ApiAs = Callable[..., FlaskClient]


@pytest.fixture
def hub(session: Session, cast: Cast, now: datetime) -> Device:
    """Ada's, which speaks for a thermometer."""
    made = kit.device(session, "hub-0001", name="Hub", model="Z2M")
    kit.give(session, made, person_id=cast.ada.id, start=now - timedelta(days=9))
    at = now - timedelta(minutes=5)
    found.write(session, {(made.id, "0xa1"): Found("WSDCGQ11LM", None, at, {"room_temperature"})}, at)
    return made


def test_a_found_sensor_is_listed_and_placed(cast: Cast, api_as: ApiAs, hub: Device) -> None:
    cora, path = api_as(cast.cora), f"/api/v1/devices/{hub.uuid}/found-sensors"
    [listed] = cora.get(path).json["items"]
    assert (listed["address"], listed["kinds"], listed["device_id"]) == ("0xa1", ["room_temperature"], None)

    placed = cora.post(f"{path}/place", json={"address": "0xa1", "room": "Bedroom", "reads_as": None})

    assert placed.status_code == 201, placed.text
    assert (placed.json["room"], placed.json["hub_id"]) == ("Bedroom", str(hub.uuid))
    assert placed.json["assignment"]["person_id"] == str(cast.ada.uuid)
    assert cora.get(path).json["items"][0]["device_id"] == placed.json["id"]
    assert cora.post(f"{path}/place", json={"address": "0xa1"}).status_code == 409


def test_a_found_sensor_is_left_alone(cast: Cast, api_as: ApiAs, hub: Device) -> None:
    path = f"/api/v1/devices/{hub.uuid}/found-sensors"

    left = api_as(cast.cora).post(f"{path}/leave", json={"address": "0xa1"})

    assert left.json["items"][0]["left_at"] is not None


def test_what_is_not_there_or_not_known_is_refused(cast: Cast, api_as: ApiAs, hub: Device) -> None:
    cora, path = api_as(cast.cora), f"/api/v1/devices/{hub.uuid}/found-sensors"

    assert cora.post(f"{path}/place", json={"address": "0xb2"}).status_code == 404
    assert "reads_as" in wrong(cora.post(f"{path}/place", json={"address": "0xa1", "reads_as": "spo2"}))
    assert api_as(cast.mallory).get(path).status_code == 404
