"""Outcomes through the API."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from outcomes.measures import Measure
from people.models.agencies import Role
from tests.app.api.asking import EVERYTHING, wrong
from tests.cast import Cast
from tests.outcomes import past
from tests.outcomes.counting import alerted, happened

ApiAs = Callable[..., FlaskClient]
PATH = "/api/v1/outcomes"


def test_every_measure_is_listed_with_its_definition(cast: Cast, api_as: ApiAs) -> None:
    told = api_as(cast.cora).get(PATH).json
    assert [one["measure"] for one in told["items"]] == list(Measure)
    assert told["next"] is None
    assert told["items"][0]["beside"] == "median minutes to contact"
    assert told["items"][0]["agency"].startswith("Each row belongs to one agency.")


def test_figures_come_by_week_with_their_limits(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    past.make(session, cast, now, seed=1)
    told = api_as(cast.cora, *EVERYTHING).get(f"{PATH}/escalations?from=2026-10-14&to=2026-11-22").json
    assert len(told["figures"]) == 6
    first = told["figures"][0]
    assert (first["start"], first["end"]) == ("2026-10-11T23:00:00Z", "2026-10-18T23:00:00Z")
    assert first["value"] == 100 * first["numerator"] / first["denominator"]
    assert first["lower"] < first["mean"] < first["upper"]
    assert [one["partial"] for one in told["figures"]] == [False] * 5 + [True]
    assert told["figures"][-1]["mean"] is None
    assert told["trial"] is True
    assert told["definition"]["improvement"] == "decrease"


def test_a_figure_opens_to_its_rows_part_by_part(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    for hours in (3, 4, 5):
        alert = alerted(session, now - timedelta(hours=hours), person=cast.ada)
        happened(session, alert, "contact", timedelta(minutes=30 * (hours - 2)))
    cora, found, cursor = api_as(cast.cora), [], ""
    for _ in range(2):
        part = cora.get(f"{PATH}/time-to-contact/rows?limit=2&week=2026-11-20{cursor}").json
        found += part["items"]
        cursor = f"&cursor={part['next']}"
    assert part["next"] is None
    assert [(row["numerator"], row["denominator"]) for row in found] == [(1, 1.0), (1, 1.0), (0, 1.0)]
    assert {row["who"] for row in found} == {"Ada Marsh"}
    assert {row["person_id"] for row in found} == {str(cast.ada.uuid)}
    (figure,) = [one for one in cora.get(f"{PATH}/time-to-contact").json["figures"] if one["numerator"]]
    assert (figure["numerator"], figure["denominator"], figure["beside"]) == (2, 3.0, 60.0)


def test_breakdowns_narrow_what_is_counted(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    alerted(session, now - timedelta(hours=1), person=cast.ada, owner=cast.nurses)
    cora = api_as(cast.cora)
    for query, count in (
        ("pathway=copd", 1),
        ("pathway=hypertension", 0),
        (f"agency_id={cast.health.uuid}", 1),
        (f"agency_id={cast.hub.uuid}", 0),
        ("class=clinical&cause=open", 1),
        ("class=technical", 0),
        ("cause=test", 0),
    ):
        told = cora.get(f"{PATH}/escalations?{query}").json
        assert told["figures"][-1]["denominator"] == count


def test_a_commissioner_gets_no_small_figure_and_no_row_of_it(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    alerted(session, now - timedelta(hours=1), person=cast.ada)
    cast.sol.role = Role.COMMISSIONER
    sol = api_as(cast.sol)
    figure = sol.get(f"{PATH}/escalations").json["figures"][-1]
    assert figure["suppressed"] is True
    assert (figure["numerator"], figure["denominator"], figure["value"]) == (None, None, None)
    assert sol.get(f"{PATH}/escalations/rows").json["items"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-11-20&to=2026-10-01", "from"),
        ("to=9999-01-01", "to"),
        ("cause=happy", "cause"),
        ("class=happy", "class"),
    ],
)
def test_what_makes_no_figure_is_refused_at_its_field(
    cast: Cast, api_as: ApiAs, query: str, field: str
) -> None:
    answer = api_as(cast.cora).get(f"{PATH}/escalations?{query}")
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json["errors"]] == [field]


def test_a_week_outside_and_a_measure_there_is_not(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    answer = cora.get(f"{PATH}/escalations/rows?week=2020-01-01")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "week")
    assert cora.get(f"{PATH}/happiness").status_code == 404
    assert list(wrong(cora.get(f"{PATH}/escalations?pathway=cpod"))) == ["pathway"]
    assert cora.get(f"{PATH}/escalations?agency_id={cast.ada.uuid}").status_code == 404
