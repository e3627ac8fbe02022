"""The auditor of open alerts."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.alerts import alerts, auditor
from care_plans.models.alerts import ContactKind
from core.clock import Clock, real_time
from tests.care_plans.alerting import dev, raised
from tests.cast import Cast


def test_every_open_alert_has_a_next_step_that_is_not_overdue(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    assert auditor.audit(session, now + timedelta(minutes=5, seconds=59)) == []
    late = now + timedelta(minutes=7, seconds=1)
    assert [(fault.alert_uuid, fault.since) for fault in auditor.audit(session, late)] == [
        (alert.uuid, now + timedelta(minutes=5))
    ]


def test_an_owner_alone_is_no_next_step(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    alerts.contact(session, alert, kind=ContactKind.SAW, words="Well", by=dev(cast), now=now)
    alert.escalate_after = None
    session.flush()
    assert [fault.since for fault in auditor.audit(session, now)] == [None]


def test_closed_alerts_are_no_concern(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    alert.deleted_at = now
    session.connection().exec_driver_sql(
        "UPDATE alerts SET closed_at = raised_at, cause = 'test', action = 'x', outcome = 'none'"
    )
    assert auditor.audit(session, now + timedelta(days=1)) == []


def test_a_fast_clock_allows_the_same_real_time(session: Session, cast: Cast, now: datetime) -> None:
    session.info["clock"] = Clock(now, now, 60.0)
    alerts.raise_(session, raised(cast, now), now)
    assert auditor.audit(session, now + timedelta(minutes=5 + 59)) == []
    assert len(auditor.audit(session, now + timedelta(minutes=5 + 61))) == 1


def test_it_says_when_it_last_looked_and_what_it_found(session: Session, cast: Cast, now: datetime) -> None:
    assert auditor.find_last(session) is None
    alerts.raise_(session, raised(cast, now), now)
    for moment, faults in ((now, 0), (now + timedelta(hours=1), 1)):
        auditor.audit(session, moment)
        last = auditor.find_last(session)
        assert last is not None
        assert (last.open, last.faults) == (1, faults)
        assert abs(real_time().now() - last.at) < timedelta(minutes=1)
