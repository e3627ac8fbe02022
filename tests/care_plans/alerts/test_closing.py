"""How alerts end."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, closing
from care_plans.models.alerts import Alert, AlertEvent, Cause, ContactKind, Outcome
from care_plans.models.messages import Message
from care_plans.severity import Class, Severity
from core.errors import Conflict, Invalid
from people.access import Viewer
from people.models.caring import AlertSight
from tests.care_plans.alerting import cora, dev, raised
from tests.cast import Cast


def close(session: Session, alert: Alert, by: Viewer, now: datetime, **more: str) -> Alert:
    return alerts.close(
        session, alert, cause=Cause.TRUE_ACTED, action="Rescue pack started", outcome=Outcome.ADVICE_GIVEN,
        by=by, now=now, **more,
    )  # type: ignore[arg-type]  # fmt: skip


def test_closing_needs_a_cause_an_action_and_an_outcome(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    with pytest.raises(Invalid, match="what was done"):
        alerts.close(
            session, alert, cause=Cause.TRUE_ACTED, action=" ", outcome=Outcome.NONE, by=cora(cast), now=now
        )
    close(session, alert, cora(cast), now)
    assert (alert.cause, alert.action, alert.outcome) == (
        Cause.TRUE_ACTED, "Rescue pack started", Outcome.ADVICE_GIVEN,
    )  # fmt: skip
    assert (alert.closed_at, alert.closed_by_id, alert.escalate_after) == (now, cast.cora.id, None)


@pytest.mark.parametrize(
    ("severity", "class_"), [(Severity.RED, Class.CLINICAL), (Severity.AMBER, Class.LIFE_SAFETY)]
)
def test_what_is_pressing_closes_only_after_a_contact(
    session: Session, cast: Cast, now: datetime, severity: Severity, class_: Class
) -> None:
    alert = alerts.raise_(session, raised(cast, now, severity, class_), now)
    with pytest.raises(Invalid, match="Record who was spoken to"):
        close(session, alert, cora(cast), now)
    alerts.contact(session, alert, kind=ContactKind.SAW, words="Well", by=dev(cast), now=now)
    close(session, alert, cora(cast), now)
    assert alert.closed_at == now


def test_it_closes_after_emergency_services_were_called(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    alerts.emergency(session, alert, at=now, reference="WM-4711", by=dev(cast), now=now)
    close(session, alert, dev(cast), now)
    assert alert.closed_at == now


def test_only_a_clinician_may_give_a_reason_instead_of_a_contact(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    with pytest.raises(Invalid, match="Only a clinician"):
        close(session, alert, cora(cast), now, clinical_reason="Probe fell off")
    close(session, alert, dev(cast), now, clinical_reason="Probe fell off")
    event = session.scalars(select(AlertEvent).order_by(AlertEvent.id.desc())).first()
    assert event is not None
    assert event.details["clinical_reason"] == "Probe fell off"


def test_a_closed_alert_can_only_be_commented_on(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    close(session, alert, cora(cast), now)
    for move in (
        lambda: alerts.acknowledge(session, alert, by=dev(cast), now=now),
        lambda: close(session, alert, dev(cast), now),
        lambda: alerts.shelve(session, alert, until=now, reason="x", by=dev(cast), now=now),
    ):
        with pytest.raises(Conflict, match="closed"):
            move()
    alerts.comment(session, alert, words="Her GP rang back", by=cora(cast), now=now)


def test_sight_of_a_closed_alert_ends_after_a_day(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    close(session, alert, cora(cast), now)
    assert session.scalars(select(AlertSight)).one().period.upper == now + timedelta(hours=24)


def test_seeing_all_marks_watches_and_cleared_ambers_and_never_what_is_pressing(
    session: Session, cast: Cast, now: datetime
) -> None:
    def make(key: str, severity: Severity, class_: Class = Class.CLINICAL) -> Alert:
        return alerts.raise_(session, raised(cast, now, severity, class_, key=key), now)

    watch, gone = make("a.watch", Severity.WATCH), make("a.gone", Severity.WATCH)
    amber, over = make("a.amber", Severity.AMBER), make("a.over", Severity.AMBER)
    red, press = make("a.red", Severity.RED), make("a.press", Severity.WATCH, Class.LIFE_SAFETY)
    for each in (gone, over, red):
        alerts.clear(session, each, "Back within limits", now)
    sent = len(session.scalars(select(Message)).all())
    every = [watch, gone, amber, over, red, press]
    assert closing.see_all(session, every, by=cora(cast), now=now) == 3
    assert [each.acknowledged_at for each in every] == [now, now, None, now, None, None]
    assert [each.closed_at for each in every] == [None, now, None, None, None, None]
    assert (watch.seen_until, watch.escalate_after) == (now + timedelta(hours=24),) * 2
    assert len(session.scalars(select(Message)).all()) == sent, "nobody is told that it was seen"
