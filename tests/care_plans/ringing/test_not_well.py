"""Somebody answered and is not well."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.alerts.alerts import raise_
from care_plans.models.alerts import Alert
from care_plans.ringing import not_well
from care_plans.severity import Class, Severity
from core.errors import Invalid
from devices import subjects
from tests.care_plans.alerting import cora, raised
from tests.cast import Cast


def tell(
    session: Session,
    cast: Cast,
    now: datetime,
    *,
    alert: Alert | None = None,
    severity: Severity | None = None,
) -> Alert:
    words = "Answered, and is not well. Dizzy since breakfast"
    return not_well.tell(session, cast.ada, words, alert=alert, severity=severity, by=cora(cast), now=now)


@pytest.mark.parametrize("severity", [Severity.RED, Severity.AMBER])
def test_an_alert_is_raised_for_the_teams_that_care(
    session: Session, cast: Cast, now: datetime, severity: Severity
) -> None:
    alert = tell(session, cast, now, severity=severity)
    assert (alert.severity, alert.class_, alert.person_id) == (severity, Class.CLINICAL, cast.ada.id)
    assert "Dizzy" in alert.words
    assert alert.escalate_after is not None


def test_it_is_one_alert_however_often_it_is_said(session: Session, cast: Cast, now: datetime) -> None:
    first = tell(session, cast, now, severity=Severity.AMBER)
    assert tell(session, cast, now, severity=Severity.RED) is first
    assert first.severity is Severity.RED


def test_an_alert_about_somebody_else_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    bens = raise_(session, raised(cast, now, subject=subjects.person(cast.ben.id)), now)
    with pytest.raises(Invalid, match="somebody else"):
        tell(session, cast, now, alert=bens)
