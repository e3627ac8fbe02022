"""The plan's pages: reading, adjusting, publishing, enrolling, switching on."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import PlanVersion, VersionState
from care_plans.pathways import reading, switches
from care_plans.pathways.terms import InForce
from care_plans.plan import drafts, enrol
from people.access import RecordClass
from people.models.agencies import Role
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.judged_home import Home
from tests.cast import Cast
from tests.people.looking import unshare


@pytest.fixture
def path(session: Session, cast: Cast, now: datetime) -> str:
    """The address of Ada's plan, on the COPD pathway."""
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now, agreed_with="Ada and Beth")
    session.flush()
    return f"/people/{cast.ada.uuid}/plan"


def versions(session: Session) -> list[tuple[int, VersionState]]:
    rows = session.execute(select(PlanVersion.number, PlanVersion.state).order_by(PlanVersion.number))
    return [(number, state) for number, state in rows]


def test_somebody_without_a_plan_can_begin_one(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.cora).get(f"/people/{cast.ada.uuid}/plan")
    assert answer.status_code == 200
    assert h1(answer) == "Plan of Ada Marsh"
    assert "No plan yet" in answer.text
    assert f"/people/{cast.ada.uuid}/enrol" in answer.text


def test_the_plan_is_read_from_needs_to_rules(path: str, cast: Cast, client_as: ClientAs) -> None:
    text = client_as(cast.cora).get(path).text
    for words in (
        "Version 1, agreed with Ada and Beth today by Dev",
        "COPD at home",
        "Breathlessness and flare-ups of COPD",
        "I want to stay out of hospital.",
        "check inhaler technique",
        "Westmere Health",
        "Oxygen below 85 % twice within 10 minutes, or oxygen below 80 %",
        "Nobody is watching this now",
        "Told, in turn: On the coordinators&#39; board (5 min) → Community nurse on duty (10 min) →",
        "Every day",
        "By 10:00, missing 2 h later",
        "no reading yet",
        "88 %",
        "My Thursday lunch club",
        "Coordinators look at readings from 07:00",
        "ring 111, or 999",
    ):
        assert words in text, words


