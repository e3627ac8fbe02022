"""The morning, on a page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.web import morning
from care_plans import handovers
from care_plans.alerts import alerts
from care_plans.models.work import FollowUpKind
from care_plans.work import follow_ups
from people import teams
from people.access import RecordClass
from people.visible import actor
from tests.app import raising
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.alerting import dev, raised
from tests.care_plans.judged_home import Home
from tests.care_plans.test_evaluate import unheard_weight
from tests.cast import Cast
from tests.people.looking import unshare

LONDON = "Europe/London"


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("2026-11-22T07:46", "2026-11-21T18:00"),
        ("2026-11-22T17:59", "2026-11-21T18:00"),
        ("2026-11-22T18:00", "2026-11-22T18:00"),
        ("2026-10-25T08:00", "2026-10-24T17:00"),  # six in the evening was still summer time
    ],
)
def test_the_night_began_when_it_was_last_six_in_the_evening(now: str, since: str) -> None:
    def utc(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert morning.since(utc(now), LONDON) == utc(since)


def test_on_a_quiet_morning_the_page_says_so(cast: Cast, client_as: ClientAs) -> None:
    page = client_as(cast.dev).get("/morning")
    assert h1(page) == "The morning"
    for words in ("nothing was raised", "Nothing that was raised in the night is open", "tells of silence",
                  "Nothing is due today", "Nothing was handed over"):  # fmt: skip
        assert words in page.text, words
    assert 'href="/morning"' in client_as(cast.dev).get("/").text


def test_it_tells_what_the_night_brought_who_is_silent_and_what_is_due(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    night = now - timedelta(hours=5)
    alerts.raise_(session, raised(cast, night), night)
    alerts.raise_(session, raised(cast, now - timedelta(hours=20), key="a.before"), now - timedelta(hours=20))
    unheard_weight(session, cast, now)
    Home(session, cast, now).judge()
    follow_ups.make(
        session, kind=FollowUpKind.VISIT, text="Look at the leg", team_id=cast.nurses.id,
        due_at=now + timedelta(hours=3), now=now, person_id=cast.ada.id,
    )  # fmt: skip
    session.flush()
    page = client_as(cast.dev).get("/morning").text
    assert "2 alerts raised, 0 of them closed" in page
    night_part, silent_part, today_part = (
        page.partition("From the night")[2].partition("Not heard from")[0],
        page.partition("Not heard from")[2].partition("<h2>Today")[0],
        page.partition("<h2>Today")[2],
    )
    assert night_part.count("<li>") == 2
    assert silent_part.count("<li>") == 1
    assert "weight" in silent_part.lower()
    assert "Look at the leg" in today_part


def test_what_is_not_shared_is_not_told_apart_as_silence(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    unheard_weight(session, cast, now)
    Home(session, cast, now).judge()
    unshare(session, cast.health.id, RecordClass.VITALS)
    session.flush()
    page = client_as(cast.dev).get("/morning").text
    silent_part = page.partition("Not heard from")[2].partition("<h2>Today")[0]
    assert silent_part.count("<li>") == 0
    assert "No open alert that is shared with you tells of silence." in silent_part
    assert "What 1 open alert is about is not shared with you." in silent_part
    assert page.partition("From the night")[2].partition("Not heard from")[0].count("<li>") == 1


def test_a_rule_of_the_plan_about_silence_tells_of_it_as_well(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    still = {"severity": "amber", "when": {"any": [{"kind": "motion", "missing_for": "14 h"}]}}
    rule = {**raising.OXYGEN_LOW, "key": "frailty.no_motion", "steps": [still]}
    alerts.raise_(session, replace(raised(cast, now, key="frailty.no_motion"), rule=rule), now)
    alerts.raise_(session, raised(cast, now, key="a.limit"), now)
    session.flush()
    page = client_as(cast.dev).get("/morning").text
    assert page.partition("Not heard from")[2].partition("<h2>Today")[0].count("<li>") == 1


def test_what_has_no_room_is_counted(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(morning, "MOST", 2)
    for number in range(5):
        alerts.raise_(session, raised(cast, now, key=f"a.{number}"), now)
    session.flush()
    page = client_as(cast.dev).get("/morning").text
    assert "And 3 more" in page.partition("From the night")[2].partition("Not heard from")[0]


def test_a_shift_is_handed_over_and_taken_by_name(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    teams.join(session, cast.nurses, cast.sol, now - timedelta(days=1), actor=actor(dev(cast)))
    session.flush()
    giver, taker = client_as(cast.dev), client_as(cast.sol)
    assert (
        giver.post("/morning/handovers", data={"team": str(cast.nurses.uuid), "words": ""}).status_code == 422
    )
    assert giver.post("/morning/handovers", data={"team": "nurses", "words": "Ada"}).status_code == 422
    told = {"team": str(cast.nurses.uuid), "words": "Ada was promised a call"}
    assert giver.post("/morning/handovers", data=told).status_code == 303
    assert "I have taken over" not in giver.get("/morning").text
    page = taker.get("/morning").text
    assert "Ada was promised a call" in page
    assert "I have taken over" in page
    (each,) = handovers.list_recent(session, dev(cast), now)
    assert taker.post(f"/morning/handovers/{each.row.uuid}/take").status_code == 303
    assert "Sol has taken over" in giver.get("/morning").text
    again = taker.post(f"/morning/handovers/{each.row.uuid}/take")
    assert (again.status_code, "Sol has taken over already" in again.text) == (409, True)
    assert client_as(cast.hana).get("/morning").text.count("Ada was promised") == 0
