"""The pages to sign in and out, and how long a sign-in lasts."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.auth import needs
from app.context import AppContext, viewer
from app.factory import create_app
from core.journal import Actor
from people import staff
from tests.app.conftest import SECRET, ClientAs, RealTime
from tests.cast import Cast

PASSWORD = "three random words"
BY = Actor("test")


@pytest.fixture
def app(app_of_its_own: Flask) -> Flask:
    """One to which these tests add routes."""
    return app_of_its_own


@pytest.fixture
def cora(app: Flask, session: Session, cast: Cast) -> Cast:
    """The cast, with a password for Cora and a page that says who she is."""
    staff.set_password(session, cast.cora, PASSWORD, actor=BY)
    app.add_url_rule("/who", "who", needs("people:read")(lambda: viewer().name))
    app.add_url_rule("/who/live", "who_live", needs("people:read", live=True)(lambda: viewer().name))
    return cast


def sign_in(client: FlaskClient, password: str = PASSWORD, onward: str = "/who") -> TestResponse:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    form = {"email": "Cora@Westmere.example", "password": password, "next": onward, "csrf_token": token[1]}
    return client.post("/sign-in", data=form)


def test_it_signs_somebody_in_and_goes_on_to_the_page(app: Flask, cora: Cast) -> None:
    client = app.test_client()
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (303, "/who")
    assert client.get("/who").text == "Cora"


def test_its_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask, cora: Cast) -> None:
    cookie = sign_in(app.test_client()).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_its_cookie_is_for_https_alone_where_that_is_set(app: Flask, cora: Cast, session: Session) -> None:
    given: AppContext = app.extensions["hearthline"]
    secure = create_app(AppContext(db=given.db, secret_key=SECRET, secure_cookies=True))
    answer = secure.test_client().get("/sign-in", base_url="https://localhost")
    assert answer.headers["Set-Cookie"].startswith("__Host-hearthline=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_wrong_password_keeps_the_address_and_says_one_thing(app: Flask, cora: Cast) -> None:
    answer = sign_in(app.test_client(), "not the password")
    assert answer.status_code == 422
    assert 'value="Cora@Westmere.example"' in answer.text
    assert "do not go together" in answer.text
    assert "not the password" not in answer.text


def test_a_failure_counts_though_the_page_is_refused(app: Flask, cora: Cast, session: Session) -> None:
    for _ in range(5):
        sign_in(app.test_client(), "not the password")
    session.refresh(cora.cora)
    assert cora.cora.failed_attempts == 5
    assert sign_in(app.test_client()).status_code == 422


def test_a_form_without_its_token_is_refused(app: Flask, cora: Cast) -> None:
    answer = app.test_client().post("/sign-in", data={"email": "cora@westmere.example", "password": PASSWORD})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "/\\/evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil",
    ],
)
def test_it_never_leads_to_another_site(app: Flask, cora: Cast, client_as: ClientAs, elsewhere: str) -> None:
    assert sign_in(app.test_client(), onward=elsewhere).location == "/"
    assert client_as(cora.cora).get("/sign-in", query_string={"next": elsewhere}).location == "/"


def test_half_an_hour_without_a_touch_ends_it(app: Flask, cora: Cast, real_time: RealTime) -> None:
    client = app.test_client()
    sign_in(client)
    real_time.pass_by(timedelta(minutes=29))
    assert client.get("/who").status_code == 200
    real_time.pass_by(timedelta(minutes=29))
    assert client.get("/who").status_code == 200
    real_time.pass_by(timedelta(minutes=31))
    assert client.get("/who").status_code == 303


def test_parts_that_load_by_themselves_keep_nobody_signed_in(
    app: Flask, cora: Cast, real_time: RealTime
) -> None:
    client = app.test_client()
    sign_in(client)
    for _ in range(3):
        real_time.pass_by(timedelta(minutes=10))
        client.get("/who/live")
    real_time.pass_by(timedelta(minutes=1))
    assert client.get("/who/live").status_code == 303


def test_twelve_hours_end_it_whatever_is_touched(app: Flask, cora: Cast, real_time: RealTime) -> None:
    client = app.test_client()
    sign_in(client)
    for _ in range(25):
        real_time.pass_by(timedelta(minutes=29))
        answer = client.get("/who")
    assert answer.status_code == 303


def test_signing_out_ends_it_on_every_machine(app: Flask, cora: Cast, client_as: ClientAs) -> None:
    other = app.test_client()
    sign_in(other)
    assert client_as(cora.cora).post("/sign-out").location == "/sign-in"
    assert other.get("/who").status_code == 303


def test_a_new_password_ends_it(app: Flask, cora: Cast, session: Session) -> None:
    client = app.test_client()
    sign_in(client)
    staff.set_password(session, cora.cora, "four other random words", actor=BY)
    assert client.get("/who").status_code == 303


def test_whoever_left_is_signed_out(
    app: Flask, cora: Cast, session: Session, api_as: Callable[..., FlaskClient]
) -> None:
    client, program = app.test_client(), api_as(cora.cora)
    sign_in(client)
    staff.leave(session, cora.cora, app.extensions["hearthline"].db.clock.now(), actor=BY)
    assert client.get("/who").status_code == 303
    assert program.get("/api/v1/homes").status_code == 401


def test_whoever_is_signed_in_does_not_see_the_form_again(cast: Cast, client_as: ClientAs) -> None:
    assert client_as(cast.cora).get("/sign-in").location == "/"
