"""Keeps kit that watches to what people have agreed to: stopping it, reviews ahead, what runs out (H18).

Nothing here touches life-safety kit. Whatever ends is told to whoever leads the care, because a plan may rest
on it: nobody is left unprotected without somebody knowing.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from care_plans.messages import about
from care_plans.models.watching import Unagreed
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.work import follow_ups, hours, part_in_care, recurrence
from core.journal import Actor
from devices import watching
from devices.watching import Watching
from people import agreements
from people.models.authority import Agreement
from people.models.people import Person
from people.watching import say

MACHINE = Actor("Hearthline")
REVIEW_AHEAD = timedelta(days=14)
"""How long before its review, or before it runs out, an agreement is asked about; to be confirmed."""
GRACE_DAYS = 2
"""Working days after which kit that watches without an agreement ends by itself; to be confirmed."""
RESTS = "Look at what in the plan rests on it."


def stop(
    session: Session, person: Person, row: Agreement, *, said_by: str, why: str, actor: Actor, now: datetime
) -> list[Watching]:
    """Stop watching somebody in one way, at once: what their kit measures from now on is nobody's.

    What it measured until now stays, by the rules of keeping. Whoever leads the care is asked to look.
    """
    agreements.end(session, row, said_by=said_by, why=why, actor=actor, now=now)
    ended = watching.stop(session, person.id, [row.watched], now=now, actor=actor)
    words = f"Watching ({say([row.watched])}) was stopped, as {row.ended_by} said. {_kit(ended)} {RESTS}"
    _tell_lead(session, person.id, words, now)
    return ended


def step(session: Session, now: datetime, limit: int = 100) -> bool:
    """Ask for reviews that come near, and end what has run out; whether there were any."""
    return any([_ask_for_reviews(session, now, limit), _end_what_ran_out(session, now, limit)])


def look_for_unagreed(session: Session, now: datetime) -> int:
    """Find kit that watches without an agreement, as after somebody moved in, and ask; how much was found.

    It ends by itself after two working days, unless it was agreed to or taken back until then.
    """
    known = {row.assignment_id: row for row in session.scalars(select(Unagreed).with_for_update())}
    lacking = {each.assignment.id: each for each in watching.everywhere(session, now) if each.lacking}
    found = 0
    for row in known.values():
        if row.settled_at is None and row.assignment_id not in lacking:
            row.settled_at = now
    for key, each in lacking.items():
        before = known.get(key)
        if before is None or before.settled_at is not None:
            _ask_to_agree(session, each, before, now)
            found += 1
        elif before.ends_at <= now:
            watching.end(session, each, now=now, actor=MACHINE)
            before.settled_at = now
            words = f"{_named(each)} watched without an agreement, and has ended. {RESTS}"
            _tell_lead(session, each.lacking[0], words, now)
    session.flush()
    return found


def _ask_to_agree(session: Session, each: Watching, before: Unagreed | None, now: datetime) -> None:
    zone = about.find(session, each.lacking[0], None, now).zone
    ends_at = recurrence.moment(recurrence.working_days_after(now.date(), GRACE_DAYS), hours.END_OF_DAY, zone)
    if before is None:
        session.add(Unagreed(assignment_id=each.assignment.id, found_at=now, ends_at=ends_at))
    else:
        before.settled_at, before.found_at, before.ends_at = None, now, ends_at
    whom = "somebody has" if len(each.lacking) == 1 else f"{len(each.lacking)} people have"
    words = (
        f"{_named(each)} watches ({say(each.sorts)}), and {whom} not agreed to it. "
        "Record an agreement, or take it back; else it ends by itself then."
    )
    _tell_lead(session, each.lacking[0], words, now, due_at=ends_at)


def _ask_for_reviews(session: Session, now: datetime, limit: int) -> bool:
    ahead = (now + REVIEW_AHEAD).date()
    rows = session.scalars(
        select(Agreement)
        .where(
            Agreement.ended_at.is_(None),
            Agreement.deleted_at.is_(None),
            Agreement.review_asked_at.is_(None),
            or_(Agreement.review_on <= ahead, Agreement.expires_on <= ahead),
        )
        .order_by(Agreement.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.review_asked_at = now
        due = min(row.review_on, row.expires_on or row.review_on)
        runs_out = f" It runs out on {row.expires_on:%-d %B}; then that kit ends." if row.expires_on else ""
        words = f"Review the agreement about watching ({say([row.watched])}).{runs_out}"
        zone = about.find(session, row.person_id, None, now).zone
        at = recurrence.moment(due, time(12, 0), zone)
        _tell_lead(session, row.person_id, words, now, due_at=max(at, hours.by_working_hours(now, zone)))
    session.flush()
    return bool(rows)


def _end_what_ran_out(session: Session, now: datetime, limit: int) -> bool:
    rows = session.scalars(
        select(Agreement)
        .where(
            Agreement.ended_at.is_(None),
            Agreement.deleted_at.is_(None),
            Agreement.expires_on < now.date(),
        )
        .order_by(Agreement.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        why = "It ran out, and nobody agreed anew."
        agreements.end(session, row, said_by=MACHINE.by, why=why, actor=MACHINE, now=now)
        ended = watching.stop(session, row.person_id, [row.watched], now=now, actor=MACHINE)
        words = f"The agreement about watching ({say([row.watched])}) ran out. {_kit(ended)} {RESTS}"
        _tell_lead(session, row.person_id, words, now)
    return bool(rows)


def _tell_lead(
    session: Session, person_id: int, words: str, now: datetime, due_at: datetime | None = None
) -> FollowUp | None:
    team_id = part_in_care.leading_team(session, person_id, None, now)
    if team_id is None:
        return None
    zone = about.find(session, person_id, None, now).zone
    return follow_ups.make(
        session,
        kind=FollowUpKind.REVIEW,
        text=words,
        team_id=team_id,
        person_id=person_id,
        due_at=due_at or hours.by_working_hours(now, zone),
        now=now,
    )


def _named(each: Watching) -> str:
    room = f", {each.device.room}" if each.device.room else ""
    return f"{each.device.name}{room}"


def _kit(ended: list[Watching]) -> str:
    if not ended:
        return "No kit was watching so."
    return f"What it measures counts no more: {'; '.join(_named(each) for each in ended)}."
