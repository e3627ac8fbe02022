"""Kit through the API: enrolled, given, taken back, told to speak no more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.context import KEY
from devices.models import Assignment, Device
from tests.app.api.asking import ids, wrong
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]
OXIMETER = {"name": "Oximeter", "model": "HL-O1", "serial": "O-77", "room": "Kitchen"}


@pytest.fixture
def told(app: Flask) -> list[str]:
    """How often the broker was told that secrets have changed."""
    calls: list[str] = []
    app.extensions[KEY] = replace(app.extensions[KEY], refresh_broker=lambda: calls.append("told"))
    return calls


def enrol(client: FlaskClient, **more: object) -> dict:
    answer = client.post("/api/v1/devices", json=OXIMETER | more)
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return answer.json


def test_a_secret_is_told_once_and_the_broker_after_the_commit(
    cast: Cast, api_as: ApiAs, told: list[str], session: Session
) -> None:
    cora = api_as(cast.cora)
    made = enrol(cora)
    assert made["mqtt"]["username"] == made["device_key"]
    assert made["mqtt"]["topic_prefix"] == f"hearth/v1/{made['device_key']}"
    assert len(made["mqtt"]["password"]) > 20
    assert told == ["told"]
    shown = cora.get(f"/api/v1/devices/{made['id']}")
    assert "mqtt" not in shown.json
    assert (shown.json["serial"], shown.json["assignment"], shown.json["state"]) == ("O-77", None, "in_stock")
    assert made["mqtt"]["password"] not in shown.text
    device = session.scalars(select(Device)).one()
    assert device.agency_id == cast.hub.id


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"name", "model"}),
        ({"name": "", "model": "x"}, {"name"}),
        ({**OXIMETER, "colour": "red"}, {"colour"}),
        ({**OXIMETER, "life_safety": "perhaps"}, {"life_safety"}),
        ({**OXIMETER, "silent_after_seconds": 5}, {"silent_after_seconds"}),
        ({**OXIMETER, "address": "0x00158d0001"}, {"address"}),
        ({**OXIMETER, "hub_id": "not an id"}, {"hub_id"}),
        ({**OXIMETER, "hub_id": "00000000-0000-4000-8000-000000000000", "address": "a"}, {"hub_id"}),
    ],
)
def test_what_is_wrong_with_a_device_is_said_by_field(
    cast: Cast, api_as: ApiAs, told: list[str], body: dict, fields: set[str]
) -> None:
    answer = api_as(cast.cora).post("/api/v1/devices", json=body)
    assert answer.status_code == 422
    assert set(wrong(answer)) == fields
    assert told == []


def test_a_sensor_speaks_through_its_hub_and_has_no_secret(
    cast: Cast, api_as: ApiAs, told: list[str]
) -> None:
    cora = api_as(cast.cora)
    hub = enrol(cora, name="Hub")
    sensor = enrol(cora, name="Door", hub_id=hub["id"], address="0x00158d0001a2b3c4", life_safety=True)
    assert (sensor["mqtt"], sensor["hub_id"], sensor["device_key"]) == (None, hub["id"], None)
    assert ids(cora.get(f"/api/v1/devices?hub_id={hub['id']}")) == [sensor["id"]]
    twice = cora.post(
        "/api/v1/devices", json=OXIMETER | {"hub_id": hub["id"], "address": "0x00158d0001a2b3c4"}
    )
    assert twice.status_code == 409
    assert cora.post(f"/api/v1/devices/{sensor['id']}/rotate").status_code == 422
    assert told == ["told"]


def test_a_device_is_changed_by_who_saw_its_newest_version(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    made = enrol(cora)
    path, seen = f"/api/v1/devices/{made['id']}", {"If-Match": f'"{made["version"]}"'}
    changed = cora.patch(path, json={"room": "Hall", "state": "in_repair"}, headers=seen)
    assert (changed.json["room"], changed.json["state"], changed.json["name"]) == (
        "Hall",
        "in_repair",
        "Oximeter",
    )
    assert cora.patch(path, json={"room": "Loft"}, headers=seen).status_code == 412


def test_a_rotated_secret_replaces_the_old_and_a_revoked_one_ends(
    cast: Cast, api_as: ApiAs, told: list[str]
) -> None:
    cora = api_as(cast.cora)
    made = enrol(cora)
    path = f"/api/v1/devices/{made['id']}"
    revoked = cora.post(f"{path}/revoke")
    assert (revoked.status_code, revoked.json["revoked_at"] is None) == (200, False)
    assert cora.post(f"{path}/revoke").status_code == 409
    rotated = cora.post(f"{path}/rotate").json
    assert rotated["mqtt"]["password"] != made["mqtt"]["password"]
    assert rotated["revoked_at"] is None
    assert told == ["told"] * 3


def test_work_on_it_is_planned_and_ended(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    path = f"/api/v1/devices/{enrol(cora)['id']}"
    assert cora.get(path).json["work_ends"] is None
    planned = cora.post(f"{path}/work", json={"ends": "2026-11-22T09:00:00Z", "why": "New battery"})
    assert (planned.status_code, planned.json["work_ends"]) == (200, "2026-11-22T09:00:00Z")
    assert planned.json["work_starts"] == "2026-11-22T07:46:00Z"
    assert "ends" in wrong(cora.post(f"{path}/work", json={"ends": "2026-11-22T07:00:00Z", "why": "Late"}))
    assert cora.post(f"{path}/work/end").json["work_why"] is None
    assert cora.post(f"{path}/work/end").status_code == 409


def test_kit_is_given_to_a_person_and_taken_back(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    cora = api_as(cast.cora)
    made = enrol(cora)
    path = f"/api/v1/devices/{made['id']}"
    given = cora.post(f"{path}/assignments", json={"person_id": str(cast.ada.uuid), "purpose": "COPD"})
    assert given.status_code == 201, given.text
    assert (given.json["person_id"], given.json["until"]) == (str(cast.ada.uuid), None)
    assert given.json["from"] == "2026-11-22T07:46:00Z"
    shown = cora.get(path).json
    assert (shown["assignment"]["id"], shown["state"]) == (given.json["id"], "installed")
    assert ids(cora.get(f"/api/v1/devices?person_id={cast.ada.uuid}")) == [made["id"]]
    again = cora.post(f"{path}/assignments", json={"home_id": str(cast.ada_home.uuid)})
    assert again.status_code == 409
    end = f"{path}/assignments/{given.json['id']}/end"
    at = (now + timedelta(minutes=5)).isoformat()
    ended = cora.post(end, json={"at": at})
    assert ended.json["items"][0]["until"] == "2026-11-22T07:51:00Z"
    assert session.scalars(select(Assignment)).one().period.upper == now + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "person_id"),
        ({"person_id": "ada", "home_id": "home"}, 422, "person_id"),
        ({"person_id": "nobody"}, 404, None),
        ({"person_id": "ada", "from": "2026-11-25T00:00:00Z"}, 422, "from"),
        ({"person_id": "ada", "from": "2026-11-22T07:00:00"}, 422, "from"),
        ({"person_id": 7}, 422, "person_id"),
    ],
)
def test_an_assignment_names_one_holder_in_sight_and_a_time(
    cast: Cast, api_as: ApiAs, body: dict, status: int, field: str | None
) -> None:
    known = {
        "ada": str(cast.ada.uuid),
        "home": str(cast.ada_home.uuid),
        "nobody": "00000000-0000-4000-8000-000000000000",
    }
    said = {name: known.get(value, value) for name, value in body.items()}
    cora = api_as(cast.cora)
    answer = cora.post(f"/api/v1/devices/{enrol(cora)['id']}/assignments", json=said)
    assert answer.status_code == status
    assert set(wrong(answer)) == ({field} if field else set())


def test_a_stranger_can_neither_see_her_kit_nor_give_her_any(cast: Cast, api_as: ApiAs) -> None:
    cora, mallory = api_as(cast.cora), api_as(cast.mallory)
    hers = enrol(cora)
    cora.post(f"/api/v1/devices/{hers['id']}/assignments", json={"person_id": str(cast.ada.uuid)})
    own = enrol(mallory)
    assert ids(mallory.get("/api/v1/devices")) == [own["id"]]
    assert mallory.get(f"/api/v1/devices?person_id={cast.ada.uuid}").status_code == 404
    given = mallory.post(f"/api/v1/devices/{own['id']}/assignments", json={"person_id": str(cast.ada.uuid)})
    assert given.status_code == 404
    assert own["id"] not in ids(cora.get("/api/v1/devices"))
    assert ids(api_as(cast.hana).get("/api/v1/devices")) == [hers["id"]]


def test_a_fixed_topic_is_one_devices(cast: Cast, api_as: ApiAs, told: list[str]) -> None:
    cora = api_as(cast.cora)
    path = f"/api/v1/devices/{enrol(cora)['id']}/routes"
    route = {"topic_filter": "glow/A1B2/SENSOR/#", "format": "glow"}
    made = cora.post(path, json=route)
    assert (made.status_code, made.json) == (201, route)
    assert cora.post(path, json=route).status_code == 409
    assert set(wrong(cora.post(path, json={"topic_filter": "#", "format": "tea"}))) == {
        "format",
        "topic_filter",
    }
    assert told == ["told", "told"]


def test_the_same_enrolment_twice_makes_one_device(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    first, second = (
        cora.post("/api/v1/devices", json=OXIMETER, headers={"Idempotency-Key": "k-1"}) for _ in range(2)
    )
    assert first.json == second.json
    assert len(ids(cora.get("/api/v1/devices"))) == 1
