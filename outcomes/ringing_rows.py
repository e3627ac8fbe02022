"""Reads the calls that were due in some weeks, and who was looked for, of those whom the figures count."""

from sqlalchemy import Select, func, select

from care_plans.models.ringing import ContactAttempt, NoReply
from care_plans.models.work import FollowUp, FollowUpEvent
from care_plans.reached import Came
from care_plans.work import agenda
from outcomes.ground import Ground
from outcomes.ringing import CallDue, LookedFor


def due(ground: Ground) -> list[CallDue]:
    """The calls to people that fell due in these weeks and by now, with every attempt at them."""
    asked = (
        agenda.calls(),
        FollowUp.deleted_at.is_(None),
        FollowUp.due_at >= ground.since,
        FollowUp.due_at < min(ground.until, ground.now),
        ground.sight.of_either(FollowUp.person_id, FollowUp.home_id),
    )
    rows = ground.session.execute(
        select(FollowUp.id, FollowUp.due_at, FollowUp.done_at, FollowUp.outcome)
        .where(*asked)
        .order_by(FollowUp.due_at, FollowUp.id)
    ).all()
    keys = select(FollowUp.id).where(*asked)
    moved, missed = _times(ground, keys, "rescheduled"), _times(ground, keys, "missed")
    came = _came(ground, keys)
    return [
        CallDue(
            due_at=row.due_at,
            done_at=row.done_at,
            outcome=row.outcome,
            missed=row.id in missed,
            moved=moved.get(row.id, 0),
            came=tuple(came.get(row.id, ())),
        )
        for row in rows
    ]


def looked_for(ground: Ground) -> list[LookedFor]:
    """Each time in these weeks that somebody was looked for."""
    rows = ground.session.execute(
        select(NoReply.began_at, NoReply.ended_at, NoReply.ended)
        .where(
            NoReply.began_at >= ground.since,
            NoReply.began_at < ground.until,
            NoReply.deleted_at.is_(None),
            ground.sight.of_person(NoReply.person_id),
        )
        .order_by(NoReply.began_at)
    )
    return [LookedFor(*row) for row in rows]


def _times(ground: Ground, keys: Select[int], what: str) -> dict[int, int]:
    rows = ground.session.execute(
        select(FollowUpEvent.follow_up_id, func.count())
        .where(FollowUpEvent.follow_up_id.in_(keys), FollowUpEvent.what == what)
        .group_by(FollowUpEvent.follow_up_id)
    )
    return dict(rows.all())


def _came(ground: Ground, keys: Select[int]) -> dict[int, list[Came]]:
    """What came of each attempt at the people themselves, oldest first, but for what was taken back."""
    rows = ground.session.execute(
        select(ContactAttempt.follow_up_id, ContactAttempt.came)
        .where(
            ContactAttempt.follow_up_id.in_(keys),
            ContactAttempt.contact_id.is_(None),
            ContactAttempt.undone_at.is_(None),
        )
        .order_by(ContactAttempt.at, ContactAttempt.id)
    )
    found: dict[int, list[Came]] = {}
    for key, came in rows:
        if key is not None:
            found.setdefault(key, []).append(came)
    return found
