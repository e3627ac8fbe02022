"""Shared kit in the REST API."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from devices.models import Device
from tests.app.api.asking import wrong
from tests.cast import Cast
from tests.devices import shared
from tests.devices.shared import weighs

ApiAs = Callable[..., FlaskClient]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def scale(session: Session, cast: Cast) -> Device:
    return shared.scale(session, cast)


def path(scale: Device, rest: str) -> str:
    return f"/api/v1/devices/{scale.uuid}/{rest}"


def test_a_number_is_set_down_and_its_readings_are_found_by_the_person(
    session: Session, cast: Cast, api_as: ApiAs, scale: Device
) -> None:
    weighs(session, 61.0, 1)
    weighs(session, 92.4, 2)
    cora = api_as(cast.cora)

    made = cora.post(path(scale, "users"), json={"number": 1, "person_id": str(cast.ada.uuid)})

    assert made.status_code == 201, made.text
    [user] = made.json["items"]
    assert (user["number"], user["person_id"], user["lives_there"]) == (1, str(cast.ada.uuid), True)
    listed = cora.get(f"/api/v1/people/{cast.ada.uuid}/readings?kind=weight").json["items"]
    assert [each["value"] for each in listed] == [61.0]
    assert cora.post(path(scale, f"users/{user['id']}/end")).json["items"] == []


def test_whose_a_reading_is_can_be_asked_said_and_taken_back(
    session: Session, cast: Cast, api_as: ApiAs, scale: Device, now: datetime
) -> None:
    weighs(session, 75.0, None, now - MINUTE)
    cora = api_as(cast.cora)
    [waiting] = cora.get(path(scale, "whose")).json["waiting"]
    assert waiting["readings"] == [{"kind": "weight", "value": 75.0}]
    said = {"channel": "", "at": waiting["at"], "owner": "person", "person_id": str(cast.ben.uuid)}

    made = cora.post(path(scale, "whose"), json=said)

    assert made.status_code == 201, made.text
    [answer] = made.json["answered"]
    assert (answer["owner"], answer["person_id"], answer["answered_by"]) == (
        "person", str(cast.ben.uuid), "Cora",
    )  # fmt: skip
    assert made.json["waiting"] == []
    listed = cora.get(f"/api/v1/people/{cast.ben.uuid}/readings?kind=weight").json["items"]
    assert [each["value"] for each in listed] == [75.0]
    assert cora.post(path(scale, "whose"), json=said).status_code == 404
    back = cora.post(path(scale, f"whose/{answer['id']}/take-back")).json
    assert (len(back["waiting"]), back["answered"]) == (1, [])


def test_what_is_wrong_is_said_at_its_field(
    session: Session, cast: Cast, api_as: ApiAs, scale: Device, now: datetime
) -> None:
    weighs(session, 75.0, None, now - MINUTE)
    cora = api_as(cast.cora)
    nobody = "00000000-0000-4000-8000-000000000000"
    at = (now - MINUTE).isoformat()
    assert "number" in wrong(cora.post(path(scale, "users"), json={"number": 255, "person_id": nobody}))
    assert "person_id" in wrong(cora.post(path(scale, "users"), json={"number": 1, "person_id": nobody}))
    assert "person_id" in wrong(cora.post(path(scale, "whose"), json={"at": at, "owner": "person"}))


def test_a_stranger_finds_nothing_of_it(cast: Cast, api_as: ApiAs, scale: Device) -> None:
    mallory = api_as(cast.mallory)
    assert mallory.get(path(scale, "users")).status_code == 404
    assert mallory.get(path(scale, "whose")).status_code == 404


def test_who_sees_the_home_alone_is_told_how_many_wait(
    session: Session, cast: Cast, api_as: ApiAs, scale: Device
) -> None:
    weighs(session, 75.0)
    found = api_as(cast.hana).get(path(scale, "whose")).json
    assert (found["waiting"], found["hidden"]) == ([], 1)
