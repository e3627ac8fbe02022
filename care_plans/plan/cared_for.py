"""The people in sight as a list: where they live, what is open, which plan, when last heard, who looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from care_plans.alerts import read
from care_plans.models.alerts import Alert
from care_plans.models.plans import Plan, PlanPathway, PlanVersion, VersionState
from care_plans.pathways import naming
from care_plans.plan import watched
from care_plans.plan.watched import Watched
from care_plans.seen import extents
from care_plans.severity import Class, Severity
from devices import expected, heard, subjects
from devices.models import Assignment, Expectation, HeardState
from devices.subjects import Subject
from people import finding, people, sharing
from people.access import Extent as Shown
from people.access import RecordClass, Sees, Viewer
from people.models.homes import Home, Residency
from people.models.people import Person


class Which(StrEnum):
    """Which of the people in sight."""

    ALL = "all"
    OPEN_ALERT = "open_alert"
    UNHEARD = "unheard"
    UNWATCHED = "unwatched"


@dataclass(frozen=True, slots=True)
class CaredFor:
    """One person as the list shows them; `late` when something that was due of them has not been heard.

    Of an open alert the class is told where it is shown in full, and of plans the names with `plan_shown`.
    """

    person: Person
    home: Home | None
    open: tuple[tuple[Severity, Class | None], ...]
    plans: tuple[str, ...]
    plan_shown: bool
    last_heard_at: datetime | None
    late: bool
    watched: Watched


def listing(viewer: Viewer, now: datetime, which: Which) -> Select[Person]:
    """Those asked for, by name."""
    query = people.listing(viewer, now)
    if which is Which.OPEN_ALERT:
        query = query.where(Person.id.in_(_with_open_alert(viewer, now)))
    elif which is Which.UNHEARD:
        query = query.where(Person.id.in_(_unheard(now)))
    elif which is Which.UNWATCHED:
        query = query.where(Person.id.in_(watched.unwatched_ids(viewer, now)))
    return query.order_by(Person.family_name, Person.given_name, Person.id)


def searched(session: Session, viewer: Viewer, text: str, now: datetime) -> Select[Person]:
    """Those who fit what was typed into the one box, by name."""
    query = finding.search(session, viewer, text, now)
    return query.order_by(Person.family_name, Person.given_name, Person.id)


def count(session: Session, viewer: Viewer, now: datetime) -> dict[Which, int]:
    """How many there are of each."""
    return {which: count_of(session, listing(viewer, now, which)) for which in Which}


def count_of(session: Session, query: Select[Person]) -> int:
    """How many a query finds."""
    return session.scalars(select(func.count()).select_from(query.order_by(None).subquery())).one()


def read_all(session: Session, viewer: Viewer, wanted: Sequence[Person], now: datetime) -> list[CaredFor]:
    """These people with all that the list says, in a fixed number of statements."""
    ids = [person.id for person in wanted]
    homes: dict[int, Home] = dict(
        session.execute(
            select(Residency.person_id, Home)
            .join(Home, Home.id == Residency.home_id)
            .where(Residency.person_id.in_(ids), Residency.period.contains(now))
        ).all()
    )
    asked = [subjects.person(key) for key in ids] + [subjects.home(home.id) for home in homes.values()]
    heard_at = heard.last_heard(session, asked, now)
    late = {
        each.subject
        for each in expected.list_of_subjects(session, asked)
        if each.state is not HeardState.HEARD
    }
    open_ = _open(session, viewer, asked, now)
    sees = sharing.sees_all(session, viewer, ids, now)
    plans = _plans(session, ids, sees)
    looked_after = watched.of(session, ids)
    found = []
    for person in wanted:
        home = homes.get(person.id)
        own = [subjects.person(person.id), *([subjects.home(home.id)] if home else [])]
        worst_first = sorted(
            (each for one in own for each in open_.get(one, ())), key=lambda each: -each[0].rank
        )
        found.append(
            CaredFor(
                person=person,
                home=home,
                open=tuple(worst_first),
                plans=plans.get(person.id, ()),
                plan_shown=sees[person.id][RecordClass.PLAN] is Shown.FULL,
                last_heard_at=max((heard_at[one] for one in own if one in heard_at), default=None),
                late=any(one in late for one in own),
                watched=looked_after[person.id],
            )
        )
    return found


def _with_open_alert(viewer: Viewer, now: datetime) -> Select[int]:
    open_ = and_(Alert.closed_at.is_(None), read.in_sight(viewer, now))
    at_home = select(Alert.home_id).where(open_)
    return (
        select(Person.id)
        .outerjoin(Residency, and_(Residency.person_id == Person.id, Residency.period.contains(now)))
        .where(
            or_(
                Person.id.in_(select(Alert.person_id).where(open_)),
                Residency.home_id.in_(at_home),
            )
        )
    )


def _unheard(now: datetime) -> Select[int]:
    """Those of whom, of whose home, or of whose kit, something that was due is late or missing."""
    due = and_(Expectation.ended_at.is_(None), Expectation.state != HeardState.HEARD)
    kit = and_(
        Assignment.device_id == Expectation.device_id,
        Assignment.period.contains(now),
        Assignment.deleted_at.is_(None),
    )
    return (
        select(Person.id)
        .outerjoin(Residency, and_(Residency.person_id == Person.id, Residency.period.contains(now)))
        .where(
            or_(
                Person.id.in_(select(Expectation.person_id).where(due)),
                Residency.home_id.in_(select(Expectation.home_id).where(due)),
                Person.id.in_(select(Assignment.person_id).join(Expectation, kit).where(due)),
                Residency.home_id.in_(select(Assignment.home_id).join(Expectation, kit).where(due)),
            )
        )
    )


def _open(
    session: Session, viewer: Viewer, asked: Sequence[Subject], now: datetime
) -> dict[Subject, list[tuple[Severity, Class | None]]]:
    rows = session.scalars(
        select(Alert).where(
            Alert.closed_at.is_(None),
            Alert.subject.in_([each.number for each in asked]),
            read.in_sight(viewer, now),
        )
    ).all()
    how = extents.of(session, viewer, rows, now)
    found: dict[Subject, list[tuple[Severity, Class | None]]] = {}
    for row in rows:
        class_ = row.class_ if how[row.id].full else None
        found.setdefault(subjects.of_number(row.subject), []).append((row.severity, class_))
    return found


def _plans(session: Session, ids: Sequence[int], sees: Mapping[int, Sees]) -> dict[int, tuple[str, ...]]:
    rows = session.execute(
        select(Plan.person_id, PlanPathway.pathway, PlanPathway.title, PlanVersion.number)
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .join(PlanPathway, PlanPathway.version_id == PlanVersion.id)
        .where(Plan.person_id.in_(ids), PlanVersion.state == VersionState.PUBLISHED)
        .order_by(PlanPathway.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for person_id, code, own, number in rows:
        title = naming.title(code, own, sees[person_id])
        found[person_id] = (*found.get(person_id, ()), f"{title} v{number}")
    return found
