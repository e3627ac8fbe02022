"""Shift handovers over REST."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from care_plans import handovers
from people import teams
from people.visible import actor
from tests.care_plans.alerting import dev
from tests.cast import Cast

Asked = Callable[..., FlaskClient]
PATH = "/api/v1/handovers"


def test_a_handover_is_given_listed_and_taken(
    cast: Cast, api_as: Asked, session: Session, now: datetime
) -> None:
    teams.join(session, cast.nurses, cast.sol, now - timedelta(days=1), actor=actor(dev(cast)))
    session.flush()
    giver, taker = api_as(cast.dev), api_as(cast.sol)
    given = {"team_id": str(cast.nurses.uuid), "words": "Ada was promised a call"}
    made = giver.post(PATH, json=given)
    assert (made.status_code, made.json["given_by"], made.json["taken_at"]) == (201, "Dev", None)
    assert giver.post(f"{PATH}/{made.json['id']}/take").status_code == 409
    taken = taker.post(f"{PATH}/{made.json['id']}/take")
    assert (taken.status_code, taken.json["taken_by"]) == (200, "Sol")
    assert [each["taken_by"] for each in giver.get(PATH).json["items"]] == ["Sol"]
    hana = api_as(cast.hana)
    assert hana.get(PATH).json["items"] == []
    assert hana.post(PATH, json=given).status_code == 403
    assert hana.post(f"{PATH}/{made.json['id']}/take").status_code == 404


def test_what_was_handed_over_before_the_weekend_is_listed_and_taken_after_it(
    cast: Cast, api_as: Asked, session: Session, now: datetime
) -> None:
    teams.join(session, cast.nurses, cast.sol, now - timedelta(days=4), actor=actor(dev(cast)))
    row = handovers.give(session, cast.nurses, "Ada", by=dev(cast), now=now - timedelta(hours=62))
    session.flush()
    sol = api_as(cast.sol)
    assert [each["id"] for each in sol.get(PATH).json["items"]] == [str(row.uuid)]
    taken = sol.post(f"{PATH}/{row.uuid}/take")
    assert (taken.status_code, taken.json["taken_by"]) == (200, "Sol")
    assert sol.get(PATH).json["items"] == []
