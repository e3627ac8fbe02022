"""What there is of a person, class by class, in short lines, no more than some team sees.

An extract is a list of {"class", "title", "extent", "lines"}. It is kept as it was made: what a referral
shows before it is accepted, and what a team that stops caring may still read.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.goals import Action, ActionStatus, Goal
from care_plans.models.plans import PlanPathway, PlanVersion
from care_plans.models.work import FollowUp
from care_plans.pathways import naming
from care_plans.plan import drafts
from care_plans.severity import Class
from core.db import vault_of
from people import about_me, cards, contacts, identity
from people.access import Extent, RecordClass, Sees
from people.models.agencies import Agency, Team
from people.models.homes import Home, Residency
from people.models.people import Person

Lines = list[str]
TITLES: Mapping[RecordClass, str] = {
    RecordClass.CONTACT: "Who they are and how to reach them",
    RecordClass.PLAN: "Plan and goals",
    RecordClass.VITALS: "Readings and clinical alerts",
    RecordClass.SAFETY_EVENTS: "Safety: falls, pendant, smoke, gas",
    RecordClass.HOME_ENVIRONMENT: "The home: cold, damp, air",
    RecordClass.NOTES: "Open work",
}
"""The classes that an extract tells of; others are read on the person's page by whoever cares for them."""
OFFERED = tuple(TITLES)
ALWAYS = RecordClass.CONTACT
"""Who it is and what is dangerous at the door go with every referral."""
OF_ALERTS: Mapping[RecordClass, tuple[Class, ...]] = {
    RecordClass.VITALS: (Class.CLINICAL,),
    RecordClass.SAFETY_EVENTS: (Class.LIFE_SAFETY,),
    RecordClass.HOME_ENVIRONMENT: (Class.HOME_SOCIAL,),
}
MANY = 8  # lines of one class at most


def make(
    session: Session, person: Person, seen: Sees, now: datetime, classes: Collection[RecordClass] = OFFERED
) -> list[dict[str, Any]]:
    """The extract for somebody who sees this much, of these classes and always of who it is."""
    wanted = [each for each in OFFERED if each in classes or each is ALWAYS]
    return [_part(session, person, each, seen[each], now) for each in wanted]


def narrowed(extract: Sequence[Mapping[str, Any]], seen: Sees) -> list[dict[str, Any]]:
    """An extract made before, for those who by now see less: never more than it says."""
    found = []
    for part in extract:
        extent = min(Extent(part["extent"]), seen[RecordClass(part["class"])], key=lambda each: each.rank)
        lines = part["lines"] if extent is Extent(part["extent"]) else _in_place_of(extent, part["title"])
        found.append({**part, "extent": extent.value, "lines": lines})
    return found


def address_of(home: Home | None) -> str | None:
    """On one line: "14 Orchard Row, Westmere, WM1 1AA"."""
    return ", ".join(filter(None, (home.address_line, home.locality, home.postcode))) if home else None


def home_of(session: Session, person_id: int | None, now: datetime) -> Home | None:
    """Where the person lives at `now`."""
    return session.scalar(
        select(Home)
        .join(Residency, Residency.home_id == Home.id)
        .where(Residency.person_id == person_id, Residency.period.contains(now))
    )


def name_of(person: Person) -> str:
    """The name to speak of somebody by, with their family name."""
    return f"{person.preferred_name or person.given_name} {person.family_name}"


def _part(
    session: Session, person: Person, record_class: RecordClass, extent: Extent, now: datetime
) -> dict[str, Any]:
    title = TITLES[record_class]
    if record_class is ALWAYS:
        lines = _who(session, person, extent, now)
    elif extent is Extent.FULL:
        lines = _FULL[record_class](session, person, now)[:MANY] or ["Nothing recorded."]
    else:
        lines = _in_place_of(extent, title)
    return {"class": record_class.value, "title": title, "extent": extent.value, "lines": lines}


def _in_place_of(extent: Extent, title: str) -> Lines:
    if extent is Extent.CATEGORY:
        return [f"There is a record of this sort ({title.lower()}); what it says is not shared."]
    return ["Not shared. Check on the person."]


