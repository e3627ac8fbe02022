"""One person on one page: who they are, their plan in short, who cares, kit, home, who may see what."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.web import essentials
from app.web.words import clock, day, initial_capital
from care_plans.models.goals import ActionStatus, GoalStatus
from care_plans.plan import shared
from care_plans.plan.whole import GoalRead, PlanRead
from devices import expected, own_kit, registry
from devices.expected import Expected
from devices.joining_models import OwnKit
from devices.models import Device, HeardState
from devices.registry import Kit
from people import about_me, cards, care_teams, contacts, identity, looks, people
from people.access import Extent, RecordClass, Sees
from people.care_teams import Caring
from people.households import Household
from people.models.people import Contact, Person, ResponderCard

LOOKED_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PersonShown:
    """Who they are: see person.html."""

    uuid: UUID
    name: str
    first_name: str
    age: int | None
    born: date | None
    address: str | None
    nhs_number: str | None
    about: str
    warnings: tuple[str, ...]
    labels: tuple[str, ...]
    matters: str | None
    telephone: str | None
    contact_shown: bool


@dataclass(frozen=True, slots=True)
class GoalShown:
    """How one goal stands: see goals in _parts/lists.html."""

    words: str
    said: str
    percent: int | None
    going: str


@dataclass(frozen=True, slots=True)
class PlanBrief:
    """The plan in short; `extent` is how much of it is shown, `goals` how many there are."""

    extent: Extent
    goals: int
    review_words: str
    review_late: bool
    actions_open: int


@dataclass(frozen=True, slots=True)
class Carer:
    """A team, or somebody near: see team in _parts/lists.html."""

    name: str
    role: str
    telephone: str | None
    lead: bool = False


@dataclass(frozen=True, slots=True)
class HomeKit:
    """A piece of kit in the home: see home_kit in _parts/lists.html."""

    uuid: UUID | None
    name: str
    serves: str | None
    last_at: datetime | None
    state: str
    state_words: str
    battery: int | None
    own: str | None = None


@dataclass(frozen=True, slots=True)
class HomeShown:
    """Where they live, and how to get in."""

    address: str
    tenure: str | None
    access: str | None
    others: tuple[str, ...]
    has_code: bool


def shown(
    session: Session,
    person: Person,
    household: Household,
    plan: PlanRead | None,
    now: datetime,
    zone: str,
    sees: Sees,
) -> PersonShown:
    """Who they are, what to know before speaking with them, and what matters to them, as far as shared.

    Name, address and what a responder must know are shown to everybody in whose sight they are (H11).
    """
    numbers, words = people.numbers(session, person), about_me.find(session, person)
    if sees[RecordClass.CONTACT] is not Extent.FULL:
        numbers, words = people.Numbers(None, None), None
    return PersonShown(
        uuid=person.uuid,
        name=essentials.name_of(person),
        first_name=essentials.first_name(person),
        age=essentials.age_of(person.date_of_birth, now, zone),
        born=person.date_of_birth,
        address=essentials.address_of(household.home),
        nhs_number=identity.spaced_nhs_number(numbers.nhs_number) if numbers.nhs_number else None,
        about=essentials.sentences(essentials.living(household)),
        warnings=_warnings(person, cards.find(session, person)),
        labels=_labels(plan, sees),
        contact_shown=sees[RecordClass.CONTACT] is Extent.FULL,
        matters=words.most_important if words else None,
        telephone=identity.spaced_telephone(numbers.telephone) if numbers.telephone else None,
    )


def brief(plan: PlanRead, now: datetime, zone: str, extent: Extent = Extent.FULL) -> PlanBrief:
    """When it is to be reviewed, and how much is still to be done."""
    review_on = plan.version.review_on
    open_ = (ActionStatus.PLANNED, ActionStatus.UNDER_WAY)
    actions = [one.action for goal in plan.goals for one in goal.actions]
    return PlanBrief(
        extent=extent,
        goals=len(plan.goals),
        review_words=review_words(review_on, now, zone),
        review_late=review_on is not None and review_on < now.date(),
        actions_open=sum(action.status in open_ for action in actions),
    )


def review_words(review_on: date | None, now: datetime, zone: str) -> str:
    """For example "Review due Thursday 2 December."."""
    if review_on is None:
        return "No review is set."
    due = "was due" if review_on < now.date() else "due"
    return f"Review {due} {day(review_on, now, zone)}."


def goal(read: GoalRead) -> GoalShown:
    """How a goal stands, as last seen."""
    progress = read.progress
    if progress is None:
        return GoalShown(read.goal.text, "Not known yet", None, "unknown")
    percent = None
    if progress.done is not None and progress.of:
        percent = min(100, round(100 * progress.done / progress.of))
    going = {
        GoalStatus.ACHIEVED: "well",
        GoalStatus.PROGRESSING: "well",
        GoalStatus.NOT_PROGRESSING: "slow",
        GoalStatus.GIVEN_UP: "slow",
    }.get(progress.status, "unknown")
    status = initial_capital(progress.status.value.replace("_", " "))
    said = progress.words or status
    if progress.words and progress.by_staff_id is not None:
        said = f"{status}: {progress.words}"
    return GoalShown(read.goal.text, said, percent, going)


def around(session: Session, person: Person, now: datetime, sees: Sees) -> tuple[Carer, ...]:
    """The teams that care, the lead first, then family, friends and neighbours where they are shared."""
    caring = [_team(each) for each in care_teams.around(session, person, now)]
    if sees[RecordClass.CONTACT] is not Extent.FULL:
        return tuple(caring)
    near = [_contact(session, each) for each in contacts.list_contacts(session, person)]
    return (*caring, *near)


def kit(
    session: Session,
    person: Person,
    household: Household,
    plan: PlanRead | None,
    now: datetime,
    zone: str,
    sees: Sees,
) -> tuple[HomeKit, ...]:
    """The kit that is with them, worst heard first; without names where only its sort is shared.

    That a piece is late or missing is told to all (H6).
    """
    homes = [household.home.id] if household.home else []
    found = registry.list_kit(session, now, people=[person.id], homes=homes)
    due = {each.device_id: each for each in expected.list_of_kit(session, [one.device.id for one in found])}
    plan_shown = sees[RecordClass.PLAN] is Extent.FULL
    goals = {one.goal.key: one.goal.text for one in plan.goals} if plan and plan_shown else {}
    rows = [_kit(one, due.get(one.device.id), goals, now, zone) for one in found]
    owns = own_kit.of_devices(session, [one.device.id for one in found])
    rows = [
        row if (own := owns.get(one.device.id)) is None else replace(row, own=_own(own, now))
        for one, row in zip(found, rows, strict=True)
    ]
    if sees[RecordClass.SAFETY_EVENTS] is not Extent.FULL:
        rows = [replace(one, uuid=None, name="A piece of kit", serves=None, own=None) for one in rows]
    order = {"missing": 0, "late": 1, "never": 2, "heard": 3}
    return tuple(sorted(rows, key=lambda one: order[one.state]))


def _own(own: OwnKit, now: datetime) -> str:
    return "their own, checked" if own_kit.is_checked(own, now) else "their own, not yet checked"


def kit_name(device: Device) -> str:
    """What a piece of kit is called, with its room where its name does not say it: "Motion, hall"."""
    room = device.room.lower() if device.room else ""
    return device.name if room in device.name.lower() else f"{device.name}, {room}"


def home(household: Household, card: ResponderCard | None) -> HomeShown | None:
    """Where they live; None where we know of no home."""
    place = household.home
    if place is None:
        return None
    ways = [words for words in (place.access_notes, card.access if card else None) if words]
    return HomeShown(
        address=essentials.address_of(place) or "",
        tenure=essentials.HOMES[place.tenure.value],
        access=essentials.sentences(*ways) or None,
        others=essentials.others_in(household),
        has_code=place.key_safe_sealed is not None,
    )


def looked(session: Session, person: Person, now: datetime) -> int:
    """How many staff looked in the last 30 days."""
    return looks.count_lookers(session, person, now - LOOKED_WITHIN)


def _labels(plan: PlanRead | None, sees: Sees) -> tuple[str, ...]:
    extent = sees[RecordClass.PLAN]
    if plan is None or extent is Extent.CHECK:
        return ()
    if extent is Extent.CATEGORY:
        return (f"Plan v{plan.version.number}",)
    return tuple(f"{one.title}, plan v{plan.version.number}" for one in shared.named(plan, sees).pathways)


def _warnings(person: Person, card: ResponderCard | None) -> tuple[str, ...]:
    told = []
    if card is not None:
        told += ["Home oxygen"] if card.home_oxygen else []
        told += ["End of life care"] if card.end_of_life else []
        told += [f"Infection: {card.infection}"] if card.infection else []
    told += essentials.speaking(
        person.communication_needs, person.language, interpreter_needed=person.interpreter_needed
    )
    return tuple(told)


def _team(each: Caring) -> Carer:
    telephone = each.team.telephone or each.agency.telephone
    hours = f", {each.team.hours}" if each.team.hours else ""
    return Carer(
        each.team.name,
        f"{each.agency.name}{hours}",
        identity.spaced_telephone(telephone) if telephone else None,
        each.lead,
    )


def _contact(session: Session, each: Contact) -> Carer:
    told = [initial_capital(each.relation or "contact"), "key holder" if each.key_holder else ""]
    told.append(f"{each.minutes_away} min away" if each.minutes_away is not None else "")
    telephone = contacts.telephone(session, each)
    return Carer(
        each.name, ", ".join(filter(None, told)), identity.spaced_telephone(telephone) if telephone else None
    )


def _kit(one: Kit, due: Expected | None, goals: dict[str, str], now: datetime, zone: str) -> HomeKit:
    word, assignment = one.word, one.assignment
    heard_at = word.heard_at if word else None
    state = "heard" if heard_at else "never"
    words = ""
    if due is not None and heard_at is not None and due.state is not HeardState.HEARD:
        state = due.state.value
        words = f"was to be heard by {clock(due.due_at, now, zone)}"
    battery = round(word.battery) if word and word.battery is not None else None
    served = assignment.goal_key if assignment else None
    return HomeKit(
        uuid=one.device.uuid,
        name=kit_name(one.device),
        serves=goals.get(served or "") or (assignment.purpose if assignment else None),
        last_at=heard_at,
        state=state,
        state_words=words,
        battery=battery,
    )
