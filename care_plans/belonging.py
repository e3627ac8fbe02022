"""What a file is said to belong to has to be that person's own: a form, a referral, a wish, a plan."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import Plan, PlanVersion
from care_plans.models.referrals import Referral
from core.errors import Invalid
from people.models.attachments import BelongsTo
from people.models.forms import FilledForm
from people.models.people import Person
from people.models.sharing import SharingChoice
from people.models.wishes import Wish

OF_ANOTHER = "This is not one of this person's."
KEPT_IN: Mapping[BelongsTo, type[Any]] = {
    BelongsTo.PLAN: Plan,
    BelongsTo.FORM: FilledForm,
    BelongsTo.REFERRAL: Referral,
    BelongsTo.CHOICE: SharingChoice,
    BelongsTo.ADVANCE_DECISION: Wish,
}


def refuse_others(session: Session, person: Person, given: Mapping[str, Any]) -> None:
    """Invalid at `belongs_to_uuid` where it names nothing of its kind that is this person's."""
    uuid = given.get("belongs_to_uuid")
    if uuid and not _is_theirs(session, person, BelongsTo(given.get("belongs_to") or BelongsTo.PERSON), uuid):
        raise Invalid({"belongs_to_uuid": OF_ANOTHER})


def _is_theirs(session: Session, person: Person, kind: BelongsTo, uuid: UUID) -> bool:
    if kind is BelongsTo.PERSON:
        return uuid == person.uuid
    table = KEPT_IN[kind]
    found = session.scalar(select(table.id).where(table.uuid == uuid, table.person_id == person.id))
    if found is None and kind is BelongsTo.PLAN:  # a version of it will do too
        versions = select(PlanVersion.id).join(Plan, Plan.id == PlanVersion.plan_id)
        found = session.scalar(versions.where(PlanVersion.uuid == uuid, Plan.person_id == person.id))
    return found is not None
