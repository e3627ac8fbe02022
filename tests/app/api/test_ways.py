"""How whoever asks is told, through the API."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]
PATH = "/api/v1/my-ways"
GIVEN = {"important": ["sms", "email"], "ordinary": ["email"], "quiet_from": "22:00", "quiet_until": "07:00"}


def test_they_are_shown_and_chosen_on_the_version_that_was_seen(cast: Cast, api_as: ApiAs) -> None:
    dev = api_as(cast.dev)
    before = dev.get(PATH).json
    assert (before["version"], before["important"], before["quiet_from"]) == (0, ["email"], None)
    assert dev.put(PATH, json=GIVEN).status_code == 428
    after = dev.put(PATH, json=GIVEN, headers={"If-Match": '"0"'})
    assert after.status_code == 200
    assert after.json["important"] == ["sms", "email"]
    assert after.json["quiet_days"] == [0, 1, 2, 3, 4, 5, 6]
    assert after.json["zone"] == "Europe/London"
    assert dev.put(PATH, json=GIVEN, headers={"If-Match": '"0"'}).status_code == 412
    assert api_as(cast.cora).get(PATH).json["version"] == 0, "each has their own"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"important": ["voice"]}, "important"),
        ({"ordinary": []}, "ordinary"),
        ({"quiet_until": None}, "quiet_until"),
        ({"quiet_from": "7 pm"}, "quiet_from"),
        ({"quiet_days": [9]}, "quiet_days"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    cast: Cast, api_as: ApiAs, wrong: dict[str, object], field: str
) -> None:
    answer = api_as(cast.dev).put(PATH, json=GIVEN | wrong, headers={"If-Match": '"0"'})
    assert answer.status_code == 422
    assert any(each["field"].startswith(field) for each in answer.json["errors"])
