from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import JournalEntry
from people.models.agencies import Role
from tests.cast import Cast
from tests.people.test_overrides import BEN

ApiAs = Callable[..., FlaskClient]


def test_a_record_is_opened_and_looked_into(session: Session, cast: Cast, api_as: ApiAs) -> None:
    mallory = api_as(cast.mallory)
    opened = mallory.post("/api/v1/overrides", json=BEN)
    assert opened.status_code == 201
    assert opened.get_json()["person_id"] == str(cast.ben.uuid)
    assert mallory.get(f"/api/v1/people/{cast.ben.uuid}").status_code == 200
    cast.sol.role = Role.PRIVACY_OFFICER
    sol = api_as(cast.sol)
    (item,) = sol.get("/api/v1/overrides").get_json()["items"]
    assert item["staff"] == "Mallory"
    answer = sol.post(f"/api/v1/overrides/{item['id']}/review", json={"finding": "Needed."})
    assert answer.get_json()["reviewed_by"] == "Sol"
    assert sol.get("/api/v1/overrides").get_json()["items"] == []


def test_a_try_that_finds_nobody_is_404_and_kept(session: Session, cast: Cast, api_as: ApiAs) -> None:
    answer = api_as(cast.mallory).post("/api/v1/overrides", json={**BEN, "given_name": "Bill"})
    assert answer.status_code == 404
    assert session.scalars(select(JournalEntry).where(JournalEntry.what == "tried to override")).one()


def test_who_is_no_privacy_officer_reads_none(cast: Cast, api_as: ApiAs) -> None:
    assert api_as(cast.cora).get("/api/v1/overrides").status_code == 403
