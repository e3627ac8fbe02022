"""A recall asks a team about each piece of kit that somebody has, until that is dealt with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from care_plans.models.protecting import RecallWork
from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.protecting import asking, deadlines
from care_plans.protection_states import Ended
from care_plans.work import follow_ups
from devices import kit_life
from devices.kit_life import Held
from devices.models import Assignment, Device, Recall
from people.models.agencies import Team

ASKED = (
    "Called back: {name}, {model}{lot}. {reason} Swap it, collect it, or check it; write down what you found."
)
INTERIM = " It is to protect: agree how they call for help until then."
SETTLED: Mapping[Ended, str] = {
    Ended.SWAPPED: "The kit was swapped.",
    Ended.COLLECTED: "The kit was collected.",
    Ended.UNDONE: "The recall was withdrawn before this was done.",
}
_HOW: Mapping[FollowUpOutcome, Ended | None] = {
    FollowUpOutcome.DONE: Ended.CHECKED,
    FollowUpOutcome.NOT_NEEDED: Ended.CHECKED,
    FollowUpOutcome.DECLINED: Ended.REFUSED,
    FollowUpOutcome.NO_REPLY: None,
}


@dataclass(frozen=True, slots=True)
class _Row:
    work: RecallWork
    held: Assignment
    asked: FollowUp
    called: Recall


@dataclass(frozen=True, slots=True)
class Piece:
    """What was asked about one piece of kit that is called back, and what came of it; None for not yet."""

    device_id: int
    follow_up: FollowUp
    team: str
    ended: Ended | None


def step(session: Session, now: datetime, limit: int = 100) -> bool:
    """Ask about what is called back and with somebody, settle what was dealt with; whether any changed."""
    changed = _changed(session, now, limit)
    for each in changed:
        _settle(session, each, now)
    asked = 0
    for called in session.scalars(select(Recall).where(Recall.ended_at.is_(None))):
        for held in kit_life.list_held(session, called, now):
            if asked < limit and not _is_known(session, called, held):
                asked += _ask(session, called, held, now)
    session.flush()
    return bool(changed or asked)


def list_pieces(session: Session, called: Recall) -> list[Piece]:
    """What was asked about the kit of a recall that is in sight of the session, the latest of each piece."""
    rows = session.execute(
        select(RecallWork, FollowUp, Team.name)
        .join(FollowUp, FollowUp.id == RecallWork.follow_up_id)
        .join(Team, Team.id == FollowUp.team_id)
        .where(RecallWork.recall_id == called.id)
        .order_by(RecallWork.id)
    )
    found = {row.device_id: Piece(row.device_id, asked, team, row.ended) for row, asked, team in rows}
    return list(found.values())


def list_suspect(session: Session) -> Sequence[tuple[RecallWork, Device, Assignment, datetime]]:
    """Life-safety kit that is called back and not dealt with: it may not protect. By when it is to be."""
    rows = session.execute(
        select(RecallWork, Device, Assignment, FollowUp.due_at)
        .join(Device, Device.id == RecallWork.device_id)
        .join(Assignment, Assignment.id == RecallWork.assignment_id)
        .join(FollowUp, FollowUp.id == RecallWork.follow_up_id)
        .where(RecallWork.settled_at.is_(None), Device.life_safety)
        .order_by(FollowUp.due_at)
    )
    return [(work, device, assignment, due_at) for work, device, assignment, due_at in rows]


def how_ended(
    outcome: FollowUpOutcome | None, *, recall_over: bool, taken_back: bool, has_another: bool
) -> Ended | None:
    """How the work on a piece ended; None while it has not: that nobody was there is no end."""
    if taken_back:
        return Ended.SWAPPED if has_another else Ended.COLLECTED
    ended = _HOW[outcome] if outcome is not None else None
    return Ended.UNDONE if ended is None and recall_over else ended


def _changed(session: Session, now: datetime, limit: int) -> Sequence[_Row]:
    """Open work about which something has changed: the kit, what was asked, or the recall."""
    rows = session.execute(
        select(RecallWork, Assignment, FollowUp, Recall)
        .join(Assignment, Assignment.id == RecallWork.assignment_id)
        .join(FollowUp, FollowUp.id == RecallWork.follow_up_id)
        .join(Recall, Recall.id == RecallWork.recall_id)
        .where(
            RecallWork.settled_at.is_(None),
            or_(~_holds(now), FollowUp.done_at.is_not(None), Recall.ended_at.is_not(None)),
        )
        .order_by(RecallWork.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=RecallWork)
        .execution_options(populate_existing=True)
    )
    return [_Row(*row) for row in rows]


def _holds(now: datetime) -> ColumnElement[bool]:
    return Assignment.deleted_at.is_(None) & Assignment.period.contains(now)


def _settle(session: Session, each: _Row, now: datetime) -> None:
    row, held = each.work, each.held
    ended = how_ended(
        each.asked.outcome,
        recall_over=each.called.ended_at is not None,
        taken_back=held.deleted_at is not None or now not in held.period,
        has_another=_has_another(session, held, each.called.started_at),
    )
    if ended is None:
        due_at = now + deadlines.RECALL_WITHIN[each.called.urgency]
        row.follow_up_id, row.asked_at = _again(session, each.asked, due_at, now).id, now
        return
    row.settled_at, row.ended = now, ended
    follow_ups.settle(session, row.follow_up_id, words=SETTLED.get(ended, ""), by=None, now=now)


def _again(session: Session, asked: FollowUp, due_at: datetime, now: datetime) -> FollowUp:
    return follow_ups.make(
        session, kind=asked.kind, text=asked.text, team_id=asked.team_id, due_at=due_at, now=now,
        person_id=asked.person_id, home_id=asked.home_id,
    )  # fmt: skip


def _has_another(session: Session, held: Assignment, since: datetime) -> bool:
    """Whether whoever had it was given other kit since it was called back."""
    other = exists().where(
        Assignment.device_id != held.device_id,
        or_(Assignment.person_id == held.person_id, Assignment.home_id == held.home_id),
        func.lower(Assignment.period) >= since,
        Assignment.deleted_at.is_(None),
    )
    return session.scalar(select(other)) or False


def _is_known(session: Session, called: Recall, each: Held) -> bool:
    """Whether it is asked about, was found to be well, or was not given up by whoever has it."""
    known = exists().where(
        RecallWork.recall_id == called.id,
        RecallWork.device_id == each.device.id,
        or_(
            RecallWork.settled_at.is_(None),
            RecallWork.ended == Ended.CHECKED,
            (RecallWork.ended == Ended.REFUSED) & (RecallWork.assignment_id == each.assignment.id),
        ),
    )
    return session.scalar(select(known)) or False


def _ask(session: Session, called: Recall, each: Held, now: datetime) -> bool:
    held, device = each.assignment, each.device
    subject = asking.subject_of(held)
    team_id = asking.team_of(session, subject, now)
    if team_id is None:
        return False
    lot = f", lot {device.lot}" if device.lot else ", its lot not written down"
    reason = f"{called.reason.rstrip('.')}."
    words = ASKED.format(name=device.name, model=device.model, lot=lot, reason=reason)
    within = deadlines.RECALL_WITHIN[called.urgency]
    made = follow_ups.make(
        session,
        kind=FollowUpKind.CHECK,
        text=words + (INTERIM if device.life_safety else ""),
        team_id=team_id,
        due_at=max(called.started_at, each.assignment.period.lower or called.started_at) + within,
        now=now,
        person_id=held.person_id,
        home_id=held.home_id,
    )
    session.add(
        RecallWork(
            recall_id=called.id,
            device_id=device.id,
            assignment_id=held.id,
            follow_up_id=made.id,
            asked_at=now,
        )
    )
    session.flush()
    return True
