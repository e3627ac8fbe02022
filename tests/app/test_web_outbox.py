"""The outbox, the strip, and the pages at the foot of every page."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import auditor
from care_plans.models.messages import Message, MessageState
from core import heartbeats
from core.models import Heartbeat, JournalEntry
from devices.models import Batch
from devices.subjects import person
from devices.unread import wake
from people.models.agencies import Role
from tests.app.conftest import ClientAs
from tests.app.raising import raise_
from tests.app.reading import h1
from tests.cast import Cast


def test_an_empty_outbox_says_what_would_appear(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.cora).get("/outbox")
    assert (answer.status_code, h1(answer)) == (200, "Outbox")
    assert "Nothing has been sent" in answer.text


def test_messages_can_be_read_as_people_get_them(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    text = cora.get("/outbox").text
    for words in ("Red alert, clinical, for A.M., Westmere", "To Coordinators, e-mail", "Waiting to be sent"):
        assert words in text, words
    assert f'href="/alerts/{alert.uuid}"' in text
    message = session.scalars(select(Message)).one()
    message.state, message.fault = MessageState.FAILED, "No such mailbox"
    session.flush()
    assert "Failed: No such mailbox" in cora.get("/outbox?state=failed").text
    assert "Nothing has been sent" in cora.get("/outbox?state=sent").text
    assert "A.M." not in client_as(cast.mallory).get("/outbox").text


def test_the_strip_says_how_the_system_is(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    cora = client_as(cast.cora)
    text = cora.get("/strip").text
    for words in ("No reading has come yet", "Nothing waiting", "No hub down", "Next steps not yet checked"):
        assert words in text, words
    session.add(Batch(received_at=now - timedelta(seconds=20), stored_at=now))
    wake(session, [person(cast.ada.id)], now - timedelta(seconds=40))
    auditor.audit(session, now)
    session.flush()
    text = cora.get("/strip").text
    for words in ("Last reading", "20 s ago", "1 change waiting to be judged", "Every open alert has a next"):
        assert words in text, words
    assert "2 people" in text
    assert "<html" not in text


def test_a_worker_that_is_silent_is_named(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime, app: Flask
) -> None:
    given = app.extensions["hearthline"]
    app.extensions["hearthline"] = type(given)(
        db=given.db, secret_key=given.secret_key, real_now=given.real_now,
        workers=frozenset({"intake", "evaluate"}),
    )  # fmt: skip
    session.add(Heartbeat(name="evaluate", at=now - timedelta(seconds=5), counts={}))
    session.flush()
    assert "Intake not answering" in client_as(cast.cora).get("/").text


def test_a_worker_that_lives_and_can_not_hear_the_broker_is_named(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime, app: Flask
) -> None:
    given = app.extensions["hearthline"]
    app.extensions["hearthline"] = replace(given, workers=frozenset({"intake"}))
    session.add(Heartbeat(name="intake", at=now, counts={heartbeats.LISTENING: False}))
    session.flush()
    text = client_as(cast.cora).get("/strip").text
    assert text.count("Intake can’t hear the broker.") == 2, "to be seen, and to be heard"
    assert "Listening" not in text


def test_the_counts_in_the_nav_travel_with_the_strip(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    raise_(session, cast, now)
    text = client_as(cast.cora).get("/strip").text
    assert 'id="n-board" hx-swap-oob="true">1' in text


@pytest.mark.parametrize("role", Role)
def test_the_strip_of_every_role_brings_the_counts_that_its_nav_shows_and_no_others(
    role: Role, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cast.sol.role = role
    session.flush()
    sol = client_as(cast.sol)
    page, strip = sol.get("/went-wrong"), sol.get("/strip")
    assert page.status_code == 200
    assert strip.status_code == 200
    shown = set(re.findall(r'id="(n-[a-z-]+)"', page.text)) - {"n-concerns"}
    assert set(re.findall(r'id="(n-[a-z-]+)" hx-swap-oob', strip.text)) == shown


def test_something_that_went_wrong_goes_into_the_hazard_log(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    form = cora.get("/went-wrong", headers={"Referer": "http://localhost/people/1?x=2"})
    assert h1(form) == "Something went wrong"
    assert 'name="page" value="/people/1"' in form.text
    answer = cora.post("/went-wrong", data={"what": "The page was empty", "harm": ""})
    assert answer.status_code == 422
    assert "The page was empty" in answer.text
    given = {"what": "The page was empty", "harm": "could", "page": "/people/1"}
    answer = cora.post("/went-wrong", data=given)
    assert "It is in the hazard log" in answer.text
    told = session.scalars(select(JournalEntry).where(JournalEntry.subject == "hazard")).one()
    assert told.details == {"what": "The page was empty", "harm": "could", "page": "/people/1"}
    assert told.staff_id == cast.cora.id


def test_the_accessibility_statement_is_open_to_everybody(app: Flask) -> None:
    answer = app.test_client().get("/accessibility")
    assert (answer.status_code, h1(answer)) == (200, "Accessibility")


def test_nobody_is_shown_a_way_to_where_they_may_not_go(cast: Cast, client_as: ClientAs) -> None:
    text = client_as(cast.vi).get("/follow-ups").text
    assert 'href="/follow-ups"' in text
    for path in ("/people", "/kit", "/outcomes", "/outbox"):
        assert f'href="{path}"' not in text, path
    assert 'action="/people/search"' not in text
