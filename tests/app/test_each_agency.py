"""What each agency sees of the same alert and readings: nothing that is not shared is in any answer."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.alerts import Alert, ContactKind
from care_plans.models.messages import Message
from care_plans.models.work import FollowUpKind
from care_plans.severity import Class, Severity
from care_plans.work import follow_ups
from devices import readings
from devices.models import Assignment, Device, DeviceState, Expectation, HeardState
from people import choices, grants
from tests.app.conftest import ClientAs
from tests.app.raising import raise_
from tests.app.reading import h1
from tests.care_plans.alerting import dev
from tests.cast import Cast
from tests.people.looking import BY

# What would tell that it is about oxygen: its name, value, unit, rule, pathway, and what staff said of it.
TELLING = re.compile(
    r"oxygen|spo2|\b84\b(?!, born)|copd|lunch club on|blue lips|clinical|saturation|data-chart",
    re.IGNORECASE,
)
CARD = ("Home oxygen: no naked flame, no smoking", "Home oxygen", "home_oxygen")  # H11: shown to all who go

ALWAYS = (
    "Oxygen, pulse, blood pressure, weight, medicines",  # what a class holds, of whomever
    '<option value="clinical">Clinical</option>',  # a filter there is whatever is on the board
    "clinical_reason",  # a field of the form that closes any alert
)


@pytest.fixture
def alert(session: Session, cast: Cast, now: datetime) -> Alert:
    """Ada's oxygen is low; a nurse has commented, a visit is to be made, and housing is asked to knock."""
    device = Device(key="adas-oximeter", name="Clip", model="X", state=DeviceState.INSTALLED)
    session.add(device)
    session.flush()
    since = Range(now - timedelta(days=9), None)
    session.add(Assignment(device_id=device.id, person_id=cast.ada.id, period=since))
    session.flush()
    history = [("spo2", "", now - timedelta(minutes=5 * each), 84.0) for each in range(1, 12)]
    readings.store_history(session, device.id, history, now)
    alert = raise_(session, cast, now)
    alerts.comment(session, alert, words="She has blue lips.", by=dev(cast), now=now)
    follow_ups.make(
        session, kind=FollowUpKind.VISIT, text="Visit: oxygen at rest", team_id=cast.nurses.id,
        due_at=now + timedelta(hours=2), now=now, person_id=cast.ada.id, alert_id=alert.id,
    )  # fmt: skip
    asked = follow_ups.make(
        session, kind=FollowUpKind.CALL, text="Knock; is the oxygen on?", team_id=cast.landlord.id,
        due_at=now + timedelta(hours=1), now=now, person_id=cast.ada.id, alert_id=alert.id,
    )  # fmt: skip
    session.flush()
    assert asked.team_id == cast.landlord.id
    return alert


def surfaces(cast: Cast, alert: Alert) -> Iterator[tuple[str, bool]]:
    """Where an alert about Ada is told: each address, and whether programs ask it."""
    ada = f"/people/{cast.ada.uuid}"
    yield from (
        (path, False)
        for path in (
            "/", "/board/rows", "/?severity=red", f"/?alert={alert.uuid}", f"/alerts/{alert.uuid}",
            f"/alerts/{alert.uuid}/aside", f"/alerts/{alert.uuid}/contact", f"/alerts/{alert.uuid}/close",
            ada, f"{ada}/open", f"{ada}/latest", f"{ada}/happened", f"{ada}/history", f"{ada}/readings.json",
            "/people", "/outbox", "/follow-ups?view=team", "/follow-ups", f"{ada}/looks", f"{ada}/sharing",
        )
    )  # fmt: skip
    yield from (
        (f"/api/v1{path}", True)
        for path in (
            "/alerts", f"/alerts/{alert.uuid}", "/messages", "/follow-ups", f"{ada}/readings",
            f"{ada}/readings?kind=pulse",
        )
    )  # fmt: skip


def told(answer: str) -> list[str]:
    """What of it tells of the reading, the card, the page's own choices and the tables of classes apart."""
    for words in (*CARD, *ALWAYS):
        answer = answer.replace(words, "")
    return sorted({found.group() for found in TELLING.finditer(answer)})


