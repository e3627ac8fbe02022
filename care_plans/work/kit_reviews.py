"""Kit that serves no goal any more: it is to be given one, looked at again, or taken back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from care_plans.models.goals import Goal, GoalProgress, GoalStatus
from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.work import follow_ups, hours, part_in_care, recurrence
from core import journal
from core.errors import Conflict, Invalid
from core.zones import UK
from devices import own_kit, visible
from devices.models import Assignment, Device
from people import reach
from people.access import Extent, RecordClass, Viewer
from people.models.homes import Home, Residency
from people.models.people import Person
from people.visible import actor

WITHIN = 5
"""Working days within which somebody looks at it; to be confirmed."""
ASKED = "Is {name}, {model} ({key}), still needed? No goal asks for it: say which it serves, or take it back."
OVER = frozenset({GoalStatus.ACHIEVED, GoalStatus.GIVEN_UP})


class Why(StrEnum):
    """Why no goal stands behind a piece of kit."""

    NONE = "none"
    """It was given for none."""
    GONE = "gone"
    """The plan has that goal no more."""
    ACHIEVED = "achieved"
    GIVEN_UP = "given_up"
    NOT_SHARED = "not_shared"
    """None does; what became of it is not shared with whoever looks."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal of a plan in force, and how it stands since when; None for nobody has said."""

    key: str
    text: str
    status: GoalStatus | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Goalless:
    """A piece of kit that somebody has and no goal asks for: since when, and what was asked about it."""

    device: Device
    assignment: Assignment
    person: Person | None
    home: Home | None
    why: Why
    since: datetime | None
    asked: FollowUp | None


def list_goalless(session: Session, viewer: Viewer, now: datetime) -> list[Goalless]:
    """Kit in sight that somebody has and no goal of theirs asks for, the longest first.

    Not life-safety kit, which protects whether or not a goal asks for it; nor hubs that others speak through,
    nor what is their own.
    """
    rows = session.execute(_out(viewer, now)).all()
    holders = {held.id: _holders(session, held, now) for _, held, _, _ in rows}
    aims = _aims(session, {each for people in holders.values() for each in people})
    reached = reach.read(
        session,
        viewer,
        [held.person_id for _, held, _, _ in rows],
        [held.home_id for _, held, _, _ in rows],
        now,
    )
    found = []
    for device, held, person, home in rows:
        of_them = [aim for each in holders[held.id] for aim in aims.get(each, ())]
        stands = why(held.goal_key, of_them, held.period.lower)
        if stands is None:
            continue
        full = reached.sees(held.person_id, held.home_id)[RecordClass.PLAN] is Extent.FULL
        reason, since = stands if full or held.goal_key is None else (Why.NOT_SHARED, None)
        asked = _asked(session, device, holders[held.id])
        found.append(Goalless(device, held, person, home, reason, since, asked))
    return sorted(found, key=lambda each: (each.since is None, each.since or now, each.device.id))


def why(
    goal_key: str | None, aims: Iterable[Aim], given_at: datetime | None
) -> tuple[Why, datetime | None] | None:
    """Why no goal asks for kit that was given for `goal_key`, and since when; None where one does."""
    if goal_key is None:
        return Why.NONE, given_at
    stands = [aim for aim in aims if aim.key == goal_key]
    if not stands:
        return Why.GONE, None
    if any(aim.status not in OVER for aim in stands):
        return None
    aim = stands[0]
    return (Why.ACHIEVED if aim.status is GoalStatus.ACHIEVED else Why.GIVEN_UP), aim.since


def list_aims(session: Session, held: Assignment, now: datetime) -> list[Aim]:
    """The goals that a piece of kit may serve: those of whoever has it, or lives there, that are not over."""
    people = _holders(session, held, now)
    found = _aims(session, people)
    return [aim for each in people for aim in found.get(each, ()) if aim.status not in OVER]


