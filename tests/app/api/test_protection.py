"""The register of who is protected, through the API."""

from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from care_plans.protecting import lines
from tests.app.api.asking import wrong
from tests.cast import Cast
from tests.devices import kit

ApiAs = Callable[..., FlaskClient]
PATH = "/api/v1/protection"


def test_who_is_protected_is_listed_and_what_is_amiss_mended(
    cast: Cast, api_as: ApiAs, session: Session
) -> None:
    device = kit.device(session, name="Pendant", life_safety=True)
    kit.give(session, device, person_id=cast.ada.id)
    cora = api_as(cast.cora)
    [one] = cora.get(PATH).json["items"]
    assert (one["person_ids"], one["line"]) == ([str(cast.ada.uuid)], None)
    assert one["amiss"][0] == "unknown_line"

    line = {"line": "digital", "tested_on": "2026-11-01", "battery_hours": 24}
    set_down = cora.post(f"{PATH}/homes/{cast.ada_home.uuid}/line", json=line)
    pressed = cora.post(f"{PATH}/devices/{device.uuid}/test-press")

    assert set_down.json["battery_hours"] == 24, set_down.text
    assert pressed.json["last_test_press_at"] is not None
    assert cora.get(PATH).json["items"][0]["amiss"] == []


def test_what_is_asked_of_whom_is_told(cast: Cast, api_as: ApiAs, session: Session, now: datetime) -> None:
    kit.give(session, kit.device(session, name="Pendant", life_safety=True), person_id=cast.ada.id)
    lines.step(session, now)

    [one] = api_as(cast.cora).get(PATH).json["items"]

    assert {each["amiss"] for each in one["asked"]} == set(one["amiss"])
    assert {(each["team"], each["done_at"]) for each in one["asked"]} == {("Coordinators", None)}


def test_what_is_wrong_is_said_at_its_field_and_strangers_find_nothing(
    cast: Cast, api_as: ApiAs, session: Session
) -> None:
    path = f"{PATH}/homes/{cast.ada_home.uuid}/line"

    assert "line" in wrong(api_as(cast.cora).post(path, json={"line": "tin cans"}))
    assert api_as(cast.mallory).post(path, json={}).status_code == 404
    assert api_as(cast.mallory).get(PATH).json["items"] == []
