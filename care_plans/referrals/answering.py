"""What both sides do with a referral: of two who answer, one wins and the other is told who did."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.goals import Action, ActionStatus
from care_plans.models.plans import PlanVersion, VersionState
from care_plans.models.referrals import Referral, ReferralEvent
from care_plans.models.work import FollowUpKind
from care_plans.referral_states import DeclineReason, Judgement, ReferralKind, ReferralState, Result
from care_plans.referrals import clocks, events, extracts, landlords, leading, relationships
from care_plans.referrals.moves import Move, Side, side, why_not
from care_plans.referrals.sending import OF_LEAD, zone_of
from care_plans.work import follow_ups
from core.errors import Conflict, Invalid, NotAllowed
from people import scoping
from people.access import Viewer
from people.models.agencies import Staff, Team
from people.models.people import Person

DUE_AT_MOST = timedelta(days=365)
BEFORE_YOU: Mapping[str, str] = {
    "accepted": "accepted it",
    "declined": "declined it",
    "withdrawn": "withdrew it",
    "under way": "said that it is under way",
    "done": "recorded its end",
    "result seen": "looked at the result",
    "judged": "judged it",
    "named": "said who it is",
}


@scoping.past
def deliver(
    session: Session, row: Referral, *, by: Viewer, now: datetime, at: datetime | None = None
) -> Referral:
    """Write down that it reached those who were asked; of agencies outside, whoever asked says so."""
    _take_up(session, row, Move.DELIVER, by)
    if at is not None and not row.sent_at <= at <= now:
        raise Invalid({"at": "Give a time between sending it and now."})
    reached(session, row, at or now, now, by=by)
    return row


def reached(
    session: Session, row: Referral, at: datetime, now: datetime, *, how: str = "", by: Viewer | None = None
) -> None:
    """It reached them at `at`: their team opened it, or its message was delivered; that accepts nothing.

    Where they are the landlord, and it is about the home, their awareness may begin with it (H23).
    """
    if row.delivered_at is not None:
        return
    row.delivered_at = at
    events.write(session, row, "delivered", now, words=how, by=by, team_id=row.to_team_id)
    landlords.stamp(session, row, at, now)
    session.flush()


@scoping.past
def accept(
    session: Session,
    row: Referral,
    *,
    by: Viewer,
    now: datetime,
    note: str = "",
    due_at: datetime | None = None,
    kept: tuple[str, ...] | None = None,
    leaves: bool | None = None,
) -> Referral:
    """`by` takes it for the team that was asked, which cares for the person from now on, as long as it lasts.

    Of a request for the lead, `kept` names the open work that the leading team keeps and `leaves` whether it
    goes; of all else that is the sender's to say.
    """
    _take_up(session, row, Move.ACCEPT, by)
    if due_at is not None and not now < due_at <= now + DUE_AT_MOST:
        raise Invalid({"due_at": "Choose a time within a year that is still to come, or leave it empty."})
    reached(session, row, now, now, by=by)
    zone = zone_of(session, row.person_id, now)
    row.state, row.answered_at = ReferralState.ACCEPTED, now
    row.waited_for_answer = int((now - row.sent_at).total_seconds())
    row.owner_staff_id = by.staff_id
    row.due_at = due_at or clocks.done_by(now, zone)
    row.next_at = row.due_at
    if kept is not None:
        row.kept = list(kept)
    if leaves is not None:
        row.leaves = leaves
    event = events.write(session, row, "accepted", now, words=note.strip(), by=by, team_id=row.to_team_id)
    if row.to_team_id is not None:
        follow_ups.settle(session, row.net_follow_up_id, words=f"Accepted by {by.name}.", by=by, now=now)
    else:  # nobody else here watches over what an agency outside has taken
        words = f"{row.outside_name} has taken it: ask them how it stands."
        follow_ups.fall_due(session, row.net_follow_up_id, due_at=row.due_at, words=words, now=now)
    if row.person_id is not None:
        _join(session, row, by, now)
    events.tell(session, row, event, row.from_team_id, "it was accepted", now)
    session.flush()
    return row


@scoping.past
def decline(
    session: Session, row: Referral, *, reason: DeclineReason, words: str, by: Viewer, now: datetime
) -> Referral:
    """`by` says, for the team that was asked, that they don't take it, and why; it is the sender's still."""
    _take_up(session, row, Move.DECLINE, by)
    if not words.strip():
        raise Invalid({"words": "Say why, and what would help, so that it can go to somebody else."})
    reached(session, row, now, now, by=by)
    _end(session, row, ReferralState.DECLINED, now, by=by, words=words.strip())
    row.answered_at = now
    row.waited_for_answer = int((now - row.sent_at).total_seconds())
    row.decline_reason = reason
    event = events.write(
        session, row, "declined", now, words=words.strip(), by=by, team_id=row.to_team_id,
        details={"reason": reason.value},
    )  # fmt: skip
    come_back(session, row, "Declined: the need is yours still.", now)
    events.tell(session, row, event, row.from_team_id, "it was declined, and is still yours", now)
    return row


@scoping.past
def start(session: Session, row: Referral, *, by: Viewer, now: datetime, note: str = "") -> Referral:
    """Say that it is under way."""
    _take_up(session, row, Move.START, by)
    row.state, row.started_at = ReferralState.UNDER_WAY, now
    _mark_action(session, row, ActionStatus.UNDER_WAY, now)
    events.write(session, row, "under way", now, words=note.strip(), by=by, team_id=row.to_team_id)
    return row


@scoping.past
def finish(
    session: Session, row: Referral, *, result: Result, note: str, by: Viewer, now: datetime
) -> Referral:
    """Say what came of it; that does not achieve the goal, and the sender is asked to look at it.

    The plan's action counts as delivered only where it helped.
    """
    _take_up(session, row, Move.FINISH, by)
    if not note.strip():
        raise Invalid({"note": "Say in a sentence what was done and found: those who asked will read it."})
    _end(session, row, ReferralState.DONE, now, by=by, result=result)
    if result is Result.HELPED:
        _mark_action(session, row, ActionStatus.DONE, now)
    event = events.write(
        session, row, "done", now, words=note.strip(), by=by, team_id=row.to_team_id,
        details={"result": result.value},
    )  # fmt: skip
    follow_ups.settle(session, row.work_follow_up_id, words=note.strip(), by=by, now=now)
    follow_ups.settle(session, row.net_follow_up_id, words=note.strip(), by=by, now=now)
    _ask_to_review(session, row, now)
    relationships.end(session, row, by, now)
    events.tell(session, row, event, row.from_team_id, "it is done: please look at the result", now)
    return row


@scoping.past
def revoke(
    session: Session, row: Referral, *, words: str, still_needed: bool, by: Viewer, now: datetime
) -> Referral:
    """The team that asked takes it back; while the need is there, it is theirs, by a follow-up."""
    _take_up(session, row, Move.REVOKE, by)
    if not words.strip():
        raise Invalid({"words": "Say why it is withdrawn: those who were asked will read it."})
    _end(session, row, ReferralState.REVOKED, now, by=by, words=words.strip())
    row.next_at = None
    event = events.write(
        session, row, "withdrawn", now, words=words.strip(), by=by, team_id=row.from_team_id,
        details={"still_needed": still_needed},
    )  # fmt: skip
    follow_ups.settle(session, row.work_follow_up_id, words=f"Withdrawn: {words.strip()}", by=by, now=now)
    if still_needed:
        come_back(session, row, "Withdrawn: the need is still there.", now)
        row.next_at = None
    else:
        follow_ups.settle(session, row.net_follow_up_id, words=words.strip(), by=by, now=now)
    relationships.end(session, row, by, now)
    events.tell(session, row, event, row.to_team_id, "it was withdrawn by whoever asked", now)
    return row


@scoping.past
def review(session: Session, row: Referral, *, by: Viewer, now: datetime, note: str = "") -> Referral:
    """The team that asked has looked at the result: with that its side is complete too."""
    _take_up(session, row, Move.REVIEW, by)
    row.reviewed_at, row.reviewed_by_id, row.next_at = now, by.staff_id, None
    if row.judge_by is not None and row.judged_at is None:
        row.next_at = row.judge_by
    events.write(session, row, "result seen", now, words=note.strip(), by=by, team_id=row.from_team_id)
    if row.state is ReferralState.DONE:
        follow_ups.settle(session, row.net_follow_up_id, words="The result was looked at.", by=by, now=now)
    session.flush()
    return row


@scoping.past
def judge(
    session: Session, row: Referral, *, judgement: Judgement, words: str, by: Viewer, now: datetime
) -> Referral:
    """The landlord says what it is; statutory clocks begin where it may have become aware, not here."""
    _take_up(session, row, Move.JUDGE, by)
    if not words.strip():
        raise Invalid({"words": "Say what was looked at, and why you judge it so."})
    landlords.judge(session, row, judgement, words.strip(), by, now)
    return row


@scoping.past
def name(session: Session, row: Referral, person: Person, *, by: Viewer, now: datetime) -> Referral:
    """Say who in the record it is that asked for help; whoever took it cares for them from now on."""
    _take_up(session, row, Move.NAME, by)
    row.person_id, row.who = person.id, extracts.name_of(person)
    row.snapshot = {
        **row.snapshot,
        "area": getattr(extracts.home_of(session, person.id, now), "area", None),
    }
    events.write(session, row, "named", now, words=extracts.name_of(person), by=by, team_id=row.to_team_id)
    if row.state is not ReferralState.SENT:
        _join(session, row, by, now)
    else:
        net = follow_ups.make(
            session, kind=FollowUpKind.CHECK, text=f"They ask for help: {row.reason}"[:4000],
            team_id=row.from_team_id, due_at=row.respond_by, now=now, person_id=person.id,
            referral_id=row.id,
        )  # fmt: skip
        row.net_follow_up_id = net.id
    session.flush()
    return row


def come_back(session: Session, row: Referral, words: str, now: datetime) -> None:
    """The need is the sender's: their follow-up falls due, one is made where there is none any more."""
    zone = zone_of(session, row.person_id, now)
    due_at = clocks.back_by(row.urgency, now, zone)
    row.next_at = due_at
    if row.person_id is None or row.kind is ReferralKind.TRANSFER_REQUEST:
        return
    if row.net_follow_up_id is not None and follow_ups.is_open(session, row.net_follow_up_id):
        follow_ups.fall_due(session, row.net_follow_up_id, due_at=due_at, words=words, now=now)
        return
    made = follow_ups.make(
        session,
        kind=FollowUpKind.CHECK,
        text=f"{words} {row.reason}"[:4000],
        team_id=row.from_team_id,
        due_at=due_at,
        now=now,
        person_id=row.person_id,
        referral_id=row.id,
    )
    row.net_follow_up_id = made.id
    session.flush()


