"""Forms through the API."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.app.api.asking import wrong
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]
ALL_FOUR = {"satisfaction": 7, "worthwhile": 8, "happiness": 6, "anxiety": 2}


@pytest.fixture
def cora(cast: Cast, api_as: ApiAs) -> FlaskClient:
    return api_as(cast.cora)


def path(cast: Cast, rest: str = "") -> str:
    return f"/api/v1/people/{cast.ada.uuid}/forms{rest}"


def test_the_forms_are_listed_and_one_tells_all_of_itself(cora: FlaskClient) -> None:
    listed = cora.get("/api/v1/forms").json
    assert "ons4" in [each["code"] for each in listed["items"]]
    copd = cora.get("/api/v1/forms/copd_symptoms?version=1").json
    questions = [each for section in copd["sections"] for each in section["questions"]]
    colour = next(each for each in questions if each["key"] == "colour_now")
    assert colour["ask_if"] == {"question": "colour", "equals": True}
    assert all(copd[name] for name in ("licence", "scoring", "missing"))
    assert cora.get("/api/v1/forms/copd_symptoms?version=9").status_code == 404


def test_one_is_filled_in_scored_and_becomes_readings(cast: Cast, cora: FlaskClient) -> None:
    said = {"form": "ons4", "answers": ALL_FOUR, "asked_by": "paper", "answered_at": "2026-11-21T10:00:00Z"}
    made = cora.post(path(cast), json=said)
    assert made.status_code == 201, made.text
    first = made.json["scores"][0]
    assert (first["key"], first["value"], first["band"]) == ("satisfaction", 7.0, "High")
    assert (made.json["stands"], made.json["asked_by"], made.json["by"]) == (True, "paper", "Cora")
    taken = cora.get(f"/api/v1/people/{cast.ada.uuid}/readings?kind=wellbeing_satisfaction").json["items"]
    assert [(each["value"], each["source"], each["at"]) for each in taken] == [
        (7.0, "self_reported", "2026-11-21T10:00:00Z")
    ]
    listed = cora.get(path(cast)).json
    assert [each["id"] for each in listed["items"]] == [made.json["id"]]
    assert cora.get(path(cast, f"/{made.json['id']}")).json == made.json


def test_a_draft_is_gone_on_with_under_its_version(cast: Cast, cora: FlaskClient) -> None:
    draft = cora.post(path(cast), json={"form": "ons4", "answers": {"anxiety": 3}, "state": "draft"})
    assert (draft.status_code, draft.json["state"]) == (201, "draft")
    one = path(cast, f"/{draft.json['id']}")
    assert cora.patch(one, json={"answers": ALL_FOUR}).status_code == 428
    more = cora.patch(one, json={"answers": ALL_FOUR}, headers={"If-Match": draft.headers["ETag"]})
    assert (more.status_code, more.json["state"]) == (200, "draft")
    assert cora.patch(one, json={}, headers={"If-Match": draft.headers["ETag"]}).status_code == 412
    done = cora.patch(one, json={"state": "complete"}, headers={"If-Match": more.headers["ETag"]})
    assert (done.status_code, done.json["state"], done.json["answers"]) == (200, "complete", ALL_FOUR)
    assert cora.delete(one).status_code == 409


def test_a_draft_is_thrown_away(cast: Cast, cora: FlaskClient) -> None:
    draft = cora.post(path(cast), json={"form": "ons4", "state": "draft"})
    assert cora.delete(path(cast, f"/{draft.json['id']}")).status_code == 204
    assert cora.get(path(cast, f"/{draft.json['id']}")).status_code == 404


def test_a_correction_supersedes_and_a_mistake_stays(cast: Cast, cora: FlaskClient) -> None:
    first = cora.post(path(cast), json={"form": "ons4", "answers": ALL_FOUR}).json["id"]
    right = cora.post(path(cast, f"/{first}/correct"), json={"answers": ALL_FOUR | {"anxiety": 9}})
    assert right.status_code == 201, right.text
    before = cora.get(path(cast, f"/{first}")).json
    assert (before["stands"], before["superseded_by"]) == (False, right.json["id"])
    again = cora.post(path(cast, f"/{first}/correct"), json={"answers": ALL_FOUR})
    assert again.status_code == 409
    gone = cora.post(path(cast, f"/{right.json['id']}/mistake"), json={"mistake": "It was Ben."})
    assert (gone.status_code, gone.json["mistake"], gone.json["stands"]) == (200, "It was Ben.", False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"form": "zarit"}, "form"),
        ({"form": None}, "form"),
        ({"answers": {"anxiety": 11}}, "answers.anxiety"),
        ({"answers": {"anxiety": [1]}}, "answers.anxiety"),
        ({"answers": {"shoes": 1}}, "answers.shoes"),
        ({"answers": []}, "answers"),
        ({"answers": {}}, ""),
        ({"answered_by": "cat"}, "answered_by"),
        ({"answered_by": "carer"}, "answered_by_name"),
        ({"answered_at": "2099-01-01T00:00:00Z"}, "answered_at"),
        ({"more": 1}, "more"),
    ],
)
def test_what_is_wrong_is_said_by_question(cast: Cast, cora: FlaskClient, change: dict, field: str) -> None:
    answer = cora.post(path(cast), json={"form": "ons4", "answers": {"anxiety": 1}} | change)
    assert answer.status_code == 422, answer.text
    assert list(wrong(answer)) == [field]


def test_an_answer_that_is_needed_is_asked_for(cast: Cast, cora: FlaskClient) -> None:
    answer = cora.post(path(cast), json={"form": "copd_symptoms", "answers": {"fever": True}})
    assert set(wrong(answer)) == {"answers.speaks", "answers.drowsy"}


def test_another_agency_is_told_the_sort_of_thing_alone(
    cast: Cast, cora: FlaskClient, api_as: ApiAs, now: datetime
) -> None:
    said = {"form": "what_matters", "answers": {"also": "A secret"}}
    made = cora.post(path(cast), json=said).json
    cora.post(path(cast), json={"form": "ons4", "answers": ALL_FOUR})
    hana = api_as(cast.hana)
    listed = hana.get(path(cast))
    (one,) = listed.json["items"]
    assert (one["extent"], one["agency"], one["answers"], one["by"]) == (
        "category",
        "Westmere Hub",
        None,
        None,
    )
    assert listed.json["others"] is True
    assert "secret" not in listed.text + hana.get(path(cast, f"/{made['id']}")).text
    assert hana.post(path(cast, f"/{made['id']}/correct"), json={"answers": {}}).status_code == 404
