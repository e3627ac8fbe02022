"""The people every test knows: Ada and Ben are cared for, others care, Mallory may see nothing."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core.db import clock_of, vault_of
from people import grants
from people.models.agencies import Agency, Role, Sector, Staff, Team, TeamMember, TeamRole
from people.models.caring import CareTeam
from people.models.homes import Home, Residency, Tenure
from people.models.people import AboutMe, Contact, Person, ResponderCard, Sex


@dataclass
class Cast:
    """Everybody, by name."""

    hub: Agency
    health: Agency
    social: Agency
    housing: Agency
    neighbours: Agency
    receiving: Agency
    stranger_agency: Agency
    coordinators: Team
    nurses: Team
    social_workers: Team
    landlord: Team
    befrienders: Team
    centre: Team
    strangers: Team
    cora: Staff
    dev: Staff
    hana: Staff
    sol: Staff
    vi: Staff
    mallory: Staff
    ada: Person
    ben: Person
    ada_home: Home
    ben_home: Home


def make(session: Session) -> Cast:
    """Lay the cast down: Ada and Ben with their homes, in the care of Cora, Dev, Hana and Sol."""
    since = Range(clock_of(session).now() - timedelta(days=400), None)

    def agency(name: str, sector: Sector) -> Agency:
        row = Agency(name=name, sector=sector)
        session.add(row)
        session.flush()
        grants.lay_usual(session, row, now=clock_of(session).now() - timedelta(days=400))
        return row

    def team(of: Agency, name: str, role: TeamRole, *, all_hours: bool = False, centre: bool = False) -> Team:
        row = Team(
            agency_id=of.id,
            name=name,
            role=role,
            area="Westmere",
            telephone="01632960100",
            email=f"{name.lower().replace(' ', '.')}@westmere.example",
            staffed_all_hours=all_hours,
            receiving_centre=centre,
        )
        session.add(row)
        session.flush()
        return row

    def staff(name: str, of: Agency, role: Role, *teams: Team) -> Staff:
        row = Staff(agency_id=of.id, name=name, email=f"{name.lower()}@westmere.example", role=role)
        session.add(row)
        session.flush()
        session.add_all(TeamMember(team_id=each.id, staff_id=row.id, period=since) for each in teams)
        return row

    def person(
        given: str, family: str, born: date, sex: Sex, line: str, number: int, tenure: Tenure
    ) -> tuple[Person, Home]:
        vault = vault_of(session)
        row = Person(
            given_name=given,
            family_name=family,
            date_of_birth=born,
            sex=sex,
            telephone_sealed=vault.seal(f"+44163296011{number}"),
            telephone_blind=vault.blind(f"+44163296011{number}"),
            gp_practice_code="A81001",
        )
        home = Home(
            address_line=line,
            locality="Westmere",
            postcode="WM1 1AA",
            area="Westmere",
            tenure=tenure,
            uprn=f"10002333695{number}",
            landlord_agency_id=housing.id,
            key_safe_sealed=vault.seal("4711"),
        )
        session.add_all([row, home])
        session.flush()
        session.add(Residency(person_id=row.id, home_id=home.id, period=since))
        session.add(
            ResponderCard(person_id=row.id, home_oxygen=given == "Ada", mobility="Walks with a frame")
        )
        for each in (coordinators, nurses, social_workers, landlord, centre):
            session.add(CareTeam(person_id=row.id, team_id=each.id, lead=each is coordinators, period=since))
        return row, home

    hub = agency("Westmere Hub", Sector.SOCIAL_CARE)
    health = agency("Westmere Health", Sector.HEALTH)
    social = agency("Westmere Council", Sector.SOCIAL_CARE)
    housing = agency("Westmere Homes", Sector.HOUSING)
    neighbours = agency("Neighbourly", Sector.THIRD_SECTOR)
    receiving = agency("Allhours Care Line", Sector.PRIVATE)
    stranger_agency = agency("Faraway Care", Sector.PRIVATE)
    coordinators = team(hub, "Coordinators", TeamRole.COORDINATOR)
    nurses = team(health, "Community nurses", TeamRole.COMMUNITY_NURSING)
    social_workers = team(social, "Adult social work", TeamRole.SOCIAL_WORK)
    landlord = team(housing, "Homes and repairs", TeamRole.HOUSING_OFFICER)
    befrienders = team(neighbours, "Befrienders", TeamRole.VOLUNTEERS)
    centre = team(receiving, "Receiving centre", TeamRole.RECEIVING_CENTRE, all_hours=True, centre=True)
    strangers = team(stranger_agency, "Faraway team", TeamRole.COORDINATOR)
    cora = staff("Cora", hub, Role.COORDINATOR, coordinators)
    dev = staff("Dev", health, Role.CLINICIAN, nurses)
    hana = staff("Hana", housing, Role.PRACTITIONER, landlord)
    sol = staff("Sol", social, Role.PRACTITIONER, social_workers)
    vi = staff("Vi", neighbours, Role.VOLUNTEER, befrienders)
    mallory = staff("Mallory", stranger_agency, Role.COORDINATOR, strangers)
    ada, ada_home = person(
        "Ada", "Marsh", date(1948, 5, 4), Sex.FEMALE, "14 Orchard Row", 4, Tenure.SOCIAL_RENT
    )
    ben, ben_home = person(
        "Ben", "Okafor", date(1942, 2, 11), Sex.MALE, "Mill Court 3", 5, Tenure.SOCIAL_RENT
    )
    session.add(
        Contact(person_id=ada.id, name="Beth Marsh", relation="daughter", key_holder=True, minutes_away=10)
    )
    session.add(
        AboutMe(
            person_id=ada.id,
            most_important="My Thursday lunch club and my own front door.",
            written_at=clock_of(session).now(),
        )
    )
    session.flush()
    return Cast(
        hub, health, social, housing, neighbours, receiving, stranger_agency,
        coordinators, nurses, social_workers, landlord, befrienders, centre, strangers,
        cora, dev, hana, sol, vi, mallory, ada, ben, ada_home, ben_home,
    )  # fmt: skip
