"""Doubles, merges, numbers, deaths, moves and warnings over REST."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from care_plans.merging import carrying_out
from people import likeness
from people.access import RecordClass
from people.models.people import Person
from tests.care_plans.merging import twice
from tests.cast import Cast
from tests.people.looking import unshare

PEOPLE = "/api/v1/people"
Asked = Callable[..., FlaskClient]


@pytest.fixture
def again(session: Session, cast: Cast, now: datetime) -> Person:
    person = twice.lay(session, cast, now)
    likeness.step(session, now)
    return person


def ada(**more: Any) -> dict[str, Any]:
    return {
        "given_name": "Ada", "family_name": "Marsh", "date_of_birth": "1948-05-04",
        "telephone": "01632 960114", **more,
    }  # fmt: skip


def test_who_might_be_the_same_is_asked_before_somebody_is_taken_on(
    cast: Cast, api_as: Asked, again: Person
) -> None:
    found = api_as(cast.cora).post(f"{PEOPLE}/matches", json=ada()).json["items"]
    assert found[0]["person_id"] == str(cast.ada.uuid)
    assert found[0]["sure"] is True
    (unseen, *_rest) = api_as(cast.mallory).post(f"{PEOPLE}/matches", json=ada()).json["items"]
    assert unseen["person_id"] is None
    assert unseen["ask"][0] == "Westmere Hub"


def test_somebody_who_is_surely_known_is_taken_on_only_with_a_reason(
    cast: Cast, api_as: Asked, again: Person
) -> None:
    cora = api_as(cast.cora)
    refused = cora.post(PEOPLE, json=ada())
    assert refused.status_code == 409
    assert refused.json["errors"][0]["field"] == "anyway"
    assert cora.post(PEOPLE, json=ada(anyway="Her cousin")).status_code == 201


def test_two_records_are_brought_together_and_parted_over_rest(
    cast: Cast, api_as: Asked, session: Session, again: Person, now: datetime
) -> None:
    alert = twice.raise_(session, cast, again, now)
    cora, path = api_as(cast.cora), f"{PEOPLE}/{cast.ada.uuid}"
    (pair,) = cora.get(f"{PEOPLE}/duplicates").json["items"]
    assert set(pair["person_ids"]) == {str(cast.ada.uuid), str(again.uuid)}
    asked = cora.post(f"{path}/merge-questions", json={"gone_id": str(again.uuid)}).json
    assert [each["alert_id"] for each in asked["alerts"]] == [str(alert.uuid)]
    assert "date_of_birth" in asked["differs"]
    given = {"gone_id": str(again.uuid), "why": "She says so."}
    refused = cora.post(f"{path}/merges", json=given)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == f"decisions.alerts.{alert.uuid}"
    decided = {"alerts": {str(alert.uuid): "theirs"}, "fields": {"date_of_birth": "gone"}}
    merge = cora.post(f"{path}/merges", json={**given, "decisions": decided})
    assert (merge.status_code, merge.json["state"]) == (202, "asked")
    session.expire_all()
    assert carrying_out.step(session, now)
    shown = cora.get(f"{path}/merges/{merge.json['id']}").json
    assert shown["state"] == "done"
    assert shown["rows"]["alerts"] == 1
    old = cora.get(f"{PEOPLE}/{again.uuid}").json
    assert (old["id"], old["old_ids"]) == (str(cast.ada.uuid), [str(again.uuid)])
    assert old["date_of_birth"] == "1948-04-05"
    undone = cora.post(f"{path}/merges/{merge.json['id']}/undo", json={"why": "Cousins"})
    assert undone.json["state"] == "undoing"
    session.expire_all()
    assert carrying_out.step(session, now)
    (last,) = cora.get(f"{path}/merges").json["items"]
    assert (last["state"], last["left"]) == ("undone", [])
    assert cora.get(f"{PEOPLE}/{again.uuid}").json["id"] == str(again.uuid)


def test_a_record_that_is_not_in_sight_is_not_brought_in(cast: Cast, api_as: Asked, again: Person) -> None:
    answer = api_as(cast.sol, "people:merge", "people:read").post(
        f"{PEOPLE}/{cast.ada.uuid}/merges", json={"gone_id": str(again.uuid), "why": "One"}
    )
    assert answer.status_code in (403, 422)


def test_two_are_said_to_be_two(cast: Cast, api_as: Asked, again: Person) -> None:
    cora = api_as(cast.cora)
    (pair,) = cora.get(f"{PEOPLE}/duplicates").json["items"]
    said = cora.post(f"{PEOPLE}/duplicates/{pair['id']}/different", json={"why": "Cousins"})
    assert said.json["state"] == "different"
    assert cora.get(f"{PEOPLE}/duplicates").json["items"] == []
    assert cora.get(f"{PEOPLE}/duplicates/{pair['id']}").json["why"] == "Cousins"


def test_a_number_is_written_down_ended_and_taken_away(session: Session, cast: Cast, api_as: Asked) -> None:
    cora, path = api_as(cast.cora), f"{PEOPLE}/{cast.ada.uuid}/identifiers"
    given = {"kind": "hospital", "value": "rn 123", "issuer_id": str(cast.health.uuid)}
    added = cora.post(path, json=given)
    assert (added.status_code, added.json["value"], added.json["issuer"]) == (201, "RN123", "Westmere Health")
    assert cora.post(path, json={**given, "issuer_id": None}).status_code == 422
    ended = cora.post(f"{path}/{added.json['id']}/end", json={"on": "2026-11-01"})
    assert ended.json["ended_on"] == "2026-11-01"
    unshare(session, cast.housing.id, RecordClass.CONTACT)
    hana = api_as(cast.hana)
    assert hana.get(path).json == {"items": [], "all_shown": False}
    assert hana.delete(f"{path}/{added.json['id']}").status_code == 404
    assert cora.delete(f"{path}/{added.json['id']}").status_code == 204
    assert cora.get(path).json["items"] == []


def test_a_death_is_recorded_and_taken_back_over_rest(cast: Cast, api_as: Asked) -> None:
    dev, path = api_as(cast.dev), f"{PEOPLE}/{cast.ada.uuid}/death"
    assert dev.get(path).json.get("died_on") is None
    recorded = dev.post(path, json={"died_on": "2026-11-20", "known_from": "The ward"})
    assert (recorded.status_code, recorded.json["died_on"]) == (201, "2026-11-20")
    assert dev.post(path, json={"died_on": "2026-11-20", "known_from": "The ward"}).status_code == 409
    told = api_as(cast.hana).get(path).json
    assert (told["died_on"], told["known_from"]) == ("2026-11-20", None)
    undone = dev.post(f"{path}/undo", json={"why": "Another Ada"})
    assert (undone.status_code, undone.json["left"]) == (200, [])


def test_somebody_moves_over_rest(cast: Cast, api_as: Asked) -> None:
    cora, path = api_as(cast.cora), f"{PEOPLE}/{cast.ada.uuid}/moves"
    home = cora.post("/api/v1/homes", json={"address_line": "9 Elsewhere Close", "postcode": "ES7 2AA"})
    moved = cora.post(path, json={"home_id": home.json["id"], "key_safe_seen_to": True})
    assert (moved.status_code, moved.json["home_id"]) == (201, home.json["id"])
    odd = {"pieces": [{"device_id": home.json["id"], "becomes": "stays"}]}
    wrong = cora.post(path, json={"home_id": None, **odd})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "pieces")
    again = cora.post(path, json={"home_id": home.json["id"]})
    assert (again.status_code, again.json["errors"][0]["field"]) == (422, "home_id")


def test_a_warning_is_given_reviewed_and_ended_over_rest(cast: Cast, api_as: Asked, now: datetime) -> None:
    dev, path = api_as(cast.dev), f"{PEOPLE}/{cast.ada.uuid}/warnings"
    review_on = (now + timedelta(days=20)).date().isoformat()
    given = {
        "words": "Go in pairs", "evidence": "Shouted at", "owner_team_id": str(cast.nurses.uuid),
        "review_on": review_on,
    }  # fmt: skip
    added = dev.post(path, json=given)
    assert (added.status_code, added.json["late"]) == (201, False)
    again = {"evidence": "Again", "review_on": (now + timedelta(days=50)).date().isoformat()}
    assert dev.post(f"{path}/{added.json['id']}/review", json=again).json["evidence"] == "Again"
    assert dev.get(path).json["items"][0]["words"] == "Go in pairs"
    hana = api_as(cast.hana)
    assert hana.get(path).json["items"][0]["evidence"] is None
    assert hana.post(f"{path}/{added.json['id']}/review", json=again).status_code == 403
    assert hana.post(f"{path}/{added.json['id']}/end", json={"why": "Moved"}).status_code == 403
    assert dev.post(f"{path}/{added.json['id']}/end", json={"why": "Moved"}).status_code == 204
    assert dev.get(path).json["items"] == []
