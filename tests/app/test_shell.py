"""Errors, headers, documents and the one session of a request."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from app import context
from app.auth import needs, public
from core.errors import Conflict, Unavailable
from core.models import JournalEntry
from people.models.homes import Home
from tests.app.conftest import ClientAs
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]


@pytest.fixture
def app(app_of_its_own: Flask) -> Flask:
    """One to which these tests add routes."""
    return app_of_its_own


def test_a_stranger_gets_a_problem_with_a_challenge(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/homes")
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["type"] == "/problems/not-signed-in"
    assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_a_cookie_counts_for_nothing_in_the_api(cast: Cast, client_as: ClientAs) -> None:
    assert client_as(cast.cora).get("/api/v1/homes").status_code == 401


def test_a_token_counts_for_nothing_on_pages(app: Flask, cast: Cast, api_as: ApiAs) -> None:
    app.add_url_rule("/try", "try", needs("people:read")(lambda: "seen"))
    answer = api_as(cast.cora).get("/try?tab=plan")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/try?tab%3Dplan"


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(app: Flask) -> None:
    app.add_url_rule("/try", "try", needs("people:read")(lambda: "seen"))
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/follow-ups?mine=1"}
    answer = app.test_client().get("/try", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/follow-ups?mine%3D1"


def test_what_is_not_there_is_a_problem_for_programs_and_a_page_for_people(app: Flask) -> None:
    client = app.test_client()
    problem, page = client.get("/api/v1/nothing"), client.get("/nothing")
    assert (problem.status_code, page.status_code) == (404, 404)
    assert problem.json is not None
    assert problem.json["type"] == "/problems/not-found"
    assert "<h1>There is nothing here</h1>" in page.text


def test_a_role_that_does_not_allow_it_is_refused(cast: Cast, api_as: ApiAs) -> None:
    answer = api_as(cast.vi).get("/api/v1/people")
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["type"] == "/problems/not-allowed"


def test_a_scope_left_out_is_refused(cast: Cast, api_as: ApiAs) -> None:
    assert api_as(cast.cora, "people:read").get("/api/v1/homes").status_code == 403


def test_every_answer_carries_the_headers_that_guard_it(app: Flask) -> None:
    headers = app.test_client().get("/sign-in").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers
    assert len(headers["X-Request-ID"]) == 32


def test_a_request_keeps_the_number_it_came_with_if_it_is_one(app: Flask) -> None:
    client = app.test_client()
    kept = client.get("/health/live", headers={"X-Request-ID": "from-the-proxy-1"})
    strange = client.get("/health/live", headers={"X-Request-ID": "<b>not a number</b>"})
    assert kept.headers["X-Request-ID"] == "from-the-proxy-1"
    assert "<" not in strange.headers["X-Request-ID"]


def test_a_body_over_a_megabyte_is_refused(cast: Cast, api_as: ApiAs) -> None:
    answer = api_as(cast.cora).post("/api/v1/homes", data=b'{"a":"' + b"x" * 1_100_000 + b'"}')
    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"


def test_a_method_that_nothing_takes_names_those_that_are(cast: Cast, api_as: ApiAs) -> None:
    answer = api_as(cast.cora).delete("/api/v1/homes")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Conflict(), 409),
        (Unavailable(), 503),
        (OperationalError("SELECT secret", {}, Exception("secret")), 503),
        (NoConnection("secret"), 503),
        (RuntimeError("secret"), 500),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/try", "/try"])
def test_a_fault_is_told_without_what_is_behind_it(
    app: Flask, fault: Exception, status: int, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> str:
        raise fault

    app.add_url_rule(path, "try", public(fail))
    answer = app.test_client().get(path)
    assert answer.status_code == status
    assert "secret" not in answer.text
    if status >= 500:
        assert [record.message for record in caplog.records] == ["request failed"]
        assert vars(caplog.records[0])["request_id"] == answer.headers["X-Request-ID"]


def test_opening_a_link_can_look_but_never_act(
    app: Flask, session: Session, cast: Cast, client_as: ClientAs
) -> None:
    def act() -> str:
        home = context.session().get_one(Home, cast.ada_home.id)
        home.access_notes = "Changed by a link"
        return "done"

    app.add_url_rule("/act", "act", needs("homes:read")(act), methods=["GET"])
    assert client_as(cast.cora).get("/act").status_code == 500
    session.refresh(cast.ada_home)
    assert cast.ada_home.access_notes is None


def test_a_refused_request_keeps_nothing(
    app: Flask, session: Session, cast: Cast, client_as: ClientAs
) -> None:
    told: list[str] = []

    def refuse() -> tuple[str, int]:
        home = context.session().get_one(Home, cast.ada_home.id)
        home.access_notes = "Half done"
        context.session().flush()
        context.after_commit(lambda: told.append("the broker"))
        return "no", 422

    app.add_url_rule("/refuse", "refuse", needs("homes:write")(refuse), methods=["POST"])
    assert client_as(cast.cora).post("/refuse").status_code == 422
    session.refresh(cast.ada_home)
    assert cast.ada_home.access_notes is None
    assert told == []


def test_what_follows_a_commit_comes_after_it(app: Flask, cast: Cast, client_as: ClientAs) -> None:
    told: list[str] = []

    def act() -> str:
        context.after_commit(lambda: told.append("the broker"))
        context.session().get_one(Home, cast.ada_home.id).access_notes = "Ring twice"
        assert told == []
        return "done"

    app.add_url_rule("/act", "act", needs("homes:write")(act), methods=["POST"])
    assert client_as(cast.cora).post("/act").status_code == 200
    assert told == ["the broker"]


def test_a_look_at_a_person_is_written_down(session: Session, cast: Cast, api_as: ApiAs) -> None:
    assert api_as(cast.cora).get(f"/api/v1/people/{cast.ada.uuid}").status_code == 200
    looks = session.scalars(select(JournalEntry).where(JournalEntry.person_id == cast.ada.id)).all()
    assert [(look.what, look.by, look.staff_id) for look in looks] == [("looked at", "Cora", cast.cora.id)]


def test_the_document_is_valid_and_open_to_all(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["openapi"].startswith("3.1")


def test_the_docs_are_readable_without_a_script(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/docs")
    assert answer.status_code == 200
    assert "/api/v1/people/{person_id}/care-team" in answer.text


def test_a_problems_type_leads_to_what_it_means(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/problems/changed-meanwhile")
    assert answer.location == "/api/v1/docs#changed-meanwhile"
    assert 'id="changed-meanwhile"' in client.get("/api/v1/docs").text


def test_somebody_with_a_token_sees_a_home_with_its_etag(cast: Cast, api_as: ApiAs) -> None:
    answer = api_as(cast.cora).get(f"/api/v1/homes/{cast.ada_home.uuid}")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["id"] == str(cast.ada_home.uuid)
    assert answer.headers["ETag"] == '"1"'


def test_an_id_of_nothing_is_not_found(cast: Cast, api_as: ApiAs) -> None:
    assert api_as(cast.cora).get(f"/api/v1/homes/{uuid4()}").status_code == 404


@pytest.mark.parametrize("path", ["/?area=%00", "/kit?q=%00", "/follow-ups?page=1&page=%00", "/outcomes/%00"])
def test_a_zero_byte_in_an_address_is_refused(cast: Cast, client_as: ClientAs, path: str) -> None:
    answer = client_as(cast.cora).get(path)
    assert answer.status_code == 400
    assert "Leave out zero bytes." in answer.text


def test_a_zero_byte_in_a_form_is_refused(cast: Cast, client_as: ClientAs) -> None:
    assert client_as(cast.cora).post("/people/search", data={"q": "Ada\0"}).status_code == 400
    assert client_as(cast.cora).post("/sign-in", data={"email": "\0"}).status_code == 400
