"""Interim plans through the API."""

from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from care_plans.protecting import interims
from tests.app.api.asking import wrong
from tests.care_plans.protecting import unprotected
from tests.care_plans.protecting.unprotected import HOUR
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]


def test_a_plan_is_read_and_what_was_agreed_written_down(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    path, cora = f"/api/v1/people/{cast.ada.uuid}/interim-plans", api_as(cast.cora)
    assert cora.get(path).json["items"] == []
    assert cora.post(f"{path}/agree", json={"call_times": [], "agreed": "Beth"}).status_code == 409
    unprotected.fails(session, unprotected.pendant(session, cast), now - HOUR)
    interims.step(session, now)

    [found] = cora.get(path).json["items"]
    agreed = cora.post(f"{path}/agree", json={"call_times": ["9:00"], "agreed": "Beth stays"})

    assert (found["kit"], found["lack"], found["lives_alone"], found["ended_at"]) == (
        "Pendant",
        "down",
        True,
        None,
    )
    assert agreed.json["call_times"] == ["09:00"], agreed.text
    assert "call_times" in wrong(cora.post(f"{path}/agree", json={"call_times": ["soon"], "agreed": "Beth"}))
    assert api_as(cast.mallory).get(path).status_code == 404
