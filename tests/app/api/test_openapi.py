"""What every resource of the API has in common: documents, problems, versions, strict JSON."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from tests.cast import Cast
from tests.house.test_routes import made

ApiAs = Callable[..., FlaskClient]
SPEC = made().extensions["hearthline-openapi"]


def test_the_document_is_openapi() -> None:
    validate(SPEC)


def test_every_operation_says_its_scope_and_what_it_does() -> None:
    for path, item in SPEC["paths"].items():
        for method, said in item.items():
            if method != "parameters":
                assert said["summary"], f"{method} {path}"
                assert said["security"][0]["bearer"], f"{method} {path}"


def test_edits_ask_for_a_version_and_posts_offer_a_key() -> None:
    for path, item in SPEC["paths"].items():
        sent = {
            method: {one["name"] for one in said.get("parameters", [])}
            for method, said in item.items()
            if method != "parameters"
        }
        assert "If-Match" in sent.get("patch", {"If-Match"}), path
        assert "Idempotency-Key" in sent.get("post", {"Idempotency-Key"}), path


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "bad-request"),
        (b'{"name": NaN}', "bad-request"),
        (b'{"name": "\xff"}', "bad-request"),
        (b'{"name": "\\ud800"}', "bad-request"),
        (b"[" * 100_000, "bad-request"),
        (b"[]", "invalid"),
        (b"1e400", "bad-request"),
        (b'"text"', "invalid"),
        (b"null", "invalid"),
        (b"", "invalid"),
        (b'{"name": "a\\u0000b", "sector": "health"}', "invalid"),
    ],
)
def test_what_is_not_our_json_is_a_problem(cast: Cast, api_as: ApiAs, body: bytes, kind: str) -> None:
    cast.cora.role = cast.cora.role.ADMINISTRATOR
    answer = api_as(cast.cora).post("/api/v1/agencies", data=body, content_type="application/json")
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["type"] == f"/problems/{kind}"


def test_another_type_than_json_is_refused(cast: Cast, api_as: ApiAs) -> None:
    cast.cora.role = cast.cora.role.ADMINISTRATOR
    answer = api_as(cast.cora).post("/api/v1/agencies", data={"name": "A"})
    assert answer.status_code == 415


def test_every_wrong_field_is_named(cast: Cast, api_as: ApiAs) -> None:
    answer = api_as(cast.cora).post("/api/v1/homes", json={"tenure": "tent", "colour": "red"})
    assert answer.status_code == 422
    assert answer.json is not None
    fields = {error["field"]: error["detail"] for error in answer.json["errors"]}
    assert set(fields) == {"address_line", "postcode", "tenure", "colour"}


def test_an_unknown_filter_is_refused_and_not_ignored(cast: Cast, api_as: ApiAs) -> None:
    answer = api_as(cast.cora).get("/api/v1/homes?postcde=WM1")
    assert answer.status_code == 422
    assert answer.json is not None
    assert [error["field"] for error in answer.json["errors"]] == ["postcde"]


def test_a_filter_that_is_given_twice_is_refused_as_only_one_could_count(cast: Cast, api_as: ApiAs) -> None:
    answer = api_as(cast.cora).get("/api/v1/alerts?severity=red&severity=amber")
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"] == [{"field": "severity", "detail": "Give this once."}]


def test_an_edit_says_which_version_it_changed(cast: Cast, api_as: ApiAs) -> None:
    cora, path = api_as(cast.cora), f"/api/v1/homes/{cast.ada_home.uuid}"
    blind = cora.patch(path, json={"area": "North"})
    seen = cora.patch(path, json={"area": "North"}, headers={"If-Match": '"1"'})
    late = cora.patch(path, json={"area": "South"}, headers={"If-Match": '"1"'})
    odd = cora.patch(path, json={"area": "South"}, headers={"If-Match": "*"})
    assert (blind.status_code, seen.status_code, late.status_code, odd.status_code) == (428, 200, 412, 412)
    assert seen.headers["ETag"] == '"2"'
    assert late.json is not None
    assert late.json["type"] == "/problems/changed-meanwhile"


def test_an_answer_of_nothing_has_no_body(app: Flask, cast: Cast, api_as: ApiAs) -> None:
    answer = api_as(cast.cora).delete(f"/api/v1/people/{cast.ada.uuid}/care-team/{cast.nurses.uuid}")
    assert (answer.status_code, answer.data) == (204, b"")
