"""Calls for help and alarms: they page whatever else is, and no fault elsewhere keeps them from it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.evaluating import evaluate
from care_plans.judging.conditions import Rule
from care_plans.models.rules import Judgement, PlanRule
from care_plans.plan import enrol
from care_plans.severity import Severity
from devices import subjects
from devices.measurement import Flags
from tests.care_plans.judged_home import MINUTE, Home, close, on_copd
from tests.cast import Cast


@pytest.fixture
def home(session: Session, cast: Cast, now: datetime) -> Home:
    return Home(session, cast, now)


def test_a_pendant_pages_without_any_plan(session: Session, cast: Cast, home: Home, now: datetime) -> None:
    home.say("pendant", 1, now - 2 * MINUTE)
    home.judge()
    (alert,) = home.alerts()
    assert (alert.severity, alert.class_.value) == (Severity.RED, "life_safety")


def test_a_pendant_pressed_hours_ago_still_pages_with_its_age(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    home.say("pendant", 1, now - timedelta(hours=3), flags=int(Flags.LATE))
    home.judge()
    (alert,) = home.alerts()
    assert alert.began_at == now - timedelta(hours=3)
    assert alert.step >= 1, "its ladder has begun"


def test_a_replayed_smoke_state_is_raised_unconfirmed(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    home.say("smoke", 1, now - MINUTE, flags=int(Flags.REPLAYED), home=True)
    home.judge()
    (alert,) = home.alerts()
    assert alert.unconfirmed
    assert alert.home_id == cast.ada_home.id


def test_a_press_that_reaches_us_after_the_alert_was_closed_still_pages(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    home.say("pendant", 1, now - 10 * MINUTE)
    home.judge()
    close(session, home.alerts()[0], now)
    home.say("pendant", 1, now - 5 * MINUTE, flags=int(Flags.LATE))
    home.judge(now + MINUTE)
    _, late = home.alerts()
    assert (late.began_at, late.step) == (now - 5 * MINUTE, 1)


@pytest.mark.parametrize(("kind", "of_home"), [("pull_cord", True), ("smoke", False), ("fall", True)])
def test_life_safety_pages_whomever_its_kit_was_given_to(
    home: Home, now: datetime, kind: str, of_home: bool
) -> None:
    home.say(kind, 1, now - MINUTE, home=of_home)
    home.judge()
    (alert,) = home.alerts()
    assert (alert.rule_key, alert.home_id is not None) == (f"safety.{kind}", of_home)


def test_a_rule_that_looks_at_falls_among_others_keeps_no_fall_from_paging(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "frailty_falls", by=cast.dev, now=now - timedelta(days=2))
    fall = session.scalars(select(PlanRule).where(PlanRule.key == "frailty_falls.fall")).one()
    pulse = {"kind": "pulse", "above": 100}
    alone = fall.document["steps"][0]["when"]
    fall.document = {**fall.document, "steps": [{"severity": "red", "when": {"all": [alone, pulse]}}]}
    session.flush()
    home.say("fall", 1, now - MINUTE)
    home.judge()
    assert [alert.rule_key for alert in home.alerts() if alert.kind == "fall"] == ["safety.fall"]


@pytest.mark.parametrize("pathway", [None, "frailty_falls"])
def test_a_press_that_reaches_us_after_days_opens_an_alert_quietly(
    session: Session, cast: Cast, home: Home, now: datetime, pathway: str | None
) -> None:
    if pathway:
        enrol.enrol(session, cast.ada, pathway, by=cast.dev, now=now - timedelta(days=9))
    home.say("pendant", 1, now - timedelta(days=3))
    home.judge()
    (alert,) = [alert for alert in home.alerts() if alert.kind == "pendant"]
    assert (alert.began_at, alert.late, alert.step) == (now - timedelta(days=3), True, 0)
    close(session, alert, now)
    home.judge(now + MINUTE)
    assert len([alert for alert in home.alerts() if alert.kind == "pendant"]) == 1


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_fall_that_was_answered_without_a_plan_is_not_raised_again_by_the_plan_that_follows_it(
    session: Session, cast: Cast, home: Home, now: datetime, is_closed: bool
) -> None:
    home.say("fall", 1, now - timedelta(hours=5))
    home.judge(now - timedelta(hours=4))
    (alert,) = home.alerts()
    if is_closed:
        close(session, alert, now - timedelta(hours=3))
    enrol.enrol(session, cast.ada, "frailty_falls", by=cast.dev, now=now)
    home.judge(now + MINUTE)
    assert [alert.rule_key for alert in home.alerts() if alert.kind == "fall"] == ["safety.fall"]
    home.say("fall", 1, now + 2 * MINUTE)
    home.judge(now + 3 * MINUTE)
    falls = [alert.rule_key for alert in home.alerts() if alert.kind == "fall"]
    assert falls == ["safety.fall", "frailty_falls.fall"]


def test_a_fault_in_one_rule_is_unknown_and_keeps_a_pendant_from_nothing(
    session: Session, cast: Cast, home: Home, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_copd(session, cast, now)
    real = evaluate.judge

    def fails_for_oxygen(rule: Rule, *given: object, **more: object) -> object:
        if rule.key == "copd.oxygen_low":
            raise ZeroDivisionError
        return real(rule, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(evaluate, "judge", fails_for_oxygen)
    home.say("pendant", 1, now - MINUTE)
    home.judge()
    assert [alert.kind for alert in home.alerts()] == ["pendant"]
    oxygen = session.get_one(Judgement, (subjects.person(cast.ada.id).number, "copd.oxygen_low"))
    assert (oxygen.verdict, oxygen.judge_at) == ("unknown", now + evaluate.AFTER_FAULT)


def test_somebody_whose_plan_cannot_be_read_keeps_nobody_else_from_being_judged(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    enrol.enrol(session, cast.ben, "copd", by=cast.dev, now=now - timedelta(days=3))
    for rule in session.scalars(select(PlanRule)):
        rule.document = {**rule.document, "steps": []}
    session.flush()
    home.say("pendant", 1, now - MINUTE)
    home.judge(None, subjects.person(cast.ben.id))
    assert len(home.alerts()) == 1
    aside = session.get_one(Judgement, (subjects.person(cast.ben.id).number, "*"))
    assert (aside.verdict, aside.judge_at) == ("unknown", now + evaluate.AFTER_FAULT)


def test_what_was_dealt_with_is_not_raised_again(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    home.say("pendant", 1, now - 2 * MINUTE)
    home.judge()
    (alert,) = home.alerts()
    close(session, alert, now)
    home.judge(now + MINUTE)
    assert home.alerts() == [alert]
    home.say("pendant", 1, now + 5 * MINUTE)
    home.judge(now + 6 * MINUTE)
    assert len(home.alerts()) == 2