def test_how_each_rule_stands_is_shown_once_it_is_on(
    path: str, cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    switches.switch_on(session, "copd", by=cast.dev, reason="Westmere, all on it", now=now)
    text = client_as(cast.cora).get(path).text
    assert "Not judged yet" in text
    assert "Nobody is watching this now" not in text


def test_a_limit_is_adjusted_in_a_draft_and_then_published(
    path: str, cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    cora = client_as(cast.cora)
    form = cora.get(f"{path}/rules/copd.oxygen_low")
    assert h1(form) == "Adjust for Ada"
    assert "Pathway: 88. Allowed: 82 to 94." in form.text
    given = {"oxygen": "86", "why": "Her GP: usual 88", "row_version": "0"}
    assert cora.post(f"{path}/rules/copd.oxygen_low", data=given).status_code == 303
    text = cora.get(path).text
    assert "Draft: 1 change, not in force yet" in text
    assert "Her GP: usual 88" in text
    draft = drafts.find_draft(session, cast.ada)
    assert draft is not None
    given = {"agreed_with": "Ada", "note": "Lower is usual for her", "row_version": str(draft.version)}
    assert cora.post(f"{path}/publish", data=given).status_code == 303
    assert versions(session) == [(1, VersionState.SUPERSEDED), (2, VersionState.PUBLISHED)]
    text = cora.get(path).text
    assert "Version 2, agreed with Ada" in text
    assert "86 %" in text
    assert "(pathway: 88 %)" in text
    assert "Cora, today: Her GP: usual 88" in text
    assert "Amber when oxygen is below" in text
    assert "88 % → 86 %" in text
    old = cora.get(f"{path}?version=1").text
    assert "This is an earlier version" in old
    assert "Adjust<" not in old


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"oxygen": "50", "why": "Because"}, "choose from 82 to 94 %"),
        ({"oxygen": "low", "why": "Because"}, "Give a number."),
        ({"oxygen": "86", "why": ""}, "Say why this limit is right"),
        ({"oxygen": "88", "why": "Because"}, "This is what it is already."),
    ],
)
def test_what_is_not_safe_or_not_said_is_refused_beside_its_field(
    typed: dict[str, str], words: str, path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    answer = client_as(cast.cora).post(f"{path}/rules/copd.oxygen_low", data=typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{typed["oxygen"]}"' in answer.text
    assert drafts.find_draft(session, cast.ada) is None


def test_other_limits_are_tried_on_the_past_before_anything_is_changed(
    path: str, cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    cora, url = client_as(cast.cora), f"{path}/rules/copd.oxygen_low/try"
    assert "There are no readings of that time" in cora.post(url, data={"oxygen": "86"}).text
    home = Home(session, cast, now)
    for days, value in ((9, 87), (8, 95), (5, 80), (4, 95)):
        home.say("spo2", value, now - timedelta(days=days))
    text = cora.post(url, data={"oxygen": "86"}).text
    for words in ("found <b>2 times", "With these limits: <b>once", "Not found any more", "Oxygen 87 %"):
        assert words in text, words
    assert 'value="86"' in text
    assert "Nothing would have been found otherwise" in cora.post(url, data={"oxygen": "88"}).text
    wrong = cora.post(url, data={"oxygen": "50"})
    assert wrong.status_code == 422
    assert "choose from 82 to 94 %" in wrong.text
    assert drafts.find_draft(session, cast.ada) is None


def test_the_past_is_tried_by_nobody_who_does_not_see_its_readings(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    unshare(session, cast.hub.id, RecordClass.VITALS)
    answer = client_as(cast.cora).post(f"{path}/rules/copd.oxygen_low/try", data={"oxygen": "86"})
    assert answer.status_code == 403
    assert "not shared with" in answer.text
    assert "On the last 90 days" not in answer.text


def test_two_people_editing_are_told(path: str, cast: Cast, client_as: ClientAs, session: Session) -> None:
    rule = f"{path}/rules/copd.oxygen_low"
    first = {"oxygen": "86", "why": "Her GP", "row_version": "0"}
    assert client_as(cast.dev).post(rule, data=first).status_code == 303
    answer = client_as(cast.cora).post(rule, data={**first, "oxygen": "87"})
    assert answer.status_code == 409
    assert "Somebody else changed this plan" in answer.text
    assert 'value="87"' in answer.text
    answer = client_as(cast.cora).post(f"{path}/publish", data={"agreed_with": "Ada", "row_version": "0"})
    assert answer.status_code == 409


def test_a_draft_can_be_thrown_away(path: str, cast: Cast, client_as: ClientAs, session: Session) -> None:
    cora = client_as(cast.cora)
    cora.post(f"{path}/rules/copd.oxygen_low", data={"oxygen": "86", "why": "Her GP"})
    assert cora.post(f"{path}/drop").status_code == 303
    assert drafts.find_draft(session, cast.ada) is None
    assert cora.post(f"{path}/drop").status_code == 404


def test_publishing_asks_with_whom_it_was_agreed(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    cora.post(f"{path}/rules/copd.oxygen_low", data={"oxygen": "86", "why": "Her GP"})
    answer = cora.post(f"{path}/publish", data={"agreed_with": "", "note": "Agreed at home"})
    assert answer.status_code == 422
    assert "This is needed." in answer.text
    assert "Agreed at home" in answer.text


def test_somebody_is_put_on_a_pathway(cast: Cast, client_as: ClientAs, session: Session) -> None:
    cora = client_as(cast.cora)
    form = cora.get(f"/people/{cast.ben.uuid}/enrol")
    assert h1(form) == "Begin a plan for Ben"
    assert "COPD at home" in form.text
    answer = cora.post(f"/people/{cast.ben.uuid}/enrol", data={"pathway": "", "agreed_with": "Ben"})
    assert answer.status_code == 422
    assert 'value="Ben"' in answer.text
    given = {"pathway": "copd", "agreed_with": "Ben", "why": "To walk to the bench again."}
    answer = cora.post(f"/people/{cast.ben.uuid}/enrol", data=given)
    assert answer.headers["Location"] == f"/people/{cast.ben.uuid}/plan"
    text = cora.get(f"/people/{cast.ben.uuid}/plan").text
    assert "To walk to the bench again." in text
    more = cora.get(f"/people/{cast.ben.uuid}/enrol")
    assert h1(more) == "Add a pathway for Ben"
    assert "COPD at home" not in more.text
    assert cora.post(f"/people/{cast.ben.uuid}/enrol", data=given).status_code == 409


def test_what_matters_to_somebody_is_not_overwritten_by_a_pathway(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    given = {"pathway": "copd", "agreed_with": "Ada", "why": "Less coughing."}
    assert cora.post(f"/people/{cast.ada.uuid}/enrol", data=given).status_code == 303
    text = cora.get(f"/people/{cast.ada.uuid}/plan").text
    assert "My Thursday lunch club" in text
    assert "Less coughing." in text


def test_only_a_clinician_can_switch_clinical_rules_on(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    given = {"reason": "For Westmere", "person": str(cast.ada.uuid)}
    cora, dev = client_as(cast.cora), client_as(cast.dev)
    assert "Switch its clinical rules on" not in cora.get(path).text
    assert cora.post("/pathways/copd/switch-on", data=given).status_code == 403
    assert "Switch its clinical rules on" in dev.get(path).text
    assert dev.post("/pathways/copd/switch-on", data={**given, "reason": ""}).status_code == 422
    assert dev.post("/pathways/copd/switch-on", data=given).headers["Location"] == path
    assert switches.find(session, "copd") is not None


@pytest.mark.parametrize("part", ["/plan", "/plan?version=1", "/plan/rules/copd.oxygen_low", "/enrol"])
def test_a_stranger_finds_no_plan(part: str, path: str, cast: Cast, client_as: ClientAs) -> None:
    assert client_as(cast.mallory).get(f"/people/{cast.ada.uuid}{part}").status_code == 404


def test_a_responder_reads_the_plan_and_changes_nothing(path: str, cast: Cast, client_as: ClientAs) -> None:
    cast.sol.role = Role.RESPONDER
    sol = client_as(cast.sol)
    text = sol.get(path).text
    assert "Adjust<" not in text
    assert sol.get(f"{path}/rules/copd.oxygen_low").status_code == 403


def test_switching_on_for_nobody_is_not_found(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.dev).post("/pathways/copd/switch-on", data={"reason": "Ours", "person": "x"})
    assert answer.status_code == 404


def test_only_pathways_in_force_today_are_offered_and_until_when_is_said(
    cast: Cast, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dict(reading.all_pathways())
    known["copd"] = replace(known["copd"], in_force=InForce(until=date(2026, 1, 1)))
    known["diabetes"] = replace(known["diabetes"], in_force=InForce(until=date(2099, 3, 31)))
    monkeypatch.setattr(reading, "all_pathways", lambda: known)
    cora = client_as(cast.cora)
    page = cora.get(f"/people/{cast.ada.uuid}/enrol").text
    assert 'value="copd"' not in page
    assert "In force until 31 March 2099." in page
    given = {"pathway": "copd", "agreed_with": "Ada", "why": ""}
    refused = cora.post(f"/people/{cast.ada.uuid}/enrol", data=given)
    assert refused.status_code == 409
    assert "was in force until" in refused.text


def test_what_is_made_of_readings_stands_with_its_limits_too(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "hypertension", by=cast.dev, now=now)
    text = client_as(cast.dev).get(f"/people/{cast.ada.uuid}/plan").text
    assert "Mean systolic pressure at home" in text
    assert "Made of other readings" in text
    assert f"/people/{cast.ada.uuid}/plan/rules/hypertension.mean_high" in text
