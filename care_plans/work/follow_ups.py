"""Follow-ups: what somebody is to do for a person or a home, by when, and what became of it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from care_plans.messages import about, outbox, wording
from care_plans.messages.outbox import Recipient
from care_plans.models.visits import VisitEnd
from care_plans.models.work import FollowUp, FollowUpEvent, FollowUpKind, FollowUpOutcome
from care_plans.visits import visits
from care_plans.work import part_in_care, windows
from core import journal
from core.db import number
from core.errors import Conflict, Invalid
from core.journal import Actor
from people import checks
from people.access import Viewer
from people.models.agencies import Staff, Team
from people.models.sharing import Override
from people.visible import actor

MACHINE = Actor("Hearthline")
SAID = {
    "taken": "took it",
    "given back": "gave it back",
    "rescheduled": "moved it",
    "completed": "completed it",
    "handed over": "handed it to another team",
}


def make(
    session: Session,
    *,
    kind: FollowUpKind,
    text: str,
    team_id: int,
    due_at: datetime,
    now: datetime,
    person_id: int | None = None,
    home_id: int | None = None,
    alert_id: int | None = None,
    referral_id: int | None = None,
    goal_key: str | None = None,
    staff_id: int | None = None,
    override_id: int | None = None,
    endpoint_id: int | None = None,
    by: Viewer | None = None,
    restricted: bool = False,
) -> FollowUp:
    """A new follow-up, made by an alert, a referral or (`by`) by hand.

    Invalid when it says nothing or names nobody. Of a `restricted` one only its team knows (H19).
    """
    faults = {}
    if not text.strip():
        faults["text"] = "Say what is to be done."
    if by is not None and due_at <= now:
        faults["due_at"] = "Choose a time that is still to come."
    if session.scalar(select(Team.id).where(Team.id == team_id, Team.deleted_at.is_(None))) is None:
        faults["team"] = "Choose the team that is to do it."
    if staff_id is not None and not part_in_care.works_in(session, staff_id, team_id, now):
        faults["staff"] = "Choose somebody who is in that team now."
    elif staff_id is not None and not checks.may_be_asked(session, staff_id, now):
        faults["staff"] = "They can't be asked now: a check or an induction of theirs has lapsed."
    if by is not None and not part_in_care.may_know(session, team_id, person_id, home_id, alert_id, now):
        faults.setdefault("team", "This team has no part in the care there: hand the alert over, or add it.")
    if faults:
        raise Invalid(faults)
    row = FollowUp(
        kind=kind,
        text=text.strip(),
        team_id=team_id,
        due_at=due_at,
        person_id=person_id,
        home_id=home_id,
        alert_id=alert_id,
        referral_id=referral_id,
        goal_key=goal_key,
        staff_id=staff_id,
        override_id=override_id,
        endpoint_id=endpoint_id,
        restricted=restricted,
    )
    if restricted:
        number(session, row)
    session.add(row)
    session.flush()
    _write(session, row, "made", now, row.text, by)
    return row


def make_from_schedule(
    session: Session,
    *,
    schedule_key: str,
    kind: FollowUpKind,
    text: str,
    team_id: int,
    person_id: int,
    opens_at: datetime | None,
    due_at: datetime,
    goal_key: str | None,
    now: datetime,
) -> FollowUp | None:
    """The follow-up that a plan's schedule asks for at `due_at`; None when it has been made before."""
    key = session.execute(
        insert(FollowUp)
        .values(
            version=1, changed_at=now, kind=kind, text=text, team_id=team_id, due_at=due_at,
            person_id=person_id, schedule_key=schedule_key, goal_key=goal_key, opens_at=opens_at,
        )
        .on_conflict_do_nothing(
            index_elements=[FollowUp.schedule_key, FollowUp.due_at, FollowUp.person_id],
            index_where=FollowUp.schedule_key.is_not(None),
        )
        .returning(FollowUp.id)
    ).scalar()  # fmt: skip
    if key is None:
        return None
    row = session.get_one(FollowUp, key)
    _write(session, row, "made", now, text)
    return row


def is_asked(session: Session, alert_id: int, text: str, team_id: int) -> bool:
    """Whether the same is still to be done by this team for this alert."""
    there = select(FollowUp.id).where(
        FollowUp.alert_id == alert_id,
        FollowUp.text == text,
        FollowUp.team_id == team_id,
        FollowUp.done_at.is_(None),
    )
    return session.scalar(there.limit(1)) is not None


