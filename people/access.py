"""What a role may do, and how much of a record an agency sees; who is in sight is in `people.visible`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID


class Need(StrEnum):
    """What a page or an endpoint asks of whoever opens it: a thing, and what is done to it."""

    AGENCIES_READ = "agencies:read"
    AGENCIES_WRITE = "agencies:write"
    STAFF_READ = "staff:read"
    STAFF_WRITE = "staff:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    HOMES_READ = "homes:read"
    HOMES_WRITE = "homes:write"
    READINGS_READ = "readings:read"
    READINGS_WRITE = "readings:write"
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    PATHWAYS_SWITCH = "pathways:switch"
    ALERTS_READ = "alerts:read"
    ALERTS_ACT = "alerts:act"
    FOLLOW_UPS_READ = "follow-ups:read"
    FOLLOW_UPS_ACT = "follow-ups:act"
    KIT_READ = "kit:read"
    KIT_WRITE = "kit:write"
    REJECTED_READ = "rejected:read"
    REJECTED_ACT = "rejected:act"
    OUTCOMES_READ = "outcomes:read"
    OUTBOX_READ = "outbox:read"
    PATHWAYS_READ = "pathways:read"
    REFERRALS_READ = "referrals:read"
    REFERRALS_ACT = "referrals:act"
    FORMS_READ = "forms:read"
    FORMS_WRITE = "forms:write"
    PEOPLE_MERGE = "people:merge"
    PEOPLE_OVERRIDE = "people:override"
    SHARING_READ = "sharing:read"
    SHARING_WRITE = "sharing:write"
    CHOICES_WRITE = "choices:write"
    AUTHORITY_READ = "authority:read"
    AUTHORITY_WRITE = "authority:write"
    CONCERNS_READ = "concerns:read"
    CONCERNS_RAISE = "safeguarding:raise"
    PRIVACY_READ = "privacy:read"
    PRIVACY_ACT = "privacy:act"

    @property
    def acts(self) -> bool:
        """Whether meeting it changes something, so that it can never be met by opening a link (H8)."""
        return not self.value.endswith(":read")


class RecordClass(StrEnum):
    """What sort of record it is: sharing is agreed, permitted and dissented from class by class."""

    CONTACT = "contact"
    PLAN = "plan"
    VITALS = "vitals"
    MENTAL_HEALTH = "mental_health"
    ACTIVITY = "activity"
    """Movement, doors, sleep and location: what kit that watches tells (H17, H18)."""
    SAFETY_EVENTS = "safety_events"
    HOME_ENVIRONMENT = "home_environment"
    ENERGY = "energy"
    FINANCE = "finance"
    NOTES = "notes"
    RESTRICTED = "restricted"


class Purpose(StrEnum):
    """What a record may be used for; never for arrears, occupancy or tenancy enforcement (H21)."""

    CARE = "care"
    SAFETY = "safety"
    HOUSING_DUTY = "housing_duty"
    PLANNING = "planning"
    """Counting and planning services: opens no record, and has a consent of its own."""


class Extent(StrEnum):
    """How much of something is shown."""

    FULL = "full"
    CATEGORY = "category"
    """What sort of thing it is, without values or words."""
    CHECK = "check"
    """Only that somebody should check on the person, with the responder card."""

    @property
    def rank(self) -> int:
        """More is higher."""
        return (Extent.CHECK, Extent.CATEGORY, Extent.FULL).index(self)


EVERYONE = "everyone"  # the scope of the installation's own keys: everybody in sight, no role's limits

_DIRECTORY = frozenset({Need.AGENCIES_READ, Need.STAFF_READ, Need.SHARING_READ, Need.PATHWAYS_READ})
_SEES = _DIRECTORY | {
    Need.PEOPLE_READ,
    Need.HOMES_READ,
    Need.READINGS_READ,
    Need.PLANS_READ,
    Need.ALERTS_READ,
    Need.FOLLOW_UPS_READ,
    Need.KIT_READ,
}
_ANSWERS = _SEES | {Need.ALERTS_ACT, Need.FOLLOW_UPS_ACT, Need.CONCERNS_RAISE, Need.PEOPLE_OVERRIDE}
_CARES = _ANSWERS | {
    Need.REFERRALS_READ,
    Need.REFERRALS_ACT,
    Need.FORMS_READ,
    Need.FORMS_WRITE,
    Need.CHOICES_WRITE,
    Need.AUTHORITY_READ,
    Need.AUTHORITY_WRITE,
    Need.CONCERNS_READ,
    Need.PEOPLE_WRITE,
    Need.HOMES_WRITE,
    Need.READINGS_WRITE,
    Need.PLANS_WRITE,
    Need.KIT_WRITE,
    Need.OUTCOMES_READ,
    Need.OUTBOX_READ,
}

# Keys are the values of people.models.Role, written out because this module must not touch the tables.
MAY: Mapping[str, frozenset[Need]] = {
    "coordinator": _CARES | {Need.REJECTED_READ, Need.PEOPLE_MERGE},
    "clinician": _CARES | {Need.PATHWAYS_SWITCH},
    "practitioner": _CARES,
    "responder": _ANSWERS,
    "volunteer": frozenset({Need.FOLLOW_UPS_READ, Need.FOLLOW_UPS_ACT, Need.CONCERNS_RAISE}),
    "technician": _DIRECTORY
    | {Need.HOMES_READ, Need.KIT_READ, Need.KIT_WRITE, Need.REJECTED_READ, Need.REJECTED_ACT},
    "commissioner": frozenset({Need.AGENCIES_READ, Need.OUTCOMES_READ, Need.PATHWAYS_READ}),
    "administrator": _DIRECTORY
    | {
        Need.AGENCIES_WRITE,
        Need.STAFF_WRITE,
        Need.OUTCOMES_READ,
        Need.OUTBOX_READ,
        Need.REJECTED_READ,
        Need.SHARING_WRITE,
    },
    "privacy_officer": _DIRECTORY
    | {Need.PRIVACY_READ, Need.PRIVACY_ACT, Need.FOLLOW_UPS_READ, Need.FOLLOW_UPS_ACT},
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: a member of staff with the teams they are in now.

    `scopes` is what a REST token is limited to; None for somebody signed in. `everyone` belongs to a token
    that the installation's own operator made: it sees everybody, and its scopes alone limit what it may do.
    """

    staff_id: int
    staff_uuid: UUID
    name: str
    agency_id: int
    role: str
    team_ids: frozenset[int]
    everyone: bool = False
    scopes: frozenset[str] | None = None
    agency: str = ""


