"""Asks people to see to an alert: begins a step of its ladder, reminds, and tells the one who had it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import deadlines, events, sights
from care_plans.alerts.events import What
from care_plans.alerts.ladder import Due, LadderStep, Way
from care_plans.messages import about, outbox, wording
from care_plans.messages.outbox import Recipient
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.seen import extents, showing
from people.models.people import Contact


def begin_step(session: Session, alert: Alert, due: Due, now: datetime) -> None:
    """Let a step of the ladder begin: say it on the record, open the alert to its recipient, send the words.

    Family and neighbours, and a receiving centre of which only the contract knows who answers, are rung by
    staff: whoever has the alert is asked to, and the team of the step before.
    """
    step = next(each for each in deadlines.ladder_of(alert).steps if each.position == due.position)
    before = deadlines.current_step(alert)
    alert.step, alert.step_at, alert.going_until = due.position, now, None
    event = events.write(
        session,
        alert,
        What.STEP,
        now,
        words=step.words,
        team_id=step.team,
        details={
            "way": step.way.value,
            "repeats": due.repeats,
            "staff": step.staff,
            "contact": step.contact,
            "receiving_centre": step.receiving_centre,
        },
    )
    again = " once more" if due.repeats else ""
    if step.team is not None or step.staff is not None:
        to = Recipient(team_id=step.team, staff_id=step.staff)
        open_to(session, alert, to, now)
        if step.way is not Way.BOARD:
            verb = "You are called" if step.way is Way.CALL else "You are asked"
            send(session, alert, event, to, f"{verb}{again} as step {step.position}: {step.words}.", now)
        return
    why = f"It is time{again} for step {step.position} of its ladder. {_whom_to_ring(session, step)}"
    for to in _who_has_it(alert, before):
        open_to(session, alert, to, now)
        send(session, alert, event, to, why, now)


def remind(session: Session, alert: Alert, words: str, now: datetime) -> None:
    """Ask whoever has the alert, and the team of its step, to decide or to look."""
    alert.step_at = now
    event = events.write(session, alert, What.REMINDED, now, words=words)
    for to in _who_has_it(alert, deadlines.current_step(alert)):
        open_to(session, alert, to, now)
        send(session, alert, event, to, words, now)


def tell_owner(session: Session, alert: Alert, event: AlertEvent, words: str, now: datetime) -> None:
    """Tell the one who had it, if anybody has, that something they set has ended."""
    if alert.owner_staff_id is not None:
        tell(session, alert, event, alert.owner_staff_id, words, now)


def tell(session: Session, alert: Alert, event: AlertEvent, staff_id: int, words: str, now: datetime) -> None:
    """Tell one member of staff what has become of something they set."""
    to = Recipient(staff_id=staff_id)
    open_to(session, alert, to, now)
    send(session, alert, event, to, words, now)


def open_to(session: Session, alert: Alert, to: Recipient, now: datetime) -> None:
    """Let a recipient open the alert (H10)."""
    sights.grant(session, alert, now, team_id=to.team_id, staff_id=to.staff_id)


def send(session: Session, alert: Alert, event: AlertEvent, to: Recipient, why: str, now: datetime) -> None:
    """Queue the words of `event` for one recipient; the same event is never sent twice to the same."""
    how = extents.to_receiver(session, alert, now, team_id=to.team_id, staff_id=to.staff_id)
    words = wording.alert(
        alert.severity,
        showing.class_shown(alert.class_, how),
        about.find(session, alert.person_id, alert.home_id, now),
        why=why,
        began_at=alert.began_at,
        reached_at=alert.raised_at,
        unconfirmed=alert.unconfirmed,
    )
    outbox.queue(
        session,
        to,
        words,
        key=f"alert event {event.id}",
        now=now,
        person_id=alert.person_id,
        alert_id=alert.id,
    )


def _who_has_it(alert: Alert, step: LadderStep) -> list[Recipient]:
    """The owner, and the team that owns it or that its step has asked."""
    found = []
    if alert.owner_staff_id is not None:
        found.append(Recipient(staff_id=alert.owner_staff_id))
    named = (each.team for each in deadlines.ladder_of(alert).steps if each.team is not None)
    if step.staff is not None and alert.owner_team_id is None:
        found += [Recipient(staff_id=step.staff)] if step.staff != alert.owner_staff_id else []
    elif (team_id := alert.owner_team_id or step.team or next(named, None)) is not None:
        found.append(Recipient(team_id=team_id))
    return found


def _whom_to_ring(session: Session, step: LadderStep) -> str:
    if step.contact is None:
        return "Ring the receiving centre."
    relation = session.scalar(select(Contact.relation).where(Contact.id == step.contact))
    return f"Ring the {relation or 'contact'} named on the alert's page."