def take(
    session: Session,
    follow_up: FollowUp,
    *,
    by: Viewer,
    now: datetime,
    leave_by: datetime | None = None,
    seen: int | None = None,
) -> FollowUp:
    """`by` will do it. Conflict when it is done, or when somebody else came first.

    Whoever takes a visit will have left by `leave_by`: an hour after it is due, unless they say otherwise.
    Said again it sets that time anew. Invalid for whom a check or an induction has lapsed (H22).
    """
    _lock(session, follow_up, by, seen)
    if follow_up.staff_id == by.staff_id:
        _accept(session, follow_up, by, leave_by, now)
        return follow_up
    if follow_up.team_id not in by.team_ids and not by.everyone:
        raise Invalid({"team": "Only somebody in the team that is to do it can take it."})
    follow_up.staff_id = by.staff_id
    _accept(session, follow_up, by, leave_by, now)
    _write(session, follow_up, "taken", now, "", by)
    return follow_up


def give_back(
    session: Session, follow_up: FollowUp, *, by: Viewer, now: datetime, seen: int | None = None
) -> FollowUp:
    """`by`, who had taken it, will not do it: it is the team's again, and their visit is called off."""
    _lock(session, follow_up, by, seen)
    if follow_up.staff_id != by.staff_id:
        raise Conflict("It is not yours to give back.")
    visit = visits.find_open(session, by.staff_id, follow_up_id=follow_up.id)
    if visit is not None:
        never = VisitEnd.CALLED_OFF if visit.arrived_at is None else VisitEnd.SAFE
        visits.end(session, visit, by=by, now=now, how=never)
    follow_up.staff_id = None
    _write(session, follow_up, "given back", now, "", by)
    return follow_up


def complete(
    session: Session,
    follow_up: FollowUp,
    *,
    outcome: FollowUpOutcome,
    remarks: str,
    by: Viewer,
    now: datetime,
    seen: int | None = None,
) -> FollowUp:
    """Say what became of it. A call or visit that reached nobody, or was not wanted, needs a remark."""
    _lock(session, follow_up, by, seen)
    if follow_up.override_id is not None and not _looked_into(session, follow_up.override_id):
        raise Invalid({"outcome": "What you found belongs to the override itself: write it there."})
    windows.refuse_early(follow_up, outcome, now)
    if outcome is not FollowUpOutcome.DONE and not remarks.strip():
        raise Invalid({"remarks": "Say why, so that the next person knows."})
    follow_up.done_at, follow_up.done_by_id = now, by.staff_id
    follow_up.outcome, follow_up.remarks = outcome, remarks.strip() or None
    own = visits.find_open(session, by.staff_id, follow_up_id=follow_up.id)
    if own is not None:
        visits.end(session, own, by=by, now=now, words=remarks)
    visits.call_off(session, follow_up.id, "It was completed by somebody else.", now)
    _write(session, follow_up, "completed", now, remarks.strip(), by)
    return follow_up


def reschedule(
    session: Session,
    follow_up: FollowUp,
    *,
    due_at: datetime,
    reason: str,
    by: Viewer,
    now: datetime,
    seen: int | None = None,
) -> FollowUp:
    """Move it to another time, with a reason. That it was missed before stays on the record."""
    _lock(session, follow_up, by, seen)
    faults = {} if due_at > now else {"due_at": "Choose a time that is still to come."}
    if not reason.strip():
        faults["reason"] = "Say why it is moved."
    if faults:
        raise Invalid(faults)
    before = follow_up.due_at
    follow_up.due_at, follow_up.missed_at, follow_up.opens_at = due_at, None, None
    visits.move(session, follow_up.id, due_at, now)
    _write(session, follow_up, "rescheduled", now, f"{reason.strip()} (was {before.isoformat()})", by)
    return follow_up


def settle(
    session: Session, follow_up_id: int | None, *, words: str, by: Viewer | None, now: datetime
) -> None:
    """End one that what it watched over has made needless, unless somebody completed it before."""
    row = _held(session, follow_up_id)
    if row is None:
        return
    row.done_at, row.done_by_id = now, by.staff_id if by else None
    row.outcome, row.remarks = FollowUpOutcome.NOT_NEEDED, words
    visits.call_off(session, row.id, words, now)
    _write(session, row, "completed", now, words, by)


def is_open(session: Session, follow_up_id: int) -> bool:
    """Whether it is still to be done."""
    there = select(FollowUp.id).where(FollowUp.id == follow_up_id, FollowUp.done_at.is_(None))
    return session.scalar(there) is not None


def find_of_referral(session: Session, referral_id: int, begins: str) -> int | None:
    """The inner key of what a referral asked in these words, while it is still to be done."""
    return session.scalar(
        select(FollowUp.id).where(
            FollowUp.referral_id == referral_id,
            FollowUp.text.startswith(begins, autoescape=True),
            FollowUp.done_at.is_(None),
        )
    )


def fall_due(
    session: Session, follow_up_id: int | None, *, due_at: datetime, words: str, now: datetime
) -> None:
    """Let one fall due at another time, as what it watches over has moved; it counts as not yet missed."""
    row = _held(session, follow_up_id)
    if row is None:
        return
    row.due_at, row.missed_at = due_at, None
    _write(session, row, "rescheduled", now, words)


