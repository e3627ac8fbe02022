"""Calls to a person, each recorded with one key: what came of it, and what follows from that."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, events
from care_plans.alerts.events import What
from care_plans.models.alerts import Alert, ContactKind
from care_plans.models.ringing import ContactAttempt, NoReply
from care_plans.models.work import FollowUp, FollowUpEvent, FollowUpOutcome
from care_plans.reached import ANSWERED, Came, Standing, Tried, standing
from care_plans.ringing import again, no_replies, not_well, terms
from care_plans.severity import Severity
from care_plans.work import agenda, follow_ups
from core import journal
from core.db import number
from core.errors import Conflict, Invalid, NotFound
from people import contacts, scoping
from people.access import Viewer
from people.models.people import Contact, Person
from people.visible import actor

TWICE = timedelta(seconds=10)
"""A key that is pressed twice by the same person within this time counts once."""
AFTERWARDS = timedelta(minutes=15)
"""For how long an attempt can still be recorded on a call that somebody else has completed, or taken back."""
LOOKS_BACK = timedelta(days=2)
SAID = {
    Came.WELL: "Answered, and is well",
    Came.NOT_WELL: "Answered, and is not well",
    Came.NO_ANSWER: "No answer",
    Came.ENGAGED: "Engaged",
    Came.MESSAGE: "Answerphone, a message was left",
    Came.ANSWERPHONE: "Answerphone, no message left",
    Came.WRONG_NUMBER: "The number is wrong",
}
NOT_ASKED = "This is no call to a person: say instead how it ended."
DIED = "Their death is recorded: nobody rings them."
ELSE = "This call was to somebody around them: say what came of it as a contact on the alert or in words."
BEGAN = "What followed from it has begun: it can't be taken back. Say on the alert what is known now."


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of an attempt: whom, if not the person; what came of it; for who is not well, what next.

    `alert` is an open alert that it is told to; else one of `severity` is raised.
    """

    came: Came
    words: str = ""
    contact: UUID | None = None
    severity: Severity | None = None
    alert: Alert | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The attempt, how it stands after it, and what is open of the person's not answering."""

    attempt: ContactAttempt
    standing: Standing
    no_reply: NoReply | None


@scoping.past
def record(session: Session, row: FollowUp, given: Given, *, by: Viewer, now: datetime) -> Recorded:
    """Write down one call for a follow-up that `by` may see; two who record at once are both kept.

    Whoever answers and is well completes it. Whoever is not well completes it too, and an alert is raised or
    told. After enough calls without an answer the person is looked for. Invalid with every field that is
    wrong; Conflict when the follow-up was done a while ago.
    """
    if not agenda.is_call(row) or row.person_id is None:
        raise Invalid({"came": NOT_ASKED})
    session.refresh(row)
    if row.done_at is not None and now - row.done_at > AFTERWARDS:
        raise Conflict("This call is done.")
    person = session.get_one(Person, row.person_id)
    attempt = _attempt(session, person, given, by, now)
    attempt.follow_up_id = row.id
    return _keep(session, person, attempt, given, row, row.team_id, by, now)


@scoping.past
def record_for_alert(
    session: Session, no_reply: NoReply, given: Given, *, by: Viewer, now: datetime
) -> Recorded:
    """The same while somebody is looked for: of the person, or of whoever might know. Conflict when found."""
    if no_reply.ended_at is not None:
        raise Conflict("They have been found: record it where it was asked.")
    person = session.get_one(Person, no_reply.person_id)
    attempt = _attempt(session, person, given, by, now)
    attempt.alert_id = no_reply.alert_id
    return _keep(session, person, attempt, given, None, no_reply.team_id, by, now)


