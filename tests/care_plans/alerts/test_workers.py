"""Whom an alert about a worker is about, as somebody may see them."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.alerts import alerts, workers
from tests.care_plans.alerting import cora, dev, raised
from tests.care_plans.alerts.test_lone_workers import due
from tests.cast import Cast


def test_their_agency_is_told_where_they_are_and_others_how_to_ring_them(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit, alert, _at = due(session, cast, now)
    cast.dev.telephone = "+441632960777"
    mine, theirs = (workers.find(session, each, alert) for each in (dev(cast), cora(cast)))
    assert mine is not None
    assert (mine.place, mine.team, mine.leave_by) == (visit.place, "Community nurses", visit.leave_by)
    assert theirs is not None
    assert (theirs.place, theirs.team, theirs.telephone) == (None, None, "+441632960777")


def test_an_alert_about_a_person_is_about_no_worker(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    assert workers.find(session, dev(cast), alert) is None
