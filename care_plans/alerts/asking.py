"""Asks people to see to an alert: begins a step of its ladder, reminds, and tells the one who had it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import copies, deadlines, events, sights
from care_plans.alerts.events import What
from care_plans.alerts.ladder import Due, LadderStep, Way
from care_plans.messages import about, outbox, wording
from care_plans.messages.outbox import Recipient
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.models.messages import Message
from care_plans.rotas import rotas
from care_plans.seen import extents, showing
from care_plans.severity import Class, Severity
from people import checks, teams
from people.models.agencies import Staff
from people.models.people import Contact


def begin_step(session: Session, alert: Alert, due: Due, now: datetime) -> None:
    """Let a step of the ladder begin: say it on the record, open the alert to its recipient, send the words.

    Family and neighbours, and a receiving centre of which only the contract knows who answers, are rung by
    staff: whoever has the alert is asked to, and the team of the step before.
    """
    step = next(each for each in deadlines.ladder_of(alert).steps if each.position == due.position)
    before = deadlines.current_step(alert)
    duty = _on_duty(session, alert, step, now)
    asked_before = duty is not None and duty.id in _asked_by_name(session, alert)
    alert.step, alert.step_at, alert.going_until = due.position, now, None
    event = events.write(
        session,
        alert,
        What.STEP,
        now,
        words=f"{step.words} (on duty: {duty.name})" if duty else step.words,
        team_id=step.team,
        details={
            "way": step.way.value,
            "repeats": due.repeats,
            "team": step.team,
            "staff": step.staff,
            "contact": step.contact,
            "receiving_centre": step.receiving_centre,
            "on_duty": duty.id if duty else None,
        },
    )
    again = " once more" if due.repeats else ""
    if step.team is not None or step.staff is not None:
        asked = _recipients(session, step, now)
        for to in asked:
            open_to(session, alert, to, now)
        if step.way is not Way.BOARD:
            why = f"{_verb(step.way)}{again} as step {step.position}: {step.words}."
            if duty is not None:
                open_to(session, alert, Recipient(staff_id=duty.id), now)
                send(session, alert, event, Recipient(staff_id=duty.id), f"You are on duty. {why}", now)
            for to in asked if duty is None or due.repeats or asked_before else ():
                send(session, alert, event, to, why, now)
        return
    why = f"It is time{again} for step {step.position} of its ladder. {_whom_to_ring(session, step)}"
    for to in _who_has_it(alert, before):
        open_to(session, alert, to, now)
        send(session, alert, event, to, why, now)


def ask_the_team_of(session: Session, alert: Alert, message: Message, now: datetime) -> None:
    """Ask the whole team of a step, where a message to whoever is on duty there could not be delivered.

    Nothing is sent where the team has been asked already, by the step or by its repeating.
    """
    steps = session.scalars(
        select(AlertEvent)
        .where(AlertEvent.alert_id == alert.id, AlertEvent.what == What.STEP)
        .order_by(AlertEvent.id)
    ).all()
    to_them = Recipient(staff_id=message.staff_id)
    event = next((each for each in steps if outbox.uuid_of(_key(each), to_them) == message.uuid), None)
    if event is None or event.team_id is None or event.details.get("on_duty") != message.staff_id:
        return
    team = Recipient(team_id=event.team_id)
    since = [each for each in steps if each.id >= event.id and each.step == event.step]
    asked = [outbox.uuid_of(_key(each), team) for each in since]
    if session.scalar(select(Message.id).where(Message.uuid.in_(asked)).limit(1)) is not None:
        return
    open_to(session, alert, team, now)
    asked_as = f"{_verb(event.details['way'])} as step {event.step}: {event.words}"
    send(session, alert, event, team, f"Whoever is on duty could not be sent a message. {asked_as}.", now)


def _asked_by_name(session: Session, alert: Alert) -> set[int]:
    """Whom the step that an alert stands on has asked by name; nobody where its ladder has not begun."""
    if alert.step == 0:
        return set()
    last = session.scalar(
        select(AlertEvent.details)
        .where(AlertEvent.alert_id == alert.id, AlertEvent.what == What.STEP)
        .order_by(AlertEvent.id.desc())
        .limit(1)
    )
    if last is None or last["way"] == Way.BOARD:
        return set()
    return {last[name] for name in ("on_duty", "staff") if last.get(name) is not None}


def _on_duty(session: Session, alert: Alert, step: LadderStep, now: datetime) -> Staff | None:
    """Who of the step's team is on duty by its rota; None where it has none, or nobody is.

    They are asked first, and by themselves. The whole team is too in a gap, when the step repeats, and where
    the step before has asked the same person and got no answer. So it is where the one on duty may not be
    asked, or is the very worker whom the alert is about (H22).
    """
    if step.team is None:
        return None
    number = rotas.on_duty(session, [step.team], now).get(step.team)
    if number is None or number == alert.worker_id or not checks.may_be_asked(session, number, now):
        return None
    return session.get_one(Staff, number)


def _recipients(session: Session, step: LadderStep, now: datetime) -> list[Recipient]:
    """Whom a step names; in place of somebody who may not be asked, the teams that they are in (H22)."""
    if step.staff is None or checks.may_be_asked(session, step.staff, now):
        return [Recipient(team_id=step.team, staff_id=step.staff)]
    return [Recipient(team_id=team.id) for team in teams.list_of(session, step.staff, now)]


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
        about.of_alert(session, alert, now),
        why=why,
        began_at=alert.began_at,
        reached_at=alert.raised_at,
        unconfirmed=alert.unconfirmed,
        may_be_test=alert.may_be_test,
        copy=copies.told(alert.centre) if alert.copied and how.full else None,
    )
    outbox.queue(
        session,
        to,
        words,
        key=_key(event),
        now=now,
        person_id=alert.person_id,
        alert_id=alert.id,
        important=alert.severity is Severity.RED or alert.class_ is Class.LIFE_SAFETY,
        can_wait=False,
    )


def _verb(way: str) -> str:
    return "You are called" if way == Way.CALL else "You are asked"


def _key(event: AlertEvent) -> str:
    return f"alert event {event.id}"


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
