"""Climbing ladders."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, auditor, escalation
from care_plans.alerts.events import What
from care_plans.judging.hours import Hours
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.severity import Severity
from core.db import Db
from tests.care_plans.alerting import cora, dev, ladder, messages_to, raised, times
from tests.cast import Cast
from tests.cast import make as make_cast

MINUTE = timedelta(minutes=1)


def test_steps_begin_by_their_deadlines_and_the_last_repeats(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    assert not escalation.step(session, now + 4 * MINUTE)
    for at, step in ((5, 2), (15, 3), (35, 3), (55, 3)):
        assert escalation.step(session, now + at * MINUTE)
        assert (alert.step, alert.step_at) == (step, now + at * MINUTE)
    assert alert.escalate_after == now + 75 * MINUTE
    assert len(messages_to(session, cast.nurses)) == 1
    assert len(messages_to(session, cast.centre)) == 3
    assert "once more" in messages_to(session, cast.centre)[1].body


def test_after_an_outage_it_goes_on_from_where_it_stood(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    escalation.step(session, now + timedelta(hours=3))
    assert (alert.step, alert.escalate_after) == (2, now + timedelta(hours=3, minutes=10))


def test_when_an_acknowledgement_ends_the_next_step_begins_and_its_owner_is_told(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    alerts.acknowledge(session, alert, by=dev(cast), now=now)
    escalation.step(session, now + 30 * MINUTE)
    assert (alert.seen_until, alert.acknowledged_at, alert.step) == (None, None, 2)
    assert alert.owner_staff_id == cast.dev.id
    assert times(session, alert, What.SEEN_ENDED) == 1
    assert "has ended" in messages_to(session, staff=cast.dev)[0].body


def test_a_quiet_late_alert_that_nobody_looked_at_begins_its_ladder(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER, ago=timedelta(hours=8)), now)
    assert alert.escalate_after is not None
    escalation.step(session, alert.escalate_after)
    assert alert.step == 1
    assert len(messages_to(session, cast.coordinators)) == 1


def test_what_has_cleared_is_asked_about_every_four_hours(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    alerts.clear(session, alert, "Back within limits", now)
    for hours in (4, 8):
        escalation.step(session, now + timedelta(hours=hours))
    assert (alert.step, times(session, alert, What.REMINDED)) == (1, 2)
    assert "still open" in messages_to(session, cast.coordinators)[-1].body


def test_an_alert_that_cannot_be_seen_to_holds_up_no_other(
    session: Session, cast: Cast, now: datetime
) -> None:
    broken = alerts.raise_(session, raised(cast, now, key="a.broken"), now)
    sound = alerts.raise_(session, raised(cast, now, key="a.sound"), now)
    broken.ladder = {"steps": "gone"}
    session.flush()
    later = now + 10 * MINUTE
    assert escalation.step(session, later)
    assert (broken.step, sound.step) == (1, 2)
    assert not escalation.step(session, later), "nothing more can be done, so it must not spin"
    assert [fault.alert_uuid for fault in auditor.audit(session, later)] == [broken.uuid]


def test_two_escalators_begin_each_step_once(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        cast = make_cast(session)
        ids = [alerts.raise_(session, raised(cast, now, key=f"a.{n}"), now).id for n in range(12)]

    def escalate(_: int) -> bool:
        with real_db.transaction() as session:
            return escalation.step(session, now + 5 * MINUTE, limit=5)

    with ThreadPoolExecutor(4) as pool:
        while any(list(pool.map(escalate, range(4)))):
            pass
    with real_db.transaction() as session:
        assert {session.get_one(Alert, key).step for key in ids} == {2}
        assert len(messages_to(session, cast.nurses)) == 12


def test_a_fault_of_whatever_kind_in_one_alert_holds_up_no_other(
    session: Session, cast: Cast, now: datetime
) -> None:
    broken = alerts.raise_(session, raised(cast, now, key="a.broken"), now)
    sound = alerts.raise_(session, raised(cast, now, key="a.sound"), now)
    broken.step = 9
    session.flush()
    later = now + 10 * MINUTE
    assert escalation.step(session, later)
    assert (broken.step, sound.step) == (9, 2)
    assert not escalation.step(session, later), "nothing more can be done, so it must not spin"
    assert [fault.alert_uuid for fault in auditor.audit(session, later)] == [broken.uuid]


def test_whoever_was_going_is_told_that_they_have_not_arrived_whoever_has_it_by_now(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    alerts.going(session, alert, until=now + 20 * MINUTE, by=dev(cast), now=now)
    alerts.acknowledge(session, alert, by=cora(cast), now=now + MINUTE)
    escalation.step(session, now + 20 * MINUTE)
    [told] = messages_to(session, staff=cast.dev)
    assert "You were going" in told.body
    assert messages_to(session, staff=cast.cora) == []


def test_a_step_for_the_night_is_passed_over_by_day_and_asked_at_night(
    session: Session, cast: Cast, now: datetime
) -> None:
    coordinators, nurses, centre = ladder(cast).steps
    by_night = replace(nurses, between=Hours(time(22), time(7)))
    picky = replace(ladder(cast), steps=(coordinators, by_night, centre))
    for hour, asked in ((12, [1, 3]), (23, [1, 2])):
        at = now.replace(hour=hour, minute=0)
        found = replace(raised(cast, at, key=f"at.{hour}"), ladder=picky)
        alert = alerts.raise_(session, found, at)
        escalation.step(session, at + timedelta(seconds=coordinators.wait))
        steps = session.scalars(
            select(AlertEvent.step)
            .where(AlertEvent.alert_id == alert.id, AlertEvent.what == What.STEP)
            .order_by(AlertEvent.id)
        ).all()
        assert steps == asked


def test_a_first_step_for_what_comes_back_is_asked_once_it_does(
    session: Session, cast: Cast, now: datetime
) -> None:
    coordinators, nurses, centre = ladder(cast).steps
    picky = replace(
        ladder(cast),
        steps=(replace(nurses, position=1, from_times=2), replace(coordinators, position=2), centre),
    )
    found = replace(raised(cast, now, Severity.AMBER), ladder=picky)
    alert = alerts.raise_(session, found, now)
    assert alert.step == 2
    alerts.clear(session, alert, "Well again.", now)
    alerts.acknowledge(session, alert, by=cora(cast), now=now)
    later = now + timedelta(hours=1)
    again = replace(raised(cast, later, Severity.AMBER), ladder=picky)
    assert alerts.raise_(session, again, later) is alert
    assert (alert.times_raised, alert.step) == (2, 1)


def test_a_shelved_alert_with_a_step_for_the_night_gets_worse(
    session: Session, cast: Cast, now: datetime
) -> None:
    coordinators, nurses, centre = ladder(cast).steps
    by_night = replace(nurses, between=Hours(time(22), time(7)))
    picky = replace(ladder(cast), steps=(coordinators, by_night, centre))
    amber = replace(raised(cast, now, Severity.AMBER), ladder=picky)
    alert = alerts.raise_(session, amber, now)
    alerts.shelve(session, alert, until=now + timedelta(hours=1), reason="At the GP.", by=cora(cast), now=now)
    later = now + timedelta(minutes=5)
    assert alerts.raise_(session, replace(raised(cast, later), ladder=picky), later) is alert
    assert (alert.severity, alert.shelved_until, alert.step) == (Severity.RED, None, 1)
