"""Whether kit is heard, and codes to claim it, through the API."""

from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.app.api.asking import wrong
from tests.cast import Cast
from tests.devices import kit

ApiAs = Callable[..., FlaskClient]


def enrolled(client: FlaskClient) -> str:
    answer = client.post("/api/v1/devices", json={"name": "Oximeter", "model": "HL-O1"})
    assert answer.status_code == 201, answer.text
    return f"/api/v1/devices/{answer.json['id']}"


def test_the_enrolment_test_is_told_step_by_step(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    told = cora.get(f"{enrolled(cora)}/heard").json
    assert told["whole"] is False
    assert [step["state"] for step in told["steps"]] == ["waiting"]
    assert "without a word" in told["unseen"]


def test_a_sensor_has_no_test_of_its_own(session: Session, cast: Cast, api_as: ApiAs, now: datetime) -> None:
    hub = kit.device(session, "hub-0001", agency_id=cast.hub.id)
    sensor = kit.sensor(session, hub, "0xa1", agency_id=cast.hub.id)
    assert api_as(cast.cora).get(f"/api/v1/devices/{sensor.uuid}/heard").status_code == 404


def test_a_code_is_made_and_claims_the_kit_once(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    made = cora.post(f"{enrolled(cora)}/claim-code", json={})
    assert made.status_code == 201, made.text
    given = {"code": made.json["code"], "person_id": str(cast.ada.uuid)}
    claimed = cora.post("/api/v1/devices/claims", json=given)
    assert claimed.status_code == 201, claimed.text
    assert claimed.json["assignment"]["person_id"] == str(cast.ada.uuid)
    again = cora.post("/api/v1/devices/claims", json=given)
    assert again.status_code == 422
    assert "opens nothing" in wrong(again)["code"]


def test_a_code_is_withdrawn(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    path = enrolled(cora)
    cora.post(f"{path}/claim-code", json={"for_home": True})
    assert cora.post(f"{path}/claim-code/withdraw").status_code == 200
    assert cora.post(f"{path}/claim-code/withdraw").status_code == 409
