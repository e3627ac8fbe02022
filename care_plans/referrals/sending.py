"""Asks something of another team: refused with each fault at its place, else with a time to answer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.goals import Action
from care_plans.models.plans import PlanVersion
from care_plans.models.referrals import Referral
from care_plans.models.work import FollowUpKind
from care_plans.plan import drafts
from care_plans.referral_states import OPEN, OutsideWay, ReferralKind, ReferralState, Urgency
from care_plans.referrals import clocks, events, extracts, snapshots
from care_plans.work import follow_ups
from core.errors import Conflict, Invalid
from core.zones import UK
from people import care_teams, scoping, sharing
from people.access import RecordClass, Viewer
from people.changes import in_conflict
from people.models.agencies import Agency, Sector, Team
from people.models.people import Person

LEAD = "lead"
OF_LEAD = (ReferralKind.TRANSFER, ReferralKind.TRANSFER_REQUEST)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of whom; `kept` names, by outer id, what a team that hands over the lead keeps."""

    kind: ReferralKind
    reason: str
    from_team: Team | None
    to_team: Team | None = None
    urgency: Urgency = Urgency.ROUTINE
    background: str = ""
    fallback_team: Team | None = None
    action_key: str | None = None
    alert: Alert | None = None
    again_of: Referral | None = None
    about_home: bool | None = None
    includes: frozenset[RecordClass] = frozenset()
    outside_name: str = ""
    outside_address: str = ""
    outside_way: OutsideWay | None = None
    leaves: bool = False
    kept: tuple[str, ...] = ()


@scoping.past
def send(session: Session, person: Person, asked: Asked, *, by: Viewer, now: datetime) -> Referral:
    """Send it; until somebody accepts, the asking team keeps a follow-up as its safety net.

    Invalid with every field that is wrong; Conflict, naming the open one, when the same is asked of the same
    team already.
    """
    action = _action(session, person, asked.action_key)
    faults = _faults(session, person, asked, action, by, now)
    if faults:
        raise Invalid(faults)
    assert asked.from_team is not None  # noqa: S101 - narrows the type: _faults has refused None
    key = _about_key(asked)
    refuse_twice(session, person.id, asked.to_team, key)
    shown = []
    if asked.to_team is not None:
        seen = sharing.team_sees(session, asked.to_team, person.id, now)
        shown = extracts.make(session, person, seen, now, asked.includes)
    zone = zone_of(session, person.id, now)
    answer_by = clocks.respond_by(asked.urgency, now, zone)
    row = Referral(
        kind=asked.kind,
        state=ReferralState.SENT,
        urgency=asked.urgency,
        person_id=person.id,
        who=extracts.name_of(person),
        about_key=key,
        plan_id=drafts.plan_of(session, person).id if action else None,
        action_key=action.key if action else None,
        action_text=action.text if action else None,
        alert_id=asked.alert.id if asked.alert else None,
        again_of_id=asked.again_of.id if asked.again_of else None,
        reason=asked.reason.strip(),
        background=asked.background.strip() or None,
        shared=shown,
        from_team_id=asked.from_team.id,
        sent_by_id=by.staff_id,
        to_team_id=asked.to_team.id if asked.to_team else None,
        fallback_team_id=asked.fallback_team.id if asked.fallback_team else None,
        outside_name=asked.outside_name.strip() or None,
        outside_address=asked.outside_address.strip() or None,
        outside_way=asked.outside_way,
        leaves=asked.leaves,
        kept=list(asked.kept),
        sent_at=now,
        respond_by=answer_by,
        next_at=answer_by,
        about_home=bool(asked.about_home),
        snapshot=snapshots.take(session, person, asked.from_team, asked.to_team, now, asked.outside_name),
    )
    with in_conflict(session, "uq_referrals_open", "The same was sent to this team at the same moment."):
        session.add(row)
    _catch(session, row, asked, by, now)
    return row


def send_on(session: Session, before: Referral, team: Team, now: datetime) -> Referral | None:
    """Ask the fallback team what the first did not answer; None where it has the same open already.

    What the sender chose to show is shown, as far as this team sees it.
    """
    person = session.get_one(Person, before.person_id)
    seen = sharing.team_sees(session, team, person.id, now)
    classes = {RecordClass(part["class"]) for part in before.shared}
    if find_twice(session, person.id, team, before.about_key) is not None:
        return None
    answer_by = clocks.respond_by(before.urgency, now, zone_of(session, person.id, now))
    names = (
        "kind", "urgency", "person_id", "who", "about_key", "plan_id", "action_key", "action_text",
        "alert_id", "reason", "background", "from_team_id", "sent_by_id", "about_home", "leaves", "kept",
    )  # fmt: skip
    row = Referral(
        **{name: getattr(before, name) for name in names},
        state=ReferralState.SENT,
        again_of_id=before.id,
        shared=extracts.make(session, person, seen, now, classes),
        to_team_id=team.id,
        sent_at=now,
        respond_by=answer_by,
        next_at=answer_by,
        net_follow_up_id=before.net_follow_up_id,
        snapshot=snapshots.take(session, person, session.get_one(Team, before.from_team_id), team, now),
    )
    session.add(row)
    session.flush()
    event = events.write(session, row, "sent", now, words=row.reason, team_id=row.from_team_id)
    events.tell(
        session, row, event, team.id, "your team is asked, because another did not answer in time", now,
        answer_by=answer_by,
    )  # fmt: skip
    return row


def zone_of(session: Session, person_id: int | None, now: datetime) -> str:
    """The time zone that the person's clocks are in."""
    home = extracts.home_of(session, person_id, now) if person_id is not None else None
    return home.time_zone if home else UK


