"""The all-clear: to those who were told, and to nobody else."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, closing, escalation
from care_plans.channel import Channel
from care_plans.messages import claiming
from care_plans.messages.channels.page import PageCarrier
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.models.messages import Message, MessageState
from care_plans.severity import Class, Severity
from people.access import Viewer
from tests.care_plans.alerting import cora, dev, raised
from tests.cast import Cast

MAIL = {Channel.PAGE: PageCarrier(), Channel.EMAIL: PageCarrier()}
LATER = timedelta(minutes=5)


def sent(session: Session, now: datetime) -> None:
    """Whatever waits has been sent."""
    for row in session.scalars(select(Message).where(Message.state == MessageState.WAITING)):
        row.state, row.sent_at = MessageState.SENT, now
    session.flush()


def closed(session: Session, alert: Alert, by: Viewer, now: datetime) -> list[tuple[int | None, int | None]]:
    """Close it after a contact; to whom the all-clear goes, as (team, staff)."""
    if alert.contact_at is None:
        alerts.contact(session, alert, kind=ContactKind.SPOKE_TO, words="Well", by=by, now=now)
    closing.close(
        session, alert, cause=Cause.TRUE_ACTED, action="Rang; all well.", outcome=Outcome.NONE, by=by, now=now
    )
    over = select(Message).where(Message.subject.like("Over:%")).order_by(Message.id)
    return [(row.team_id, row.staff_id) for row in session.scalars(over)]


def test_each_who_was_told_is_told_that_it_is_over(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    escalation.step(session, now + LATER)
    sent(session, now)
    assert set(closed(session, alert, dev(cast), now + 2 * LATER)) == {
        (cast.coordinators.id, None),
        (cast.nurses.id, None),
    }
    row = session.scalars(select(Message).where(Message.subject.like("Over:%"))).first()
    assert row is not None
    assert row.subject == "Over: Red alert, clinical, for A.M., Westmere"
    assert "Rang" not in row.body
    assert row.important


def test_whoever_was_never_told_is_not_told_that_it_is_over(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    assert closed(session, alert, cora(cast), now + LATER) == []
    _found, letters = claiming.claim(session, MAIL, now + LATER, timedelta(minutes=2))
    assert letters == [], "what still waited is let go of"
    assert set(session.scalars(select(Message.state))) == {MessageState.DROPPED}


def test_whoever_closed_it_knows(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    for row in session.scalars(select(Message)):
        row.staff_id, row.team_id = cast.dev.id, None
    sent(session, now)
    assert closed(session, alert, dev(cast), now + LATER) == []


@pytest.mark.parametrize(
    ("severity", "class_", "told"),
    [
        (Severity.AMBER, Class.CLINICAL, False),
        (Severity.AMBER, Class.LIFE_SAFETY, True),
        (Severity.RED, Class.HOME_SOCIAL, True),
    ],
)
def test_only_of_what_is_pressing(
    session: Session, cast: Cast, now: datetime, severity: Severity, class_: Class, *, told: bool
) -> None:
    alert = alerts.raise_(session, raised(cast, now, severity, class_), now)
    sent(session, now)
    assert bool(closed(session, alert, dev(cast), now + LATER)) is told


def test_a_duplicate_that_is_closed_is_no_all_clear(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    other = alerts.raise_(session, raised(cast, now, key="copd.other"), now)
    sent(session, now)
    closing.close_as_duplicate(session, alert, other, by_staff_id=cast.dev.id, now=now)
    assert session.scalars(select(Message).where(Message.subject.like("Over:%"))).all() == []
