"""Rotas over REST."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from people.models.agencies import Role
from tests.app.api.asking import wrong
from tests.care_plans.rotas.test_rotas import layer
from tests.cast import Cast

Asked = Callable[..., FlaskClient]


def path(cast: Cast) -> str:
    return f"/api/v1/teams/{cast.nurses.uuid}/rota"


def given(cast: Cast, **more: Any) -> dict[str, Any]:
    hours = [{"from": "08:00", "to": "20:00", "weekdays": ["monday", "sunday"]}]
    return {"layers": [layer(cast.dev, hours=hours, **more)]}


def administrator(cast: Cast, api_as: Asked, session: Session) -> FlaskClient:
    cast.mallory.role = Role.ADMINISTRATOR
    session.flush()
    return api_as(cast.mallory)


def test_a_rota_is_set_told_covered_and_ended(cast: Cast, api_as: Asked, session: Session) -> None:
    admin, dev = administrator(cast, api_as, session), api_as(cast.dev)
    assert dev.get(path(cast)).status_code == 404
    assert admin.put(path(cast), json=given(cast)).status_code == 200
    told = dev.get(path(cast)).json
    assert (told["zone"], told["layers"], told["on_duty"]) == ("Europe/London", given(cast)["layers"], None)
    asked = "/shifts?from=2026-11-22T07:46:00Z&to=2026-11-23T21:00:00Z"
    shifts = dev.get(f"{path(cast)}{asked}").json["items"]
    assert [(each["start"], each["staff_id"]) for each in shifts] == [
        ("2026-11-22T07:46:00Z", None),
        ("2026-11-22T08:00:00Z", str(cast.dev.uuid)),
        ("2026-11-22T20:00:00Z", None),
        ("2026-11-23T08:00:00Z", str(cast.dev.uuid)),
        ("2026-11-23T20:00:00Z", None),
    ]
    cover = {
        "staff_id": str(cast.dev.uuid), "starts_at": "2026-11-22T07:00:00Z",
        "ends_at": "2026-11-22T08:00:00Z", "why": "A swap",
    }  # fmt: skip
    made = dev.post(f"{path(cast)}/covers", json=cover)
    assert (made.status_code, made.json["name"]) == (201, "Dev")
    told = dev.get(path(cast)).json
    assert (told["on_duty"], told["covers"]) == (str(cast.dev.uuid), [made.json])
    (seen,) = api_as(cast.hana).get(path(cast)).json["covers"]
    assert seen == made.json | {"why": None}
    assert dev.delete(f"{path(cast)}/covers/{made.json['id']}").status_code == 204
    assert dev.get(path(cast)).json["on_duty"] is None
    assert admin.delete(path(cast)).status_code == 204
    assert dev.get(f"{path(cast)}/shifts").status_code == 404


def test_what_is_wrong_is_said_by_field(cast: Cast, api_as: Asked, session: Session, now: datetime) -> None:
    admin = administrator(cast, api_as, session)
    assert wrong(admin.put(path(cast), json={"layers": [layer(cast.hana)]})).keys() == {"layers.0.people.0"}
    assert wrong(admin.put(path(cast), json={**given(cast), "zone": "Mars"})).keys() == {"zone"}
    assert admin.put(path(cast), json={"layers": []}).status_code == 422
    assert admin.put(path(cast), json=given(cast)).status_code == 200
    asked = "/shifts?from=2026-11-22T07:46:00Z&to=2029-11-23T21:00:00Z"
    assert "to" in wrong(admin.get(f"{path(cast)}{asked}"))
    for at in ("0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"):
        assert "from" in wrong(admin.get(f"{path(cast)}/shifts?from={at}"))


def test_nobody_else_sets_or_covers(cast: Cast, api_as: Asked, session: Session) -> None:
    assert api_as(cast.dev).put(path(cast), json=given(cast)).status_code == 403
    assert administrator(cast, api_as, session).put(path(cast), json=given(cast)).status_code == 200
    cover = {
        "staff_id": str(cast.dev.uuid), "starts_at": "2026-11-22T07:00:00Z",
        "ends_at": "2026-11-22T08:00:00Z", "why": "A swap",
    }  # fmt: skip
    assert api_as(cast.hana).post(f"{path(cast)}/covers", json=cover).status_code == 403