def _who(session: Session, person: Person, extent: Extent, now: datetime) -> Lines:
    """Name, address and what is dangerous at the door, which nobody is sent without (H11, H22)."""
    home, card = home_of(session, person.id, now), cards.find(session, person)
    born = person.date_of_birth
    lines = [f"{name_of(person)}, born {born.day} {born:%B %Y}", address_of(home) or "No address recorded"]
    lines += ["Home oxygen: no naked flame, no smoking"] if card and card.home_oxygen else []
    lines += [f"Infection: {card.infection}"] if card and card.infection else []
    lines += [f"Dog: {card.dog}"] if card and card.dog else []
    if person.interpreter_needed:
        lines.append(f"Interpreter needed{f': {person.language}' if person.language else ''}")
    lines += [person.communication_needs] if person.communication_needs else []
    if extent is not Extent.FULL:
        return lines
    if person.telephone_sealed:
        own = vault_of(session).open(person.telephone_sealed)
        lines.append(f"Telephone {identity.spaced_telephone(own)}")
    for one in contacts.list_contacts(session, person):
        number = contacts.telephone(session, one)
        reached = f", {identity.spaced_telephone(number)}" if number else ""
        keys = ", holds a key" if one.key_holder else ""
        lines.append(f"{one.name} ({one.relation or 'contact'}){reached}{keys}")
    return lines


def _plan(session: Session, person: Person, _now: datetime) -> Lines:
    version = drafts.find_published(session, person)
    if version is None:
        return ["No plan yet."]
    said = about_me.find(session, person)
    lines = [_titled(session, version)]
    lines += [f"What matters to them: {said.most_important}"] if said and said.most_important else []
    goals = session.scalars(select(Goal).where(Goal.version_id == version.id).order_by(Goal.id))
    lines += [f"Goal: {goal.text}" for goal in goals]
    rows = session.execute(
        select(Action.text, Agency.name)
        .join(Agency, Agency.id == Action.agency_id)
        .where(Action.version_id == version.id)
        .where(Action.status.in_((ActionStatus.PLANNED, ActionStatus.UNDER_WAY)))
        .order_by(Action.id)
    )
    return lines + [f"To do: {text} ({agency})" for text, agency in rows]


def _titled(session: Session, version: PlanVersion) -> str:
    rows = session.execute(
        select(PlanPathway.pathway, PlanPathway.title)
        .where(PlanPathway.version_id == version.id)
        .order_by(PlanPathway.id)
    )
    named = ", ".join(naming.title(code, title, None) for code, title in rows)
    agreed = f", agreed with {version.agreed_with}" if version.agreed_with else ""
    return f"Plan version {version.number}{f' ({named})' if named else ''}{agreed}"


def _alerts(record_class: RecordClass) -> Callable[[Session, Person, datetime], Lines]:
    def of(session: Session, person: Person, now: datetime) -> Lines:
        home = home_of(session, person.id, now)
        rows = session.scalars(
            select(Alert)
            .where(
                or_(Alert.person_id == person.id, Alert.home_id == (home.id if home else None)),
                Alert.closed_at.is_(None),
                Alert.class_.in_(OF_ALERTS[record_class]),
            )
            .order_by(Alert.began_at)
        )
        return [
            f"Open since {row.began_at:%d %B %Y %H:%M} UTC, {row.severity.value}: {row.words}" for row in rows
        ]

    return of


def _work(session: Session, person: Person, _now: datetime) -> Lines:
    rows = session.execute(
        select(FollowUp.text, FollowUp.due_at, Team.name)
        .join(Team, Team.id == FollowUp.team_id)
        .where(FollowUp.person_id == person.id, FollowUp.done_at.is_(None), FollowUp.deleted_at.is_(None))
        .order_by(FollowUp.due_at)
    )
    return [f"{text} ({team}, due {due:%d %B %Y})" for text, due, team in rows]


_FULL: Mapping[RecordClass, Callable[[Session, Person, datetime], Lines]] = {
    RecordClass.PLAN: _plan,
    RecordClass.NOTES: _work,
    **{each: _alerts(each) for each in OF_ALERTS},
}
