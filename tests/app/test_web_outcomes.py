"""The pages of outcomes."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.models.alerts import AlertEvent
from care_plans.severity import Severity
from outcomes.measures import Measure
from people.models.agencies import Role
from tests.app.adas import lay
from tests.app.conftest import ClientAs
from tests.app.reading import h1, text_of
from tests.cast import Cast
from tests.outcomes import past

WEEKS = 13


@pytest.fixture
def filled(session: Session, cast: Cast, now: datetime) -> past.Past:
    """The month of tests/outcomes/past.py, about nine people of whom Cora sees none, and Ada's alert."""
    lay(session, cast, now)
    return past.make(session, cast, now, seed=1)


def test_nothing_counted_yet_says_what_would_appear(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.cora).get("/outcomes")
    assert answer.status_code == 200
    assert h1(answer) == "Outcomes"
    assert "Nothing to count yet" in answer.text


def test_all_five_measures_say_their_figure_and_how_it_is_counted(
    cast: Cast, client_as: ClientAs, filled: past.Past
) -> None:
    cast.cora.role = Role.COMMISSIONER
    answer = client_as(cast.cora).get("/outcomes")
    names = text_of(answer, "h2")
    assert [name for name in names if name in {"Time to contact", "Escalations", "Goals progressing"}]
    assert len([name for name in names if name]) >= len(Measure)
    assert "Trial limits" in answer.text
    assert "in the week of 9 November" in answer.text
    assert "red 60 minutes, amber 4 hours" in answer.text


@pytest.mark.parametrize("measure", Measure)
def test_each_measure_opens_to_its_rows_its_chart_and_its_table(
    measure: Measure, cast: Cast, client_as: ClientAs, filled: past.Past
) -> None:
    cast.cora.role = Role.COMMISSIONER
    cora = client_as(cast.cora)
    page = cora.get(f"/outcomes/{measure.value}?weeks=5")
    assert page.status_code == 200
    assert "The rows behind it" in page.text
    assert "not shown" in page.text
    assert "Given" not in page.text
    drawn = cora.get(f"/outcomes/{measure.value}.json?weeks=5").json
    assert len(drawn["points"]) == 5
    assert any(point["value"] is not None for point in drawn["points"])
    assert drawn["points"][-1]["rule"] == "week not over"
    answer = cora.get(f"/outcomes/{measure.value}.csv?weeks=5")
    assert answer.mimetype == "text/csv"
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert [line["breakdown"] for line in lines].count("all") == 5


def test_the_figure_counts_the_people_in_sight_and_each_row_opens_what_it_came_from(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    ids = lay(session, cast, now - timedelta(minutes=30))
    alert_id = ids["alert_id"]
    inner = past.alert_of(session, alert_id).id
    session.add_all(
        AlertEvent(
            alert_id=inner, at=now - timedelta(minutes=ago), what=what, words="", severity=Severity.RED,
            details={},
        )
        for what, ago in (("raised", 30), ("contact", 10))
    )  # fmt: skip
    page = client_as(cast.cora).get("/outcomes/time-to-contact")
    assert "100 % this week: 1 of 1, median 20 min, so far." in page.text
    assert "Ada Marsh" in page.text
    assert f'href="/alerts/{alert_id}"' in page.text
    mallorys = client_as(cast.mallory).get("/outcomes/time-to-contact")
    assert "Ada" not in mallorys.text
    assert "Nothing to count" in mallorys.text


def test_a_commissioner_sees_no_figure_about_fewer_than_five_people(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    lay(session, cast, now - timedelta(hours=2))
    cast.sol.role = Role.COMMISSIONER
    page = client_as(cast.sol).get("/outcomes/escalations")
    assert "Fewer than 5 people this week: not shown." in page.text
    assert "No rows in this choice" in page.text


def test_filters_stay_in_the_address_and_narrow_what_is_counted(
    cast: Cast, client_as: ClientAs, filled: past.Past
) -> None:
    cast.sol.role = Role.COMMISSIONER
    sol = client_as(cast.sol)
    every = sol.get("/outcomes/alerts-per-person-month.csv?weeks=5").text
    narrow = sol.get(f"/outcomes/alerts-per-person-month.csv?weeks=5&agency={cast.health.uuid}").text
    assert "Westmere Health" in narrow
    assert "class: technical" in every
    assert "cause: open" in every
    page = sol.get(f"/outcomes/alerts-per-person-month?weeks=5&agency={cast.health.uuid}&week=2026-11-09")
    assert f"agency={cast.health.uuid}" in page.text
    assert "page=2" not in page.text
    assert sol.get("/outcomes?agency=nobody&pathway=none&weeks=x&week=y").status_code == 200


def test_a_measure_that_there_is_not_is_not_found(cast: Cast, client_as: ClientAs) -> None:
    for path in ("/outcomes/happiness", "/outcomes/happiness.csv", "/outcomes/happiness.json"):
        assert client_as(cast.cora).get(path).status_code == 404


def test_whoever_has_no_part_in_outcomes_is_refused(cast: Cast, client_as: ClientAs) -> None:
    assert client_as(cast.vi).get("/outcomes").status_code == 403