def may(viewer: Viewer, need: Need) -> bool:
    """Whether `viewer` may do what `need` asks, as far as role and scopes go."""
    if viewer.scopes is not None and need.value not in viewer.scopes:
        return False
    return viewer.everyone or role_may(viewer.role, need)


def role_may(role: str, need: Need) -> bool:
    """Whether somebody in `role` may do what `need` asks."""
    return need in MAY.get(role, frozenset())


def every_scope() -> frozenset[str]:
    """All that a token can be given, sight of everybody included."""
    return frozenset(need.value for need in Need) | {EVERYONE}


@dataclass(frozen=True, slots=True)
class Basis:
    """What an agency has a basis for; with `by_consent` only while the person permits it."""

    purpose: Purpose
    record_class: RecordClass
    extent: Extent
    by_consent: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person said: whether they permit it, to whom, for what, of which class; None stands for all."""

    permits: bool
    agency_id: int | None
    purpose: Purpose | None
    record_class: RecordClass | None
    said_at: datetime

    def speaks_of(self, agency_id: int, purpose: Purpose, record_class: RecordClass) -> bool:
        """Whether it is about this."""
        asked = ((self.agency_id, agency_id), (self.purpose, purpose), (self.record_class, record_class))
        return all(said is None or said == about for said, about in asked)

    @property
    def weight(self) -> tuple[int, datetime]:
        """The one that names more counts before one that names less, then the later one."""
        named = (self.agency_id, self.purpose, self.record_class)
        return (sum(each is not None for each in named), self.said_at)


Sees = Mapping[RecordClass, Extent]
"""How much somebody sees of each class of a person's record."""

SEES_ALL: Final[Sees] = {each: Extent.FULL for each in RecordClass if each is not RecordClass.RESTRICTED} | {
    RecordClass.RESTRICTED: Extent.CHECK
}
"""All but what is restricted, which is opened entry by entry to those who hold it, and by nothing else."""
SEES_LITTLE: Final[dict[RecordClass, Extent]] = dict.fromkeys(RecordClass, Extent.CHECK)

OPENS = (Purpose.CARE, Purpose.SAFETY, Purpose.HOUSING_DUTY)
"""The purposes that open a record; planning only counts."""

CEILING: Mapping[str, Sees] = {
    "volunteer": SEES_LITTLE | {RecordClass.CONTACT: Extent.FULL, RecordClass.PLAN: Extent.CATEGORY},
    "technician": SEES_LITTLE
    | {RecordClass.CONTACT: Extent.FULL, RecordClass.SAFETY_EVENTS: Extent.CATEGORY},
}
"""The most that a role sees, whatever its agency's basis."""


def sees(agency_id: int, role: str | None, bases: Iterable[Basis], choices: Collection[Choice]) -> Sees:
    """How much somebody of an agency, in a role (None: in any), sees of a person that they care for.

    The best of what the agency's bases give for each class; what the person dissents from makes it smaller,
    down to CHECK and never to nothing: work goes on. A basis that rests on consent gives nothing without it.
    """
    found = dict(SEES_LITTLE)
    for basis in bases:
        if basis.purpose not in OPENS or basis.record_class is RecordClass.RESTRICTED:
            continue
        if not permitted(agency_id, basis.purpose, basis.record_class, choices, asked=basis.by_consent):
            continue
        found[basis.record_class] = _more(found[basis.record_class], basis.extent)
    ceiling = CEILING.get(role or "", {})
    return {each: _less(extent, ceiling.get(each, extent)) for each, extent in found.items()}


def may_write(sees: Sees, record_class: RecordClass) -> bool:
    """Whether somebody may change what is recorded in a class: they must see what they write over or beside.

    So it is for what there is one of (how to reach them, who is around them, what they say of themselves,
    their plan). Somebody's own findings, a reading or a form, add to a record, and need no sight.
    """
    return sees[record_class] is Extent.FULL


def permitted(
    agency_id: int,
    purpose: Purpose,
    record_class: RecordClass,
    choices: Iterable[Choice],
    *,
    asked: bool = False,
) -> bool:
    """Whether the person's choices leave it open; `asked` when it needs their permission first."""
    about = [each for each in choices if each.speaks_of(agency_id, purpose, record_class)]
    return max(about, key=lambda each: each.weight).permits if about else not asked


def _more(one: Extent, other: Extent) -> Extent:
    return max(one, other, key=lambda each: each.rank)


def _less(one: Extent, other: Extent) -> Extent:
    return min(one, other, key=lambda each: each.rank)
