"""The early warning score over REST."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from people.access import RecordClass
from tests.app.api.asking import wrong
from tests.care_plans.test_scoring import use
from tests.cast import Cast
from tests.people.looking import unshare

Asked = Callable[..., FlaskClient]

GIVEN: dict[str, Any] = {"scale": "1", "why": "Home from ward 4", "review_on": "2026-12-06"}
VALUES = {"respiratory_rate": 25, "spo2": 93, "pulse": 112}


def test_it_is_set_told_in_its_parts_and_ended(cast: Cast, api_as: Asked) -> None:
    dev, path = api_as(cast.dev), f"/api/v1/people/{cast.ada.uuid}"
    assert dev.get(f"{path}/news2").json == {"score": None, "refused": None, "items": []}
    made = dev.post(f"{path}/news2", json=GIVEN)
    assert (made.status_code, made.json["within_minutes"], made.json["on_by"]) == (201, 60, "Dev")
    assert made.json["review_overdue"] is False
    stored = dev.post(f"{path}/readings/together", json={"values": VALUES, "at": "2026-11-22T07:40:00Z"})
    assert stored.status_code == 201
    assert [each["kind"] for each in stored.json["items"]] == list(VALUES)
    score = dev.get(f"{path}/news2").json["score"]
    assert (score["total"], score["most"], score["complete"], score["risk"]) == (7, 18, False, "high")
    assert score["parts"][0] == {
        "kind": "respiratory_rate", "value": 25.0, "at": "2026-11-22T07:40:00Z", "points": 3,
    }  # fmt: skip
    assert score["parts"][2]["value"] is None
    back = dev.post(f"{path}/readings/taken-back", json={"kind": "pulse", "at": "2026-11-22T07:40:00Z"})
    assert back.status_code == 204
    assert dev.get(f"{path}/news2").json["score"]["total"] == 5
    assert dev.post(f"{path}/news2/off", json={"why": "Over"}).json["off_why"] == "Over"
    assert dev.get(f"{path}/news2").json["score"] is None
    assert dev.post(f"{path}/news2/off", json={"why": "Over"}).status_code == 404


def test_what_is_wrong_is_said_by_field(cast: Cast, api_as: Asked) -> None:
    dev, path = api_as(cast.dev), f"/api/v1/people/{cast.ada.uuid}"
    assert "scale_why" in wrong(dev.post(f"{path}/news2", json={**GIVEN, "scale": "2"}))
    assert "within_minutes" in wrong(dev.post(f"{path}/news2", json={**GIVEN, "within_minutes": 5}))
    assert "news2" in wrong(dev.post(f"{path}/readings/together", json={"values": {"news2": 3}}))
    missing = dev.post(f"{path}/readings/taken-back", json={"kind": "pulse", "at": "2026-11-22T07:40:00Z"})
    assert missing.status_code == 404
    assert dev.post(f"{path}/readings/taken-back", json={"kind": "aura", "at": "2026-11-22T07:40:00Z"}
    ).status_code == 404  # fmt: skip


def test_nobody_but_a_clinician_sets_it(cast: Cast, api_as: Asked) -> None:
    path = f"/api/v1/people/{cast.ada.uuid}/news2"
    assert api_as(cast.cora).post(path, json=GIVEN).status_code == 403
    assert api_as(cast.dev).post(path, json=GIVEN).status_code == 201
    assert api_as(cast.cora).post(f"{path}/off", json={"why": "No"}).status_code == 403
    assert api_as(cast.cora).get(path).json["items"][0]["why"] == "Home from ward 4"


def test_where_vitals_are_not_shared_it_is_neither_told_nor_set(
    cast: Cast, api_as: Asked, session: Session, now: datetime
) -> None:
    path = f"/api/v1/people/{cast.ada.uuid}/news2"
    unshare(session, cast.health.id, RecordClass.VITALS)
    session.flush()
    assert api_as(cast.dev).get(path).status_code == 403
    assert api_as(cast.dev).post(path, json=GIVEN).status_code == 403


def test_a_review_that_is_overdue_is_told(cast: Cast, api_as: Asked, session: Session, now: datetime) -> None:
    use(session, cast, now - timedelta(days=20))
    session.flush()
    (told,) = api_as(cast.dev).get(f"/api/v1/people/{cast.ada.uuid}/news2").json["items"]
    assert (told["review_on"], told["review_overdue"]) == ("2026-11-16", True)
