"""Recalls through the API."""

from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from care_plans.protecting import recalls
from tests.app.api.asking import wrong
from tests.cast import Cast
from tests.devices import kit

ApiAs = Callable[..., FlaskClient]
PATH = "/api/v1/recalls"


def test_a_recall_is_made_listed_and_ended(cast: Cast, api_as: ApiAs, session: Session) -> None:
    device = kit.device(session, model="HL-P1", life_safety=True)
    kit.give(session, device, person_id=cast.ada.id)
    cora = api_as(cast.cora)

    made = cora.post(PATH, json={"model": "HL-P1", "reason": "Burns"})

    assert made.status_code == 201, made.text
    [found] = cora.get(f"{PATH}/{made.json['id']}/devices").json["items"]
    assert (found["device_id"], found["person_id"]) == (str(device.uuid), str(cast.ada.uuid))
    assert cora.post(f"{PATH}/{made.json['id']}/end").json["ended_at"] is not None
    assert [each["id"] for each in cora.get(PATH).json["items"]] == [made.json["id"]]


def test_how_far_each_piece_is_dealt_with_is_told(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    kit.give(session, kit.device(session, model="HL-P1", life_safety=True), person_id=cast.ada.id)
    cora = api_as(cast.cora)
    made = cora.post(PATH, json={"model": "HL-P1", "reason": "Burns", "urgency": "day"}).json
    recalls.step(session, now)

    [found] = cora.get(f"{PATH}/{made['id']}/devices").json["items"]

    assert (found["ended"], found["due_at"]) == (None, "2026-11-23T07:46:00Z")
    assert cora.get(f"/api/v1/follow-ups/{found['follow_up_id']}").status_code == 200


def test_what_is_wrong_is_said_at_its_field_and_what_stands_is_not_called_twice(
    cast: Cast, api_as: ApiAs
) -> None:
    cora = api_as(cast.cora)
    assert "reason" in wrong(cora.post(PATH, json={"model": "HL-P1"}))

    cora.post(PATH, json={"model": "HL-P1", "reason": "Burns"})

    assert cora.post(PATH, json={"model": "HL-P1", "reason": "Burns"}).status_code == 409
