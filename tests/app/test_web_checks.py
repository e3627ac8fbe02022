"""The pages of checks that lapse, and of recording one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from people.models.agencies import Role
from tests.app.conftest import ClientAs
from tests.care_plans.checking import lapse
from tests.cast import Cast


@pytest.fixture
def administrator(session: Session, cast: Cast, client_as: ClientAs) -> FlaskClient:
    """Sol looks after the nurses' agency."""
    cast.sol.role, cast.sol.agency_id = Role.ADMINISTRATOR, cast.health.id
    session.flush()
    return client_as(cast.sol)


def dates(now: datetime, until: int) -> dict[str, str]:
    return {
        "name": "DBS check",
        "done_on": (now - timedelta(days=300)).date().isoformat(),
        "valid_until": (now + timedelta(days=until)).date().isoformat(),
    }


def test_an_administrator_records_one_and_takes_it_back(
    administrator: FlaskClient, cast: Cast, now: datetime
) -> None:
    path = f"/admin/staff/{cast.dev.uuid}/checks"
    assert "None yet" in administrator.get(path).get_data(as_text=True)
    assert administrator.post(path, data=dates(now, 10)).status_code == 303
    page = administrator.get(path).get_data(as_text=True)
    assert "Soon:" in page
    remove = page.partition(f"{path}/")[2].partition('"')[0]
    assert administrator.post(f"{path}/{remove}").status_code == 303
    assert "None yet" in administrator.get(path).get_data(as_text=True)


def test_what_is_wrong_is_said_at_its_field(administrator: FlaskClient, cast: Cast, now: datetime) -> None:
    path = f"/admin/staff/{cast.dev.uuid}/checks"
    wrong = administrator.post(path, data=dates(now, -400))
    assert wrong.status_code == 422
    assert "before it was done" in wrong.get_data(as_text=True)


def test_those_of_another_agency_are_neither_shown_nor_recorded(
    administrator: FlaskClient, session: Session, cast: Cast, now: datetime
) -> None:
    lapse(session, cast.cora, now)
    path = f"/admin/staff/{cast.cora.uuid}/checks"
    page = administrator.get(path).get_data(as_text=True)
    assert "Their own agency keeps them" in page
    assert "induction, " not in page.lower()
    assert administrator.post(path, data=dates(now, 10)).status_code == 404


def test_what_lapses_is_shown_to_the_team_and_to_the_administrator_ahead_of_time(
    administrator: FlaskClient, session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    lapse(session, cast.dev, now, days=-20)
    for client in (administrator, client_as(cast.dev)):
        page = client.get("/checks").get_data(as_text=True)
        assert "Lone-worker induction" in page
        assert "Lapsed:" not in page
    assert "Nothing lapses" in client_as(cast.cora).get("/checks").get_data(as_text=True)
    session.flush()
    lapse(session, cast.dev, now).name = "DBS check"
    session.flush()
    assert "Lapsed:" in client_as(cast.dev).get("/checks").get_data(as_text=True)


def test_by_rest_it_is_the_same(
    session: Session, cast: Cast, api_as: Callable[..., FlaskClient], now: datetime
) -> None:
    cast.sol.role, cast.sol.agency_id = Role.ADMINISTRATOR, cast.health.id
    api, path = api_as(cast.sol), f"/api/v1/staff/{cast.dev.uuid}/checks"
    made = api.post(path, json=dates(now, -1))
    assert made.status_code == 201
    listed = api.get(path).get_json()
    assert (listed["may_be_asked"], len(listed["items"])) == (False, 1)
    assert api.delete(f"{path}/{made.get_json()['id']}").status_code == 204
    assert api.get(path).get_json() == {"items": [], "may_be_asked": True}
