"""Alerts as programs list them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from care_plans.alerts import alerts, listing
from care_plans.alerts.ladder import LadderStep, Way
from care_plans.alerts.listing import State, Wanted
from care_plans.models.alerts import Alert, Cause, Outcome
from care_plans.severity import Class, Severity
from devices import subjects
from people.models.people import Contact
from people.named import Named
from tests.care_plans.alerting import cora, mallory, raised
from tests.cast import Cast


def found(session: Session, cast: Cast, now: datetime, **wanted: Any) -> set[str]:
    rows = session.scalars(listing.listing(session, cora(cast), Wanted(**wanted), now))
    return {row.rule_key for row in rows}


def raise_(session: Session, cast: Cast, now: datetime, key: str, *args: Any, **more: Any) -> Alert:
    return alerts.raise_(session, raised(cast, now, *args, key=key, **more), now)


def test_what_is_asked_for_narrows_the_list(session: Session, cast: Cast, now: datetime) -> None:
    raise_(session, cast, now, "red")
    watch = raise_(session, cast, now, "watch", Severity.WATCH)
    raise_(session, cast, now, "bens", subject=subjects.person(cast.ben.id))
    raise_(session, cast, now, "smoke", class_=Class.LIFE_SAFETY, subject=subjects.home(cast.ada_home.id))
    assert found(session, cast, now) == {"red", "watch", "bens", "smoke"}
    assert found(session, cast, now, severity=Severity.WATCH) == {"watch"}
    assert found(session, cast, now, class_=Class.LIFE_SAFETY) == {"smoke"}
    assert found(session, cast, now, home_id=cast.ada_home.id) == {"smoke"}
    assert found(session, cast, now, since=now + timedelta(seconds=1)) == set()
    alerts.close(
        session,
        watch,
        cause=Cause.TRUE_NO_ACTION,
        action="Looked",
        outcome=Outcome.NONE,
        by=cora(cast),
        now=now,
    )
    assert found(session, cast, now, state=State.CLOSED) == {"watch"}
    assert found(session, cast, now, state=State.OPEN) == {"red", "bens", "smoke"}


def test_what_happens_in_her_home_is_hers(session: Session, cast: Cast, now: datetime) -> None:
    raise_(session, cast, now, "red")
    raise_(session, cast, now, "smoke", class_=Class.LIFE_SAFETY, subject=subjects.home(cast.ada_home.id))
    raise_(session, cast, now, "bens_home", subject=subjects.home(cast.ben_home.id))
    assert found(session, cast, now, person_id=cast.ada.id) == {"red", "smoke"}


def test_a_stranger_finds_none(session: Session, cast: Cast, now: datetime) -> None:
    raise_(session, cast, now, "red")
    assert session.scalars(listing.listing(session, mallory(cast), Wanted(), now)).all() == []


def test_all_that_alerts_name_is_found_at_once(session: Session, cast: Cast, now: datetime) -> None:
    red = raise_(session, cast, now, "red")
    smoke = raise_(session, cast, now, "smoke", subject=subjects.home(cast.ada_home.id))
    alerts.acknowledge(session, red, by=cora(cast), now=now)
    parties = listing.parties(session, [red, smoke])
    assert parties.people == {cast.ada.id: cast.ada.uuid}
    assert parties.homes == {cast.ada_home.id: cast.ada_home.uuid}
    assert parties.recipients.staff == {cast.cora.id: Named(cast.cora.uuid, "Cora")}
    assert set(parties.recipients.teams) == {cast.coordinators.id, cast.nurses.id, cast.centre.id}
    assert [step.position for step in parties.ladders[red.id].steps] == [1, 2, 3]


def test_family_in_a_ladder_is_named(session: Session, cast: Cast) -> None:
    beth = session.query(Contact).one()
    steps = [LadderStep(1, "Beth", Way.CALL, 300, contact=beth.id)]
    assert listing.recipients(session, steps).contacts == {beth.id: "Beth Marsh"}
