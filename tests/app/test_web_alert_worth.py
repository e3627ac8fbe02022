"""The page that says which alerts can be trusted."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from care_plans.models.alerts import Cause
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast
from tests.outcomes.counting import alerted

Asked = Callable[..., FlaskClient]
PATH = "/outcomes/which-alerts"


def closed(session: Session, cast: Cast, now: datetime, *causes: Cause) -> None:
    for number, cause in enumerate(causes):
        at = now - timedelta(hours=number + 2)
        alert = alerted(session, at, person=cast.ada, closed_at=at + timedelta(hours=1), cause=cause)
        alert.rule_key, alert.closed_by_id = "copd.oxygen_low", cast.cora.id
    session.flush()


def test_before_anything_happened_it_says_what_would_stand_there(cast: Cast, client_as: ClientAs) -> None:
    cora = client_as(cast.cora)
    assert PATH in cora.get("/outcomes").text
    page = cora.get(PATH)
    assert h1(page) == "Which alerts can be trusted"
    assert "Nothing to count yet" in page.text


def test_each_rule_says_how_often_it_was_right(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    closed(session, cast, now, Cause.TRUE_ACTED, Cause.TRUE_ACTED, Cause.TRUE_ACTED, Cause.FALSE_THRESHOLD)
    cora = client_as(cast.cora)
    page = cora.get(PATH).text
    assert "Oxygen low" in page
    assert "75 % of 4 (30 % to 95 %)" in page
    by_person = cora.get(f"{PATH}?by=subject").text
    assert f'<a href="/people/{cast.ada.uuid}">Ada Marsh</a>' in by_person
    assert "Nothing to count yet" in cora.get(f"{PATH}?pathway=dementia").text
    assert cora.get(f"{PATH}?by=nonsense&weeks=x").status_code == 200


def test_a_stranger_counts_none_of_them(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    closed(session, cast, now, Cause.TRUE_ACTED)
    assert "Oxygen low" not in client_as(cast.mallory).get(f"{PATH}?by=subject").text


def test_the_same_over_rest(cast: Cast, api_as: Asked, session: Session, now: datetime) -> None:
    closed(session, cast, now, Cause.TRUE_ACTED, Cause.FALSE_KIT)
    told = api_as(cast.cora).get("/api/v1/outcomes/which-alerts").json
    [one] = told["items"]
    assert (one["key"], one["raised"]) == ("copd.oxygen_low", 2)
    assert one["found"] == {"true_acted": 1, "false_kit": 1}
    assert one["precision"]["value"] == 0.5
    assert (told["withheld"], told["few"]) == (0, 0)
    assert api_as(cast.cora).get("/api/v1/outcomes/which-alerts?pathway=none").status_code == 422
