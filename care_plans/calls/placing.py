"""Whom a step of a ladder rings: turns steps that have begun into calls, and lets go of needless ones."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from care_plans.alerts import copies, undelivered
from care_plans.alerts.events import What
from care_plans.alerts.ladder import Way
from care_plans.channel import Channel
from care_plans.messages import about, outbox, wording
from care_plans.messages.outbox import Recipient
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.models.calls import Call, CallState
from care_plans.models.messages import Message, MessageState
from care_plans.seen import extents, showing
from core import apart
from people import teams
from people.models.agencies import Staff, Team

BATCH = 50
RECENT = timedelta(hours=1)
"""How long ago a step may have begun to be rung for: a telephone that is set later rings for no old one."""
PRESS_BY_NAME = "Press 1 to say that you have it. The rest is in Hearthline."
PRESS = "Press 1 to say that you have heard this, and say in Hearthline who has it."
TO_CENTRE = "The rest is in Hearthline."


def queue(session: Session, now: datetime) -> bool:
    """Queue the calls of steps that have begun and still stand; whether there were any.

    They go beside the words that the step sent anyway. Family and neighbours are never rung from here, nor a
    receiving centre of which only the contract knows who answers: staff are asked to.
    """
    way = AlertEvent.details["way"].astext
    rows = session.execute(
        select(AlertEvent, Alert)
        .join(Alert, Alert.id == AlertEvent.alert_id)
        .where(
            Alert.closed_at.is_(None),
            AlertEvent.what == What.STEP,
            AlertEvent.at > now - RECENT,
            AlertEvent.step == Alert.step,
            way == Way.CALL.value,
            or_(AlertEvent.team_id.is_not(None), AlertEvent.details["staff"].astext.is_not(None)),
            ~exists().where(Call.event_id == AlertEvent.id),
            Alert.contact_at.is_(None),
            Alert.emergency_at.is_(None),
            Alert.shelved_until.is_(None),
        )
        .order_by(AlertEvent.id)
        .limit(BATCH)
    ).all()
    for event, alert in rows:
        apart.attempt(session, partial(_ring, session, alert, event, now), "queueing calls", event.id)
    return bool(rows)


def drop_needless(session: Session, now: datetime) -> bool:
    """Let go of calls that still wait though somebody was reached, or the alert is closed; whether any."""
    rows = session.execute(
        select(Message, Call)
        .join(Call, Call.message_id == Message.id)
        .join(Alert, Alert.id == Call.alert_id)
        .where(
            Message.state == MessageState.WAITING,
            or_(Message.claimed_until.is_(None), Message.claimed_until < now),
            or_(Alert.closed_at.is_not(None), Alert.contact_at.is_not(None), Alert.emergency_at.is_not(None)),
        )
        .with_for_update(of=Message, skip_locked=True)
    ).all()
    for message, call in rows:
        message.state, call.state = MessageState.DROPPED, CallState.NOT_NEEDED
    session.flush()
    return bool(rows)


def not_placed(session: Session, message: Message, now: datetime) -> None:
    """The provider takes it not at all, or there is no number: it becomes somebody's work, as a mail does.

    The next step is not hurried on: the step's words went by mail, and nobody was rung in vain.
    """
    call = session.scalars(select(Call).where(Call.message_id == message.id)).one()
    call.state = CallState.FAILED
    undelivered.note(session, message, now)


def _ring(session: Session, alert: Alert, event: AlertEvent, now: datetime) -> None:
    for to in _whom(session, event, now):
        _call(session, alert, event, to, now)
    session.flush()


def _call(session: Session, alert: Alert, event: AlertEvent, to: Recipient, now: datetime) -> None:
    centre = bool(event.details.get("receiving_centre")) or _is_centre(session, to)
    how = extents.to_receiver(session, alert, now, team_id=to.team_id, staff_id=to.staff_id)
    whom = about.of_alert(session, alert, now)
    class_ = showing.class_shown(alert.class_, how)
    again = " once more" if event.details.get("repeats") else ""
    ask = TO_CENTRE if centre else PRESS_BY_NAME if to.staff_id is not None else PRESS
    words = wording.spoken(
        alert.severity,
        class_,
        whom,
        why=f"You are called{again} as step {event.step} of its ladder.",
        began_at=alert.began_at,
        ask=ask,
        may_be_test=alert.may_be_test,
        copy=copies.told(alert.centre) if alert.copied and how.full else None,
    )
    key = f"alert event {event.id} by telephone"
    outbox.queue(
        session, to, words, key=key, now=now, person_id=alert.person_id, alert_id=alert.id,
        channel=Channel.VOICE,
    )  # fmt: skip
    number = session.scalars(select(Message.id).where(Message.uuid == outbox.uuid_of(key, to))).one()
    call = Call(
        message_id=number,
        alert_id=alert.id,
        event_id=event.id,
        centre=centre,
        told={
            "alert_id": str(alert.uuid),
            "severity": alert.severity.value,
            "class": class_.value if class_ else None,
            "about": whom.words,
            "began_at": alert.began_at.isoformat(),
            "raised_at": alert.raised_at.isoformat(),
        },
    )
    session.add(call)


def _whom(session: Session, event: AlertEvent, now: datetime) -> list[Recipient]:
    """Who is rung: by name whoever the step names or is on duty; else the team's number, or each who has one.

    The team is rung too when the step repeats, and where whoever is on duty has no number. With no number
    anywhere it is the team, so that it is told aloud that nobody could be rung.
    """
    named = event.details.get("staff")
    if named is not None or event.team_id is None:
        return [Recipient(staff_id=named)]
    team = session.get_one(Team, event.team_id)
    duty = event.details.get("on_duty")
    found = [Recipient(staff_id=duty)] if duty is not None and _has_number(session, duty) else []
    if found and not event.details.get("repeats"):
        return found
    if team.telephone or team.receiving_centre:
        return [*found, Recipient(team_id=team.id)]
    inside = [each.staff for each in teams.members(session, team, now)]
    found += [Recipient(staff_id=each.id) for each in inside if each.telephone and each.id != duty]
    return found or [Recipient(team_id=team.id)]


def _has_number(session: Session, staff_id: int) -> bool:
    number = select(Staff.telephone).where(Staff.id == staff_id, Staff.left_at.is_(None))
    return bool(session.scalar(number))


def _is_centre(session: Session, to: Recipient) -> bool:
    return bool(session.scalar(select(Team.receiving_centre).where(Team.id == to.team_id)))
