"""What came of calls: the provider's reports, in whatever order they come, and those of which none comes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, asking, deadlines, events
from care_plans.alerts.events import What
from care_plans.alerts.ladder import Due
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.models.calls import Call, CallReport, CallState
from care_plans.models.messages import Message, MessageState
from core import apart
from core.errors import Invalid
from people import signing_in
from people.access import Need, Viewer, may
from people.models.agencies import Staff, Team

LISTENS = timedelta(seconds=60)
"""How long whoever answered, or their answering machine, has to press 1."""
REPORTED: Mapping[str, CallState] = {
    "ringing": CallState.RINGING,
    "answered": CallState.ANSWERED,
    "taken": CallState.TAKEN,
    "no_answer": CallState.NO_ANSWER,
    "failed": CallState.FAILED,
}
KEY, TAKES = "key", "1"
RINGS = (CallState.PLACED, CallState.RINGING)
OVER = (CallState.NO_ANSWER, CallState.NOT_TAKEN, CallState.FAILED)


def note(session: Session, call: UUID, status: str, key: str, *, name: str, now: datetime) -> None:
    """Keep a report until it is read: once, however often it comes; Invalid for one that says nothing."""
    said = "taken" if status == KEY and key == TAKES else status
    if status == KEY and key != TAKES:
        return
    if said not in REPORTED:
        raise Invalid({"status": f"Say one of {', '.join([*REPORTED, KEY])}."})
    session.execute(
        insert(CallReport)
        .values(name=name, call=call, status=said, at=now)
        .on_conflict_do_nothing(index_elements=[CallReport.name])
    )


def placed(session: Session, message: Message, now: datetime, ring: timedelta) -> None:
    """The provider was told to ring: from now on it may ring so long. That is no answer yet."""
    call = session.scalars(select(Call).where(Call.message_id == message.id)).one()
    if call.state in RINGS:
        call.ends_at = now + ring


def read(session: Session, now: datetime, listens: timedelta = LISTENS, limit: int = 50) -> bool:
    """Act on reports that have come; whether there were any. One of a call that is not known does nothing."""
    rows = session.scalars(
        select(CallReport)
        .where(CallReport.read_at.is_(None))
        .order_by(CallReport.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for report in rows:
        report.read_at = now
        found = session.execute(
            select(Call, Message)
            .join(Message, Message.id == Call.message_id)
            .where(Message.uuid == report.call)
        ).first()
        if found is not None:
            said = REPORTED[report.status]
            act = partial(_act, session, found[0], found[1], said, now, listens)
            apart.attempt(session, act, "reading reports of calls", report.id)
    session.flush()
    return bool(rows)


def end_due(session: Session, now: datetime, limit: int = 50) -> bool:
    """End what rings, or listens, for too long; whether there was any. No report is no answer."""
    rows = session.execute(
        select(Call, Message)
        .join(Message, Message.id == Call.message_id)
        .where(Call.ends_at <= now)
        .order_by(Call.ends_at)
        .limit(limit)
        .with_for_update(of=Call, skip_locked=True)
    ).all()
    for call, message in rows:
        call.ends_at = None
        act = partial(_over, session, call, message, CallState.NO_ANSWER, now)
        apart.attempt(session, act, "ending calls", call.id)
    session.flush()
    return bool(rows)


def _act(
    session: Session, call: Call, message: Message, said: CallState, now: datetime, listens: timedelta
) -> None:
    session.refresh(call, with_for_update=True)
    if call.state is CallState.TAKEN:
        return
    if said is CallState.TAKEN:
        _taken(session, call, message, now)
    elif said is CallState.ANSWERED and call.state in (*RINGS, CallState.NO_ANSWER):
        call.state, call.ends_at = said, None if call.centre else now + listens
        _write(session, call, message, What.CALL_ANSWERED, _words(session, call, message, "answered"), now)
    elif said is CallState.RINGING and call.state is CallState.PLACED:
        call.state = said
    elif said in OVER and call.state in (*RINGS, CallState.ANSWERED):
        _over(session, call, message, said, now)


def _taken(session: Session, call: Call, message: Message, now: datetime) -> None:
    """1 was pressed: a named person has acknowledged, as by the button on the page (H7, H8).

    At a number that is nobody's own it is on record, and holds nothing.
    """
    call.state, call.ends_at = CallState.TAKEN, None
    words = _words(session, call, message, "pressed 1")
    alert = _write(session, call, message, What.CALL_ANSWERED, words, now)
    by = _who(session, message, now)
    if by is not None and alert.closed_at is None:
        alerts.acknowledge(session, alert, by=by, now=now)


def _over(session: Session, call: Call, message: Message, said: CallState, now: datetime) -> None:
    """It was in vain: the next step begins at once where nobody else of this one may still answer."""
    answered = call.state is CallState.ANSWERED
    if answered and call.centre:
        return  # it answers for itself, and hangs up when it has heard enough
    call.state, call.ends_at = CallState.NOT_TAKEN if answered else said, None
    how = "answered, and pressed nothing" if answered else "did not answer"
    how = "could not be rung" if call.state is CallState.FAILED else how
    words = _words(session, call, message, how)
    alert = _write(session, call, message, What.CALL_UNANSWERED, words, now)
    if _somebody_may_have_it(session, alert, call) or deadlines.held(alert) is not None:
        return
    due = deadlines.next_step(alert, now)
    if isinstance(due, Due) and not due.repeats:
        asking.begin_step(session, alert, Due(due.position, now), now)
        deadlines.set_deadline(alert, now)


def _somebody_may_have_it(session: Session, alert: Alert, call: Call) -> bool:
    """Whether there is no hurry: it is closed, somebody's, past that step, or another one still rings."""
    event = session.get_one(AlertEvent, call.event_id)
    if alert.closed_at is not None or alert.step != event.step:
        return True
    if alert.seen_until is not None or alert.going_until is not None:
        return True
    others = session.execute(
        select(Call.state, Message.state)
        .join(Message, Message.id == Call.message_id)
        .where(Call.event_id == call.event_id, Call.id != call.id)
    ).all()
    return any(
        state in (CallState.TAKEN, CallState.RINGING, CallState.ANSWERED)
        or (state is CallState.PLACED and sent in (MessageState.WAITING, MessageState.SENT))
        for state, sent in others
    )


def _write(session: Session, call: Call, message: Message, what: What, words: str, now: datetime) -> Alert:
    """Put it on the alert, which is held."""
    alert = session.get_one(Alert, call.alert_id, with_for_update=True)
    told = {"message": str(message.uuid), "staff": message.staff_id, "state": call.state.value}
    events.write(session, alert, what, now, words=words, team_id=message.team_id, details=told)
    return alert


def _who(session: Session, message: Message, now: datetime) -> Viewer | None:
    """Whose number it was, where they still work here and may act on alerts."""
    staff = session.get(Staff, message.staff_id) if message.staff_id is not None else None
    if staff is None or staff.left_at is not None:
        return None
    viewer = signing_in.viewer_of(session, staff, now)
    return viewer if may(viewer, Need.ALERTS_ACT) else None


def _words(session: Session, call: Call, message: Message, did: str) -> str:
    name = select(Team.name).where(Team.id == message.team_id)
    if message.staff_id is not None:
        name = select(Staff.name).where(Staff.id == message.staff_id)
    who = session.scalar(name) or "Somebody"
    if did == "pressed 1" and message.staff_id is None and not call.centre:
        return f"At the number of {who} somebody pressed 1; who has it is not known"
    return f"{who} {did}"
