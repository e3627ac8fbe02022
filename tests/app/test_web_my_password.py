"""Choosing another password of one's own: for staff, and for whoever opens My page."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core.journal import Actor
from people import accounts, signing_in, staff
from tests.app import proxies
from tests.app.conftest import ClientAs
from tests.app.proxies import LetIn
from tests.app.reading import h1
from tests.cast import Cast

PASSWORD, OTHER = "three random words", "four other random words"


@pytest.fixture
def cora(session: Session, cast: Cast) -> Cast:
    staff.set_password(session, cast.cora, PASSWORD, actor=Actor("a test"))
    return cast


@pytest.fixture
def people(session: Session, cast: Cast, now: datetime) -> LetIn:
    return proxies.lay(session, cast, now)


def test_staff_choose_their_own_and_every_other_session_ends(
    session: Session, cora: Cast, client_as: ClientAs, now: datetime
) -> None:
    here, elsewhere = client_as(cora.cora), client_as(cora.cora)
    assert h1(here.get("/password")) == "Choose another password"
    assert 'href="/password"' in here.get("/").text
    answer = here.post("/password", data={"current": PASSWORD, "password": OTHER})
    assert (answer.status_code, answer.location) == (303, "/password")
    assert "Every other browser" in here.get("/password").text
    assert elsewhere.get("/").location.startswith("/sign-in")
    session.refresh(cora.cora)
    assert signing_in.sign_in(session, cora.cora.email, OTHER, now) is cora.cora
    assert signing_in.sign_in(session, cora.cora.email, PASSWORD, now) is None


def test_whoever_finds_a_browser_open_changes_nothing_and_is_locked_out_of_trying(
    session: Session, cora: Cast, client_as: ClientAs
) -> None:
    client = client_as(cora.cora)
    for _ in range(5):
        answer = client.post("/password", data={"current": "a guess at random", "password": OTHER})
        assert answer.status_code == 422
        assert "not your password now" in answer.text
        assert OTHER not in answer.text
    session.refresh(cora.cora)
    assert cora.cora.locked_until is not None
    assert client.post("/password", data={"current": PASSWORD, "password": OTHER}).status_code == 422


@pytest.mark.parametrize("new", ["short", "Cora@Westmere.example", PASSWORD])
def test_one_that_is_too_easy_or_the_same_is_refused_at_its_field(
    session: Session, cora: Cast, client_as: ClientAs, now: datetime, new: str
) -> None:
    client = client_as(cora.cora)
    answer = client.post("/password", data={"current": PASSWORD, "password": new})
    assert answer.status_code == 422
    assert 'href="#password"' in answer.text
    assert client.get("/password").status_code == 200
    session.refresh(cora.cora)
    assert signing_in.sign_in(session, cora.cora.email, PASSWORD, now) is cora.cora


def mine(app: Flask, session: Session, people: LetIn, now: datetime) -> tuple[FlaskClient, FlaskClient]:
    one, other = (proxies.client_of(app, session, people.beth, now) for _ in range(2))
    return one, other


def test_whoever_is_let_in_chooses_their_own_too(
    app: Flask, session: Session, people: LetIn, now: datetime
) -> None:
    here, elsewhere = mine(app, session, people, now)
    assert h1(here.get("/me/password")) == "Choose another password"
    assert 'href="/me/password"' in here.get("/me").text
    wrong = here.post("/me/password", data={"current": "a guess at random", "password": OTHER})
    assert wrong.status_code == 422
    answer = here.post("/me/password", data={"current": PASSWORD, "password": OTHER})
    assert (answer.status_code, answer.location) == (303, "/me/password")
    assert here.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 303
    session.refresh(people.beth)
    assert accounts.sign_in(session, people.beth.email, OTHER, now) is people.beth
