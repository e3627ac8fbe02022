from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import JournalEntry
from people.models.agencies import Role
from people.models.sharing import Override
from tests.app.conftest import ClientAs
from tests.cast import Cast
from tests.people.test_overrides import BEN


def test_a_record_opens_with_a_reason_and_says_until_when(
    session: Session, cast: Cast, client_as: ClientAs
) -> None:
    mallory = client_as(cast.mallory)
    assert mallory.get(f"/people/{cast.ben.uuid}").status_code == 404
    answer = mallory.post("/override", data=BEN, follow_redirects=True)
    assert answer.status_code == 200
    assert "Ben Okafor" in answer.text
    assert "a privacy officer looks into it" in answer.text
    assert mallory.get(f"/people/{cast.ada.uuid}").status_code == 404


def test_who_names_nobody_exactly_gets_the_form_again_and_is_written_down(
    session: Session, cast: Cast, client_as: ClientAs
) -> None:
    answer = client_as(cast.mallory).post("/override", data={**BEN, "family_name": "Okofor"})
    assert answer.status_code == 422
    assert "Nobody here is exactly that" in answer.text
    assert 'value="Okofor"' in answer.text
    tried = select(JournalEntry).where(JournalEntry.what == "tried to override")
    assert session.scalars(tried).one().staff_id == cast.mallory.id


def test_a_fault_stands_beside_its_field(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.mallory).post("/override", data={**BEN, "reason": "urgent"})
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text


def test_the_privacy_officer_sees_who_why_and_what_was_opened_but_not_of_whom(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    mallory = client_as(cast.mallory)
    mallory.post("/override", data=BEN, follow_redirects=True)
    cast.sol.role = Role.PRIVACY_OFFICER
    sol = client_as(cast.sol)
    row = session.scalars(select(Override)).one()
    assert "Mallory, Faraway Care" in sol.get("/overrides").text
    page = sol.get(f"/overrides/{row.uuid}").text
    assert "Found on the floor" in page
    assert "Record" in page
    assert "Okafor" not in page
    assert sol.post(f"/overrides/{row.uuid}", data={"finding": ""}).status_code == 422
    done = sol.post(f"/overrides/{row.uuid}", data={"finding": "Needed."}, follow_redirects=True)
    assert "Needed." in done.text
    assert "Nothing to look into" in done.text


def test_a_volunteer_gets_no_form(cast: Cast, client_as: ClientAs) -> None:
    assert client_as(cast.vi).get("/override").status_code == 403
