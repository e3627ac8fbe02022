"""Who asked whom, where and for whom, as it was: kept on each referral, so that statistics stay."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import PlanPathway
from care_plans.plan import drafts
from care_plans.referrals import extracts
from people.models.agencies import Agency, Team
from people.models.people import Person

BANDS = (18, 40, 65, 75, 85)


def take(
    session: Session,
    person: Person | None,
    from_team: Team,
    to_team: Team | None,
    now: datetime,
    outside_name: str = "",
) -> dict[str, Any]:
    """It as it is now."""
    agencies = {
        each.id: each
        for each in session.scalars(
            select(Agency).where(
                Agency.id.in_([team.agency_id for team in (from_team, to_team) if team is not None])
            )
        )
    }
    sender = agencies[from_team.agency_id]
    receiver = agencies[to_team.agency_id] if to_team else None
    version = drafts.find_published(session, person) if person else None
    pathways = (
        session.scalars(select(PlanPathway.pathway).where(PlanPathway.version_id == version.id)).all()
        if version
        else []
    )
    home = extracts.home_of(session, person.id, now) if person else None
    return {
        "from": {"agency": sender.name, "team": from_team.name, "sector": sender.sector.value},
        "to": {
            "agency": receiver.name if receiver else outside_name.strip(),
            "team": to_team.name if to_team else None,
            "sector": receiver.sector.value if receiver else None,
        },
        "pathways": sorted(pathways),
        "area": home.area if home else None,
        "age_band": age_band(person.date_of_birth, now.date()) if person else None,
    }


def age_band(born: date, today: date) -> str:
    """For example "75 to 84": wide enough to name nobody."""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    below = [least for least in BANDS if least <= age]
    if not below:
        return f"under {BANDS[0]}"
    above = [least for least in BANDS if least > age]
    return f"{below[-1]} to {above[0] - 1}" if above else f"{below[-1]} and over"
