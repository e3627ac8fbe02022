"""What lasts for days and was dealt with is not raised again by the next reading that still shows it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.models.rules import Judgement
from care_plans.pathways import reading, switches
from care_plans.plan import enrol
from care_plans.severity import Severity
from devices import subjects
from tests.care_plans.judged_home import Home, close
from tests.cast import Cast

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def home(session: Session, cast: Cast, now: datetime) -> Home:
    """Ada's home, damp for two days; her plan watches it."""
    enrol.enrol(session, cast.ada, "warm_dry_home", by=cast.dev, now=now - 3 * DAY)
    home = Home(session, cast, now)
    damp(home, now - 2 * DAY, now, 78)
    return home


def damp(home: Home, start: datetime, end: datetime, percent: float) -> None:
    at = start
    while at <= end:
        home.say("room_humidity", percent, at, home=True)
        at += HOUR


def raised(home: Home) -> list[tuple[Severity, bool]]:
    return [(alert.severity, alert.closed_at is not None) for alert in home.alerts()]


def test_a_damp_home_that_was_dealt_with_rests_for_its_days_and_then_calls_again(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    home.judge()
    (alert,) = home.alerts()
    close(session, alert, now + HOUR)
    damp(home, now + HOUR, now + 5 * DAY + 2 * HOUR, 78)
    home.judge(now + 2 * HOUR)
    home.judge(now + 3 * DAY)
    assert raised(home) == [(Severity.AMBER, True)]
    standing = session.get_one(Judgement, (subjects.home(cast.ada_home.id).number, "warm_dry_home.damp"))
    assert standing.verdict == "finding", "it is still shown on the plan"
    home.judge(now + 5 * DAY + 2 * HOUR)
    assert raised(home) == [(Severity.AMBER, True), (Severity.AMBER, False)]


def test_time_alone_wakes_it_when_the_days_are_over(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    home.judge()
    close(session, home.alerts()[0], now + HOUR)
    damp(home, now + HOUR, now + 2 * HOUR, 78)
    home.judge(now + 2 * HOUR)
    standing = session.get_one(Judgement, (subjects.home(cast.ada_home.id).number, "warm_dry_home.damp"))
    assert standing.judge_at is not None
    assert standing.judge_at <= now + HOUR + 5 * DAY


def test_what_was_well_in_between_is_new_and_calls_at_once(
    session: Session, home: Home, now: datetime
) -> None:
    home.judge()
    close(session, home.alerts()[0], now + HOUR)
    damp(home, now + HOUR, now + 2 * DAY, 55)
    home.judge(now + 2 * DAY)
    damp(home, now + 2 * DAY + HOUR, now + 4 * DAY, 79)
    home.judge(now + 4 * DAY)
    assert raised(home) == [(Severity.AMBER, True), (Severity.AMBER, False)]


def test_what_got_worse_calls_at_once(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "warm_dry_home", by=cast.dev, now=now - 3 * DAY)
    home = Home(session, cast, now)
    damp(home, now - 2 * DAY, now, 72)
    home.judge()
    close(session, home.alerts()[0], now + HOUR)
    damp(home, now + HOUR, now + 2 * DAY + HOUR, 80)
    home.judge(now + 2 * DAY + HOUR)
    assert raised(home) == [(Severity.WATCH, True), (Severity.AMBER, False)]


def test_red_never_rests(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "carer", by=cast.dev, now=now - 3 * DAY)
    home = Home(session, cast, now)
    home.say("caring_load", 10, now)
    home.judge()
    close(session, home.alerts()[0], now + HOUR)
    home.say("caring_load", 10, now + DAY)
    home.judge(now + DAY)
    much = [alert.severity for alert in home.alerts() if alert.rule_key == "carer.too_much"]
    assert much == [Severity.RED, Severity.RED]


def test_a_mean_pressure_that_was_dealt_with_does_not_rise_again_the_next_morning(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "hypertension", by=cast.dev, now=now - 9 * DAY)
    switches.switch_on(session, "hypertension", by=cast.dev, reason="Trial", now=now - 9 * DAY)
    home = Home(session, cast, now)
    for half in range(14, -1, -1):
        home.say("systolic", 152, now - half * DAY / 2)
    home.judge()
    (alert,) = home.alerts()
    assert alert.rule_key == "hypertension.mean_high"
    close(session, alert, now + HOUR)
    home.say("systolic", 153, now + DAY)
    home.judge(now + DAY)
    assert len(home.alerts()) == 1


def test_a_look_in_between_with_nothing_new_ends_no_rest(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "hypertension", by=cast.dev, now=now - 9 * DAY)
    switches.switch_on(session, "hypertension", by=cast.dev, reason="Trial", now=now - 9 * DAY)
    home = Home(session, cast, now)
    for half in range(14, -1, -1):
        home.say("systolic", 152, now - half * DAY / 2)
        home.say("diastolic", 80, now - half * DAY / 2)
    home.judge()
    close(session, home.alerts()[0], now + HOUR)
    home.judge(now + 2 * HOUR)
    who = subjects.person(cast.ada.id).number
    standing = session.get_one(Judgement, (who, "hypertension.mean_high"), populate_existing=True)
    assert standing.verdict == "finding", "it was dealt with, and is no better"
    home.say("systolic", 153, now + DAY)
    home.judge(now + DAY)
    assert len(home.alerts()) == 1
    for day in range(2, 9):
        home.say("systolic", 120, now + day * DAY)
        home.say("systolic", 120, now + day * DAY + HOUR)
        home.say("diastolic", 80, now + day * DAY)
        home.say("diastolic", 80, now + day * DAY + HOUR)
    home.judge(now + 8 * DAY + HOUR)
    standing = session.get_one(Judgement, (who, "hypertension.mean_high"), populate_existing=True)
    assert standing.verdict == "nothing"


def test_every_rule_of_a_pathway_that_looks_at_a_mean_rests(now: datetime) -> None:
    for pathway in reading.all_pathways().values():
        for contingency in pathway.contingencies:
            for trigger in contingency.triggers:
                if "mean_over" in str(trigger.document):
                    assert trigger.rule.again_after, trigger.rule.key
