"""The pages of those who look after agencies, teams, staff and sharing."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from people import grants, passwords, teams
from people.models.agencies import Agency, Role, Staff, Team
from people.usual_sharing import PROPOSED
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast


@pytest.fixture
def administrator(cast: Cast, client_as: ClientAs) -> FlaskClient:
    cast.mallory.role = Role.ADMINISTRATOR
    return client_as(cast.mallory)


def test_the_way_there_is_shown_to_those_who_look_after_something(
    cast: Cast, client_as: ClientAs, administrator: FlaskClient
) -> None:
    assert 'href="/admin"' in administrator.get("/admin").text
    assert 'href="/admin"' not in client_as(cast.cora).get("/people").text
    page = administrator.get("/admin")
    assert h1(page) == "Admin"
    for words in ("Westmere Homes", "Housing", "proposed, not confirmed", "Add an agency"):
        assert words in page.text, words


def test_an_agency_a_team_and_somebody_in_it_are_added(
    cast: Cast, administrator: FlaskClient, session: Session, now: datetime
) -> None:
    answer = administrator.post("/admin/agencies", data={"name": "Warm Homes", "sector": "third_sector"})
    agency = session.scalars(select(Agency).where(Agency.name == "Warm Homes")).one()
    path = f"/admin/agencies/{agency.uuid}"
    assert answer.headers["Location"] == f"{path}/sharing"
    assert PROPOSED in {each.agreement for each in grants.listing(session, agency)}
    assert "None yet" in administrator.get(path).text
    answer = administrator.post(f"{path}/teams", data={"name": "Advisers", "role": "advice"})
    team = session.scalars(select(Team).where(Team.name == "Advisers")).one()
    assert answer.headers["Location"] == f"/admin/teams/{team.uuid}"
    assert (team.staffed_all_hours, team.receiving_centre) == (False, False)
    given = {"name": "Tess", "email": "tess@warm.example", "role": "practitioner", "team": str(team.uuid)}
    shown = administrator.post(f"{path}/staff", data=given)
    assert h1(shown) == "A password for Tess"
    _email, password = re.findall(r'<code class="secret">([^<]+)</code>', shown.text)
    who = session.scalars(select(Staff).where(Staff.email == "tess@warm.example")).one()
    assert passwords.matches(who.password_hash, password)
    assert password not in administrator.get(f"/admin/staff/{who.uuid}").text
    assert [each.staff.name for each in teams.members(session, team, now)] == ["Tess"]
    page = administrator.get(path).text
    for words in ("Advisers", "Tess", "Practitioner"):
        assert words in page, words


def test_people_join_and_leave_a_team(
    cast: Cast, administrator: FlaskClient, session: Session, now: datetime
) -> None:
    path = f"/admin/teams/{cast.social_workers.uuid}"
    assert "cares for 2 people" in administrator.get(path).text
    assert administrator.post(f"{path}/members/{cast.sol.uuid}/end").status_code == 303
    assert teams.members(session, cast.social_workers, now) == []
    assert "reaches nobody" in administrator.get(path).text
    assert administrator.post(f"{path}/members", data={"staff": ""}).status_code == 422


def test_nobody_gives_themselves_a_role_or_records_their_own_leaving(
    cast: Cast, administrator: FlaskClient, session: Session
) -> None:
    path = f"/admin/staff/{cast.mallory.uuid}"
    given = {"name": "Mallory", "email": cast.mallory.email, "role": "coordinator"}
    answer = administrator.post(path, data=given)
    assert answer.status_code == 422
    assert "Nobody changes their own role" in answer.text
    assert administrator.post(f"{path}/leave").status_code == 422
    session.refresh(cast.mallory)
    assert (cast.mallory.role, cast.mallory.left_at) == (Role.ADMINISTRATOR, None)


def test_a_new_password_ends_the_sessions_and_the_lock(
    cast: Cast, administrator: FlaskClient, client_as: ClientAs, session: Session
) -> None:
    cast.sol.failed_attempts = 9
    sol = client_as(cast.sol)
    assert sol.get("/people").status_code == 200
    shown = administrator.post(f"/admin/staff/{cast.sol.uuid}/password")
    assert h1(shown) == "A password for Sol"
    session.refresh(cast.sol)
    assert cast.sol.failed_attempts == 0
    assert sol.get("/people").status_code in (302, 303, 401)


def test_the_second_of_two_who_change_the_same_is_told(
    cast: Cast, administrator: FlaskClient, session: Session
) -> None:
    given = {"name": "Westmere Houses", "sector": "housing", "row_version": str(cast.housing.version)}
    path = f"/admin/agencies/{cast.housing.uuid}"
    assert administrator.post(path, data=given).status_code == 303
    answer = administrator.post(path, data={**given, "name": "Westmere Cottages"})
    assert answer.status_code == 409
    assert "Somebody else changed it" in answer.text
    assert "Westmere Cottages" in answer.text


def test_what_an_agency_may_see_is_set_with_its_agreement_and_ended_with_a_reason(
    cast: Cast, administrator: FlaskClient, session: Session
) -> None:
    path = f"/admin/agencies/{cast.housing.uuid}/sharing"
    page = administrator.get(path)
    assert h1(page) == "What Westmere Homes may see"
    for words in ("Arrears, occupancy and ending tenancies.", "proposed", "No basis", "Housing duties"):
        assert words in page.text, words
    given = {
        "purpose": "housing_duty", "record_class": "home_environment", "extent": "category",
        "lawful_basis": "legal_obligation", "agreement": "Westmere sharing agreement 2026, part 3",
    }  # fmt: skip
    form = administrator.get(f"{path}/set?purpose=housing_duty&record_class=home_environment")
    assert "Or end what holds now" in form.text
    assert administrator.post(path, data=given).status_code == 303
    text = administrator.get(path).text
    assert "part 3" in text
    assert "Another took its place" in text
    held = next(
        each for each in grants.listing(session, cast.housing) if each.agreement == given["agreement"]
    )
    assert administrator.post(f"{path}/{held.uuid}/end", data={"reason": ""}).status_code == 422
    assert administrator.post(f"{path}/{held.uuid}/end", data={"reason": "It ran out"}).status_code == 303
    assert "Mallory: It ran out" in administrator.get(path).text
    other = f"/admin/agencies/{cast.health.uuid}/sharing/{held.uuid}/end"
    assert administrator.post(other, data={"reason": "x"}).status_code == 404


@pytest.mark.parametrize("purpose", ["arrears", "occupancy", "tenancy_enforcement"])
def test_no_page_grants_a_purpose_against_those_who_live_there(
    purpose: str, cast: Cast, administrator: FlaskClient, session: Session
) -> None:
    given = {
        "purpose": purpose, "record_class": "home_environment", "extent": "full",
        "lawful_basis": "legitimate_interests", "agreement": "Asked for by the income team",
    }  # fmt: skip
    before = len(grants.listing(session, cast.housing, ended=True))
    answer = administrator.post(f"/admin/agencies/{cast.housing.uuid}/sharing", data=given)
    assert answer.status_code == 422
    assert "Asked for by the income team" in answer.text
    assert len(grants.listing(session, cast.housing, ended=True)) == before


def test_whoever_only_cares_looks_and_changes_nothing(cast: Cast, client_as: ClientAs) -> None:
    cora = client_as(cast.cora)
    path = f"/admin/agencies/{cast.housing.uuid}"
    for page in (path, f"{path}/sharing"):
        assert cora.get(page).status_code == 200
    assert cora.post(path, data={"name": "x", "sector": "housing"}).status_code == 403
    assert cora.post(f"{path}/sharing", data={}).status_code == 403
    assert cora.get("/admin/looks").status_code == 403