@scoping.past
def undo(session: Session, attempt: ContactAttempt, *, by: Viewer, now: datetime) -> ContactAttempt:
    """Take back what `by` pressed by mistake; the follow-up that it completed is to be done again.

    Conflict for somebody else's, for what is taken back already or too old, and where something has begun.
    """
    session.refresh(attempt, with_for_update=True)
    if attempt.undone_at is not None:
        raise Conflict("It is taken back already.")
    if attempt.by_staff_id != by.staff_id:
        raise Conflict("Only whoever recorded it can take it back.")
    if now - attempt.at > AFTERWARDS:
        raise Conflict("It is too long ago to be taken back: record what is so now.")
    if attempt.alert_id is not None:
        raise Conflict(BEGAN)
    attempt.undone_at, attempt.undone_by_id = now, by.staff_id
    if attempt.follow_up_id is not None:
        row = session.get_one(FollowUp, attempt.follow_up_id)
        session.refresh(row, with_for_update=True)
        if attempt.completed and row.done_by_id == by.staff_id:
            row.done_at = row.done_by_id = row.outcome = row.remarks = None
        _happened(session, row, "took back", SAID[attempt.came], by, now)
    _note(session, "took back", attempt, by)
    session.flush()
    return attempt


def how_it_stands(session: Session, person_id: int, team_id: int, now: datetime) -> Standing:
    """How many calls to the person in a row count as without an answer, by what was agreed of them."""
    return how_they_stand(session, [(person_id, team_id)], now)[person_id, team_id]


def how_they_stand(
    session: Session, calls: Collection[tuple[int, int]], now: datetime
) -> dict[tuple[int, int], Standing]:
    """The same for many people and the teams that ring them, in a fixed number of statements."""
    people = {person_id for person_id, _team_id in calls}
    tried: dict[int, list[Tried]] = {}
    rows = session.execute(
        select(ContactAttempt.person_id, ContactAttempt.at, ContactAttempt.came).where(
            ContactAttempt.person_id.in_(people),
            ContactAttempt.contact_id.is_(None),
            ContactAttempt.undone_at.is_(None),
            ContactAttempt.at > now - LOOKS_BACK,
        )
    )
    for person_id, at, came in rows:
        tried.setdefault(person_id, []).append(Tried(at, came in ANSWERED))
    agreed = terms.holding_of(session, calls)
    found = no_replies.last_ended(session, people)
    return {call: standing(tried.get(call[0], ()), agreed[call].enough, found.get(call[0])) for call in calls}


def _attempt(session: Session, person: Person, given: Given, by: Viewer, now: datetime) -> ContactAttempt:
    contact = _contact(session, person, given.contact)
    faults = {}
    if person.died_on is not None and contact is None:
        faults["contact"] = DIED
    if given.came is Came.NOT_WELL:
        if not given.words.strip():
            faults["words"] = "Write down what they said, or what you heard."
        if given.severity is None and given.alert is None:
            faults["next"] = "Say what is to follow: an alert, or the one that is open."
        if contact is not None:
            faults["came"] = ELSE
    if faults:
        raise Invalid(faults)
    row = ContactAttempt(
        person_id=person.id, contact_id=contact.id if contact else None, at=now, by_staff_id=by.staff_id,
        came=given.came, words=given.words.strip() or None, completed=False,
    )  # fmt: skip
    number(session, row)
    return row


def _contact(session: Session, person: Person, uuid: UUID | None) -> Contact | None:
    if uuid is None:
        return None
    try:
        return contacts.get(session, person, uuid)
    except NotFound as fault:
        raise Invalid({"contact": "Choose one of those around them."}) from fault


