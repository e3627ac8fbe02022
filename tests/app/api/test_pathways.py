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
