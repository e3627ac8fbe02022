"""Rules tried otherwise on the past over REST."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from care_plans.trying import everybody, proposing
from tests.app.api.asking import wrong
from tests.care_plans.judged_home import Home, on_copd
from tests.cast import Cast

Asked = Callable[..., FlaskClient]
OXYGEN = proposing.trigger_of("copd", "copd.oxygen_low")
PATH = "/api/v1/rule-trials"


def test_a_rule_is_tried_and_tells_each_finding(
    cast: Cast, api_as: Asked, session: Session, now: datetime
) -> None:
    on_copd(session, cast, now)
    home = Home(session, cast, now)
    for hours, value in ((50, 87), (49, 95)):
        home.say("spo2", value, now - timedelta(hours=hours))
    cora = api_as(cast.cora)
    rule = proposing.proposed(OXYGEN, {"oxygen": "86"}, None)
    asked = cora.post(PATH, json={"pathway": "copd", "rule": rule})
    assert (asked.status_code, asked.json["people"], asked.json["done"]) == (201, 1, 0)
    everybody.step(session, now)
    session.flush()
    told = cora.get(f"{PATH}/{asked.json['id']}").json
    assert (told["done"], told["failed"], told["readings"]) == (1, 0, 2)
    assert told["finished_at"] is not None
    [person] = told["items"]
    assert person["person_id"] == str(cast.ada.uuid)
    assert [(one["change"], one["before"], one["after"]) for one in person["found"]] == [
        ("missed", "amber", None)
    ]


def test_what_is_no_rule_or_another_is_refused(cast: Cast, api_as: Asked) -> None:
    cora = api_as(cast.cora)
    usual = dict(OXYGEN.document)
    assert cora.post(PATH, json={"pathway": "copd", "rule": usual}).status_code == 422
    assert "steps" in wrong(cora.post(PATH, json={"pathway": "copd", "rule": {**usual, "steps": []}}))
    other = {**usual, "key": "copd.nothing"}
    assert cora.post(PATH, json={"pathway": "copd", "rule": other}).status_code == 404
    assert api_as(cast.vi).post(PATH, json={"pathway": "copd", "rule": usual}).status_code == 403
