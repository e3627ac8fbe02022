"""Which rules watch whom."""

from datetime import datetime

from sqlalchemy import event
from sqlalchemy.orm import Session

from care_plans.evaluating.watching import Watches, is_off, switched_on
from care_plans.pathways import switches
from care_plans.plan import enrol
from devices import subjects
from tests.cast import Cast


def test_a_person_is_watched_by_their_own_rules_and_their_home_by_the_homes(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    enrol.enrol(session, cast.ada, "warm_dry_home", by=cast.dev, now=now)
    ada, home = subjects.person(cast.ada.id), subjects.home(cast.ada_home.id)
    watched = Watches().of(session, [ada, home, subjects.person(cast.ben.id)], now)
    assert {watch.rule.about.value for watch in watched[ada]} == {"person"}
    assert {watch.rule.about.value for watch in watched[home]} == {"home"}
    assert watched[subjects.person(cast.ben.id)] == []
    oxygen = next(watch for watch in watched[ada] if watch.rule.key == "copd.oxygen_low")
    assert (oxygen.since, oxygen.pathway, bool(oxygen.ladder["steps"])) == (now, "copd", True)


def test_a_version_that_was_met_before_is_not_read_again(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    watches, ada = Watches(), subjects.person(cast.ada.id)
    watches.of(session, [ada], now)
    asked: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
    watches.of(session, [ada], now)
    assert not [sql for sql in asked if "FROM rules" in sql]


def test_a_clinical_rule_is_off_until_its_pathway_is_switched_on(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    (watch, *_) = Watches().of(session, [subjects.person(cast.ada.id)], now)[subjects.person(cast.ada.id)]
    assert is_off(watch, switched_on(session))
    switches.switch_on(session, "copd", by=cast.dev, reason="x", now=now)
    assert not is_off(watch, switched_on(session))
