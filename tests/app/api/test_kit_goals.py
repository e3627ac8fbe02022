"""Kit that serves no goal, through the API."""

from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.app import adas
from tests.app.api.asking import wrong
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]
PATH = "/api/v1/kit-without-goal"


def test_it_is_listed_until_a_goal_of_the_plan_is_said(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    ids, cora = adas.lay(session, cast, now), api_as(cast.cora)
    [found] = cora.get(PATH).json["items"]
    assert (found["device_id"], found["why"]) == (str(ids["device_id"]), "none")
    path = f"{PATH}/{found['device_id']}/assignments/{found['assignment_id']}/goal"

    assert "goal_key" in wrong(cora.post(path, json={"goal_key": "another"}))
    assert cora.post(path, json={"goal_key": adas.GOAL}).json["goal_key"] == adas.GOAL

    assert cora.get(PATH).json["items"] == []
    assert api_as(cast.mallory).get(PATH).json["items"] == []
