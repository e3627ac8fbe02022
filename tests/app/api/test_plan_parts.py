"""A draft through the API: parts, contradictions, agreement, what changed, open work."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from people.access import Extent, RecordClass
from tests.app.api.asking import enrolled, wrong
from tests.app.matrix import share
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/api/v1/people/{cast.ada.uuid}/care-plans"


def test_a_part_is_added_changed_moved_and_taken_out(cast: Cast, api_as: ApiAs, path: str) -> None:
    cora = api_as(cast.cora)
    enrolled(cora, cast)
    draft = cora.post(f"{path}/draft").json
    parts = f"{path}/{draft['id']}/parts"
    values = {"goal": "copd.get_about", "text": "Go along"}
    made = cora.post(f"{parts}/actions", json={"values": values})
    assert made.status_code == 201, made.text
    key, tag = made.json["key"], f'"{made.json["version"]}"'
    check = cora.get(f"{path}/{draft['id']}/check").json
    assert [each["field"] for each in check["faults"]] == [f"actions.{key}.team"]
    refused = cora.post(f"{path}/{draft['id']}/publish", json={"reason": "x"})
    assert refused.status_code == 422
    assert list(wrong(refused)) == [f"actions.{key}.team"]
    body = {"values": {"team": str(cast.nurses.uuid), "confidence": 8}}
    assert cora.patch(f"{parts}/actions/{key}", json=body).status_code == 428
    changed = cora.patch(f"{parts}/actions/{key}", json=body, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    assert cora.patch(f"{parts}/actions/{key}", json=body, headers={"If-Match": tag}).status_code == 412
    up = f"{parts}/actions/{key}/move"
    assert cora.post(up, json={"up": True}, headers={"If-Match": tag}).status_code == 412
    tag = f'"{changed.json["version"]}"'
    assert cora.post(up, json={"up": True}, headers={"If-Match": tag}).status_code == 200
    assert cora.post(f"{parts}/colours", json={"values": {}}).status_code == 404
    assert wrong(cora.post(f"{parts}/goals", json={"values": {"colour": 1}})) == {
        "colour": "There is no such field here."
    }
    published = cora.post(f"{path}/{draft['id']}/publish", json={"reason": "x"})
    assert published.status_code == 200, published.text
    told = cora.get(f"{path}/{draft['id']}/differences").json["items"]
    assert [(each["part"], each["what"]) for each in told] == [("Action", "added")]
    again = cora.post(f"{path}/draft").json
    part = f"{path}/{again['id']}/parts/actions/{key}"
    assert cora.delete(part).status_code == 428
    assert cora.delete(part, headers={"If-Match": '"0"'}).status_code == 412
    gone = cora.delete(part, headers={"If-Match": f'"{again["version"]}"'})
    assert gone.status_code == 204


def test_a_second_pathway_that_contradicts_is_settled_in_the_draft(
    cast: Cast, api_as: ApiAs, path: str
) -> None:
    dev = api_as(cast.dev)
    enrolled(dev, cast)
    refused = dev.post(path, json={"pathway": "heart_failure"})
    assert refused.status_code == 422
    assert all(place.startswith("contradictions.") for place in wrong(refused))
    draft = dev.post(path, json={"pathway": "heart_failure", "publish": False}).json
    for found in dev.get(f"{path}/{draft['id']}/check").json["contradictions"]:
        body = {"keep": "both", "reason": "Two teams look"}
        if found["about"] == "limit":
            body["keep"] = next(side["key"] for side in found["sides"] if side["pathway"] == "copd")
        place = f"{path}/{draft['id']}/contradictions/{found['key']}"
        assert dev.post(place, json=body).status_code == 428
        now_there = {"If-Match": dev.get(f"{path}/{draft['id']}").headers["ETag"]}
        assert dev.post(place, json=body, headers=now_there).status_code == 200
    seen = {"If-Match": dev.get(f"{path}/{draft['id']}").headers["ETag"]}
    beth = {"with_whom": "representative", "who": str(cast.ada.uuid)}
    refused = dev.post(f"{path}/{draft['id']}/agreement", json=beth, headers=seen)
    assert refused.status_code == 422
    assert "Only the person, or who may decide for them" in refused.text
    ada = {"with_whom": "person", "name": "Ada Marsh"}
    assert dev.post(f"{path}/{draft['id']}/agreement", json=ada).status_code == 428
    agreed = dev.post(f"{path}/{draft['id']}/agreement", json=ada, headers=seen)
    assert (agreed.status_code, agreed.json["holds"]) == (201, True)
    published = dev.post(f"{path}/{draft['id']}/publish", json={"reason": "Both looked at"})
    assert (published.status_code, published.json["agreed_with"]) == (200, "Ada Marsh")
    rules = [rule for one in published.json["contingencies"] for rule in one["rules"]]
    assert [rule["key"] for rule in rules if rule["name"] == "Oxygen low"] == ["copd.oxygen_low"]


def test_how_actions_and_goals_stand_is_told(cast: Cast, api_as: ApiAs, path: str) -> None:
    cora = api_as(cast.cora)
    plan = enrolled(cora, cast).json
    done = cora.post(f"{path}/{plan['id']}/actions/copd.first_outing/status", json={"status": "done"})
    assert done.status_code == 200, done.text
    kept = cora.post(
        f"{path}/{plan['id']}/goals/copd.get_about/progress", json={"status": "achieved", "words": "She went"}
    )
    assert (kept.status_code, kept.json["status"]) == (201, "achieved")


def test_who_looks_and_whose_review_it_is_are_set(cast: Cast, api_as: ApiAs, path: str) -> None:
    cora = api_as(cast.cora)
    enrolled(cora, cast)
    draft = cora.post(f"{path}/draft")
    body = {"review_on": "2027-01-01", "review_by": str(cast.sol.uuid), "watched": "Nurses"}
    changed = cora.patch(f"{path}/{draft.json['id']}", json=body, headers={"If-Match": draft.headers["ETag"]})
    assert changed.status_code == 200, changed.text
    assert (changed.json["review_by"]["name"], changed.json["watched"]) == ("Sol", "Nurses")


def test_housing_is_told_its_own_part_and_changes_nothing(cast: Cast, api_as: ApiAs, path: str) -> None:
    plan = enrolled(api_as(cast.cora), cast, agreed_with="Ada").json
    hana = api_as(cast.hana)
    shown = hana.get(f"{path}/{plan['id']}").json
    assert (shown["shown"], shown["agreed_with"], shown["monitoring"]) == ("category", None, [])
    actions = [action for need in shown["needs"] for goal in need["goals"] for action in goal["actions"]]
    assert {action["agency"] for action in actions} == {"Westmere Homes"}
    assert hana.post(f"{path}/draft").status_code == 403
    assert hana.get(f"{path}/{plan['id']}/differences").status_code == 403


def test_wishes_and_what_was_said_before_are_told(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    path = f"/api/v1/people/{cast.ada.uuid}"
    body = {"kind": "respect", "made_on": "2026-05-01", "original_place": "Yellow folder"}
    made = cora.post(f"{path}/wishes", json=body)
    assert made.status_code == 201, made.text
    card = cora.get(f"{path}/responder-card").json
    assert card["decision_form"] == "ReSPECT"
    end = f"{path}/wishes/{made.json['id']}/end"
    assert cora.post(end, json={"why": "Withdrawn"}).status_code == 428
    seen = {"If-Match": f'"{made.json["version"]}"'}
    ended = cora.post(end, json={"why": "Withdrawn"}, headers=seen)
    assert ended.status_code == 200
    assert [one["ended_why"] for one in cora.get(f"{path}/wishes").json["items"]] == ["Withdrawn"]
    assert cora.get(f"{path}/about-me/history").json == {"items": [], "next": None}


def test_who_does_not_see_it_writes_over_nothing(
    session: Session, cast: Cast, api_as: ApiAs, now: datetime
) -> None:
    path = f"/api/v1/people/{cast.ada.uuid}"
    wish = {"kind": "respect", "made_on": "2026-05-01", "original_place": "Yellow folder"}
    made = api_as(cast.cora).post(f"{path}/wishes", json=wish).json
    share(session, cast.housing.id, dict.fromkeys(RecordClass, Extent.CATEGORY), now)
    hana, seen = api_as(cast.hana), {"If-Match": '"1"'}
    assert hana.post(f"{path}/wishes", json=wish).status_code == 403
    refused = hana.post(f"{path}/wishes/{made['id']}/end", json={"why": "Torn up"}, headers=seen)
    assert refused.status_code == 403
    shown = hana.get(f"{path}/about-me")
    assert "most_important" not in shown.json
    written = hana.put(
        f"{path}/about-me", json={"most_important": "x"}, headers={"If-Match": shown.headers["ETag"]}
    )
    assert written.status_code == 403
    assert hana.get(f"{path}/about-me/history").json["items"] == []


def test_a_follow_up_recurs_by_a_rule_and_is_told_with_words_and_dates(
    cast: Cast, api_as: ApiAs, path: str
) -> None:
    cora = api_as(cast.cora)
    enrolled(cora, cast)
    draft = cora.post(f"{path}/draft").json
    parts = f"{path}/{draft['id']}/parts/schedules"
    values = {
        "kind": "call", "text": "Ring her", "team": str(cast.nurses.uuid), "times": ["10:00"],
        "rule": "FREQ=MONTHLY;BYDAY=-1FR",
    }  # fmt: skip
    for rule in ("FREQ=SECONDLY", "FREQ=DAILY;COUNT=2;UNTIL=20270101", "FREQ=DAILY;BYMONTHDAY=30;BYMONTH=2"):
        refused = cora.post(parts, json={"values": {**values, "rule": rule}})
        assert refused.status_code == 422, rule
        assert list(wrong(refused)) == ["rule"]
    made = cora.post(parts, json={"values": values})
    assert made.status_code == 201, made.text

    def told() -> dict[str, object]:
        whole = cora.get(f"{path}/{draft['id']}").json
        found: dict[str, object] = next(
            each for each in whole["schedules"] if each["key"] == made.json["key"]
        )
        return found

    assert told()["words"] == "the last Friday of every month at 10:00"
    assert told()["coming"] == [
        "2026-11-27T10:00:00Z", "2026-12-25T10:00:00Z", "2027-01-29T10:00:00Z", "2027-02-26T10:00:00Z",
        "2027-03-26T10:00:00Z",
    ]  # fmt: skip
    tag = {"If-Match": f'"{made.json["version"]}"'}
    fewer = cora.patch(f"{parts}/{made.json['key']}", json={"values": {"every_days": 14}}, headers=tag)
    assert fewer.status_code == 200, fewer.text
    assert told()["words"] == "every 14 days at 10:00"