def _join(session: Session, row: Referral, by: Viewer, now: datetime) -> None:
    """Whoever accepted joins the care team, with the work on their list; or the lead moves to them."""
    if row.kind in OF_LEAD:
        leading.move(session, row, by, now)
        _end(session, row, ReferralState.DONE, now, by=by, result=Result.HELPED)
        events.write(session, row, "done", now, words="The lead has moved.", by=by, team_id=row.to_team_id)
        row.next_at = clocks.review_by(now, zone_of(session, row.person_id, now))
        return
    relationships.begin(session, row, by, now)
    if row.to_team_id is None:
        return
    made = follow_ups.make(
        session,
        kind=FollowUpKind.CHECK,
        text=row.reason[:4000],
        team_id=row.to_team_id,
        due_at=row.due_at or now,
        now=now,
        person_id=row.person_id,
        referral_id=row.id,
        staff_id=by.staff_id if by.team_ids & {row.to_team_id} else None,
    )
    row.work_follow_up_id = made.id


def _ask_to_review(session: Session, row: Referral, now: datetime) -> None:
    zone = zone_of(session, row.person_id, now)
    row.next_at = clocks.review_by(now, zone)
    if row.person_id is None:
        return
    made = follow_ups.make(
        session,
        kind=FollowUpKind.REVIEW,
        text=f"Look at what came of it: {row.reason}"[:4000],
        team_id=row.from_team_id,
        due_at=row.next_at,
        now=now,
        person_id=row.person_id,
        referral_id=row.id,
    )
    row.net_follow_up_id = made.id


