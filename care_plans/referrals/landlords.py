"""What reaches a landlord about a home: its possible awareness is stamped, with its own clock (H23)."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.models.referrals import Referral
from care_plans.models.work import FollowUpKind
from care_plans.referral_states import Judgement
from care_plans.referrals import clocks, events, extracts
from care_plans.work import follow_ups
from core.zones import UK
from people.access import Viewer
from people.models.agencies import Agency, Sector, Team
from people.models.homes import Home, Tenure

ASK = "Judge whether this is a hazard, and which: the landlord may be aware since it arrived. "


DUTIES = {
    Judgement.EMERGENCY: (
        "Emergency hazard: investigate and make safe within 24 hours of becoming aware (Awaab’s Law, SI "
        "2025/1042, regulation 5). "
    ),
    Judgement.SIGNIFICANT: (
        "Significant hazard: investigate within 10 working days of becoming aware (Awaab’s Law, SI "
        "2025/1042, regulation 6); after that a written summary within 3 working days, and safe within 5. "
    ),
}
COVERED = frozenset({Tenure.SOCIAL_RENT, Tenure.OTHER})
"""Tenures to which the regulations apply, or may where nobody recorded it."""


def duty_by(row: Referral, home: Home | None) -> datetime | None:
    """By when the law asks the landlord to act on what it judged; None where it does not."""
    if row.judgement is None or row.aware_at is None:
        return None
    if home is not None and home.tenure not in COVERED:
        return None
    return clocks.duty_by(row.judgement, row.aware_at, home.time_zone if home else UK)


def is_landlord(team: Team, agency: Agency, home: Home | None) -> bool:
    """Whether what reaches this team reaches the landlord; where none is recorded, any housing agency is."""
    if home is not None and home.landlord_agency_id is not None:
        return team.agency_id == home.landlord_agency_id
    return agency.sector is Sector.HOUSING


def stamp(session: Session, row: Referral, at: datetime, now: datetime) -> None:
    """Stamp the moment from which the landlord may be aware, if it is one and this is about the home.

    Whether the statutory duty applies depends on the tenure, which somebody of the landlord judges in time:
    a follow-up of theirs says by when, whatever becomes of the referral itself.
    """
    if not row.about_home or row.to_team_id is None or row.aware_at is not None:
        return
    team = session.get_one(Team, row.to_team_id)
    home = extracts.home_of(session, row.person_id, now)
    if not is_landlord(team, session.get_one(Agency, team.agency_id), home):
        return
    row.aware_at = at
    row.judge_by = clocks.judge_by(at, home.time_zone if home else UK)
    row.next_at = min(row.next_at, row.judge_by) if row.next_at else row.judge_by
    follow_ups.make(
        session,
        kind=FollowUpKind.CHECK,
        text=f"{ASK}{row.reason}"[:4000],
        team_id=team.id,
        due_at=row.judge_by,
        now=now,
        person_id=row.person_id,
        referral_id=row.id,
    )
    events.write(
        session, row, "landlord aware", now, team_id=team.id,
        details={"aware_at": at.isoformat(), "judge_by": row.judge_by.isoformat()},
    )  # fmt: skip


def judge(
    session: Session, row: Referral, judgement: Judgement, words: str, by: Viewer, now: datetime
) -> None:
    """Keep what the landlord judged, and end the follow-up that asked for it."""
    row.judged_at, row.judged_by_id, row.judgement = now, by.staff_id, judgement
    events.write(
        session, row, "judged", now, words=words, by=by, team_id=row.to_team_id,
        details={"judgement": judgement.value},
    )  # fmt: skip
    asked = follow_ups.find_of_referral(session, row.id, ASK)
    follow_ups.settle(session, asked, words=words, by=by, now=now)
    home = extracts.home_of(session, row.person_id, now)
    due_at = duty_by(row, home)
    if due_at is not None and row.to_team_id is not None:
        follow_ups.make(
            session, kind=FollowUpKind.CHECK, text=f"{DUTIES[judgement]}{row.reason}"[:4000],
            team_id=row.to_team_id, due_at=due_at, now=now, person_id=row.person_id, referral_id=row.id,
        )  # fmt: skip
    session.flush()
