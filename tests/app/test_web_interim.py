"""The page of how somebody gets by until their kit protects them again."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.protecting import Interim
from care_plans.protecting import interims
from core.models import JournalEntry
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.protecting import unprotected
from tests.care_plans.protecting.unprotected import HOUR, plan_of
from tests.cast import Cast


@pytest.fixture
def plan(session: Session, cast: Cast, now: datetime) -> Interim:
    """Ada's, whose pendant is down."""
    unprotected.fails(session, unprotected.pendant(session, cast), now - HOUR)
    interims.step(session, now)
    return plan_of(session, cast)


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/people/{cast.ada.uuid}/interim"


@pytest.mark.usefixtures("plan")
def test_it_says_what_is_asked_and_by_when(cast: Cast, client_as: ClientAs, path: str) -> None:
    answer = client_as(cast.cora).get(path)
    assert h1(answer) == "Interim plan"
    assert "Mend or replace Pendant" in answer.text
    assert "09:00, 13:00, 17:00, 21:00" in answer.text


@pytest.mark.usefixtures("plan")
def test_that_somebody_looked_is_written_down(
    session: Session, cast: Cast, client_as: ClientAs, path: str
) -> None:
    client_as(cast.hana).get(path)
    looks = select(JournalEntry.details).where(JournalEntry.what == "looked at")
    assert "interim plan" in str(list(session.scalars(looks)))


def test_what_was_agreed_is_written_down_and_said_everywhere(
    session: Session, cast: Cast, client_as: ClientAs, path: str, plan: Interim
) -> None:
    client = client_as(cast.cora)
    client.post(path, data={"call_times": "8:30 and 20:00", "agreed": "Beth stays at night"})
    session.refresh(plan)
    assert (plan.call_times, plan.agreed) == (["08:30", "20:00"], "Beth stays at night")
    assert "Beth stays at night" in client.get(path).text
    assert "Interim: calls at 08:30 and 20:00." in client.get(f"/people/{cast.ada.uuid}").text


@pytest.mark.usefixtures("plan")
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast: Cast, client_as: ClientAs, path: str) -> None:
    answer = client_as(cast.cora).post(path, data={"call_times": "teatime", "agreed": "Beth"})
    assert answer.status_code == 422
    assert "Give times of day such as 10:00" in answer.text
    assert 'value="teatime"' in answer.text


def test_whoever_is_protected_needs_none(cast: Cast, client_as: ClientAs, path: str) -> None:
    assert "Ada needs no interim plan" in client_as(cast.cora).get(path).text


def test_what_came_back_meanwhile_can_no_longer_be_agreed(cast: Cast, client_as: ClientAs, path: str) -> None:
    answer = client_as(cast.cora).post(path, data={"call_times": "10:00", "agreed": "Beth"})
    assert answer.status_code == 422
    assert interims.OVER in answer.text


@pytest.mark.usefixtures("plan")
def test_its_follow_ups_lead_to_it(cast: Cast, client_as: ClientAs, path: str) -> None:
    text = client_as(cast.cora).get("/follow-ups?view=team").text
    assert f'<a href="{path}">From the interim plan</a>' in text


@pytest.mark.usefixtures("plan")
def test_a_stranger_finds_nothing(cast: Cast, client_as: ClientAs, path: str) -> None:
    client = client_as(cast.mallory)
    assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]
