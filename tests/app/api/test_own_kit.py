"""People's own kit through the API."""

from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient

from tests.app.api.asking import wrong
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]
CUFF = {"sort": "cuff", "model": "Omron M3", "way": "by_itself"}
RIGHT = {"found": "right", "compared": {"systolic": [142, 138]}}


def test_it_is_added_listed_checked_and_doubted(cast: Cast, api_as: ApiAs) -> None:
    cora, path = api_as(cast.cora), f"/api/v1/people/{cast.ada.uuid}/own-kit"
    made = cora.post(path, json=CUFF)
    assert made.status_code == 201, made.text
    assert made.json["mqtt"]["password"]
    [listed] = cora.get(path).json["items"]
    assert (listed["checked"], listed["sort"]) == (False, "cuff")
    assert listed["check_by"] is not None
    device = f"/api/v1/devices/{made.json['id']}"
    checked = cora.post(f"{device}/check", json=RIGHT)
    assert (checked.json["checked"], checked.json["check_by"]) == (True, None)
    doubted = cora.post(f"{device}/doubt", json={"why": "Dropped"})
    assert (doubted.json["checked"], doubted.json["check_by"] is None) == (False, False)


def test_a_check_says_all_that_it_needs(cast: Cast, api_as: ApiAs, now: datetime) -> None:
    cora = api_as(cast.cora)
    made = cora.post(f"/api/v1/people/{cast.ada.uuid}/own-kit", json=CUFF)
    answer = cora.post(f"/api/v1/devices/{made.json['id']}/check", json={"found": "right"})
    assert answer.status_code == 422
    assert set(wrong(answer)) == {"compared"}


def test_readings_of_it_carry_that_they_are_unchecked(cast: Cast, api_as: ApiAs) -> None:
    described = api_as(cast.cora).get("/api/v1/openapi.json").text
    assert '"unchecked"' in described
