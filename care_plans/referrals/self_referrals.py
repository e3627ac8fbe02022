"""What somebody asks for themselves, by telephone, letter or at the desk: queued until it is taken (H24)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from care_plans.models.referrals import Referral
from care_plans.referral_states import AskedBy, AskedHow, ReferralKind, ReferralState, Urgency
from care_plans.referrals import clocks, events, snapshots
from care_plans.referrals.sending import faults_of_teams, hashed
from core.db import vault_of
from core.errors import Invalid
from core.zones import UK
from people import scoping
from people.access import Viewer
from people.models.agencies import Team


@dataclass(frozen=True, slots=True)
class SelfAsked:
    """Who asks for help themselves, or for whom, and how; they may be in no record yet."""

    name: str
    reason: str
    from_team: Team | None
    to_team: Team | None
    by: AskedBy
    how: AskedHow
    urgency: Urgency = Urgency.ROUTINE
    born: date | None = None
    telephone: str | None = None
    background: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


@scoping.past
def write_down(session: Session, asked: SelfAsked, *, by: Viewer, now: datetime) -> Referral:
    """Keep what somebody asks for themselves or another in the queue of a team until one of them takes it.

    Nobody in the record is needed for it; it never ends by the clock.
    """
    faults = dict(asked.faults)
    faults |= faults_of_teams(asked.from_team, asked.to_team, by, same=True)
    if not asked.name.strip():
        faults["name"] = "Give the name of who needs help, as they said it."
    if not asked.reason.strip():
        faults["reason"] = "Say what they ask for, in their words."
    if faults:
        raise Invalid(faults)
    assert asked.from_team is not None  # noqa: S101 - narrows the type: _of_teams has refused None
    assert asked.to_team is not None  # noqa: S101 - the same
    answer_by = clocks.respond_by(asked.urgency, now, UK)
    row = Referral(
        kind=ReferralKind.SELF_REFERRAL,
        state=ReferralState.SENT,
        urgency=asked.urgency,
        who=asked.name.strip(),
        about_key=hashed(asked.name + asked.reason),
        reason=asked.reason.strip(),
        background=asked.background.strip() or None,
        shared=[],
        kept=[],
        from_team_id=asked.from_team.id,
        sent_by_id=by.staff_id,
        to_team_id=asked.to_team.id,
        asked_name=asked.name.strip(),
        asked_born=asked.born,
        asked_telephone_sealed=vault_of(session).seal(asked.telephone) if asked.telephone else None,
        asked_by=asked.by,
        asked_how=asked.how,
        sent_at=now,
        respond_by=answer_by,
        next_at=answer_by,
        snapshot=snapshots.take(session, None, asked.from_team, asked.to_team, now),
    )
    session.add(row)
    session.flush()
    event = events.write(session, row, "sent", now, words=row.reason, by=by, team_id=row.from_team_id)
    events.tell(
        session, row, event, row.to_team_id, "it waits for your team to take it", now, answer_by=answer_by
    )
    return row
