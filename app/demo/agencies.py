"""The agencies of Westmere, their teams, and the staff who sign in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.models.rotas import TeamRota
from core.embedded.secrets import Secrets
from core.zones import UK
from people import grants, passwords
from people.models.agencies import Agency, Role, Sector, Staff, Team, TeamMember, TeamRole

DOMAIN = "westmere.example"
SINCE = timedelta(days=420)

AGENCIES = {
    "Westmere Health": Sector.HEALTH,
    "Westmere Hospital": Sector.HEALTH,
    "Orchard Surgery": Sector.HEALTH,
    "Quay Pharmacy": Sector.HEALTH,
    "Westmere Council": Sector.SOCIAL_CARE,
    "Westmere Homes": Sector.HOUSING,
    "Neighbourly": Sector.THIRD_SECTOR,
    "Allhours Care Line": Sector.PRIVATE,
}
# agency, team, what it is for, hours, staffed round the clock
TEAMS = (
    ("Westmere Council", "Westmere hub", TeamRole.COORDINATOR, "every day 7:00 to 22:00", False),
    ("Westmere Council", "Information governance", TeamRole.PRIVACY, "weekdays 9:00 to 17:00", False),
    ("Westmere Council", "Adult social work", TeamRole.SOCIAL_WORK, "weekdays 8:30 to 17:00", False),
    ("Westmere Council", "Reablement", TeamRole.REABLEMENT, "every day 7:00 to 22:00", False),
    ("Westmere Health", "Community nurses", TeamRole.COMMUNITY_NURSING, "every day 8:00 to 20:00", False),
    ("Westmere Health", "Therapists", TeamRole.THERAPY, "weekdays 8:30 to 17:00", False),
    ("Westmere Health", "Memory service", TeamRole.MEMORY_SERVICE, "weekdays 9:00 to 17:00", False),
    ("Westmere Health", "Palliative line", TeamRole.PALLIATIVE_CARE, "all hours", True),
    ("Westmere Hospital", "Wards", TeamRole.HOSPITAL, "all hours", True),
    ("Westmere Health", "Virtual ward", TeamRole.VIRTUAL_WARD, "every day 8:00 to 20:00", False),
    ("Orchard Surgery", "Practice team", TeamRole.GENERAL_PRACTICE, "weekdays 8:00 to 18:30", False),
    ("Quay Pharmacy", "Pharmacists", TeamRole.PHARMACY, "weekdays 9:00 to 18:00", False),
    ("Westmere Homes", "Neighbourhood officers", TeamRole.HOUSING_OFFICER, "weekdays 8:30 to 17:00", False),
    ("Westmere Homes", "Repairs", TeamRole.REPAIRS, "weekdays 8:00 to 18:00", False),
    ("Neighbourly", "Befrienders", TeamRole.VOLUNTEERS, "weekdays 9:00 to 16:00", False),
    ("Neighbourly", "Carer support", TeamRole.CARER_SUPPORT, "weekdays 9:00 to 17:00", False),
    ("Neighbourly", "Advice desk", TeamRole.ADVICE, "weekdays 10:00 to 16:00", False),
    ("Allhours Care Line", "Responders", TeamRole.RESPONDERS, "all hours", True),
    ("Allhours Care Line", "Receiving centre", TeamRole.RECEIVING_CENTRE, "all hours", True),
    ("Allhours Care Line", "Northshore desk", None, "weekdays 9:00 to 17:00", False),
)
# name, job title, agency, teams, role
STAFF = (
    ("Cora", "Care coordinator", "Westmere Council", ("Westmere hub",), Role.COORDINATOR),
    ("Imran", "Care coordinator", "Westmere Council", ("Westmere hub",), Role.COORDINATOR),
    ("Dev", "Community nurse", "Westmere Health", ("Community nurses",), Role.CLINICIAN),
    (
        "Maeve",
        "Community matron",
        "Westmere Health",
        ("Community nurses", "Virtual ward", "Palliative line"),
        Role.CLINICIAN,
    ),
    ("Sol", "Social worker", "Westmere Council", ("Adult social work", "Reablement"), Role.PRACTITIONER),
    ("Hana", "Housing officer", "Westmere Homes", ("Neighbourhood officers", "Repairs"), Role.PRACTITIONER),
    ("Vi", "Volunteer", "Neighbourly", ("Befrienders", "Carer support"), Role.VOLUNTEER),
    ("Osei", "Call handler", "Allhours Care Line", ("Receiving centre", "Responders"), Role.RESPONDER),
    ("Tess", "Kit technician", "Westmere Council", ("Westmere hub",), Role.TECHNICIAN),
    ("Priya", "Commissioner", "Westmere Council", (), Role.COMMISSIONER),
    ("Lena", "Administrator", "Westmere Council", (), Role.ADMINISTRATOR),
    ("Noor", "Privacy officer", "Westmere Council", ("Information governance",), Role.PRIVACY_OFFICER),
    ("Mallory", "Desk lead, another town", "Allhours Care Line", ("Northshore desk",), Role.COORDINATOR),
)
# team, who takes turns of a week, from and to which local time every day
ROTAS = (
    ("Westmere hub", ("Cora", "Imran"), "07:00", "22:00"),
    ("Community nurses", ("Dev", "Maeve"), "08:00", "20:00"),
)
SIGN_INS = ("Cora", "Dev", "Hana", "Sol", "Vi", "Lena", "Noor", "Mallory")


@dataclass(frozen=True, slots=True)
class Westmere:
    """Who works here, by name."""

    agencies: dict[str, Agency]
    teams: dict[str, Team]
    staff: dict[str, Staff]


def lay(session: Session, secrets: Secrets, now: datetime) -> Westmere:
    """Lay down the agencies, teams and staff; each sign-in gets a password of its own."""
    agencies = {
        name: Agency(name=name, sector=sector, telephone=f"01632 9603{number:02d}")
        for number, (name, sector) in enumerate(AGENCIES.items())
    }
    session.add_all(agencies.values())
    session.flush()
    for each in agencies.values():
        grants.lay_usual(session, each, now=now - SINCE)
    teams = {
        name: Team(
            agency_id=agencies[agency].id,
            name=name,
            role=role,
            area="Westmere",
            hours=hours,
            telephone=f"01632 9604{number:02d}",
            email=f"{name.lower().replace(' ', '.')}@{DOMAIN}",
            staffed_all_hours=all_hours,
            receiving_centre=role is TeamRole.RECEIVING_CENTRE,
        )
        for number, (agency, name, role, hours, all_hours) in enumerate(TEAMS)
    }
    session.add_all(teams.values())
    session.flush()
    staff = {}
    for number, (name, job_title, agency, names, role) in enumerate(STAFF):
        person = Staff(
            agency_id=agencies[agency].id,
            name=name,
            job_title=job_title,
            email=address(name),
            telephone=f"01632 9605{number:02d}",
            role=role,
            password_hash=passwords.hashed(password(secrets, name)) if name in SIGN_INS else None,
        )
        session.add(person)
        session.flush()
        period = Range(now - SINCE, None)
        session.add_all(
            TeamMember(team_id=teams[each].id, staff_id=person.id, period=period) for each in names
        )
        staff[name] = person
    session.flush()
    session.add_all(
        _rota(teams[name], [staff[who] for who in people], hours, now - SINCE)
        for name, people, *hours in ROTAS
    )
    session.flush()
    return Westmere(agencies, teams, staff)


def _rota(team: Team, people: list[Staff], hours: list[str], since: datetime) -> TeamRota:
    monday = since.date() - timedelta(days=since.weekday())
    layer = {
        "name": "Weeks",
        "people": [str(each.uuid) for each in people],
        "starts": monday.isoformat(),
        "turn_days": 7,
        "changes_at": hours[0],
        "hours": [{"from": hours[0], "to": hours[1]}],
    }
    return TeamRota(team_id=team.id, zone=UK, layers=[layer])


def address(name: str) -> str:
    """The e-mail address that somebody signs in with."""
    return f"{name.lower()}@{DOMAIN}"


def password(secrets: Secrets, name: str) -> str:
    """The password of a demo sign-in: made once for this installation, never the same on two."""
    return secrets.keep(f"demo.{name.lower()}")[:16]
