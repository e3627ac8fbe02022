"""What every page about a plan begins with: whose it is, how much of it the viewer sees, who they are."""

from uuid import UUID

from app import context
from app.web.forms import seen
from care_plans.models.plans import PlanVersion
from care_plans.plan import drafts, edits
from core.errors import NotAllowed
from core.zones import UK
from people import residencies, sharing, staff, visible
from people.access import Extent, Need, RecordClass, Sees, may
from people.models.agencies import Staff
from people.models.people import Person

NOT_SHARED = (
    "Your agency sees only its own part of this plan, so it can't change the whole. "
    "Ask whoever leads the care."
)


def person_of(person_id: UUID) -> Person:
    """The person, or NotFound."""
    return visible.get_person(context.session(), context.viewer(), person_id, context.now())


def extent_of(person: Person) -> Extent:
    """How much of the plan the viewer sees."""
    return sees_of(person)[RecordClass.PLAN]


def sees_of(person: Person) -> Sees:
    """How much the viewer sees of each class of the person's record."""
    return sharing.sees(context.session(), context.viewer(), person.id, context.now())


def editable(person_id: UUID) -> Person:
    """The person, for somebody who sees the whole plan and so may change it; NotAllowed for the others."""
    person = person_of(person_id)
    if extent_of(person) is not Extent.FULL:
        raise NotAllowed(NOT_SHARED)
    return person


def may_edit(person: Person) -> bool:
    """Whether the viewer may change this plan."""
    return may(context.viewer(), Need.PLANS_WRITE) and extent_of(person) is Extent.FULL


def me() -> Staff:
    """Who is signed in."""
    return staff.get(context.session(), context.viewer().staff_uuid)[0]


def zone_of(person: Person) -> str:
    """The time zone of the person's home."""
    home = residencies.find_home(context.session(), person, context.now())
    return home.time_zone if home else UK


def path(person: Person, more: str = "") -> str:
    """The address of the plan, or of a page under it."""
    return f"/people/{person.uuid}/plan{more}"


def version_to_edit(person: Person) -> PlanVersion | None:
    """What a form of the draft begins with: the draft, or else what is in force."""
    opened = context.session()
    return drafts.find_draft(opened, person) or drafts.find_published(opened, person)


def row_version(person: Person) -> int:
    """Which draft the page shows, to go with every change; 0 where there is none."""
    draft = drafts.find_draft(context.session(), person)
    return draft.version if draft else 0


def opened_draft(person: Person) -> PlanVersion:
    """The draft to be changed, made where there is none; Conflict when it is not the one the sender saw."""
    opened = context.session()
    edits.refuse_if_changed(opened, drafts.find_draft(opened, person), person, seen())
    return drafts.open_draft(opened, person, me())
