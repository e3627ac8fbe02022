"""Readings held against the plan, end to end in the database."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from care_plans.evaluating import evaluate
from care_plans.models.rules import Judgement
from care_plans.models.work import FollowUp
from care_plans.pathways import switches
from care_plans.plan import drafts, enrol, publish
from care_plans.severity import Severity
from devices import subjects
from devices.measurement import Flags
from devices.models import DeviceWord, Expectation, HeardState
from devices.subjects import Subject
from people.models.homes import Residency
from tests.care_plans.judged_home import MINUTE, Home, close, on_copd
from tests.cast import Cast


@pytest.fixture
def home(session: Session, cast: Cast, now: datetime) -> Home:
    return Home(session, cast, now)


def test_two_low_readings_make_one_red_alert_with_what_the_plan_says(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    on_copd(session, cast, now)
    home.say("spo2", 84, now - 6 * MINUTE)
    home.say("spo2", 84, now)
    home.judge()
    home.judge()
    (alert,) = home.alerts()
    assert (alert.severity, alert.rule_key, alert.person_id) == (Severity.RED, "copd.oxygen_low", cast.ada.id)
    assert alert.what_should_happen
    assert alert.goal_text
    assert alert.escalate_after is not None
    assert alert.pathway == "copd"


def test_somebody_whose_oxygen_is_low_as_ever_is_left_in_peace_and_a_fall_from_it_is_seen(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    on_copd(session, cast, now)
    for day in range(1, 9):
        home.say("spo2", 89, now - timedelta(days=day))
    home.say("spo2", 88, now - MINUTE)
    home.judge()
    assert [alert.rule_key for alert in home.alerts() if alert.kind == "spo2"] == []
    home.say("spo2", 84, now + MINUTE)
    home.judge(now + MINUTE)
    found = {alert.rule_key: alert for alert in home.alerts() if alert.kind == "spo2"}
    assert found.keys() == {"copd.oxygen_low", "copd.oxygen_below_usual"}
    assert {alert.severity for alert in found.values()} == {Severity.AMBER}
    assert "below their usual 89 %" in found["copd.oxygen_below_usual"].words


def test_a_clinical_rule_is_off_until_a_clinician_switches_it_on(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now - timedelta(days=2))
    home.say("spo2", 84, now)
    home.judge()
    assert home.alerts() == []
    off = session.get_one(Judgement, (subjects.person(cast.ada.id).number, "copd.oxygen_low"))
    assert (off.verdict, off.words) == ("off", evaluate.OFF)


def test_it_clears_when_readings_are_back_and_stays_open_until_somebody_looks(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    on_copd(session, cast, now)
    home.say("spo2", 84, now - 6 * MINUTE)
    home.say("spo2", 84, now)
    home.judge()
    for minutes in (30, 40, 50):
        home.say("spo2", 94, now + minutes * MINUTE)
    home.judge(now + 55 * MINUTE)
    (alert,) = home.alerts()
    assert alert.cleared_at is not None
    assert alert.closed_at is None


def test_a_reading_beyond_belief_is_a_finding_and_not_a_value(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    on_copd(session, cast, now)
    home.say("spo2", 12, now, flags=int(Flags.BEYOND_ABSOLUTE | Flags.IMPLAUSIBLE))
    home.judge()
    (alert,) = home.alerts()
    assert alert.rule_key == "belief.spo2"
    assert "cannot be believed" in alert.words
    assert alert.escalate_after is not None
    home.say("spo2", 92, now + 10 * MINUTE)
    home.judge(now + 11 * MINUTE)
    assert alert.cleared_at is not None


def test_a_homes_rule_makes_one_alert_for_the_home_however_many_live_there(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    session.execute(
        Residency.__table__.update()  # type: ignore[attr-defined]
        .where(Residency.person_id == cast.ben.id)
        .values(home_id=cast.ada_home.id)
    )
    for person in (cast.ada, cast.ben):
        enrol.enrol(session, person, "warm_dry_home", by=cast.dev, now=now - timedelta(days=3))
    for quarter in range(30 * 4):
        home.say("room_temperature", 11.0, now - quarter * 15 * MINUTE, home=True, name="bedroom climate")
    home.judge(None, subjects.person(cast.ben.id))
    cold = [alert for alert in home.alerts() if alert.kind == "room_temperature"]
    assert len(cold) == 1
    assert cold[0].home_id == cast.ada_home.id


def unheard_weight(session: Session, cast: Cast, now: datetime) -> None:
    session.add(
        Expectation(
            person_id=cast.ada.id, kind="weight", source="plan:1", every_seconds=86400, grace_seconds=600,
            expected_by=now, state=HeardState.MISSING, state_since=now - timedelta(hours=1),
        )
    )  # fmt: skip
    session.flush()


def test_what_should_have_been_heard_is_a_finding_that_clears_when_it_is_heard(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    unheard_weight(session, cast, now)
    home.judge()
    (alert,) = home.alerts()
    assert (alert.rule_key, alert.class_.value, alert.severity) == (
        "heard.weight",
        "clinical",
        Severity.AMBER,
    )
    session.query(Expectation).update({"state": HeardState.HEARD})
    session.expire_all()
    home.judge(now + MINUTE)
    assert alert.cleared_at is not None


def test_silence_that_was_dealt_with_is_not_raised_again_until_a_day_has_gone(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    unheard_weight(session, cast, now)
    home.judge()
    close(session, home.alerts()[0], now + MINUTE)
    home.judge(now + 2 * MINUTE)
    assert len(home.alerts()) == 1
    again = session.get_one(Judgement, (subjects.person(cast.ada.id).number, "heard.weight"))
    assert again.judge_at == now + MINUTE + timedelta(days=1), "time wakes it"
    home.judge(now + timedelta(days=1, minutes=2))
    assert len(home.alerts()) == 2


def test_silence_that_began_anew_is_raised_at_once(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    unheard_weight(session, cast, now)
    home.judge()
    close(session, home.alerts()[0], now + MINUTE)
    session.query(Expectation).update({"state_since": now + 5 * MINUTE})
    session.expire_all()
    home.judge(now + 6 * MINUTE)
    assert len(home.alerts()) == 2


def test_an_empty_battery_is_watched(session: Session, cast: Cast, home: Home, now: datetime) -> None:
    scale = home.device("scale")
    session.add(DeviceWord(device_id=scale.id, heard_at=now, battery=9))
    session.flush()
    home.judge()
    (alert,) = home.alerts()
    assert (alert.severity, alert.class_.value, alert.words) == (
        Severity.WATCH,
        "technical",
        "Scale: battery 9%",
    )


def test_a_fault_in_one_persons_rules_does_not_stop_the_others(
    session: Session, cast: Cast, home: Home, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = evaluate.decide

    def fails_for_ben(known: object, subject: Subject) -> object:
        if subject == subjects.person(cast.ben.id):
            raise ZeroDivisionError
        return real(known, subject)  # type: ignore[arg-type]

    monkeypatch.setattr(evaluate, "decide", fails_for_ben)
    home.say("pendant", 1, now)
    home.judge(None, subjects.person(cast.ben.id))
    assert len(home.alerts()) == 1
    aside = session.get_one(Judgement, (subjects.person(cast.ben.id).number, "*"))
    assert (aside.verdict, aside.judge_at) == ("unknown", now + evaluate.AFTER_FAULT)
    monkeypatch.setattr(evaluate, "decide", real)
    home.judge(now + MINUTE, subjects.person(cast.ben.id))
    session.expire_all()
    assert session.get(Judgement, (subjects.person(cast.ben.id).number, "*")) is None


def test_a_database_that_is_away_is_nobodys_fault_and_the_claim_comes_again(
    session: Session, cast: Cast, home: Home, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_a_deadlock(known: object, subject: Subject) -> object:
        raise OperationalError("SELECT 1", {}, Exception("deadlock detected"))

    monkeypatch.setattr(evaluate, "decide", in_a_deadlock)
    with pytest.raises(OperationalError):
        home.judge()


def test_a_red_makes_the_follow_up_the_plan_asks_for_once(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    on_copd(session, cast, now)
    home.say("spo2", 84, now - 6 * MINUTE)
    home.say("spo2", 84, now)
    home.judge()
    home.judge()
    (alert,) = home.alerts()
    assert len(session.scalars(select(FollowUp).where(FollowUp.alert_id == alert.id)).all()) == 1


def test_where_two_plans_of_one_home_set_different_limits_the_worse_verdict_counts(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    session.execute(
        Residency.__table__.update()  # type: ignore[attr-defined]
        .where(Residency.person_id == cast.ben.id)
        .values(home_id=cast.ada_home.id)
    )
    then = now - timedelta(days=3)
    for person, cold in ((cast.ada, 19), (cast.ben, 14)):
        enrol.enrol(session, person, "warm_dry_home", by=cast.dev, now=then)
        drafts.set_limit(
            session, person, "warm_dry_home.cold", "cold", cold, why="Agreed", by=cast.dev, now=then
        )
        publish.publish(session, person, by=cast.dev, now=then, reason="Limits")
    for quarter in range(30 * 4):
        home.say("room_temperature", 18.2, now - quarter * 15 * MINUTE, home=True, name="bedroom climate")
    for minutes in range(3):
        home.judge(now + minutes * MINUTE)
    (alert,) = [alert for alert in home.alerts() if alert.kind == "room_temperature"]
    assert (alert.severity, alert.cleared_at, alert.times_raised) == (Severity.AMBER, None, 1)
    key = (subjects.home(cast.ada_home.id).number, "warm_dry_home.cold")
    assert session.get_one(Judgement, key).verdict == "finding"


def test_publishing_a_plan_anew_ends_no_silence(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "frailty_falls", by=cast.dev, now=now - timedelta(days=3))
    home.say("motion", 1, now - timedelta(hours=15), home=True)
    home.judge()
    (alert,) = [alert for alert in home.alerts() if alert.rule_key == "frailty_falls.no_movement"]
    drafts.open_draft(session, cast.ada, cast.dev)
    publish.publish(session, cast.ada, by=cast.dev, now=now + MINUTE, reason="Reviewed")
    home.judge(now + 2 * MINUTE)
    assert alert.cleared_at is None


def test_silence_that_is_found_hours_late_still_calls_somebody(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "frailty_falls", by=cast.dev, now=now - timedelta(days=3))
    home.say("motion", 1, now - timedelta(hours=22), home=True)
    home.judge()
    (alert,) = [alert for alert in home.alerts() if alert.rule_key == "frailty_falls.no_movement"]
    assert (alert.late, alert.step) == (False, 1)


def test_nobody_who_closes_an_amber_puts_off_the_red_of_no_dose_taken(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "medication", by=cast.dev, now=now - timedelta(days=4))
    switches.switch_on(session, "medication", by=cast.dev, reason="Trial", now=now - timedelta(days=4))
    taken = now - timedelta(hours=27)
    home.say("medication_taken", 1, taken)
    home.judge()
    (amber,) = [alert for alert in home.alerts() if alert.rule_key == "medication.none_taken"]
    assert amber.severity is Severity.AMBER
    close(session, amber, now + MINUTE)
    home.judge(taken + timedelta(hours=49))
    assert [alert for alert in home.alerts() if alert.closed_at is None] == []
    standing = session.get_one(
        Judgement, (subjects.person(cast.ada.id).number, "medication.none_taken"), populate_existing=True
    )
    assert standing.judge_at == taken + timedelta(hours=50)
    home.judge(taken + timedelta(hours=50))
    (red,) = [alert for alert in home.alerts() if alert.closed_at is None]
    assert (red.rule_key, red.severity) == ("medication.none_taken", Severity.RED)


def test_a_reading_that_an_amber_was_closed_for_still_counts_for_the_red(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    on_copd(session, cast, now)
    home.say("spo2", 84, now - 6 * MINUTE)
    home.judge(now - 5 * MINUTE)
    close(session, home.alerts()[0], now - 2 * MINUTE)
    home.say("spo2", 84, now)
    home.judge(now)
    assert [alert.severity for alert in home.alerts()] == [Severity.AMBER, Severity.RED]