def hand_over(
    session: Session, follow_up: FollowUp, *, team_id: int, words: str, by: Viewer, now: datetime
) -> None:
    """Give one to another team, whose nobody has taken it yet; what was missed stays missed."""
    session.refresh(follow_up, with_for_update=True)
    if follow_up.done_at is not None:
        return
    follow_up.team_id, follow_up.staff_id = team_id, None
    visits.call_off(session, follow_up.id, words, now)
    _write(session, follow_up, "handed over", now, words, by)


def miss_due(session: Session, now: datetime, limit: int = 100) -> bool:
    """Mark what is overdue as missed, once each, and tell its team; whether there was any.

    A team that has no part in the care any more could not open it: whoever leads the care is told instead.
    """
    overdue = session.scalars(
        select(FollowUp)
        .where(
            FollowUp.done_at.is_(None),
            FollowUp.due_at < now,
            FollowUp.missed_at.is_(None),
            FollowUp.deleted_at.is_(None),
        )
        .order_by(FollowUp.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in overdue:
        row.missed_at = now
        event = _write(session, row, "missed", now, "")
        whom = about.find(session, row.person_id, row.home_id, now)
        if row.restricted:
            words = wording.restricted("overdue", due_at=row.due_at, zone=whom.zone)
            mine = Recipient(team_id=row.team_id)
            outbox.queue(session, mine, words, key=f"follow-up event {event.id}", now=now)
            continue
        words = wording.follow_up(row.kind.value, whom, why="missed", due_at=row.due_at)
        for each in _who_must_know(session, row, now):
            outbox.queue(
                session, each, words, key=f"follow-up event {event.id}", now=now,
                person_id=row.person_id, follow_up_id=row.id, alert_id=row.alert_id,
            )  # fmt: skip
    return bool(overdue)


def _accept(session: Session, row: FollowUp, by: Viewer, leave_by: datetime | None, now: datetime) -> None:
    if row.kind is FollowUpKind.VISIT:
        visits.accept(
            session,
            by=by,
            now=now,
            from_at=row.due_at,
            leave_by=leave_by,
            team_id=row.team_id if row.team_id in by.team_ids else None,
            follow_up_id=row.id,
            person_id=row.person_id,
            home_id=row.home_id,
        )


def _who_must_know(session: Session, row: FollowUp, now: datetime) -> list[Recipient]:
    if not part_in_care.may_know(session, row.team_id, row.person_id, row.home_id, row.alert_id, now):
        leading = part_in_care.leading_team(session, row.person_id, row.home_id, now)
        if leading is not None:
            return [Recipient(team_id=leading)]
    taken = [Recipient(staff_id=row.staff_id)] if row.staff_id is not None else []
    return [Recipient(team_id=row.team_id), *taken]


def _held(session: Session, follow_up_id: int | None) -> FollowUp | None:
    """The row, held, if it is still to be done."""
    return session.scalar(
        select(FollowUp)
        .where(FollowUp.id == follow_up_id, FollowUp.done_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _lock(session: Session, follow_up: FollowUp, by: Viewer, seen: int | None) -> None:
    """Hold the row, as it is now; Conflict when it is done or when somebody else moved it after `seen`."""
    session.refresh(follow_up, with_for_update=True)
    last = session.execute(
        select(FollowUpEvent.what, FollowUpEvent.by_staff_id, Staff.name)
        .join(Staff, Staff.id == FollowUpEvent.by_staff_id)
        .where(FollowUpEvent.follow_up_id == follow_up.id)
        .order_by(FollowUpEvent.id.desc())
        .limit(1)
    ).first()
    who = f"{last.name} {SAID.get(last.what, 'changed it')} before you." if last else ""
    if follow_up.done_at is not None:
        raise Conflict(f"This follow-up is done. {who}".strip())
    if (
        seen is not None
        and seen != follow_up.version
        and last is not None
        and last.by_staff_id != by.staff_id
    ):
        raise Conflict(f"{who} Look again.")


def _looked_into(session: Session, override_id: int) -> bool:
    return session.get_one(Override, override_id).reviewed_at is not None


def _write(
    session: Session, row: FollowUp, what: str, now: datetime, words: str, by: Viewer | None = None
) -> FollowUpEvent:
    event = FollowUpEvent(
        follow_up_id=row.id, at=now, what=what, by_staff_id=by.staff_id if by else None, words=words
    )
    if row.restricted:
        number(session, event)
    session.add(event)
    journal.write(
        session,
        what,
        actor=actor(by) if by else MACHINE,
        subject="follow-up",
        subject_uuid=row.uuid,
        person_id=None if row.restricted else row.person_id,
        details={"words": words},
    )
    session.flush()
    return event
