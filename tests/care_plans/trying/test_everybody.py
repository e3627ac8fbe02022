"""A changed rule tried on everybody who follows its pathway."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.rules import PlanRule
from care_plans.models.trying import RuleTrial, RuleTrialPerson
from care_plans.plan import enrol
from care_plans.trying import everybody, holding, proposing
from care_plans.trying.comparing import Change
from core.errors import Conflict
from people.access import RecordClass
from tests.care_plans.alerting import cora, mallory
from tests.care_plans.judged_home import Home, on_copd
from tests.cast import Cast
from tests.people.looking import unshare

OXYGEN = proposing.trigger_of("copd", "copd.oxygen_low")
AT_86 = proposing.proposed(OXYGEN, {"oxygen": "86"}, None)
HOUR = timedelta(hours=1)


def ask(session: Session, cast: Cast, now: datetime) -> RuleTrial:
    return everybody.ask(session, "copd", OXYGEN, AT_86, by=cora(cast), now=now)


def lay(session: Session, cast: Cast, now: datetime) -> None:
    """Ada with two findings at 88 of which one is none at 86; Ben on the pathway, without a reading."""
    on_copd(session, cast, now)
    enrol.enrol(session, cast.ben, "copd", by=cast.dev, now=now - timedelta(days=2))
    home = Home(session, cast, now)
    for hours, value in ((100, 80), (99, 95), (50, 87), (49, 95)):
        home.say("spo2", value, now - hours * HOUR)
    session.flush()


def test_it_is_tried_step_by_step_and_tells_what_becomes_of_each_finding(
    session: Session, cast: Cast, now: datetime
) -> None:
    lay(session, cast, now)
    trial = ask(session, cast, now)
    before = everybody.find(session, trial.uuid, cora(cast), now)
    assert (before.people, before.done) == (2, 0)
    assert everybody.step(session, now)
    assert not everybody.step(session, now)
    told = everybody.find(session, trial.uuid, cora(cast), now)
    assert (told.people, told.done, told.failed, told.readings) == (2, 2, 0, 4)
    assert told.row.finished_at == now
    found = {each.person.given_name: each.found for each in told.of_people}
    assert [one.change for one in found["Ada"]] == [Change.SAME, Change.MISSED]
    assert found["Ben"] == ()
    assert found["Ada"][1].words.startswith("Oxygen 87 %")


def test_whoever_has_limits_of_their_own_keeps_them(session: Session, cast: Cast, now: datetime) -> None:
    lay(session, cast, now)
    [own] = session.scalars(
        select(PlanRule).where(PlanRule.key == OXYGEN.rule.key).order_by(PlanRule.id).limit(1)
    )
    own.set_at, own.set_by_id, own.set_why = now, cast.dev.id, "Usual 85"
    session.flush()
    trial = ask(session, cast, now)
    assert trial.own_limits == 1
    assert session.scalars(select(RuleTrialPerson.person_id)).all() == [cast.ben.id]


def test_nobody_is_tried_and_nothing_told_of_whom_the_asker_does_not_see_in_full(
    session: Session, cast: Cast, now: datetime
) -> None:
    lay(session, cast, now)
    trial = ask(session, cast, now)
    everybody.step(session, now)
    assert everybody.find(session, trial.uuid, mallory(cast), now).people == 0
    unshare(session, cast.hub.id, RecordClass.VITALS)
    assert everybody.find(session, trial.uuid, cora(cast), now).of_people == ()
    with pytest.raises(Conflict):
        ask(session, cast, now)


def test_one_whose_rows_are_at_fault_is_counted_and_the_others_are_tried(
    session: Session, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(session, cast, now)
    trial = ask(session, cast, now)
    well = holding.try_out

    def fails(opened: Session, asked: dict, *more: object) -> dict:  # type: ignore[type-arg]
        if any(subject.id == cast.ben.id for subject in asked):
            raise ValueError("Ben's rows")
        return well(opened, asked, *more)  # type: ignore[arg-type, return-value]

    monkeypatch.setattr(holding, "try_out", fails)
    everybody.step(session, now)
    told = everybody.find(session, trial.uuid, cora(cast), now)
    assert (told.done, told.failed) == (2, 1)
    assert told.row.finished_at == now


def test_what_was_tried_of_a_rule_is_listed_the_latest_first(
    session: Session, cast: Cast, now: datetime
) -> None:
    lay(session, cast, now)
    first, second = ask(session, cast, now - HOUR), ask(session, cast, now)
    listed = everybody.list_of_rule(session, OXYGEN.rule.key)
    assert [(row.id, by) for row, by in listed] == [(second.id, "Cora"), (first.id, "Cora")]
