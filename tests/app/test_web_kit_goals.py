"""The pages of kit that serves no goal."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from devices.models import Assignment, Device
from tests.app import adas
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast
from tests.devices import kit

LIST = "/kit/goalless"


@pytest.fixture
def laid(session: Session, cast: Cast, now: datetime) -> dict[str, UUID]:
    """Ada's oximeter, which serves no goal, and her plan with one."""
    return adas.lay(session, cast, now)


def test_it_says_why_and_since_when(cast: Cast, client_as: ClientAs, laid: dict[str, UUID]) -> None:
    answer = client_as(cast.cora).get(LIST)
    assert h1(answer) == "Kit that serves no goal"
    assert "Nobody has said which goal it serves" in answer.text
    assert f"/people/{cast.ada.uuid}" in answer.text


def test_it_is_reached_from_the_kit(cast: Cast, client_as: ClientAs) -> None:
    assert f'href="{LIST}"' in client_as(cast.cora).get("/kit").text


@pytest.mark.usefixtures("laid")
def test_a_stranger_is_told_what_would_stand_there(cast: Cast, client_as: ClientAs) -> None:
    assert "Every piece of kit serves a goal" in client_as(cast.mallory).get(LIST).text


def test_its_goal_is_chosen_from_the_plan(
    session: Session, cast: Cast, client_as: ClientAs, laid: dict[str, UUID]
) -> None:
    client, path = client_as(cast.cora), f"/kit/{laid['device_id']}/goal"
    assert "I want to stay home." in client.get(path).text
    client.post(path, data={"goal": adas.GOAL})
    held = session.query(Assignment).filter_by(uuid=laid["assignment_id"]).one()
    assert held.goal_key == adas.GOAL
    assert f"/people/{cast.ada.uuid}" not in client.get(LIST).text


def test_no_goal_is_no_answer(cast: Cast, client_as: ClientAs, laid: dict[str, UUID]) -> None:
    answer = client_as(cast.cora).post(f"/kit/{laid['device_id']}/goal", data={"goal": ""})
    assert answer.status_code == 422
    assert "Choose a goal of their plan" in answer.text


def test_one_press_asks_whether_it_is_needed(cast: Cast, client_as: ClientAs, laid: dict[str, UUID]) -> None:
    client, path = client_as(cast.cora), f"/kit/{laid['device_id']}/goal/review"
    client.post(path)
    assert "Somebody is asked" in client.get(LIST).text
    assert client.post(path).status_code == 409


def test_a_day_by_which_it_comes_back_is_set(
    session: Session, cast: Cast, client_as: ClientAs, laid: dict[str, UUID], now: datetime
) -> None:
    client, path = client_as(cast.cora), f"/kit/{laid['device_id']}/goal/due-back"
    assert client.post(path, data={"due_back_on": ""}).status_code == 422
    soon = (now + timedelta(days=9)).date()
    client.post(path, data={"due_back_on": soon.isoformat()})
    assert session.query(Device).filter_by(uuid=laid["device_id"]).one().due_back_on == soon


def test_of_kit_with_nobody_no_goal_is_asked(session: Session, cast: Cast, client_as: ClientAs) -> None:
    spare = kit.device(session, "spare")
    answer = client_as(cast.cora).get(f"/kit/{spare.uuid}/goal", follow_redirects=True)
    assert "It is with nobody" in answer.text
