"""Referrals through the REST API, by those on both sides."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]
PATH = "/api/v1/referrals"


def body(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "person_id": str(cast.ada.uuid),
        "from_team_id": str(cast.nurses.uuid),
        "to_team_id": str(cast.social_workers.uuid),
        "reason": "Look at the bathroom rail.",
        "includes": ["plan"],
        **more,
    }


def sent(api_as: ApiAs, cast: Cast, **more: Any) -> dict[str, Any]:
    answer = api_as(cast.dev).post(PATH, json=body(cast, **more))
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


def test_a_referral_goes_from_sending_to_the_result_seen(cast: Cast, api_as: ApiAs) -> None:
    one = sent(api_as, cast, urgency="urgent")
    assert (one["receiver_state"], one["sender_state"], one["allowed"]) == ("sent", "waiting", ["revoke"])
    at = f"{PATH}/{one['id']}"
    sol, dev = api_as(cast.sol), api_as(cast.dev)
    assert sol.get(f"{PATH}?box=in").json["items"][0]["id"] == one["id"]  # type: ignore[index]
    for path, given, state in (
        ("accept", {}, "accepted"),
        ("start", {}, "under_way"),
        ("finish", {"result": "helped", "note": "Fitted."}, "done"),
    ):
        answer = sol.post(f"{at}/{path}", json=given)
        assert (answer.status_code, (answer.json or {}).get("receiver_state")) == (200, state)
    seen = dev.post(f"{at}/review", json={}).json or {}
    assert seen["sender_state"] == "seen"
    assert "Outcome: helped" in seen["record_entry"]
    assert [each["what"] for each in seen["events"]][-2:] == ["done", "result seen"]


def test_a_double_answer_is_refused_with_who_came_first(cast: Cast, api_as: ApiAs) -> None:
    at = f"{PATH}/{sent(api_as, cast)['id']}"
    sol = api_as(cast.sol)
    assert sol.post(f"{at}/accept", json={}).status_code == 200
    again = sol.post(f"{at}/decline", json={"reason": "not_ours", "words": "No"})
    assert (again.status_code, "Sol accepted it" in (again.json or {})["detail"]) == (409, True)


def test_the_same_is_not_sent_twice_and_the_open_one_is_named(cast: Cast, api_as: ApiAs) -> None:
    one = sent(api_as, cast)
    again = api_as(cast.dev).post(PATH, json=body(cast))
    assert (again.status_code, one["id"] in (again.json or {})["detail"]) == (409, True)


def test_the_wrong_side_may_not_and_a_stranger_finds_nothing(cast: Cast, api_as: ApiAs) -> None:
    at = f"{PATH}/{sent(api_as, cast)['id']}"
    assert api_as(cast.dev).post(f"{at}/accept", json={}).status_code == 403
    assert api_as(cast.mallory).get(at).status_code == 404


def test_what_is_wrong_is_said_at_its_field(cast: Cast, api_as: ApiAs) -> None:
    answer = api_as(cast.dev).post(PATH, json=body(cast, to_team_id=str(cast.nurses.uuid), action_key="x"))
    assert {each["field"] for each in (answer.json or {})["errors"]} == {"to_team_id", "action_key"}
    kind = api_as(cast.dev).post(PATH, json=body(cast, kind="self_referral"))
    assert kind.status_code == 422


def test_the_sender_is_told_what_the_receiver_will_see(cast: Cast, api_as: ApiAs) -> None:
    asked = f"{PATH}/foreseen?person_id={cast.ada.uuid}&team_id={cast.landlord.uuid}"
    items = (api_as(cast.dev).get(asked).json or {})["items"]
    found = {each["record_class"]: each for each in items}
    assert (found["home_environment"]["extent"], found["vitals"]["extent"]) == ("full", "check")
    assert all(each["why"] for each in items)


def test_a_self_referral_waits_is_taken_and_becomes_somebody(
    cast: Cast, api_as: ApiAs, session: Session
) -> None:
    cora = api_as(cast.cora)
    given = {
        "name": "Joan Lowe", "reason": "Help with shopping", "telephone": "not one",
        "from_team_id": str(cast.coordinators.uuid), "to_team_id": str(cast.coordinators.uuid),
    }  # fmt: skip
    wrong = cora.post(f"{PATH}/self-referrals", json=given)
    assert [each["field"] for each in (wrong.json or {})["errors"]] == ["telephone"]
    one = cora.post(f"{PATH}/self-referrals", json=given | {"telephone": "01632 960999"}).json or {}
    assert (one["who"], one["person_id"]) == ("Joan Lowe", None)
    at = f"{PATH}/{one['id']}"
    assert cora.post(f"{at}/accept", json={}).status_code == 200
    named = cora.post(f"{at}/person", json={"person_id": str(cast.ada.uuid)}).json or {}
    assert named["person_id"] == str(cast.ada.uuid)


@pytest.mark.parametrize("path", ["open-work", "foreseen"])
def test_questions_about_a_person_out_of_sight_are_not_answered(cast: Cast, api_as: ApiAs, path: str) -> None:
    asked = f"{PATH}/{path}?person_id={cast.ada.uuid}&team_id={cast.landlord.uuid}"
    assert api_as(cast.mallory).get(asked).status_code == 404
