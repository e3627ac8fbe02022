"""Somebody does not answer, through the API."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.app.api.asking import ids, wrong
from tests.care_plans.ringing.ringing import call, nobody_answers
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]
PATH = "/api/v1/no-replies"


def terms(**changed: Any) -> dict[str, Any]:
    steps = [{"act": "visit", "minutes": 20, "words": "Back door"}, {"act": "welfare_check", "minutes": 15}]
    return {"attempts": 2, "apart_minutes": 5, "within_minutes": 60, "steps": steps} | changed


def agreed(**changed: Any) -> dict[str, Any]:
    return terms(agreed_with="Ada herself", agreed_on="2026-11-20") | changed


def test_one_is_begun_by_hand_listed_and_ended_by_an_answer(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    assert set(wrong(cora.post(PATH, json={"person_id": str(cast.ada.uuid), "why": " "}))) == {"why"}
    made = cora.post(PATH, json={"person_id": str(cast.ada.uuid), "why": "Curtains drawn"})
    assert made.status_code == 201, made.text
    told = made.json
    assert (told["began_by"], told["why"], told["ended"]) == ("Cora", "Curtains drawn", None)
    again = cora.post(PATH, json={"person_id": str(cast.ada.uuid), "why": "Still drawn"}).json
    assert again["id"] == told["id"]
    assert ids(cora.get(f"{PATH}?open=true")) == [told["id"]]
    ring = cora.post(f"{PATH}/{told['id']}/attempts", json={"came": "answered_well"})
    assert ring.status_code == 201, ring.text
    assert ring.json["no_reply_id"] is None
    shown = cora.get(f"{PATH}/{told['id']}").json
    assert (shown["ended"], shown["ended_by"]) == ("spoken_to", "Cora")
    assert ids(cora.get(f"{PATH}?open=true")) == []
    assert ids(cora.get(f"{PATH}?open=false&person_id={cast.ada.uuid}")) == [told["id"]]
    assert cora.post(f"{PATH}/{told['id']}/attempts", json={"came": "no_answer"}).status_code == 409


def test_of_another_agencys_reasons_only_what_is_shared_is_told(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    api_as(cast.cora).post(PATH, json={"person_id": str(cast.ada.uuid), "why": "She was confused"})
    [told] = api_as(cast.hana).get(PATH).json["items"]
    assert (told["why"], told["began_by"]) == (None, "Cora")
    assert api_as(cast.mallory).get(PATH).json["items"] == []


def test_what_is_agreed_for_somebody_is_set_read_and_dropped(cast: Cast, api_as: ApiAs) -> None:
    dev, path = api_as(cast.dev), f"/api/v1/people/{cast.ada.uuid}/no-reply-terms"
    usual = dev.get(path)
    assert (usual.json["whose"], usual.json["attempts"], usual.json["version"]) == ("usual", 3, 0)
    assert dev.put(path, json=agreed()).status_code == 428
    held = dev.put(path, json=agreed(), headers={"If-Match": usual.headers["ETag"]})
    assert held.status_code == 200, held.text
    assert (held.json["whose"], held.json["agreed_with"], held.json["set_by"]) == (
        "person",
        "Ada herself",
        "Dev",
    )
    assert [step["act"] for step in held.json["steps"]] == ["visit", "welfare_check"]
    assert dev.put(path, json=agreed(), headers={"If-Match": usual.headers["ETag"]}).status_code == 412
    assert dev.delete(path).status_code == 204
    assert dev.get(path).json["whose"] == "usual"


def test_each_fault_is_said_at_its_field(cast: Cast, api_as: ApiAs) -> None:
    dev, path = api_as(cast.dev), f"/api/v1/people/{cast.ada.uuid}/no-reply-terms"
    tag = {"If-Match": '"0"'}
    nobody = [
        {"act": "visit", "minutes": 5, "team_id": str(cast.ada.uuid)},
        {"act": "welfare_check", "minutes": 5},
    ]
    for body, field in (
        (agreed(attempts=0), "attempts"),
        (agreed(steps=[{"act": "visit", "minutes": 5}]), "steps"),
        (agreed(steps=nobody), "steps.0.team_id"),
        (agreed(agreed_on="2099-01-01"), "agreed_on"),
        (terms(), "agreed_with"),
    ):
        assert field in wrong(dev.put(path, json=body, headers=tag)), field


def test_an_agency_with_which_the_plan_is_not_shared_neither_reads_nor_sets_them(
    cast: Cast, api_as: ApiAs
) -> None:
    hana, path = api_as(cast.hana), f"/api/v1/people/{cast.ada.uuid}/no-reply-terms"
    assert hana.get(path).status_code == 403
    assert hana.put(path, json=agreed(), headers={"If-Match": '"0"'}).status_code == 403


def test_a_team_sets_its_own_and_no_other(cast: Cast, api_as: ApiAs, session: Session, now: datetime) -> None:
    cora, path = api_as(cast.cora), f"/api/v1/teams/{cast.coordinators.uuid}/no-reply-terms"
    assert cora.put(path, json=terms(attempts=1), headers={"If-Match": '"0"'}).json["whose"] == "team"
    assert api_as(cast.dev).get(path).json["attempts"] == 1
    others = f"/api/v1/teams/{cast.nurses.uuid}/no-reply-terms"
    assert cora.put(others, json=terms(), headers={"If-Match": '"0"'}).status_code == 422
    assert nobody_answers(session, cast, call(session, cast, now), now).no_reply is not None


def test_what_holds_for_a_pathway_is_set_by_whoever_may_switch_it(cast: Cast, api_as: ApiAs) -> None:
    path = "/api/v1/pathways/copd/no-reply-terms"
    dev = api_as(cast.dev)
    assert dev.get(path).json["whose"] == "usual"
    held = dev.put(path, json=terms(), headers={"If-Match": '"0"'})
    assert (held.json["whose"], held.json["version"]) == ("pathway", 1)
    assert dev.put(path, json=terms(), headers={"If-Match": '"0"'}).status_code == 412
    assert api_as(cast.cora).put(path, json=terms(), headers={"If-Match": '"1"'}).status_code == 403
    assert dev.get("/api/v1/pathways/hope/no-reply-terms").status_code == 404
