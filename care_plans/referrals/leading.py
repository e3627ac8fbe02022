"""Moves the lead of somebody's care, with the open work of the team that led, one by one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.messages.outbox import Recipient
from care_plans.models.alerts import Alert
from care_plans.models.referrals import Referral
from care_plans.models.work import FollowUp
from care_plans.referral_states import ReferralKind
from care_plans.referrals import events, extracts, relationships
from care_plans.work import follow_ups
from core.errors import Conflict
from people import care_teams
from people.access import Viewer
from people.models.agencies import Team
from people.models.people import Person
from people.visible import actor


@dataclass(frozen=True, slots=True)
class OpenWork:
    """A follow-up or an alert that a team has for a person: by its outer id, handed over or kept."""

    uuid: UUID
    is_alert: bool
    words: str
    due_at: datetime | None


def list_open_work(session: Session, person_id: int, team_id: int, now: datetime) -> list[OpenWork]:
    """What the team has open for them and their home, first due first; not what watches over referrals."""
    found = [
        OpenWork(row.uuid, is_alert=True, words=row.words, due_at=row.escalate_after)
        for row in _alerts(session, person_id, team_id, now)
    ]
    found += [
        OpenWork(row.uuid, is_alert=False, words=row.text, due_at=row.due_at)
        for row in _follow_ups(session, person_id, team_id)
    ]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or now, one.words))


def move(session: Session, row: Referral, by: Viewer, now: datetime) -> None:
    """Let the lead go to the team that asked for it, or that was asked to take it.

    What is not named as kept goes with it; of a team that leaves, everything. What that team may still read
    is frozen first. Conflict when another team leads by now.
    """
    assert row.person_id is not None  # noqa: S101 - narrows the type: a transfer is about a person
    pull = row.kind is ReferralKind.TRANSFER_REQUEST
    old_id, new_id = (row.to_team_id, row.from_team_id) if pull else (row.from_team_id, row.to_team_id)
    person = session.get_one(Person, row.person_id)
    old, new = session.get_one(Team, old_id), session.get_one(Team, new_id)
    lead = care_teams.leading(session, person.id, now)
    if lead is None or lead.id != old.id:
        raise Conflict(f"{lead.name if lead else 'Nobody'} leads by now: look again before you move it.")
    if row.leaves:
        relationships.freeze(session, row, person, old, now)
    reason = f"Leads since {old.name} handed over"[:200]
    leaves = old if row.leaves else None
    care_teams.hand_lead(session, person, new, leaves=leaves, reason=reason, actor=actor(by), now=now)
    kept = frozenset() if row.leaves else frozenset(row.kept)
    moved = _hand_on(session, row, person.id, old, new, kept, by, now)
    words = f"{new.name} leads from now on. {old.name} {'leaves' if row.leaves else 'goes on caring'}."
    events.write(
        session, row, "lead moved", now, words=words, by=by, team_id=new.id, details={"handed_on": moved}
    )


def _hand_on(
    session: Session,
    row: Referral,
    person_id: int,
    old: Team,
    new: Team,
    kept: frozenset[str],
    by: Viewer,
    now: datetime,
) -> int:
    moved = 0
    words = f"Handed over with the lead, from {old.name}"
    for follow_up in _follow_ups(session, person_id, old.id):
        if str(follow_up.uuid) not in kept:
            follow_ups.hand_over(session, follow_up, team_id=new.id, words=words, by=by, now=now)
            moved += 1
    for alert in _alerts(session, person_id, old.id, now):
        if str(alert.uuid) not in kept:
            alerts.assign(session, alert, to=Recipient(team_id=new.id), by=by, now=now)
            moved += 1
    return moved


def _follow_ups(session: Session, person_id: int, team_id: int) -> list[FollowUp]:
    query = select(FollowUp).where(
        FollowUp.person_id == person_id,
        FollowUp.team_id == team_id,
        FollowUp.done_at.is_(None),
        FollowUp.deleted_at.is_(None),
        FollowUp.referral_id.is_(None),
    )
    return list(session.scalars(query.order_by(FollowUp.due_at, FollowUp.id)))


def _alerts(session: Session, person_id: int, team_id: int, now: datetime) -> list[Alert]:
    home = extracts.home_of(session, person_id, now)
    query = select(Alert).where(
        or_(Alert.person_id == person_id, Alert.home_id == (home.id if home else None)),
        Alert.owner_team_id == team_id,
        Alert.closed_at.is_(None),
    )
    return list(session.scalars(query.order_by(Alert.began_at, Alert.id)))
