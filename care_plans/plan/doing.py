"""What becomes of a plan in force: how an action stands, how a goal is seen; neither moves the other."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.goals import Action, ActionStatus, Goal, GoalProgress, GoalStatus
from care_plans.models.plans import PlanVersion
from care_plans.plan import drafts, edits
from core.errors import Invalid, NotFound
from people.models.agencies import Staff
from people.models.people import Person


def set_status(
    session: Session, person: Person, key: str, status: ActionStatus, *, by: Staff, now: datetime
) -> Action:
    """How an action of the plan in force stands now, and in a draft too; NotFound without such an action."""
    version = _in_force(session, person)
    action = get_action(session, version, key)
    if action.status is status:
        return action
    before = action.status
    draft = drafts.find_draft(session, person)
    for each in [action, *(_actions(session, draft, key) if draft else [])]:
        each.status, each.status_at = status, now
    details = {"title": action.text, "from": before.value, "to": status.value}
    edits.note(session, version, person, "action status", by, details)
    session.flush()
    return action


def get_action(session: Session, version: PlanVersion, key: str) -> Action:
    """One action of a version, or NotFound."""
    found = _actions(session, version, key) if key.isprintable() else []
    if not found:
        raise NotFound("The plan has no such action.")
    return found[0]


def judge(
    session: Session,
    person: Person,
    key: str,
    status: GoalStatus,
    words: str,
    *,
    by: Staff,
    now: datetime,
) -> GoalProgress:
    """How somebody sees a goal stand, in words; what readings count is kept beside it. NotFound, Invalid."""
    version = _in_force(session, person)
    goal = None
    if key.isprintable():
        goal = session.scalar(select(Goal).where(Goal.version_id == version.id, Goal.key == key))
    if goal is None:
        raise NotFound("The plan has no such goal.")
    if not words.strip():
        raise Invalid({"words": "Say what shows it, in their words if you can."})
    row = GoalProgress(
        plan_id=version.plan_id, goal_key=key, at=now, status=status, words=words.strip(), by_staff_id=by.id
    )
    session.add(row)
    edits.note(session, version, person, "goal judged", by, {"title": goal.text, "to": status.value})
    session.flush()
    return row


def _in_force(session: Session, person: Person) -> PlanVersion:
    version = drafts.find_published(session, person)
    if version is None:
        raise NotFound("There is no plan in force.")
    return version


def _actions(session: Session, version: PlanVersion, key: str) -> list[Action]:
    return list(session.scalars(select(Action).where(Action.version_id == version.id, Action.key == key)))
