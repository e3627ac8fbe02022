"""The page that says how the desks cope."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from care_plans.alerts.events import What
from care_plans.models.alerts import AlertEvent
from care_plans.reached import Came
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.ringing.ringing import call, nobody_answers, ring
from tests.cast import Cast
from tests.outcomes.counting import alerted, happened

PATH = "/outcomes/desk"


def test_before_any_alert_it_says_what_would_stand_there(cast: Cast, client_as: ClientAs) -> None:
    cora = client_as(cast.cora)
    assert PATH in cora.get("/outcomes").text
    page = cora.get(PATH)
    assert h1(page) == "How the desks cope"
    assert "Nothing was put before a team yet" in page.text


def test_it_says_how_much_how_soon_and_what_stands(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = alerted(session, now - timedelta(hours=30), person=cast.ada)
    happened(session, alert, What.STEP, timedelta(0))
    happened(session, alert, What.CONTACT, timedelta(seconds=90))
    session.execute(update(AlertEvent).where(AlertEvent.what == What.STEP).values(team_id=cast.nurses.id))
    session.execute(update(AlertEvent).where(AlertEvent.what == What.CONTACT).values(by_staff_id=cast.dev.id))
    page = client_as(cast.cora).get(PATH).text
    assert cast.nurses.name in page
    assert "0.0 % of 1" in page
    assert "100.0 % of 1" in page
    assert "1 alert open for more than a day" in page
    assert "which is not an answered call" in page
    assert "Ada" not in page.split("<main", 1)[1]


def test_it_says_how_calls_to_people_go_and_who_was_looked_for(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now - timedelta(hours=3))
    ring(session, cast, row, now - timedelta(hours=2), Came.WELL)
    nobody_answers(session, cast, call(session, cast, now - timedelta(hours=2)), now)
    page = client_as(cast.cora).get(PATH).text
    assert "Calls to people" in page
    assert "50 % of 2" in page
    assert "1, 1 still open" in page
    assert "Ada" not in page.split("<main", 1)[1]
