"""The hand-over from those who wake a subject to those who judge it: append, claim, delete."""

from datetime import datetime

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from care_plans.evaluating.among import among
from care_plans.models.rules import Judgement
from devices import subjects
from devices.models import Unread
from devices.subjects import Subject
from devices.unread import wake

LOCK_SPACE = 4711
READ_AHEAD = 4000

# The locks are tried one by one in the order of the array, and no more of them than are wanted: who is being
# judged by somebody else is passed over, so that a second evaluator finds work behind the first one's.
_LOCK = text(
    "SELECT s FROM unnest(CAST(:subjects AS bigint[])) AS s "
    "WHERE pg_try_advisory_xact_lock(:space, s::integer) LIMIT :limit"
)


def wake_due(session: Session, now: datetime, limit: int = 2000) -> int:
    """Wake every subject whose judgement time alone could change by now; how many rules were due."""
    due = (
        select(Judgement.subject, Judgement.rule_key)
        .where(Judgement.judge_at <= now)
        .order_by(Judgement.judge_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    woken = session.execute(
        update(Judgement)
        .where(Judgement.subject == due.c.subject, Judgement.rule_key == due.c.rule_key)
        .values(judge_at=None)
        .returning(Judgement.subject)
    ).scalars()
    numbers = list(woken)
    wake(session, [subjects.of_number(number) for number in set(numbers)], now)
    return len(numbers)


def claim(session: Session, limit: int) -> list[Subject]:
    """Take up to `limit` waiting subjects that nobody else judges; ours until this transaction ends."""
    waiting = session.scalars(select(Unread.subject).order_by(Unread.id).limit(READ_AHEAD)).all()
    numbers = list(dict.fromkeys(waiting))
    if not numbers:
        return []
    ours = session.scalars(_LOCK, {"subjects": numbers, "space": LOCK_SPACE, "limit": limit}).all()
    if ours:
        theirs = delete(Unread).where(among(Unread.subject, ours))
        session.execute(theirs, execution_options={"synchronize_session": False})
    return [subjects.of_number(number) for number in ours]


def lock(session: Session, subject: Subject) -> None:
    """Wait until nobody else judges `subject`, and hold it to the end of this transaction."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK_SPACE, subject.number)))


def oldest_waiting(session: Session, now: datetime) -> float | None:
    """Domain seconds that the longest-waiting subject has waited; None when nobody waits."""
    at = session.scalar(select(Unread.at).order_by(Unread.id).limit(1))
    return None if at is None else max(0.0, (now - at).total_seconds())


def count_waiting(session: Session) -> int:
    """How many changes wait to be judged."""
    return session.scalars(select(func.count()).select_from(Unread)).one()
