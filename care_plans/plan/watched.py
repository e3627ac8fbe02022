"""Whether anybody is told when a reading of a person matters, and in whose words the plan says so (H12)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import Session

from care_plans.models.plans import PathwaySwitch, Plan, PlanVersion, VersionState
from care_plans.models.rules import PlanRule
from care_plans.severity import Class
from people import visible
from people.access import Viewer
from people.models.people import Person

NOBODY = "Nobody is watching this now"


class Extent(StrEnum):
    """How much of a person's plan is in force."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Watched:
    """`words` say who looks and when, or that nobody does and why; `otherwise` what to do then (111, 999)."""

    extent: Extent
    words: str
    otherwise: str | None


NO_PLAN = Watched(Extent.NONE, f"{NOBODY}: there is no plan in force.", None)


def of(session: Session, person_ids: Collection[int]) -> dict[int, Watched]:
    """How each of these people is watched, in one statement; who has no plan in force is in it too."""
    found = dict.fromkeys(person_ids, NO_PLAN)
    for row in session.execute(_counted().where(Plan.person_id.in_(person_ids))):
        found[row.person_id] = _watched(row)
    return found


def unwatched_ids(viewer: Viewer, now: datetime) -> Select[int]:
    """Inner keys of the people in sight whom nobody is watching."""
    watched = (
        select(PlanRule.id)
        .join(PlanVersion, PlanVersion.id == PlanRule.version_id)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(
            Plan.person_id == Person.id,
            PlanVersion.state == VersionState.PUBLISHED,
            is_off().is_not(True),
        )
    )
    return select(Person.id).where(
        Person.id.in_(visible.person_ids(viewer, now)),
        Person.deleted_at.is_(None),
        Person.died_on.is_(None),
        ~watched.exists(),
    )


def count_unwatched(session: Session, viewer: Viewer, now: datetime) -> int:
    """How many people in sight nobody is watching."""
    return session.scalars(select(func.count()).select_from(unwatched_ids(viewer, now).subquery())).one()


def is_off() -> ColumnElement[bool]:
    """Rules that do not work yet: clinical ones of a pathway that no clinician has switched on."""
    switched_on = select(PathwaySwitch.pathway).where(PathwaySwitch.off_at.is_(None))
    return and_(
        PlanRule.class_ == Class.CLINICAL,
        PlanRule.pathway.is_not(None),
        PlanRule.pathway.not_in(switched_on),
    )


def _counted() -> Select[int, str | None, str | None, int, int]:
    return (
        select(
            Plan.person_id,
            PlanVersion.watched,
            PlanVersion.otherwise,
            func.count(PlanRule.id).label("rules"),
            func.count(PlanRule.id).filter(is_off()).label("off"),
        )
        .join(PlanVersion, (PlanVersion.plan_id == Plan.id) & (PlanVersion.state == VersionState.PUBLISHED))
        .outerjoin(PlanRule, PlanRule.version_id == PlanVersion.id)
        .group_by(Plan.person_id, PlanVersion.id)
    )


def _watched(row: Row[int, str | None, str | None, int, int]) -> Watched:
    if row.rules == 0:
        return Watched(Extent.NONE, f"{NOBODY}: the plan has no rule.", row.otherwise)
    if row.off == row.rules:
        why = "no clinician has switched its clinical rules on"
        return Watched(Extent.NONE, f"{NOBODY}: {why}.", row.otherwise)
    words = row.watched or "The plan does not say when somebody looks."
    return Watched(Extent.SOME if row.off else Extent.ALL, words, row.otherwise)
