"""A person put on a pathway: the pathway laid into their one plan and, unless asked otherwise, published."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.models.plans import PlanVersion
from care_plans.pathways import naming, reading
from care_plans.pathways.shape import Pathway
from care_plans.plan import apply, drafts, publish
from core import journal
from core.journal import Actor
from people.models.agencies import Staff
from people.models.people import Person


def reason(pathway: Pathway) -> str:
    """Why the version there is changed: told to all who see the plan, without a name that says too much."""
    return f"Enrolled on {naming.title(pathway.code, pathway.title, None)}"


def enrol(
    session: Session,
    person: Person,
    pathway_code: str,
    *,
    by: Staff,
    now: datetime,
    publish_now: bool = True,
    agreed_with: str | None = None,
) -> PlanVersion:
    """Lay the pathway into the person's plan.

    NotFound for an unknown pathway, Conflict when the plan follows it already, Invalid when a team is missing
    or the plan can't be published. Returns the version: in force, or still a draft.
    """
    pathway = reading.get(pathway_code)
    draft = drafts.open_draft(session, person, by)
    apply.lay(session, draft, person, pathway, now)
    journal.write(
        session,
        "enrolled",
        actor=Actor(by.name, by.id),
        subject="plan",
        subject_uuid=draft.uuid,
        person_id=person.id,
        details={"pathway": pathway.code, "pathway_version": pathway.version},
    )
    if not publish_now:
        return draft
    return publish.publish(session, person, by=by, now=now, reason=reason(pathway), agreed_with=agreed_with)
