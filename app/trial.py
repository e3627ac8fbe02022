"""What a fresh installation has so that it can be tried: an agency for each role, a clinician, a token."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.pathways import reading, switches
from core.journal import Actor
from people import grants, tokens
from people.access import every_scope
from people.models.agencies import Agency, Role, Sector, Staff, Team, TeamMember, TeamRole, Token

BY = Actor("hearthline up")
TOKEN_NAME = "Trial token"  # noqa: S105 - what it is called
CLINICIAN = "Trial Clinician"
REASON = "Trial installation: switched on so that it can be tried; not for the care of real people."
TEAMS = (
    ("Trial Hub", Sector.SOCIAL_CARE, "Coordinators", TeamRole.COORDINATOR),
    ("Trial Community Health", Sector.HEALTH, "Community nurses", TeamRole.COMMUNITY_NURSING),
    ("Trial Community Health", Sector.HEALTH, "Therapists", TeamRole.THERAPY),
    ("Trial Community Health", Sector.HEALTH, "Memory service", TeamRole.MEMORY_SERVICE),
    ("Trial Community Health", Sector.HEALTH, "Palliative line", TeamRole.PALLIATIVE_CARE),
    ("Trial Hospital", Sector.HEALTH, "Wards", TeamRole.HOSPITAL),
    ("Trial Hospital", Sector.HEALTH, "Virtual ward", TeamRole.VIRTUAL_WARD),
    ("Trial Practice", Sector.HEALTH, "GP practice", TeamRole.GENERAL_PRACTICE),
    ("Trial Pharmacy", Sector.HEALTH, "Pharmacists", TeamRole.PHARMACY),
    ("Trial Council", Sector.SOCIAL_CARE, "Adult social work", TeamRole.SOCIAL_WORK),
    ("Trial Council", Sector.SOCIAL_CARE, "Reablement", TeamRole.REABLEMENT),
    ("Trial Homes", Sector.HOUSING, "Housing officers", TeamRole.HOUSING_OFFICER),
    ("Trial Homes", Sector.HOUSING, "Repairs", TeamRole.REPAIRS),
    ("Trial Neighbours", Sector.THIRD_SECTOR, "Volunteers", TeamRole.VOLUNTEERS),
    ("Trial Neighbours", Sector.THIRD_SECTOR, "Carer support", TeamRole.CARER_SUPPORT),
    ("Trial Neighbours", Sector.THIRD_SECTOR, "Advice desk", TeamRole.ADVICE),
    ("Trial Care Line", Sector.PRIVATE, "Responders", TeamRole.RESPONDERS),
    ("Trial Care Line", Sector.PRIVATE, "Receiving centre", TeamRole.RECEIVING_CENTRE),
)
ALL_HOURS = (TeamRole.RESPONDERS, TeamRole.RECEIVING_CENTRE, TeamRole.HOSPITAL, TeamRole.PALLIATIVE_CARE)


def ensure(session: Session, token_text: str, now: datetime, *, with_teams: bool) -> str:
    """Lay it down where it is missing; the text of the token, which has every scope.

    `with_teams` is for a place that has no agencies of its own.
    """
    clinician = session.scalar(select(Staff).where(Staff.name == CLINICIAN))
    if clinician is None:
        clinician = _first(session, now, with_teams=with_teams)
    for code in reading.all_pathways():
        if switches.find(session, code) is None:
            switches.switch_on(session, code, by=clinician, reason=REASON, now=now)
    text = tokens.PREFIX + token_text
    if session.scalar(select(Token).where(Token.staff_id == clinician.id, Token.name == TOKEN_NAME)) is None:
        tokens.add(session, clinician, TOKEN_NAME, every_scope(), actor=BY, text=text)
    return text


def _first(session: Session, now: datetime, *, with_teams: bool) -> Staff:
    agency = Agency(name="Trial Clinical Governance", sector=Sector.HEALTH)
    session.add(agency)
    session.flush()
    grants.lay_usual(session, agency, now=now)
    clinician = Staff(
        agency_id=agency.id, name=CLINICIAN, email="trial.clinician@hearthline.example", role=Role.CLINICIAN
    )
    session.add(clinician)
    session.flush()
    if with_teams:
        _lay_teams(session, clinician, now)
    return clinician


def _lay_teams(session: Session, clinician: Staff, now: datetime) -> None:
    agencies: dict[str, Agency] = {}
    for agency_name, sector, team_name, role in TEAMS:
        agency = agencies.get(agency_name)
        if agency is None:
            agency = agencies[agency_name] = Agency(name=agency_name, sector=sector)
            session.add(agency)
            session.flush()
            grants.lay_usual(session, agency, now=now)
        team = Team(
            agency_id=agency.id,
            name=team_name,
            role=role,
            staffed_all_hours=role in ALL_HOURS,
            receiving_centre=role is TeamRole.RECEIVING_CENTRE,
        )
        session.add(team)
        session.flush()
        if role is TeamRole.COMMUNITY_NURSING:
            session.add(TeamMember(team_id=team.id, staff_id=clinician.id, period=Range(now, None)))
    session.flush()