def _keep(
    session: Session,
    person: Person,
    attempt: ContactAttempt,
    given: Given,
    row: FollowUp | None,
    team_id: int,
    by: Viewer,
    now: datetime,
) -> Recorded:
    no_replies.hold(session, person.id)
    same = _pressed_twice(session, attempt, by, now)
    if same is not None:
        return Recorded(
            same, how_it_stands(session, person.id, team_id, now), no_replies.find_open(session, person.id)
        )
    session.add(attempt)
    session.flush()
    _note(session, "rang", attempt, by)
    looked_for = no_replies.find_open(session, person.id)
    if attempt.contact_id is None and attempt.came in ANSWERED:
        _answered(session, person, attempt, given, row, looked_for, by, now)
    elif looked_for is not None:
        _tell(session, looked_for, attempt, by, now)
    if row is not None and not attempt.completed:
        _happened(session, row, "tried", _said(attempt, by_words=given.words), by, now)
    how = how_it_stands(session, person.id, team_id, now)
    if looked_for is None and how.enough and attempt.contact_id is None:
        words = f"Nobody answered {how.failed} calls." if how.failed > 1 else "Nobody answered the call."
        looked_for = no_replies.begin(
            session, person, team_id=team_id, words=words, now=now, follow_up_id=row.id if row else None
        )
        attempt.alert_id = looked_for.alert_id if looked_for else None
    if attempt.contact_id is None:
        waits = row is not None and row.done_at is None and looked_for is None and how.failed > 0
        again.expect(session, attempt, how.again_at if waits else None)
    session.flush()
    return Recorded(attempt, how, looked_for)


def _pressed_twice(
    session: Session, attempt: ContactAttempt, by: Viewer, now: datetime
) -> ContactAttempt | None:
    """The same recorded by the same person a moment ago."""
    return session.scalar(
        select(ContactAttempt).where(
            ContactAttempt.by_staff_id == by.staff_id,
            ContactAttempt.person_id == attempt.person_id,
            ContactAttempt.follow_up_id.is_not_distinct_from(attempt.follow_up_id),
            ContactAttempt.contact_id.is_not_distinct_from(attempt.contact_id),
            ContactAttempt.came == attempt.came,
            ContactAttempt.undone_at.is_(None),
            ContactAttempt.at > now - TWICE,
        )
    )


def _answered(
    session: Session,
    person: Person,
    attempt: ContactAttempt,
    given: Given,
    row: FollowUp | None,
    looked_for: NoReply | None,
    by: Viewer,
    now: datetime,
) -> None:
    """They were spoken to: that is a contact for whoever looks for them, and completes the call."""
    words = _said(attempt, by_words=given.words)
    if looked_for is not None:
        alert = session.get_one(Alert, looked_for.alert_id)
        alerts.contact(session, alert, kind=ContactKind.SPOKE_TO, words=words, by=by, now=now)
        attempt.alert_id = alert.id
        no_replies.settle(session, looked_for, now)
    if attempt.came is Came.NOT_WELL:
        attempt.alert_id = not_well.tell(
            session, person, words, alert=given.alert, severity=given.severity, by=by, now=now
        ).id
    if row is None:
        return
    session.refresh(row, with_for_update=True)
    if row.done_at is None:
        follow_ups.complete(session, row, outcome=FollowUpOutcome.DONE, remarks=words, by=by, now=now)
        attempt.completed = True


def _tell(session: Session, looked_for: NoReply, attempt: ContactAttempt, by: Viewer, now: datetime) -> None:
    """Whoever looks for them reads on the alert who was rung, without a name, and what came of it."""
    alert = session.get_one(Alert, looked_for.alert_id)
    session.refresh(alert, with_for_update=True)
    whom = "them"
    if attempt.contact_id is not None:
        whom = session.get_one(Contact, attempt.contact_id).relation or "somebody around them"
    words = f"Rang {whom}: {_said(attempt, by_words=attempt.words or '')}"
    events.write(session, alert, What.COMMENTED, now, words=words, by=by)
    attempt.alert_id = alert.id


def _said(attempt: ContactAttempt, *, by_words: str) -> str:
    said = SAID[attempt.came]
    return f"{said}. {by_words.strip()}" if by_words.strip() else f"{said}."


def _happened(session: Session, row: FollowUp, what: str, words: str, by: Viewer, now: datetime) -> None:
    session.add(FollowUpEvent(follow_up_id=row.id, at=now, what=what, by_staff_id=by.staff_id, words=words))


def _note(session: Session, what: str, attempt: ContactAttempt, by: Viewer) -> None:
    journal.write(
        session, what, actor=actor(by), subject="attempt", subject_uuid=attempt.uuid,
        person_id=attempt.person_id,
    )  # fmt: skip