def _end(
    session: Session,
    row: Referral,
    state: ReferralState,
    now: datetime,
    *,
    by: Viewer,
    words: str | None = None,
    result: Result | None = None,
) -> None:
    row.state, row.ended_at, row.told_at = state, now, now
    row.ended_by_id, row.ended_words, row.result = by.staff_id, words, result
    row.waited_for_result = int((now - row.sent_at).total_seconds())
    session.flush()


def _mark_action(session: Session, row: Referral, status: ActionStatus, now: datetime) -> None:
    """Record the delivery of the plan's action in the version that is in force, if it still has it."""
    if row.action_key is None or row.plan_id is None:
        return
    action = session.scalar(
        select(Action)
        .join(PlanVersion, PlanVersion.id == Action.version_id)
        .where(
            PlanVersion.plan_id == row.plan_id,
            PlanVersion.state == VersionState.PUBLISHED,
            Action.key == row.action_key,
        )
    )
    if action is not None and action.status not in (ActionStatus.DONE, ActionStatus.CANCELLED):
        action.status, action.status_at = status, now
        session.flush()


def _take_up(session: Session, row: Referral, move: Move, by: Viewer) -> None:
    """Hold the row as it is now.

    NotAllowed for somebody on the other side; Conflict, naming who came first, when it has moved on.
    """
    session.refresh(row, with_for_update=True)
    standing = events.standing(row)
    team_id = row.from_team_id if side(move, standing) is Side.SENDER else row.to_team_id
    if team_id not in by.team_ids and not by.everyone:
        team = session.scalar(select(Team.name).where(Team.id == team_id))
        raise NotAllowed(f"That is for {team or 'the team that asked'} to say.")
    words = why_not(move, standing)
    if words is None:
        return
    last = session.execute(
        select(ReferralEvent.what, Staff.name)
        .join(Staff, Staff.id == ReferralEvent.by_staff_id)
        .where(ReferralEvent.referral_id == row.id, ReferralEvent.what.in_(BEFORE_YOU))
        .order_by(ReferralEvent.id.desc())
        .limit(1)
    ).first()
    who = f" {last.name} {BEFORE_YOU[last.what]}." if last else ""
    raise Conflict(f"{words}{who}")
