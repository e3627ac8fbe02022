"""Capacity, agreements, proxies and concerns in the REST API."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from people import proxies
from people.watching import Watched
from tests.agreeing import agree, decided, said
from tests.app.proxies import let_in
from tests.cast import Cast

Api = Callable[..., FlaskClient]


def path(cast: Cast, rest: str) -> str:
    return f"/api/v1/people/{cast.ada.uuid}/{rest}"


def body(watched: Watched, now: datetime) -> dict[str, object]:
    return dict(said(watched, now))


def test_kit_that_watches_is_refused_with_what_to_do_first(
    session: Session, cast: Cast, api_as: Api, now: datetime
) -> None:
    cora = api_as(cast.cora)
    device = cora.post("/api/v1/devices", json={"name": "Motion, hall", "model": "SNZB-03"}).json
    assert device is not None
    there = f"/api/v1/devices/{device['id']}/assignments"
    refused = cora.post(there, json={"person_id": str(cast.ada.uuid)})
    assert refused.status_code == 409
    assert refused.json["errors"][0]["field"] == "person_id"
    assert f"/api/v1/people/{cast.ada.uuid}/agreements" in refused.json["detail"]
    yesterday = (now - timedelta(days=1)).date().isoformat()
    made = cora.post(path(cast, "agreements"), json=body(Watched.MOVEMENT, now) | {"agreed_on": yesterday})
    assert (made.status_code, made.json["in_force"], made.json["restrictive"]) == (201, True, False)
    since = (now - timedelta(hours=1)).isoformat()
    assert cora.post(there, json={"person_id": str(cast.ada.uuid), "from": since}).status_code == 201
    stopped = cora.post(
        path(cast, f"agreements/{made.json['id']}/end"), json={"said_by": "Ada", "why": "Enough"}
    )
    assert stopped.json["device_ids"] == [device["id"]]
    assert cora.get(f"/api/v1/devices/{device['id']}").json["assignment"] is None


def test_what_kit_watches_can_be_said_when_it_is_enrolled(cast: Cast, api_as: Api) -> None:
    cora = api_as(cast.cora)
    told = {"name": "Box", "model": "unheard of", "watches": ["location", "doors"]}
    assert cora.post("/api/v1/devices", json=told).json["watches"] == ["doors", "location"]
    plain = cora.post("/api/v1/devices", json={"name": "Door thermometer", "model": "x", "watches": []}).json
    assert plain["watches"] == []
    there = f"/api/v1/devices/{plain['id']}/assignments"
    assert cora.post(there, json={"person_id": str(cast.ada.uuid)}).status_code == 201
    assert cora.post("/api/v1/devices", json=told | {"watches": ["cameras"]}).status_code == 422


def test_every_fault_of_an_agreement_is_said_at_its_field(cast: Cast, api_as: Api, now: datetime) -> None:
    bare = body(Watched.MOVEMENT, now) | {"watched": "doors"}
    answer = api_as(cast.sol).post(path(cast, "agreements"), json=bare)
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json["errors"]} == {"reviewed_by", "reviewed_on", "expires_on"}
    unknown = body(Watched.MOVEMENT, now) | {
        "agreed_by": "representative", "authority_id": "00000000-0000-0000-0000-000000000001",
    }  # fmt: skip
    answer = api_as(cast.sol).post(path(cast, "agreements"), json=unknown)
    assert [each["field"] for each in answer.json["errors"]] == ["authority_id"]


def test_decisions_rest_on_assessments_and_attorneys_are_verified(
    cast: Cast, api_as: Api, now: datetime
) -> None:
    sol, today = api_as(cast.sol), now.date().isoformat()
    assessment = sol.post(
        path(cast, "capacity-assessments"),
        json={
            "decision": "Doors", "assessed_on": today, "assessed_by": "Sol", "outcome": "lacks_capacity",
            "support": "Pictures", "reasons": "She could not weigh it",
        },
    )  # fmt: skip
    assert assessment.status_code == 201
    decision = sol.post(
        path(cast, "best-interests"),
        json={
            "assessment_id": assessment.json["id"], "decision": "Doors", "asked": "Beth", "wishes": "Home",
            "options": "Two", "less_intrusive": "A call", "objections": "none", "decided": "A sensor",
            "decided_by": "Sol", "decided_on": today,
            "review_on": (now + timedelta(days=30)).date().isoformat(),
        },
    )  # fmt: skip
    assert decision.status_code == 201
    held = sol.post(path(cast, "authorities"), json={"kind": "deputy_health_and_welfare", "name": "Beth"})
    assert held.json["counts"] is False
    verified = sol.post(path(cast, f"authorities/{held.json['id']}/verify"), json={"how": "The order"})
    assert verified.json["counts"] is True
    may = sol.get(path(cast, "may-agree")).json["items"]
    assert [each["basis"] for each in may] == ["person", "representative", "best_interests"]
    gone = sol.post(path(cast, f"authorities/{held.json['id']}/withdraw"), json={"why": "Discharged"})
    assert gone.json["counts"] is False
    for part in ("capacity-assessments", "best-interests", "authorities", "agreements"):
        assert sol.get(path(cast, part)).status_code == 200


def test_an_agency_that_sees_less_is_told_that_it_is_there(
    session: Session, cast: Cast, api_as: Api, now: datetime
) -> None:
    decided(session, cast.ada, by=cast.sol, now=now)
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)
    hana = api_as(cast.hana)
    [assessment] = hana.get(path(cast, "capacity-assessments")).json["items"]
    assert "reasons" not in assessment or assessment["reasons"] is None
    assert assessment["assessed_on"] == now.date().isoformat()
    [agreement] = hana.get(path(cast, "agreements")).json["items"]
    assert agreement["watched"] == "movement"
    assert agreement.get("said") is None


def test_somebody_is_let_in_by_class_and_given_a_code(
    session: Session, cast: Cast, api_as: Api, now: datetime
) -> None:
    sol = api_as(cast.sol)
    given = {
        "name": "Beth Marsh", "email": "beth@example.org", "relation": "daughter", "classes": ["plan"],
        "seen_alone_on": now.date().isoformat(), "seen_alone_by": "Sol", "seen_alone_where": "At home",
        "said": "Beth may", "expires_on": (now + timedelta(days=90)).date().isoformat(),
    }  # fmt: skip
    assert sol.post(path(cast, "proxies"), json=given | {"classes": ["notes"]}).status_code == 422
    made = sol.post(path(cast, "proxies"), json=given)
    assert (made.status_code, made.json["shows_nothing"]) == (201, False)
    here = path(cast, f"proxies/{made.json['id']}")
    assert len(sol.post(f"{here}/code").json["code"]) == 14
    assert sol.post(f"{here}/classes", json={"classes": ["vitals"]}).json["classes"] == ["vitals"]
    assert sol.post(f"{here}/restrict", json={"why": "Afraid"}).json["shows_nothing"] is True
    assert api_as(cast.hana).get(path(cast, "proxies")).json["items"][0]["restricted_why"] is None
    assert sol.post(f"{here}/unrestrict").json["shows_nothing"] is False
    assert sol.post(f"{here}/end", json={"said_by": "Ada", "why": "x"}).json["ended_by"] == "Ada"
    own = sol.post(path(cast, "account"), json={"email": "ada@example.org"})
    assert own.status_code == 201
    assert own.json["email"] == "ada@example.org"


def test_a_concern_is_for_its_team_alone_whatever_a_key_may(
    session: Session, cast: Cast, api_as: Api, now: datetime
) -> None:
    said_ = {"worry": "Bruises", "danger": False, "wishes": "To stay at home", "knows": "no"}
    sent = api_as(cast.dev).post(path(cast, "concerns"), json=said_)
    assert sent.status_code == 201
    here = f"/api/v1/concerns/{sent.json['id']}"
    assert api_as(cast.cora).get(here).status_code == 404
    assert api_as(cast.cora).get("/api/v1/concerns").json["items"] == []
    assert api_as(cast.cora).get(f"/api/v1/follow-ups?person_id={cast.ada.uuid}").json["items"] == []
    sol = api_as(cast.sol)
    assert sol.post(f"{here}/read").json["read_at"] is not None
    assert sol.post(f"{here}/read").status_code == 409
    begun = sol.post(f"{here}/enquiry", json={"enquiry": "begun", "why": "Two stories"})
    assert begun.json["enquiry"] == "begun"
    assert api_as(cast.dev).get(here).json.get("enquiry") is None
    assert sol.post(f"{here}/safety-plan", json={"safety_plan": "Seen daily"}).status_code == 200
    closed = sol.post(f"{here}/close", json={"outcome": "Safe", "wishes_met": "partly"})
    assert closed.json["wishes_met"] == "partly"


def test_one_who_is_let_in_by_another_is_found_under_their_own_person_alone(
    session: Session, cast: Cast, api_as: Api, now: datetime
) -> None:
    _, row = let_in(session, cast, cast.ben, "Mallory", "neighbour", now)
    session.flush()
    assert api_as(cast.sol).post(path(cast, f"proxies/{row.uuid}/code")).status_code == 404
    assert proxies.get(session, cast.ben, row.uuid) is row
