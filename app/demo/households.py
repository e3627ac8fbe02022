"""The households of Westmere as the care record knows them: people, homes, contacts, kit and who cares."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.demo import agreeing
from app.demo.agencies import Westmere
from core.db import clock_of, vault_of
from core.embedded.secrets import write_private
from core.journal import Actor
from core.zones import UK
from devices import assignments, registry
from devices.models import Device
from devices.simulator import places
from devices.simulator.house import Home as SimulatedHome
from devices.simulator.kit import About
from devices.simulator.places import Household, Member
from people import identity
from people.models.caring import CareTeam
from people.models.homes import Home, Residency, Tenure
from people.models.people import AboutMe, Contact, Person, ResponderCard, Sex

BY = Actor("demo place")
SINCE = timedelta(days=60)
AROUND = ("Westmere hub", "Community nurses", "Adult social work", "Receiving centre")


@dataclass(frozen=True, slots=True)
class Laid:
    """One household as it now stands in the record; `devices` are inner keys by kit suffix."""

    household: Household
    simulated: SimulatedHome
    home: Home
    people: list[Person]
    devices: dict[str, int]


def lay(session: Session, westmere: Westmere, count: int, now: datetime, secrets_file: Path) -> list[Laid]:
    """Lay down `count` households; the secrets of their kit go into `secrets_file` for the simulator."""
    secrets: dict[str, str] = {}
    laid = [
        _household(session, westmere, household, now, secrets) for household in places.households()[:count]
    ]
    write_private(
        secrets_file,
        json.dumps({"seeded_at": now.isoformat(), "homes": count, "secrets": secrets}, indent=1),
    )
    return laid


def _household(
    session: Session, westmere: Westmere, household: Household, now: datetime, secrets: dict[str, str]
) -> Laid:
    vault = vault_of(session)
    landlord = westmere.agencies.get(household.landlord or "")
    home = Home(
        uprn=household.uprn,
        address_line=household.address_line,
        locality=places.LOCALITY,
        postcode=household.postcode,
        area=household.area,
        tenure=Tenure(household.tenure),
        landlord_agency_id=landlord.id if landlord else None,
        access_notes=household.access_notes,
        key_safe_sealed=vault.seal(household.key_safe) if household.key_safe else None,
        telephone_line=household.telephone_line,
        time_zone=UK,
    )
    session.add(home)
    session.flush()
    people = [_person(session, westmere, member, home, household, now) for member in household.people]
    simulated = places.home_of(household, now)
    devices = _kit(session, westmere, simulated, home, people, now, secrets)
    return Laid(household, simulated, home, people, devices)


def _person(
    session: Session, westmere: Westmere, member: Member, home: Home, household: Household, now: datetime
) -> Person:
    vault = vault_of(session)
    nhs_number = identity.nhs_number(member.nhs_number)
    telephone = identity.telephone(member.telephone)
    person = Person(
        given_name=member.given_name,
        family_name=member.family_name,
        date_of_birth=member.date_of_birth,
        sex=Sex(member.sex),
        ethnicity=member.ethnicity,
        nhs_number_sealed=vault.seal(nhs_number),
        nhs_number_blind=vault.blind(nhs_number),
        telephone_sealed=vault.seal(telephone),
        telephone_blind=vault.blind(telephone),
        gp_practice_code=member.gp,
        gp_practice_name=places.PRACTICES.get(member.gp),
        language=member.language,
        interpreter_needed=member.interpreter_needed,
        communication_needs=member.communication_needs,
        disability=member.disability,
        digital_exclusion=member.digital_exclusion,
    )
    session.add(person)
    session.flush()
    session.add(AboutMe(person_id=person.id, written_at=now - SINCE, **member.about_me))
    session.add(
        Residency(person_id=person.id, home_id=home.id, period=Range(now - timedelta(days=2000), None))
    )
    session.add(ResponderCard(person_id=person.id, **member.card))
    _contact(session, member, person)
    around = [*AROUND, *(("Neighbourhood officers",) if household.landlord else ())]
    session.add_all(
        CareTeam(
            person_id=person.id,
            team_id=westmere.teams[name].id,
            lead=name == "Westmere hub",
            reason="Referred at the multi-agency meeting",
            period=Range(now - SINCE, None),
        )
        for name in around
    )
    session.flush()
    return person


def _contact(session: Session, member: Member, person: Person) -> None:
    vault = vault_of(session)
    said = dict(member.contact)
    telephone = said.pop("telephone", None)
    if telephone:
        number = identity.telephone(telephone)
        said |= {"telephone_sealed": vault.seal(number), "telephone_blind": vault.blind(number)}
    if said:
        session.add(Contact(person_id=person.id, **said))


def _kit(
    session: Session,
    westmere: Westmere,
    simulated: SimulatedHome,
    home: Home,
    people: list[Person],
    now: datetime,
    secrets: dict[str, str],
) -> dict[str, int]:
    """Enrol what stands in the home, hubs before their sensors, and assign it to whom it serves."""
    agency_id = westmere.agencies["Westmere Council"].id
    began = now - SINCE
    by_suffix: dict[str, Device] = {}
    for spec in sorted(simulated.kit, key=lambda each: each.hub is not None):
        given = {
            "name": spec.name,
            "model": spec.model,
            "room": spec.room,
            "life_safety": spec.life_safety,
        }
        if spec.hub is None:
            key = simulated.device_key(spec)
            enrolled = registry.enrol(session, given, now=began, actor=BY, agency_id=agency_id, key=key)
            device, secrets[key] = enrolled.device, enrolled.secret
        else:
            hub = by_suffix[spec.hub]
            device = registry.enrol_sensor(
                session, hub, spec.address or "", given, actor=BY, agency_id=agency_id
            )
        by_suffix[spec.key_suffix] = device
    about = {spec.key_suffix: spec for spec in simulated.kit}
    now_here = clock_of(session).now()
    watched = {
        device: people if about[suffix].about is About.HOME else [people[about[suffix].resident]]
        for suffix, device in by_suffix.items()
    }
    agreeing.agree_to(session, watched, by=westmere.staff["Sol"], actor=BY, now=now_here)
    for suffix, device in by_suffix.items():
        theirs = about[suffix].about is About.PERSON
        assignments.assign(
            session,
            device,
            start=now_here,
            now=now_here,
            actor=BY,
            person_id=people[about[suffix].resident].id if theirs else None,
            home_id=None if theirs else home.id,
        )
    return {suffix: device.id for suffix, device in by_suffix.items()}
