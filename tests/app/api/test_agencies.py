"""Agencies, teams and staff through the API."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from people.models.agencies import Role
from tests.app.api.asking import EVERYTHING, wrong
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]
NOBODY = "00000000-0000-4000-8000-000000000000"


def administrator(cast: Cast, api_as: ApiAs) -> FlaskClient:
    cast.sol.role = Role.ADMINISTRATOR
    return api_as(cast.sol)


def test_an_agency_gets_a_team_and_the_team_somebody(session: Session, cast: Cast, api_as: ApiAs) -> None:
    admin = administrator(cast, api_as)
    agency = admin.post("/api/v1/agencies", json={"name": "Westmere Fire", "sector": "private"})
    assert agency.status_code == 201
    given = {"agency_id": agency.json["id"], "name": "Home safety", "telephone": "01632 960 140"}
    team = admin.post("/api/v1/teams", json=given)
    assert (team.status_code, team.json["telephone"]) == (201, "+441632960140")
    given = {
        "agency_id": agency.json["id"],
        "name": "Finn",
        "email": "finn@fire.example",
        "role": "practitioner",
    }
    finn = admin.post("/api/v1/staff", json=given)
    assert finn.status_code == 201
    members = f"/api/v1/teams/{team.json['id']}/members"
    joined = admin.post(members, json={"staff_id": finn.json["id"], "from": "2026-11-01T00:00:00Z"})
    assert joined.status_code == 201
    assert [one["name"] for one in admin.get(members).json["items"]] == ["Finn"]
    assert admin.get(members).json["items"][0]["from"] == "2026-11-01T00:00:00Z"
    assert admin.delete(f"{members}/{finn.json['id']}").status_code == 204
    assert admin.get(members).json["items"] == []


def test_what_is_shown_can_be_changed(cast: Cast, api_as: ApiAs) -> None:
    admin = administrator(cast, api_as)
    for path, changes in (
        (f"/api/v1/agencies/{cast.hub.uuid}", {"email": "hub@westmere.example"}),
        (f"/api/v1/teams/{cast.nurses.uuid}", {"hours": "08:00 to 20:00"}),
        (f"/api/v1/staff/{cast.dev.uuid}", {"job_title": "Community matron"}),
    ):
        shown = admin.get(path)
        changed = admin.patch(path, json=changes, headers={"If-Match": shown.headers["ETag"]})
        assert changed.status_code == 200
        assert shown.json | changes | {"version": 2} == changed.json


def test_lists_are_by_name_and_by_agency(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    names = [one["name"] for one in cora.get("/api/v1/agencies").json["items"]]
    assert names == sorted(names)
    assert len(names) == 7
    teams = cora.get(f"/api/v1/teams?agency_id={cast.health.uuid}").json
    assert [one["name"] for one in teams["items"]] == ["Community nurses"]
    staff = cora.get(f"/api/v1/staff?agency_id={cast.health.uuid}").json
    assert [(one["name"], one["agency_id"]) for one in staff["items"]] == [("Dev", str(cast.health.uuid))]


def test_a_taken_name_is_a_conflict_with_its_field(cast: Cast, api_as: ApiAs) -> None:
    answer = administrator(cast, api_as).post(
        "/api/v1/agencies", json={"name": "Westmere Hub", "sector": "health"}
    )
    assert answer.status_code == 409
    assert answer.json["detail"] == "Another agency has this name."
    assert answer.json["errors"][0]["field"] == "name"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("teams", {"name": "Nurses", "agency_id": NOBODY}, "agency_id"),
        (
            "staff",
            {"name": "Eve", "email": "eve@a.example", "role": "clinician", "agency_id": NOBODY},
            "agency_id",
        ),
        ("teams/{team}/members", {"staff_id": NOBODY}, "staff_id"),
        ("people/{ada}/care-team", {"team_id": NOBODY}, "team_id"),
        (
            "homes",
            {"address_line": "1", "postcode": "SW1A 1AA", "landlord_agency_id": NOBODY},
            "landlord_agency_id",
        ),
    ],
)
def test_an_id_of_nothing_is_said_at_its_field(
    cast: Cast, api_as: ApiAs, path: str, body: dict[str, str], field: str
) -> None:
    at = path.format(team=cast.nurses.uuid, ada=cast.ada.uuid)
    answer = api_as(cast.cora, *EVERYTHING).post(f"/api/v1/{at}", json=body)
    assert answer.status_code == 422
    assert list(wrong(answer)) == [field]


def test_only_an_administrator_changes_the_directory(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    assert cora.post("/api/v1/agencies", json={"name": "A", "sector": "health"}).status_code == 403
    assert cora.post(f"/api/v1/staff/{cast.dev.uuid}/leave").status_code == 403


def test_whoever_leaves_is_gone_from_the_lists(cast: Cast, api_as: ApiAs) -> None:
    admin = administrator(cast, api_as)
    assert admin.post(f"/api/v1/staff/{cast.dev.uuid}/leave").status_code == 204
    assert admin.get(f"/api/v1/staff/{cast.dev.uuid}").status_code == 404
    assert admin.get(f"/api/v1/teams/{cast.nurses.uuid}/members").json["items"] == []


def test_nothing_told_of_staff_helps_to_sign_in_as_them(cast: Cast, api_as: ApiAs) -> None:
    told = api_as(cast.cora).get(f"/api/v1/staff/{cast.dev.uuid}").json
    assert not {"password_hash", "session_epoch", "failed_attempts", "locked_until"} & set(told)
