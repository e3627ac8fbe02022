"""Which rules watch whom."""

from datetime import datetime, timedelta

from sqlalchemy import delete, event, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.evaluating.watching import Watches, is_off, switched_on
from care_plans.models.rules import PlanRule
from care_plans.pathways import switches
from care_plans.plan import drafts, enrol, publish
from devices import subjects
from people.models.homes import Residency
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


def since_of(session: Session, cast: Cast, key: str, now: datetime) -> datetime:
    both = [subjects.person(cast.ada.id), subjects.home(cast.ada_home.id)]
    watched = Watches().of(session, both, now)
    return next(watch.since for each in watched.values() for watch in each if watch.rule.key == key)


def test_a_rule_is_in_force_since_it_came_into_the_plan_and_not_since_the_last_version(
    session: Session, cast: Cast, now: datetime
) -> None:
    first, second, third = (now - timedelta(days=days) for days in (9, 6, 3))
    enrol.enrol(session, cast.ada, "frailty_falls", by=cast.dev, now=first)
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=second)
    drafts.open_draft(session, cast.ada, cast.dev)
    publish.publish(session, cast.ada, by=cast.dev, now=third, reason="Looked at it again")
    assert since_of(session, cast, "frailty_falls.no_movement", now) == first
    assert since_of(session, cast, "copd.oxygen_low", now) == second


def test_a_rule_that_was_left_out_for_a_while_begins_anew(
    session: Session, cast: Cast, now: datetime
) -> None:
    first, second, third = (now - timedelta(days=days) for days in (9, 6, 3))
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=first)
    draft = drafts.open_draft(session, cast.ada, cast.dev)
    kept = session.query(PlanRule).filter_by(version_id=draft.id, key="copd.pulse_fast").one()
    session.execute(delete(PlanRule).where(PlanRule.id == kept.id))
    publish_all(session, cast, second)
    draft = drafts.open_draft(session, cast.ada, cast.dev)
    again = {
        name: getattr(kept, name)
        for name in ("contingency_key", "key", "pathway", "class_", "about", "document")
    }
    session.add(PlanRule(version_id=draft.id, **again))
    publish_all(session, cast, third)
    assert since_of(session, cast, "copd.pulse_fast", now) == third
    assert since_of(session, cast, "copd.oxygen_low", now) == first


def publish_all(session: Session, cast: Cast, at: datetime) -> None:
    """Publish the draft as it stands, whatever a contingency lacks."""
    before, draft = drafts.find_published(session, cast.ada), drafts.find_draft(session, cast.ada)
    assert before is not None
    assert draft is not None
    before.state = before.state.SUPERSEDED
    session.flush()
    draft.state, draft.published_at = before.state.PUBLISHED, at
    session.flush()


def test_in_a_home_nothing_is_missing_from_before_somebody_lived_there(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "frailty_falls", by=cast.dev, now=now - timedelta(days=9))
    moved_in = now - timedelta(hours=2)
    of_ada = update(Residency).where(Residency.person_id == cast.ada.id)
    session.execute(of_ada.values(period=Range(moved_in, None)))
    assert since_of(session, cast, "frailty_falls.no_movement", now) == moved_in


def test_who_moves_in_later_does_not_start_the_waiting_of_the_home_afresh(
    session: Session, cast: Cast, now: datetime
) -> None:
    session.execute(
        update(Residency).where(Residency.person_id == cast.ben.id).values(home_id=cast.ada_home.id)
    )
    for person, days in ((cast.ben, 1), (cast.ada, 9)):
        enrol.enrol(session, person, "frailty_falls", by=cast.dev, now=now - timedelta(days=days))
    assert since_of(session, cast, "frailty_falls.no_movement", now) == now - timedelta(days=9)
