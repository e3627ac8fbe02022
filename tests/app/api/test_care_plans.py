"""Care plans through the API: enrolled, limits set in a draft, published."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from tests.app.api.asking import enrolled, wrong
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]
OXYGEN = "copd.oxygen_low"


def limit_of(plan: dict, name: str = "oxygen") -> float:
    rules = [rule for one in plan["contingencies"] for rule in one["rules"]]
    return next(limit["at"] for rule in rules for limit in rule["limits"] if limit["name"] == name)


def test_a_person_is_put_on_a_pathway_with_real_teams(cast: Cast, api_as: ApiAs) -> None:
    made = enrolled(api_as(cast.cora), cast, agreed_with="Ada")
    assert made.status_code == 201, made.text
    plan = made.json
    assert (plan["state"], plan["number"], plan["agreed_with"]) == ("published", 1, "Ada")
    assert plan["published_by"] == {"id": str(cast.cora.uuid), "name": "Cora"}
    assert [one["pathway"] for one in plan["pathways"]] == ["copd"]
    teams = {
        step["team"]["id"] for one in plan["contingencies"] for step in one["ladder"]["steps"] if step["team"]
    }
    assert str(cast.centre.uuid) in teams
    assert plan["needs"][0]["goals"][0]["actions"][0]["agency"]
    assert plan["otherwise"]
    shown = api_as(cast.cora).get(f"/api/v1/people/{cast.ada.uuid}/care-plans/{plan['id']}")
    assert shown.json == plan
    assert shown.headers["ETag"] == f'"{plan["version"]}"'


def test_a_plan_follows_a_pathway_once(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    assert enrolled(cora, cast).status_code == 201
    assert enrolled(cora, cast).status_code == 409
    assert enrolled(cora, cast, pathway="no_such").status_code == 404


def test_a_limit_is_set_in_a_draft_and_counts_once_published(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    path = f"/api/v1/people/{cast.ada.uuid}/care-plans"
    first = enrolled(cora, cast).json
    draft = cora.post(f"{path}/draft")
    assert (draft.status_code, draft.json["state"], draft.json["number"]) == (201, "draft", 2)
    body = {"name": "oxygen", "limit": 86, "why": "Her usual is 88 at rest."}
    rule = f"{path}/{draft.json['id']}/rules/{OXYGEN}"
    assert cora.patch(rule, json=body).status_code == 428
    changed = cora.patch(rule, json=body, headers={"If-Match": draft.headers["ETag"]})
    assert changed.status_code == 200, changed.text
    assert limit_of(changed.json) == 86
    assert cora.patch(rule, json=body, headers={"If-Match": draft.headers["ETag"]}).status_code == 412
    place, why = f"{path}/{draft.json['id']}/publish", {"reason": "Limits looked at together"}
    assert cora.post(place, json=why, headers={"If-Match": '"0"'}).status_code == 409
    published = cora.post(place, json=why)
    assert (published.status_code, published.json["state"]) == (200, "published")
    listed = cora.get(path).json["items"]
    assert [(one["number"], one["state"]) for one in listed] == [(2, "published"), (1, "superseded")]
    assert limit_of(cora.get(f"{path}/{first['id']}").json) != 86
    set_by = [rule for one in published.json["contingencies"] for rule in one["rules"] if rule["set_by"]]
    assert [(one["key"], one["set_by"], one["set_why"]) for one in set_by] == [(OXYGEN, "Cora", body["why"])]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "oxygen", "limit": 70, "why": "Low"}, "limit"),
        ({"name": "oxygen", "limit": "86", "why": "Low"}, "limit"),
        ({"name": "oxygen", "limit": 86, "why": " "}, "why"),
        ({"name": "oxygen", "limit": 86, "why": "Low", "until": 1}, "until"),
    ],
)
def test_a_limit_outside_its_bounds_or_without_a_reason_is_refused(
    cast: Cast, api_as: ApiAs, body: dict, field: str
) -> None:
    cora = api_as(cast.cora)
    draft = enrolled(cora, cast, publish=False)
    assert draft.json["state"] == "draft"
    path = f"/api/v1/people/{cast.ada.uuid}/care-plans/{draft.json['id']}/rules/{OXYGEN}"
    answer = cora.patch(path, json=body, headers={"If-Match": draft.headers["ETag"]})
    assert answer.status_code == 422
    assert list(wrong(answer)) == [field]


@pytest.mark.parametrize("rule_key", ["copd.no_such", "%00", "%F0%9F%92%A9"])
def test_a_rule_that_the_plan_has_not_is_not_found(cast: Cast, api_as: ApiAs, rule_key: str) -> None:
    cora = api_as(cast.cora)
    draft = enrolled(cora, cast, publish=False)
    path = f"/api/v1/people/{cast.ada.uuid}/care-plans/{draft.json['id']}/rules/{rule_key}"
    body = {"name": "oxygen", "limit": 86, "why": "Low"}
    assert cora.patch(path, json=body, headers={"If-Match": draft.headers["ETag"]}).status_code == 404


def test_what_is_published_is_not_changed_and_a_draft_can_be_dropped(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    path = f"/api/v1/people/{cast.ada.uuid}/care-plans"
    plan = enrolled(cora, cast)
    body = {"name": "oxygen", "limit": 86, "why": "Low"}
    rule = f"{path}/{plan.json['id']}/rules/{OXYGEN}"
    assert cora.patch(rule, json=body, headers={"If-Match": plan.headers["ETag"]}).status_code == 409
    draft = cora.post(f"{path}/draft").json
    assert cora.delete(f"{path}/{draft['id']}").status_code == 204
    assert cora.get(f"{path}/{draft['id']}").status_code == 404
    assert cora.post(f"{path}/{uuid4()}/publish", json={"reason": "x"}).status_code == 404


def test_somebody_elses_plan_is_not_found_under_ones_own_name(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    plan = enrolled(cora, cast).json
    assert cora.get(f"/api/v1/people/{cast.ben.uuid}/care-plans/{plan['id']}").status_code == 404
    assert enrolled(api_as(cast.mallory), cast).status_code == 404