def test_nothing_of_a_vital_sign_is_in_any_byte_that_housing_gets(
    cast: Cast, client_as: ClientAs, api_as: Callable[..., FlaskClient], session: Session, alert: Alert
) -> None:
    browser, program = client_as(cast.hana), api_as(cast.hana)
    leaks = {}
    for path, api in surfaces(cast, alert):
        answer = (program if api else browser).get(path)
        assert answer.status_code == 200, path
        leaks[path] = told(answer.text)
    leaking = [f"{path}: {', '.join(words)}" for path, words in leaks.items() if words]
    assert not leaking, "\n".join(leaking)


def test_the_same_pages_tell_a_nurse_everything(
    cast: Cast, client_as: ClientAs, session: Session, alert: Alert
) -> None:
    nurse = client_as(cast.dev)
    page = nurse.get(f"/alerts/{alert.uuid}").text
    for words in ("Oxygen 84%", "She has blue lips.", "COPD", "The lunch club on Thursdays"):
        assert words in page, words
    assert "Oxygen" in nurse.get(f"/people/{cast.ada.uuid}").text


def test_housing_is_asked_to_check_with_all_that_it_needs_to_act(
    cast: Cast, client_as: ClientAs, session: Session, alert: Alert
) -> None:
    answer = client_as(cast.hana).get(f"/alerts/{alert.uuid}")
    assert h1(answer) == "▲ Red Ada Marsh, 78"
    for words in (
        "Check on Ada Marsh",
        "Why it was raised is not shared with Westmere Homes",
        "Home oxygen: no naked flame",
        "01632 960 114",
        "Beth Marsh",
        "14 Orchard Row",
        "Contact made",
        "Community nurses: message",
    ):
        assert words in answer.text, words


def test_the_care_line_is_told_what_sort_it_is_and_what_to_do(
    cast: Cast, client_as: ClientAs, session: Session, alert: Alert
) -> None:
    cast.sol.agency_id = cast.receiving.id
    answer = client_as(cast.sol).get(f"/alerts/{alert.uuid}")
    for words in ("Something about vital signs", "Ring Ada.", "More than that is not shared with Allhours"):
        assert words in answer.text, words
    assert "Oxygen 84" not in answer.text


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("acknowledge", {}),
        ("contact", {"how": "saw", "at": "2026-11-22T07:40", "note": "She is well."}),
        ("emergency", {"at": "2026-11-22T07:40", "reference": "A17"}),
        ("going", {"until": "2026-11-22T08:10"}),
        ("comment", {"words": "I know her neighbour."}),
    ],
)
def test_acting_works_whatever_is_shown(
    path: str, typed: dict[str, str], cast: Cast, client_as: ClientAs, session: Session, alert: Alert
) -> None:
    hana = client_as(cast.hana)
    assert hana.post(f"/alerts/{alert.uuid}/{path}", data=typed).status_code == 303
    for words in typed.values():
        if words.endswith("."):
            assert words in hana.get(f"/alerts/{alert.uuid}").text
    assert told(hana.get(f"/alerts/{alert.uuid}").text) == []


def test_a_closed_alert_says_that_it_is_closed_and_not_why(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime, alert: Alert
) -> None:
    nurse = client_as(cast.dev)
    alerts.contact(session, alert, kind=ContactKind.SAW, words="Seen", by=dev(cast), now=now)
    session.flush()
    given = {"cause": "true_acted", "action": "Visited", "outcome": "treatment_changed"}
    assert nurse.post(f"/alerts/{alert.uuid}/close", data=given).status_code == 303
    page = client_as(cast.hana).get(f"/alerts/{alert.uuid}").text
    assert "Closed" in page
    assert "Not shared with your agency" in page
    assert "Treatment changed" not in page
    assert told(page) == []


def test_filters_tell_nobody_more_than_the_lines(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime, alert: Alert
) -> None:
    battery = raise_(session, cast, now, Severity.WATCH, Class.TECHNICAL, key="kit.battery.x")
    battery.kind = "spo2"
    session.flush()
    line, kit = f'id="alert-{alert.uuid}"', f'id="alert-{battery.uuid}"'
    hana, nurse = client_as(cast.hana), client_as(cast.dev)
    assert line in nurse.get("/?kind=clinical").text
    assert line not in hana.get("/?kind=clinical").text
    assert kit in nurse.get("/?severity=kit").text
    assert kit not in hana.get("/?severity=kit").text
    assert kit in hana.get("/?severity=watch").text


