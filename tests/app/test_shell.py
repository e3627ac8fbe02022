"""Sign-in, sessions, form tokens, headers and errors of the web application."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from people import passwords
from people.models import Staff
from tests.app.conftest import ClientAs, RealTime
from tests.cast import Cast


def test_a_stranger_gets_a_problem_with_a_challenge(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/homes")
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"] == "/problems/not-signed-in"
    assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_somebody_with_a_token_sees_a_home_with_its_etag(
    cast: Cast, api_as: Callable[..., FlaskClient]
) -> None:
    answer = api_as(cast.cora).get(f"/api/v1/homes/{cast.ada_home.uuid}")
    assert answer.status_code == 200
    assert answer.json["id"] == str(cast.ada_home.uuid)
    assert answer.headers["ETag"] == '"1"'


def test_the_docs_are_readable_without_a_script(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/docs")
    assert answer.status_code == 200
    assert "/api/v1/people/{person_id}/care-team" in answer.text
