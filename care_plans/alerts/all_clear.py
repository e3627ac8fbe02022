"""Tells those who were told of something pressing that it is over, and nobody else."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.messages import about, outbox, wording
from care_plans.messages.outbox import Recipient
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.models.messages import Message, MessageState
from care_plans.seen import extents, showing


def tell(session: Session, alert: Alert, event: AlertEvent, now: datetime, *, by_staff_id: int | None) -> int:
    """Queue the all-clear of a closed alert to each whom an important message about it was sent to; how many.

    Whoever closed it knows. What still waits to be sent is let go of when its turn comes, and whoever it was
    for was never told, so that nothing is over for them. It goes as what it ends went, at once: somebody may
    be on the stairs.
    """
    told = session.execute(
        select(Message.team_id, Message.staff_id)
        .where(
            Message.alert_id == alert.id,
            Message.state == MessageState.SENT,
            Message.important,
            Message.follow_up_id.is_(None),
            Message.channel != Channel.VOICE,
            Message.contact_id.is_(None),
        )
        .distinct()
    ).all()
    others = [Recipient(*each) for each in told if each.staff_id is None or each.staff_id != by_staff_id]
    for to in others:
        how = extents.to_receiver(session, alert, now, team_id=to.team_id, staff_id=to.staff_id)
        words = wording.over(
            alert.severity,
            showing.class_shown(alert.class_, how),
            about.of_alert(session, alert, now),
            closed_at=now,
        )
        outbox.queue(
            session, to, words, key=f"all clear {event.id}", now=now, person_id=alert.person_id,
            alert_id=alert.id, important=True,
        )  # fmt: skip
    return len(others)