def test_the_api_says_how_much_it_shows(
    cast: Cast, api_as: Callable[..., FlaskClient], session: Session, alert: Alert
) -> None:
    told_hana = api_as(cast.hana).get(f"/api/v1/alerts/{alert.uuid}").json
    assert told_hana["shown"] == "check"
    nothing = ("class", "record_class", "rule_key", "kind", "value", "unit", "pathway", "goal", "device_id")
    assert {name: told_hana[name] for name in nothing} == dict.fromkeys(nothing)
    assert told_hana["evidence"] == []
    assert "contact" in told_hana["may"]
    assert told_hana["people"][0]["responder_card"]["home_oxygen"] is True
    assert api_as(cast.dev).get(f"/api/v1/alerts/{alert.uuid}").json["shown"] == "full"
    listed = api_as(cast.hana).get("/api/v1/alerts?class=clinical").json["items"]
    assert listed == []


def test_readings_that_are_not_shared_never_look_like_none(
    cast: Cast, client_as: ClientAs, api_as: Callable[..., FlaskClient], session: Session, now: datetime,
    alert: Alert,
) -> None:  # fmt: skip
    session.add(
        Expectation(
            person_id=cast.ada.id, kind="spo2", source="plan", expected_by=now - timedelta(hours=1),
            every_seconds=600, grace_seconds=60, state=HeardState.MISSING, state_since=now,
        )
    )  # fmt: skip
    session.flush()
    page = client_as(cast.hana).get(f"/people/{cast.ada.uuid}").text
    assert "No readings yet" not in page
    assert "Readings are not shared with Westmere Homes" in page
    assert "something that was due has not been heard" in page
    answer = api_as(cast.hana).get(f"/api/v1/people/{cast.ada.uuid}/readings").json
    assert answer["items"] == []
    assert answer["not_shared"] == [
        {"record_class": None, "shown": "check", "last_heard_at": None, "late": True}
    ]
    cast.sol.agency_id = cast.receiving.id
    sort = client_as(cast.sol).get(f"/people/{cast.ada.uuid}").text
    assert "<b>Vital signs</b>: last heard" in sort
    assert "5 min ago" in sort


def test_a_message_says_no_more_to_a_team_than_its_agency_is_shown(
    cast: Cast, session: Session, now: datetime, alert: Alert
) -> None:
    alerts.hand_over(session, alert, team_id=cast.landlord.id, reason="Knock", by=dev(cast), now=now)
    session.flush()
    subjects = {
        row.team_id: row.subject
        for row in session.scalars(select(Message).where(Message.alert_id == alert.id))
    }
    assert subjects[cast.landlord.id] == "Red alert: check on A.M., Westmere"
    assert "clinical" in subjects[cast.coordinators.id]


def test_a_choice_makes_the_view_smaller_at_once_and_for_that_agency_alone(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime, alert: Alert
) -> None:
    no = {"decision": "dissent", "record_class": "vitals", "said_by": "Ada", "evidence": "Said so"}
    choices.choose(session, cast.ada, cast.health, no, by=cast.sol, actor=BY, now=now)
    session.flush()
    assert told(client_as(cast.dev).get(f"/alerts/{alert.uuid}/aside").text) == []
    assert "Oxygen 84%" in client_as(cast.cora).get(f"/alerts/{alert.uuid}/aside").text


def test_a_basis_that_is_set_shows_more_at_once(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime, alert: Alert
) -> None:
    given = {
        "purpose": "safety", "record_class": "vitals", "extent": "full", "lawful_basis": "legal_obligation",
        "agreement": "Trial",
    }  # fmt: skip
    grants.set_(session, cast.housing, given, by=cast.hana, actor=BY, now=now)
    session.flush()
    page = client_as(cast.hana).get(f"/alerts/{alert.uuid}").text
    assert "Oxygen 84%" in page
    assert "lunch club" not in page  # the plan's own words stay with whom the plan is shared
