"""Who follows a pathway, as far as the viewer sees them and what its name gives away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import Plan, PlanPathway, PlanVersion, VersionState
from care_plans.pathways.shape import Pathway
from people import sharing, visible
from people.access import Extent, Need, Viewer, may
from people.models.people import Person


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody whose plan in force follows the pathway, by the version it was laid from."""

    uuid: UUID
    name: str
    version: int
    since: datetime | None


def list_followers(
    session: Session, viewer: Viewer, pathways: Iterable[Pathway], now: datetime
) -> Mapping[str, tuple[Follower, ...]] | None:
    """For each pathway who follows it, by name; None for a viewer whose role opens nobody's record.

    Left out are those of whom the viewer's agency sees less than all of what the pathway's name gives away.
    """
    if not may(viewer, Need.PEOPLE_READ):
        return None
    classes = {pathway.code: pathway.record_class for pathway in pathways}
    rows = session.execute(
        select(Person, PlanPathway.pathway, PlanPathway.pathway_version, PlanVersion.published_at)
        .join(Plan, Plan.person_id == Person.id)
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .join(PlanPathway, PlanPathway.version_id == PlanVersion.id)
        .where(
            PlanVersion.state == VersionState.PUBLISHED,
            PlanPathway.pathway.in_(classes),
            Person.id.in_(visible.person_ids(viewer, now)),
            Person.deleted_at.is_(None),
        )
        .order_by(Person.family_name, Person.given_name, Person.id)
    ).all()
    sees = sharing.sees_all(session, viewer, sorted({person.id for person, *_ in rows}), now)
    found: dict[str, list[Follower]] = {code: [] for code in classes}
    for person, code, version, since in rows:
        if sees[person.id][classes[code]] is Extent.FULL:
            name = f"{person.given_name} {person.family_name}"
            found[code].append(Follower(person.uuid, name, version, since))
    return {code: tuple(those) for code, those in found.items()}
