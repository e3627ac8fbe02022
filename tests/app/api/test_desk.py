"""How the desks cope, over REST."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from care_plans.alerts.events import What
from care_plans.models.alerts import AlertEvent
from care_plans.reached import Came
from tests.care_plans.ringing.ringing import call, ring
from tests.cast import Cast
from tests.outcomes.counting import alerted, happened

Asked = Callable[..., FlaskClient]
URL = "/api/v1/outcomes/desk"


def test_it_tells_loads_limits_and_what_stands(
    cast: Cast, api_as: Asked, session: Session, now: datetime
) -> None:
    alert = alerted(session, now - timedelta(hours=30), person=cast.ada)
    happened(session, alert, What.STEP, timedelta(0))
    session.execute(update(AlertEvent).where(AlertEvent.what == What.STEP).values(team_id=cast.nurses.id))
    told = api_as(cast.cora).get(URL).json
    [load] = told["teams"]
    assert (load["team_id"], load["presented"], load["busiest"]) == (str(cast.nurses.uuid), 1, 1)
    assert [(one["met"], one["of"], one["target"]) for one in told["taken_up"]] == [
        (0, 1, 0.975),
        (0, 1, 0.99),
    ]
    assert (told["attended"][0]["share"], told["standing"], told["chattering"]) == (None, 1, 0)
    assert told["mix"][0] == {"severity": "red", "share": 1.0, "usual": 0.05}


def test_of_no_alerts_there_is_nothing_to_tell(cast: Cast, api_as: Asked) -> None:
    told = api_as(cast.cora).get(f"{URL}?from=2026-11-16&to=2026-11-22").json
    assert (told["teams"], told["mix"], told["standing"]) == ([], [], 0)
    assert api_as(cast.cora).get(f"{URL}?from=2026-11-22&to=2026-11-01").status_code == 422


def test_calls_to_people_are_in_it(cast: Cast, api_as: Asked, session: Session, now: datetime) -> None:
    row = call(session, cast, now - timedelta(hours=3))
    ring(session, cast, row, now - timedelta(hours=2), Came.WELL)
    told = api_as(cast.cora).get(URL).json["calls"]
    assert (told["due"], told["made"], told["at_once"], told["no_replies"]) == (1, 1, 1, 0)
    assert told["came"] == [{"came": "answered_well", "number": 1}]
    assert told["outcomes"] == [{"outcome": "done", "number": 1}]
