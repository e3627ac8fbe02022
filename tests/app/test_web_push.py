"""Taking up a browser to be told in."""

import re
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.context import KEY, AppContext
from care_plans.messages import subscriptions
from core.journal import Actor
from tests.app.conftest import ClientAs
from tests.app.test_row_security import as_web, count, viewer
from tests.care_plans.messages.browser import Browser
from tests.cast import Cast

PATH = "/my-messages/push"
NOBODYS = "28235918-78eb-4fb4-91e0-fdebe010c065"


@pytest.fixture
def dev(app: Flask, given: AppContext, cast: Cast, client_as: ClientAs) -> FlaskClient:
    app.extensions[KEY] = AppContext(
        db=given.db, secret_key=given.secret_key, real_now=given.real_now, push_key="a public key"
    )
    return client_as(cast.dev)


def test_a_browser_is_switched_on_and_off(dev: FlaskClient, session: Session, cast: Cast) -> None:
    assert "None is switched on yet" in dev.get("/my-messages").text
    assert 'data-key="a public key"' in dev.get("/my-messages").text
    answer = dev.post(PATH, data=Browser().subscription, headers={"User-Agent": "Firefox, on Linux"})
    assert (answer.status_code, answer.location) == (303, "/my-messages")
    assert "Firefox, Linux" in dev.get("/my-messages").text
    (row,) = subscriptions.list_of(session, cast.dev.id)
    assert dev.post(f"{PATH}/{row.uuid}/end").status_code == 303
    assert subscriptions.list_of(session, cast.dev.id) == []


def test_what_is_no_subscription_is_refused_with_the_reason(dev: FlaskClient) -> None:
    answer = dev.post(PATH, data=Browser("https://127.0.0.1/one").subscription)
    assert answer.status_code == 422
    assert "a network of our own" in answer.text


def test_nobody_ends_what_is_somebody_elses(
    dev: FlaskClient, session: Session, cast: Cast, now: datetime
) -> None:
    row = subscriptions.keep(
        session, cast.cora.id, Browser().subscription, browser="", now=now, actor=Actor("Cora")
    )
    assert dev.post(f"{PATH}/{row.uuid}/end").status_code == 404
    assert dev.post(f"{PATH}/{uuid4()}/end").status_code == 404
    assert len(subscriptions.list_of(session, cast.cora.id)) == 1


def test_where_it_is_not_set_up_there_is_nothing(cast: Cast, client_as: ClientAs) -> None:
    client = client_as(cast.dev)
    assert client.post(PATH, data=Browser().subscription).status_code == 404
    assert "Switch this browser on" not in client.get("/my-messages").text


def test_what_a_browser_needs_is_there_for_everybody(app: Flask) -> None:
    anybody = app.test_client()
    worker = anybody.get("/service-worker.js")
    assert worker.status_code == 200
    assert "javascript" in worker.headers["Content-Type"]
    manifest = anybody.get("/manifest.webmanifest")
    assert manifest.headers["Content-Type"].startswith("application/manifest+json")
    assert manifest.get_json(force=True)["name"] == "Hearthline"


@pytest.mark.parametrize("path", [PATH, f"{PATH}/{NOBODYS}/end"])
def test_whoever_is_not_signed_in_switches_nothing(app: Flask, path: str) -> None:
    anybody = app.test_client()
    given = Browser().subscription
    assert anybody.post(path, data=given).status_code == 400, "no token of a form of ours"
    token = re.search(r'name="csrf_token" value="([^"]+)"', anybody.get("/sign-in").text)
    assert token
    answer = anybody.post(path, data=given | {"csrf_token": token[1]})
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in")


def test_the_web_reads_and_makes_nobodys_browsers_but_the_viewers_own(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = subscriptions.keep(
        session, cast.cora.id, Browser().subscription, browser="", now=now, actor=Actor("Cora")
    )
    whole = f"push_subscriptions WHERE id = {row.id}"
    for name, found in (("cora", 1), ("dev", 0), ("mallory", 0)):
        with as_web(session, viewer(session, getattr(cast, name), now), now) as connection:
            assert count(connection, whole) == found, name
    everything = replace(viewer(session, cast.dev, now), everyone=True)
    with as_web(session, everything, now) as connection:
        assert count(connection, whole) == 0
        with pytest.raises(ProgrammingError, match="row-level security"), connection.begin_nested():
            connection.execute(
                text(
                    "INSERT INTO push_subscriptions "
                    "(staff_id, name, endpoint, p256dh, auth, made_at, uuid, version, changed_at) "
                    "VALUES (:staff, 'A', 'https://push.example/two', 'a', 'a', now(), :uuid, 1, now())"
                ),
                {"staff": cast.cora.id, "uuid": uuid4()},
            )
