"""Pathways through the API."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.app.api.asking import wrong
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]


def test_every_pathway_is_listed_and_shown_whole(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    listed = cora.get("/api/v1/pathways").json["items"]
    assert {one["code"] for one in listed} >= {"copd", "heart_failure", "hypertension"}
    assert all(one["switched_on"] is None for one in listed)
    for one in listed:
        shown = cora.get(f"/api/v1/pathways/{one['code']}").json
        assert shown["sources"]
        assert shown["contingencies"][0]["triggers"][0]["document"]["steps"]
    assert cora.get("/api/v1/pathways/no_such").status_code == 404


def test_a_clinician_takes_responsibility_on_the_record(cast: Cast, api_as: ApiAs) -> None:
    dev, path = api_as(cast.dev), "/api/v1/pathways/copd"
    said = {"reason": "Agreed at the board of 20 November"}
    on = dev.post(f"{path}/switch-on", json=said)
    assert on.status_code == 200
    assert on.json["switched_on"]["by"] == "Dev"
    assert on.json["switched_on"]["reason"] == said["reason"]
    assert dev.post(f"{path}/switch-on", json=said).status_code == 409
    off = dev.post(f"{path}/switch-off", json={"reason": "New figures to come"})
    assert (off.status_code, off.json["switched_on"]) == (200, None)
    assert dev.post(f"{path}/switch-off", json=said).status_code == 404
    assert wrong(dev.post(f"{path}/switch-on", json={"reason": ""})) == {"reason": "This is needed."}


def test_nobody_else_switches_clinical_rules(cast: Cast, api_as: ApiAs) -> None:
    path, said = "/api/v1/pathways/copd/switch-on", {"reason": "Now"}
    assert api_as(cast.cora).post(path, json=said).status_code == 403
    assert api_as(cast.cora, "everyone", "pathways:switch").post(path, json=said).status_code == 403


def test_a_pathway_tells_its_terms_and_its_cost(cast: Cast, api_as: ApiAs) -> None:
    shown = api_as(cast.cora).get("/api/v1/pathways/end_of_life").json
    assert (shown["owner"], shown["record_class"]) == ("health", "plan")
    assert shown["accountable"] == "Lead clinician for palliative care"
    assert shown["in_force"] == {"from": "2026-01-01", "until": None}
    assert {clock["key"] for clock in shown["clocks"]} >= {"line", "fast_track"}
    assert {one["topic"]: one["stance"] for one in shown["advice"]}["hospital"] == "stay_home"
    cost = shown["cost"]
    assert cost["pounds_a_month"] == sum(line["pounds_a_month"] for line in cost["lines"])
    assert cost["lines"][0]["price"]["code"] == "nurse_band_7"


def test_an_earlier_version_is_shown_as_it_was(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    assert cora.get("/api/v1/pathways/copd").json["versions"] == [3, 2, 1]
    before = cora.get("/api/v1/pathways/copd/versions/1").json
    assert (before["version"], before["clocks"], before["accountable"]) == (1, [], None)
    assert cora.get("/api/v1/pathways/copd/versions/2").json["version"] == 2
    assert cora.get("/api/v1/pathways/copd/versions/9").status_code == 404


def test_what_comes_again_is_told_in_words_with_its_next_dates(cast: Cast, api_as: ApiAs) -> None:
    told = api_as(cast.cora).get("/api/v1/pathways/copd").json["schedules"]
    assert told
    for each in told:
        assert each["words"].startswith(
            ("every ", "working days", "Mondays", "Tuesdays", "Wednesdays", "Thur")
        )
        assert len(each["coming"]) == 5
        assert each["coming"] == sorted(each["coming"])
