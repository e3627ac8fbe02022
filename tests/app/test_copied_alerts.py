"""A copied call on the board, on its page and by REST: whom the unit called, never that it answered (H9)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.alerts import Alert
from care_plans.severity import Class
from devices import alarm_lines
from people.visible import actor
from tests.app.api.asking import EVERYTHING
from tests.app.conftest import ClientAs
from tests.app.raising import what
from tests.care_plans.alerting import cora
from tests.cast import Cast

CENTRE = "Westmere Careline"


def copied(session: Session, cast: Cast, now: datetime) -> Alert:
    given = what(cast, now, class_=Class.LIFE_SAFETY, key="safety.pendant")
    alert = alerts.raise_(session, replace(given, copied=True), now)
    session.flush()
    return alert


@pytest.fixture
def alert(session: Session, cast: Cast, now: datetime) -> Alert:
    alarm_lines.set_line(session, cast.ada_home, {"centre": CENTRE}, now=now, actor=actor(cora(cast)))
    return copied(session, cast, now)


def test_the_board_and_its_page_say_whom_the_unit_called(
    alert: Alert, cast: Cast, client_as: ClientAs
) -> None:
    browser = client_as(cast.cora)
    assert f"<b>a copy: {CENTRE} was called</b>" in browser.get("/").text
    page = browser.get(f"/alerts/{alert.uuid}").text
    for words in (
        f"A copy: {CENTRE} was called by the unit and answers; we follow up.",
        "Nobody here knows yet that it did answer.",
        f"Ask {CENTRE} what came of it",
    ):
        assert words in page, words


def test_where_no_centre_is_on_record_its_page_says_that_it_calls_in_full(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    page = client_as(cast.cora).get(f"/alerts/{copied(session, cast, now).uuid}").text
    assert "an alarm receiving centre was called by the unit. Which one is not on record" in page


def test_programs_read_it_too(alert: Alert, cast: Cast, api_as: Callable[..., FlaskClient]) -> None:
    given = api_as(cast.cora, *EVERYTHING).get(f"/api/v1/alerts/{alert.uuid}").json
    assert (given["copied"], given["centre"]) == (True, CENTRE)
