"""Measurements typed in on a page, the score they make, and how it is set, on pages."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from care_plans import scoring
from care_plans.pathways import switches
from care_plans.plan import enrol
from devices.measurement import Flags
from devices.models import Reading, Series
from people.access import RecordClass
from people.models.caring import CareTeam
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.test_scoring import use
from tests.cast import Cast
from tests.people.looking import unshare

AT = "2026-11-22T07:40"
SEVEN = {
    "at": AT, "source": "staff", "respiratory_rate": "25", "spo2": "93", "on_oxygen": "0", "systolic": "124",
    "pulse": "112", "consciousness_alert": "1", "body_temperature": "37,1",
}  # fmt: skip
SETTING = {
    "scale": "1", "within_minutes": "240", "usual": "2", "usual_on": "2026-11-01", "why": "Home from ward 4",
    "review_on": "2026-12-06",
}  # fmt: skip


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/people/{cast.ada.uuid}"


def stored(session: Session) -> dict[str, tuple[float, int]]:
    rows = session.execute(
        select(Series.kind, Reading.value, Reading.flags).join(Reading, Reading.series_id == Series.id)
    )
    return {kind: (value, flags) for kind, value, flags in rows}


def test_a_set_is_typed_in_and_stored_whole(
    path: str, client_as: ClientAs, cast: Cast, session: Session
) -> None:
    dev = client_as(cast.dev)
    assert "Take measurements" in dev.get(path).text
    page = dev.get(f"{path}/measured")
    assert h1(page) == "Ada’s measurements"
    assert "Nothing in the last month" in page.text
    assert "NEWS2 is not switched on for Ada" in page.text
    assert dev.post(f"{path}/measured", data=SEVEN).status_code == 303
    found = stored(session)
    assert found["body_temperature"] == (37.1, Flags.STAFF)
    assert set(found) == SEVEN.keys() - {"at", "source"}
    listed = dev.get(f"{path}/measured").text
    assert "25 breaths/min" in listed
    assert "07:40" in listed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"pulse": "9999"}, "Pulse: from 15 to 300 bpm; measure again."),
        ({"spo2": "good"}, "Oxygen: give a number."),
        ({"on_oxygen": "0.5"}, "On oxygen is yes or no."),
        ({"at": ""}, "When was this measured? This is needed."),
        (
            {"at": "2026-11-23T09:00"},
            "When was this measured? This lies ahead; give the time it was measured.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost_or_stored(
    path: str, client_as: ClientAs, cast: Cast, session: Session, typed: dict[str, str], said: str
) -> None:
    answer = client_as(cast.dev).post(f"{path}/measured", data=SEVEN | typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="124"' in answer.text
    assert stored(session) == {}


def test_an_empty_form_stores_nothing(path: str, client_as: ClientAs, cast: Cast) -> None:
    answer = client_as(cast.dev).post(f"{path}/measured", data={"at": AT, "source": "staff"})
    assert answer.status_code == 422
    assert "Give at least one measurement." in answer.text


def test_what_somebody_told_is_marked_so_and_a_mistake_is_taken_back(
    path: str, client_as: ClientAs, cast: Cast, session: Session
) -> None:
    dev = client_as(cast.dev)
    dev.post(f"{path}/measured", data={"at": AT, "source": "self_reported", "spo2": "69"})
    assert "as Ada told" in dev.get(f"{path}/measured").text
    mistake = {"kind": "spo2", "taken_at": "2026-11-22T07:40:00+00:00"}
    assert dev.post(f"{path}/measured/taken-back", data=mistake).status_code == 303
    assert stored(session)["spo2"] == (69.0, Flags.SELF_REPORTED | Flags.IMPLAUSIBLE | Flags.ENTERED_IN_ERROR)
    assert "Entered by mistake" in dev.get(f"{path}/measured").text
    again = dev.post(f"{path}/measured/taken-back", data=mistake | {"taken_at": "yesterday"})
    assert (again.status_code, "Give a date and a time." in again.text) == (422, True)


def test_a_clinician_switches_the_score_on_and_sees_it_in_its_parts(
    path: str, client_as: ClientAs, cast: Cast, session: Session
) -> None:
    dev = client_as(cast.dev)
    assert h1(dev.get(f"{path}/news2")) == "NEWS2 for Ada"
    wrong = dev.post(f"{path}/news2", data=SETTING | {"scale": "2", "why": "", "within_minutes": "5"})
    assert wrong.status_code == 422
    wrong = dev.post(f"{path}/news2", data=SETTING | {"scale": "2"})
    assert "For scale 2: who found the target, and when? Say who found" in wrong.text
    assert dev.post(f"{path}/news2", data=SETTING).status_code == 303
    told = dev.get(f"{path}/measured").text
    assert "It is set so. Asked to review it: Coordinators." in told
    assert "Review was due" not in told
    empty = dev.get(f"{path}/measured").text
    assert "NEWS2 not known" in empty
    assert "Not measured in the last 4 hours" in empty
    dev.post(f"{path}/measured", data=SEVEN)
    page = dev.get(f"{path}/measured").text
    assert "NEWS2 7" in page
    assert "Usual for them: 2, on 1 November 2026." in page
    assert "No rule of Ada’s plan looks at this score: it calls nobody." in page
    assert "NEWS2 7: high" in dev.get(path).text
    assert "Home from ward 4" in dev.get(f"{path}/news2").text
    assert dev.post(f"{path}/news2/off", data={"off_why": ""}).status_code == 422
    assert dev.post(f"{path}/news2/off", data={"off_why": "The stay is over"}).status_code == 303
    assert "The stay is over" in dev.get(f"{path}/news2").text
    assert "NEWS2 7" not in dev.get(path).text


def test_the_response_is_the_plans_own_and_says_when_nobody_is_watching(
    path: str, client_as: ClientAs, cast: Cast, session: Session, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "virtual_ward", by=cast.dev, now=now - timedelta(days=1))
    use(session, cast, now - timedelta(hours=1))
    session.flush()
    page = client_as(cast.dev).get(f"{path}/measured").text
    assert "Early warning score (NEWS2): what the plan says" in page
    assert "NEWS2 says that something has changed, not what" in page
    assert "it calls nobody" not in page
    switches.switch_on(session, "virtual_ward", by=cast.dev, reason="Trial", now=now)


def test_where_the_plan_is_not_shared_the_page_does_not_say_that_nobody_is_called(
    path: str, client_as: ClientAs, cast: Cast, session: Session, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "virtual_ward", by=cast.dev, now=now - timedelta(days=1))
    use(session, cast, now - timedelta(hours=1))
    unshare(session, cast.hub.id, RecordClass.PLAN)
    session.flush()
    page = client_as(cast.cora).get(f"{path}/measured").text
    assert "it calls nobody" not in page
    assert "what the plan says" not in page
    assert "plan is not shared with" in page


def test_a_coordinator_sees_it_and_cannot_set_it(
    path: str, client_as: ClientAs, cast: Cast, session: Session, now: datetime
) -> None:
    use(session, cast, now)
    session.flush()
    cora = client_as(cast.cora)
    page = cora.get(f"{path}/news2").text
    assert "Switched on" in page
    assert "Switch NEWS2 off" not in page
    assert cora.post(f"{path}/news2", data=SETTING).status_code == 403
    assert cora.post(f"{path}/news2/off", data={"off_why": "No"}).status_code == 403


def test_where_vitals_are_not_shared_neither_is_the_score(
    path: str, client_as: ClientAs, cast: Cast, session: Session, now: datetime
) -> None:
    use(session, cast, now, usual=2, usual_on=now.date())
    unshare(session, cast.hub.id, RecordClass.VITALS)
    session.flush()
    cora = client_as(cast.cora)
    page = cora.get(f"{path}/measured").text
    assert "vital signs are not shared with" in page
    assert "NEWS2" not in page
    assert "Not shared with" in cora.get(f"{path}/news2").text
    assert "Stepping down" not in cora.get(f"{path}/news2").text
    assert cora.post(f"{path}/measured", data=SEVEN).status_code == 303
    assert set(stored(session)) == SEVEN.keys() - {"at", "source"}
    assert "25 breaths" not in cora.get(f"{path}/measured").text


def test_it_says_why_it_is_not_for_somebody(
    path: str, client_as: ClientAs, cast: Cast, session: Session, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "end_of_life", by=cast.dev, now=now)
    session.flush()
    dev = client_as(cast.dev)
    assert scoring.DYING in dev.get(f"{path}/news2").text
    refused = dev.post(f"{path}/news2", data=SETTING)
    assert (refused.status_code, scoring.DYING in refused.text) == (409, True)


def test_a_review_that_is_overdue_is_said_wherever_the_score_is_shown(
    path: str, client_as: ClientAs, cast: Cast, session: Session, now: datetime
) -> None:
    use(session, cast, now - timedelta(days=20))
    session.flush()
    dev = client_as(cast.dev)
    for page in (path, f"{path}/measured", f"{path}/news2"):
        assert "Review was due on 16 November 2026" in dev.get(page).text, page
    use(session, cast, now)
    session.flush()
    assert "Review was due" not in dev.get(f"{path}/news2").text


def test_the_page_names_who_is_asked_to_review_it_where_no_team_leads(
    path: str, client_as: ClientAs, cast: Cast, session: Session
) -> None:
    session.execute(update(CareTeam).values(lead=False))
    session.flush()
    told = client_as(cast.dev).post(f"{path}/news2", data=SETTING, follow_redirects=True).text
    assert "It is set so. Asked to review it: Community nurses." in told
