"""Readings through the API: listed with all that is known of them, and typed in."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import subjects
from devices.models import Unread
from people.access import RecordClass
from tests.app.api.asking import wrong
from tests.cast import Cast
from tests.devices import kit
from tests.people.looking import unshare

ApiAs = Callable[..., FlaskClient]


def path(cast: Cast, query: str = "") -> str:
    return f"/api/v1/people/{cast.ada.uuid}/readings{query}"


def items(client: FlaskClient, address: str) -> list[dict]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return list(answer.json["items"])


def test_what_her_kit_measured_is_listed_newest_first(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    oximeter = kit.device(session)
    kit.give(session, oximeter, person_id=cast.ada.id, start=now - kit.HOUR)
    at = [now - timedelta(minutes=90), now - timedelta(minutes=20), now - timedelta(minutes=10)]
    kit.take_in(session, kit.says("oximeter-1", *(kit.spo2(90 + n, each) for n, each in enumerate(at))))
    cora = api_as(cast.cora)
    newest, older = items(cora, path(cast))  # what came before it was hers is not hers
    assert (newest["value"], older["value"]) == (92.0, 91.0)
    assert newest == {
        "kind": "spo2",
        "value": 92.0,
        "unit": "%",
        "at": "2026-11-22T07:36:00Z",
        "channel": "",
        "source": "sensed",
        "device_id": str(oximeter.uuid),
        "received_at": "2026-11-22T07:46:00Z",
        "stored_at": "2026-11-22T07:46:00Z",
        "original_at": None,
        "flags": [],
    }
    assert items(cora, path(cast, "?kind=pulse")) == []
    assert items(cora, path(cast, "?kind=spo2&from=2026-11-22T07:30:00Z")) == [newest]
    assert items(cora, path(cast, "?to=2026-11-22T07:36:00Z")) == [older]
    part = cora.get(path(cast, "?limit=1"))
    assert items(cora, path(cast, f"?limit=1&cursor={part.json['next']}")) == [older]


def test_one_typed_in_is_stored_in_its_own_unit_and_judged(
    cast: Cast, api_as: ApiAs, session: Session
) -> None:
    cora = api_as(cast.cora)
    said = {"kind": "body_temperature", "value": 100.4, "unit": "°F", "source": "self_reported"}
    made = cora.post(path(cast), json=said)
    assert made.status_code == 201, made.text
    assert (made.json["value"], made.json["unit"]) == (38.0, "Cel")
    assert (made.json["at"], made.json["source"]) == ("2026-11-22T07:46:00Z", "self_reported")
    assert items(cora, path(cast)) == [made.json]
    assert set(session.scalars(select(Unread.subject))) == {subjects.person(cast.ada.id).number}
    again = cora.post(path(cast), json=said)
    assert (again.status_code, len(items(cora, path(cast)))) == (201, 1)
    other = cora.post(path(cast), json=said | {"value": 101})
    assert other.status_code == 409


def test_staff_are_the_source_unless_said_otherwise(cast: Cast, api_as: ApiAs) -> None:
    made = api_as(cast.cora).post(path(cast), json={"kind": "spo2", "value": 91})
    assert (made.json["source"], made.json["unit"]) == ("staff", "%")


def test_a_value_that_cant_be_believed_is_kept_with_its_flag(cast: Cast, api_as: ApiAs) -> None:
    made = api_as(cast.cora).post(path(cast), json={"kind": "spo2", "value": 930})
    assert made.status_code == 201
    assert "beyond_absolute" in made.json["flags"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "charm"}, "kind"),
        ({"kind": None}, "kind"),
        ({"unit": "furlong"}, "unit"),
        ({"value": "93"}, "value"),
        ({"value": True}, "value"),
        ({"value": None}, "value"),
        ({"value": [93]}, "value"),
        ({"at": "1970-01-01T00:00:00Z"}, "at"),
        ({"at": "2099-01-01T00:00:00Z"}, "at"),
        ({"at": "2026-11-22T07:00:00"}, "at"),
        ({"at": "9999-12-31T23:59:59-12:00"}, "at"),
        ({"source": "sensed"}, "source"),
        ({"device_id": "x"}, "device_id"),
    ],
)
def test_what_is_wrong_is_said_by_field(cast: Cast, api_as: ApiAs, change: dict, field: str) -> None:
    answer = api_as(cast.cora).post(path(cast), json={"kind": "spo2", "value": 93} | change)
    assert answer.status_code == 422
    assert list(wrong(answer)) == [field]


@pytest.mark.parametrize(
    "value", ["NaN", "1e400", "-1e400", "Infinity", "1" * 5000, '{"a":' * 500 + "1" + "}" * 500]
)
def test_a_number_that_is_none_is_a_problem(cast: Cast, api_as: ApiAs, value: str) -> None:
    body = f'{{"kind": "spo2", "value": {value}}}'
    answer = api_as(cast.cora).post(path(cast), data=body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.content_type == "application/problem+json"


def test_a_value_too_large_for_its_own_unit_is_answered_as_a_number(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    made = cora.post(path(cast), json={"kind": "weight", "value": 1e308, "unit": "st"})
    assert (made.status_code, made.json["value"] > 1e307) == (201, True)
    assert "Infinity" not in cora.get(path(cast)).text


@pytest.mark.parametrize(
    "after", [["2026-11-22T07:00:00", "9" * 30], ["0001-01-01T00:00:00+14:00", "1"], [[]]]
)
def test_a_cursor_that_somebody_made_up_is_no_fault_of_ours(cast: Cast, api_as: ApiAs, after: list) -> None:
    cursor = urlsafe_b64encode(json.dumps(after).encode()).decode().rstrip("=")
    for address in (path(cast), "/api/v1/alerts", "/api/v1/devices"):
        assert api_as(cast.cora).get(f"{address}?cursor={cursor}").status_code in (200, 422)


@pytest.mark.parametrize("query", ["kind=charm", "from=now", "to=2026", "cursor=x", "limit=201"])
def test_a_question_that_makes_no_sense_is_refused(cast: Cast, api_as: ApiAs, query: str) -> None:
    answer = api_as(cast.cora).get(path(cast, f"?{query}"))
    assert answer.status_code == 422
    assert list(wrong(answer)) == [query.partition("=")[0]]


def test_somebody_who_may_not_see_her_finds_and_enters_nothing(cast: Cast, api_as: ApiAs) -> None:
    mallory = api_as(cast.mallory)
    assert mallory.get(path(cast)).status_code == 404
    assert mallory.post(path(cast), json={"kind": "spo2", "value": 93}).status_code == 404
    assert api_as(cast.cora, "readings:read").post(path(cast), json={}).status_code == 403


def test_what_somebody_found_is_stored_though_they_are_not_shown_what_else_there_is(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    unshare(session, cast.hub.id, RecordClass.VITALS)
    session.flush()
    cora = api_as(cast.cora)
    assert cora.post(path(cast), json={"kind": "weight", "value": 70}).status_code == 201
    assert items(cora, path(cast, "?kind=weight")) == []
    [told] = items(api_as(cast.dev), path(cast, "?kind=weight"))
    assert told["value"] == 70.0
    hidden = cora.post(path(cast, "/taken-back"), json={"kind": "weight", "at": told["at"]})
    assert hidden.status_code == 404
