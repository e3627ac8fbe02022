"""Where no telephone is set, every page on which a ladder is decided says that nobody is rung (H9)."""

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.context import KEY, AppContext
from care_plans.channel import Channel
from care_plans.plan import drafts, enrol
from tests.app.conftest import ClientAs
from tests.cast import Cast

NOBODY = "Nobody is rung: no telephone is set."


@pytest.fixture
def pages(session: Session, cast: Cast, now: datetime) -> tuple[str, ...]:
    """Pages on which somebody decides on a ladder."""
    enrol.enrol(session, cast.ada, "frailty_falls", by=cast.dev, now=now)
    drafts.open_draft(session, cast.ada, cast.dev)
    session.flush()
    plan = f"/people/{cast.ada.uuid}/plan/edit"
    return plan, f"{plan}/ladders", "/pathways/frailty_falls", "/admin"


def without(app: Flask, given: AppContext, *ways: Channel) -> None:
    app.extensions[KEY] = replace(given, ways=frozenset(ways))


def test_they_say_what_a_step_that_calls_does_instead(
    app: Flask, given: AppContext, cast: Cast, client_as: ClientAs, pages: tuple[str, ...]
) -> None:
    without(app, given, Channel.EMAIL)
    browser = client_as(cast.dev)
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert f"{NOBODY} A step that calls sends e-mail and stands on the board" in answer.text, page


def test_without_a_mail_server_either_they_say_that_it_only_stands_on_the_board(
    app: Flask, given: AppContext, cast: Cast, client_as: ClientAs
) -> None:
    without(app, given)
    answer = client_as(cast.hana).get("/pathways/copd")
    assert f"{NOBODY} A step that calls stands on the board, and no more." in answer.text


def test_where_a_telephone_is_set_they_warn_of_nothing(
    app: Flask, given: AppContext, cast: Cast, client_as: ClientAs, pages: tuple[str, ...]
) -> None:
    without(app, given, Channel.EMAIL, Channel.VOICE)
    browser = client_as(cast.dev)
    for page in pages:
        assert NOBODY not in browser.get(page).text, page