def find_twice(session: Session, person_id: int, team: Team | None, key: str) -> Referral | None:
    """The open referral that asks the same of the same team."""
    if team is None:
        return None
    return session.scalar(
        select(Referral).where(
            Referral.person_id == person_id,
            Referral.to_team_id == team.id,
            Referral.about_key == key,
            Referral.state.in_(OPEN),
        )
    )


def refuse_twice(session: Session, person_id: int, team: Team | None, key: str) -> None:
    """Conflict, with where the open one is, when the same is asked of the same team."""
    open_ = find_twice(session, person_id, team, key)
    if open_ is not None:
        raise Conflict(f"This team has the same open already: /referrals/{open_.uuid}")


def _catch(session: Session, row: Referral, asked: Asked, by: Viewer, now: datetime) -> None:
    """Lay the safety net, write it down, tell the other team; what is asked again has this net alone."""
    to = asked.to_team.name if asked.to_team else asked.outside_name.strip()
    if asked.kind is not ReferralKind.TRANSFER_REQUEST:
        if asked.again_of is not None:
            follow_ups.settle(
                session, asked.again_of.net_follow_up_id, words=f"Asked again: {to}", by=by, now=now
            )
        net = follow_ups.make(
            session,
            kind=FollowUpKind.CHECK,
            text=f"Has {to} taken it on? {row.reason}"[:4000],
            team_id=row.from_team_id,
            due_at=row.respond_by,
            now=now,
            person_id=row.person_id,
            referral_id=row.id,
        )
        row.net_follow_up_id = net.id
    event = events.write(
        session, row, "sent", now, words=row.reason, by=by, team_id=row.from_team_id, details={"to": to}
    )
    if asked.to_team is not None:
        why = f"{by.name} ({by.agency}) asks your team" if by.agency else f"{by.name} asks your team"
        events.tell(session, row, event, row.to_team_id, why, now, answer_by=row.respond_by)


def _faults(
    session: Session, person: Person, asked: Asked, action: Action | None, by: Viewer, now: datetime
) -> dict[str, str]:
    outside = bool(asked.outside_name.strip())
    faults = faults_of_teams(asked.from_team, asked.to_team, by, outside=outside)
    if not asked.reason.strip():
        faults["reason"] = "Say what you ask of them, so that they can decide."
    if asked.action_key and action is None:
        faults["action"] = "Choose an action of the plan that is in force, or say it in words."
    if outside and asked.kind is not ReferralKind.REFERRAL:
        faults["outside_name"] = "Only a referral can go to an agency that does not work with Hearthline."
    if outside and asked.outside_way is None:
        faults["outside_way"] = "Say how it goes to them."
    if asked.to_team is not None and asked.about_home is None:
        agency = session.get_one(Agency, asked.to_team.agency_id)
        if agency.sector is Sector.HOUSING:
            faults["about_home"] = "Say whether it is about the home: a landlord's duty can begin with it."
    if asked.fallback_team is not None and asked.fallback_team in (asked.to_team, asked.from_team):
        faults["fallback_team"] = "Choose a third team, or none: then it comes back to yours."
    if asked.kind in OF_LEAD and not faults:
        faults |= _of_lead(session, person, asked, now)
    return faults


def faults_of_teams(
    from_team: Team | None, to_team: Team | None, by: Viewer, *, outside: bool = False, same: bool = False
) -> dict[str, str]:
    """What is wrong with who asks and who is asked; `same`: a team may ask itself."""
    faults = {}
    if from_team is None or not (from_team.id in by.team_ids or by.everyone):
        faults["from_team"] = "Choose a team that you are in: the answer comes to it."
    if outside == (to_team is not None):
        faults["to_team"] = "Choose the team that you ask, or name an agency outside Hearthline: one of both."
    elif to_team is not None and (
        to_team.deleted_at is not None or (from_team and to_team.id == from_team.id and not same)
    ):
        faults["to_team"] = "Choose another team than your own."
    return faults


def _of_lead(session: Session, person: Person, asked: Asked, now: datetime) -> dict[str, str]:
    assert asked.from_team is not None  # noqa: S101 - narrows the type: checked before
    lead = care_teams.leading(session, person.id, now)
    if asked.kind is ReferralKind.TRANSFER:
        if lead is None or lead.id != asked.from_team.id:
            return {"kind": "Only the team that leads can hand the lead over; others can ask for it."}
        return {}
    if lead is None or asked.to_team is None or lead.id != asked.to_team.id:
        return {"to_team": f"Ask the team that leads: {lead.name if lead else 'nobody does yet'}."}
    if care_teams.find(session, person.id, asked.from_team.id, now) is None:
        return {"from_team": "Only a team that cares for them already can ask for the lead."}
    return {}


def _action(session: Session, person: Person, key: str | None) -> Action | None:
    if not key:
        return None
    version = drafts.find_published(session, person)
    return session.scalar(
        select(Action)
        .join(PlanVersion, PlanVersion.id == Action.version_id)
        .where(Action.version_id == (version.id if version else None), Action.key == key)
    )


def _about_key(asked: Asked) -> str:
    """What makes two referrals to one team the same: the action, the lead, or the same words."""
    if asked.kind in OF_LEAD:
        return LEAD
    return asked.action_key or hashed(asked.kind.value + asked.reason)


def hashed(words: str) -> str:
    """Words as a short key, whatever their case and spacing."""
    return hashlib.sha256(" ".join(words.lower().split()).encode()).hexdigest()[:32]


def count_open(session: Session, team_ids: frozenset[int]) -> int:
    """How many wait for an answer of these teams."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Referral)
            .where(Referral.to_team_id.in_(team_ids), Referral.state == ReferralState.SENT)
        )
        or 0
    )