def set_goal(session: Session, held: Assignment, goal_key: str, *, by: Viewer, now: datetime) -> None:
    """Say which goal a piece of kit serves; Invalid for one that their plan has not, or that is over."""
    if goal_key not in {aim.key for aim in list_aims(session, held, now)}:
        raise Invalid({"goal_key": "Choose a goal of their plan that is not over."})
    held.goal_key = goal_key
    journal.write(
        session, "goal set", actor=actor(by), subject="assignment", subject_uuid=held.uuid,
        person_id=held.person_id, details={"goal": goal_key},
    )  # fmt: skip
    session.flush()


def ask(session: Session, device: Device, held: Assignment, *, by: Viewer, now: datetime) -> FollowUp:
    """Ask whoever leads the care to look whether it is still needed; Conflict while that is asked."""
    if _asked(session, device, _holders(session, held, now)) is not None:
        raise Conflict("Somebody is asked to look at it already.")
    team_id = part_in_care.leading_team(session, held.person_id, held.home_id, now)
    if team_id is None:
        raise Invalid({"": "No team leads the care there: set a day by which it comes back."})
    due_on = recurrence.working_days_after(now.date(), WITHIN)
    return follow_ups.make(
        session, kind=FollowUpKind.REVIEW, text=_text(device), team_id=team_id, now=now, by=by,
        due_at=recurrence.moment(due_on, hours.END_OF_DAY, UK), person_id=held.person_id,
        home_id=held.home_id,
    )  # fmt: skip


def _text(device: Device) -> str:
    return ASKED.format(name=device.name, model=device.model, key=device.key or device.address or "")


def _asked(session: Session, device: Device, people: Collection[int]) -> FollowUp | None:
    """What is asked about it and not done yet."""
    lives_there = select(Residency.home_id).where(Residency.person_id.in_(people))
    return session.scalars(
        select(FollowUp)
        .where(
            FollowUp.kind == FollowUpKind.REVIEW,
            FollowUp.done_at.is_(None),
            FollowUp.text == _text(device),
            FollowUp.person_id.in_(people) | FollowUp.home_id.in_(lives_there),
        )
        .limit(1)
    ).first()


def _out(viewer: Viewer, now: datetime) -> Select[Device, Assignment, Person, Home]:
    behind = aliased(Device)
    return (
        select(Device, Assignment, Person, Home)
        .join(Assignment, Assignment.device_id == Device.id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .outerjoin(Home, Home.id == Assignment.home_id)
        .where(
            ~Device.life_safety,
            Device.deleted_at.is_(None),
            Assignment.deleted_at.is_(None),
            Assignment.period.contains(now),
            visible.holder_in_sight(viewer, now),
            ~own_kit.is_own(),
            ~exists().where(behind.hub_id == Device.id, behind.deleted_at.is_(None)),
        )
    )


def _holders(session: Session, held: Assignment, now: datetime) -> list[int]:
    if held.person_id is not None:
        return [held.person_id]
    there = (Residency.home_id == held.home_id) & Residency.period.contains(now)
    return list(session.scalars(select(Residency.person_id).where(there)))


def _aims(session: Session, people: Collection[int]) -> Mapping[int, list[Aim]]:
    """The goals of the plans in force of these people, each with how it was last seen to stand."""
    last = (
        select(GoalProgress)
        .where(GoalProgress.plan_id.in_(select(Plan.id).where(Plan.person_id.in_(people))))
        .ext(distinct_on(GoalProgress.plan_id, GoalProgress.goal_key))
        .order_by(GoalProgress.plan_id, GoalProgress.goal_key, GoalProgress.at.desc(), GoalProgress.id.desc())
        .subquery()
    )
    rows = session.execute(
        select(Plan.person_id, Goal.key, Goal.text, last.c.status, last.c.at)
        .join(PlanVersion, (PlanVersion.plan_id == Plan.id) & (PlanVersion.state == VersionState.PUBLISHED))
        .join(Goal, Goal.version_id == PlanVersion.id)
        .outerjoin(last, (last.c.plan_id == Plan.id) & (last.c.goal_key == Goal.key))
        .where(Plan.person_id.in_(people))
        .order_by(Goal.position, Goal.id)
    )
    found: dict[int, list[Aim]] = {}
    for person_id, key, text, status, at in rows:
        found.setdefault(person_id, []).append(Aim(key, text, status, at))
    return found
