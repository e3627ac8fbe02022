"""Three people of Westmere whom another agency wrote down a second time, and one warning about a visit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.demo.agencies import Westmere
from app.demo.households import Laid
from core.db import clock_of, vault_of
from people import likeness, signing_in, visit_warnings
from people.models.caring import CareTeam
from people.models.homes import Home, Residency, Tenure
from people.models.people import Person

SINCE = timedelta(days=21)
EVERYBODY = 10_000


@dataclass(frozen=True, slots=True)
class Again:
    """How somebody stands in the second record: the slips that were made, and whose teams they are."""

    slip: Callable[[Person], dict[str, object]]
    teams: tuple[str, ...]
    telephone: bool
    same_home: bool


def lay(session: Session, westmere: Westmere, laid: list[Laid], now: datetime) -> None:
    """Write three of them down again, and warn of a visit to a fourth."""
    people = [one.people[0] for one in laid[:4]]
    for person, again in zip(people, SECOND, strict=False):
        _write_again(session, westmere, person, again, now)
    warned = people[-1]
    sol = signing_in.viewer_of(session, westmere.staff["Sol"], now)
    visit_warnings.add(
        session,
        {
            "words": "Loose dog in the yard: ring first, and wait at the gate.",
            "evidence": "A carer was knocked over on 9 November; the family shuts the dog in when they know.",
            "owner_team_id": westmere.teams["Adult social work"].id,
            "review_on": (now + timedelta(days=60)).date(),
        },
        by=sol,
        now=now - timedelta(days=12),
        person=warned,
    )
    likeness.step(session, clock_of(session).now(), limit=EVERYBODY)


def _write_again(session: Session, westmere: Westmere, person: Person, again: Again, now: datetime) -> None:
    vault = vault_of(session)
    values: dict[str, object] = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "date_of_birth": person.date_of_birth,
        "sex": person.sex,
        "language": person.language,
    }
    row = Person(**(values | again.slip(person)))
    if again.telephone and person.telephone_sealed is not None:
        number = vault.open(person.telephone_sealed)
        row.telephone_sealed, row.telephone_blind = vault.seal(number), vault.blind(number)
    session.add(row)
    session.flush()
    period = Range(now - SINCE, None)
    session.add_all(
        CareTeam(person_id=row.id, team_id=westmere.teams[name].id, lead=number == 0, period=period)
        for number, name in enumerate(again.teams)
    )
    if again.same_home:
        home_id = _home_of(session, person, now)
    else:
        home = Home(address_line="2 Quayside Court", postcode="WM2 4AB", tenure=Tenure.OTHER)
        session.add(home)
        session.flush()
        home_id = home.id
    session.add(Residency(person_id=row.id, home_id=home_id, period=period))
    session.flush()


def _home_of(session: Session, person: Person, now: datetime) -> int:
    lives = select(Residency.home_id).where(Residency.person_id == person.id, Residency.period.contains(now))
    return session.scalars(lives).one()


def _turned(born: date) -> date:
    """Day and month the other way round, where that is a day; else a digit of the year wrong."""
    return (
        born.replace(day=born.month, month=born.day) if born.day <= 12 else born.replace(year=born.year + 1)
    )


SECOND = (
    Again(
        slip=lambda person: {"date_of_birth": _turned(person.date_of_birth)},
        teams=("Westmere hub", "Befrienders"),
        telephone=True,
        same_home=True,
    ),
    Again(
        slip=lambda person: {"family_name": f"{person.family_name}e"},
        teams=("Westmere hub",),
        telephone=True,
        same_home=False,
    ),
    Again(
        slip=lambda _person: {},
        teams=("Practice team",),
        telephone=True,
        same_home=True,
    ),
)
