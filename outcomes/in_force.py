"""When which version of whose plan was in force: the time that people were under a published plan."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from care_plans.models.plans import Plan, PlanPathway, PlanVersion
from care_plans.work.recurrence import moment
from outcomes.sight import Sight
from outcomes.ties import NEVER
from people.models.people import Person


@dataclass(frozen=True, slots=True)
class InForce:
    """One version of a person's plan from `start` until `end`, and the pathways it follows."""

    plan_id: int
    person_id: int
    version_id: int
    version_uuid: UUID
    start: datetime
    end: datetime
    pathways: tuple[str, ...]


def list_in_force(
    session: Session, sight: Sight, since: datetime, until: datetime, zone: str
) -> list[InForce]:
    """Every version that was in force at some time in [since, until), oldest first.

    From its publication until the next one's, or the end of the (local) day on which the person died.
    """
    pathways: dict[int, list[str]] = {}
    of_version = select(PlanPathway.version_id, PlanPathway.pathway).order_by(PlanPathway.pathway)
    for version_id, pathway in session.execute(of_version):
        pathways.setdefault(version_id, []).append(pathway)
    rows = session.execute(
        select(
            PlanVersion.plan_id,
            Plan.person_id,
            PlanVersion.id,
            PlanVersion.uuid,
            PlanVersion.published_at,
            PlanVersion.superseded_at,
            Person.died_on,
        )
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .join(Person, Person.id == Plan.person_id)
        .where(
            PlanVersion.published_at < until,
            or_(PlanVersion.superseded_at.is_(None), PlanVersion.superseded_at > since),
            PlanVersion.deleted_at.is_(None),
            Plan.deleted_at.is_(None),
            Person.deleted_at.is_(None),
            sight.of_person(Plan.person_id),
        )
        .order_by(PlanVersion.published_at, PlanVersion.id)
    )
    found = []
    for row in rows:
        end = row.superseded_at or NEVER
        if row.died_on is not None:
            end = min(end, moment(row.died_on + timedelta(days=1), time(0), zone))
        if row.published_at < end and end > since:
            found.append(
                InForce(
                    row.plan_id,
                    row.person_id,
                    row.id,
                    row.uuid,
                    row.published_at,
                    end,
                    tuple(pathways.get(row.id, ())),
                )
            )
    return found
