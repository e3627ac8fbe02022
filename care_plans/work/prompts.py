"""Patterns that may mean more than they say: a question to whoever looks, never a finding (H19)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.ringing import NoReply
from care_plans.models.work import FollowUp, FollowUpOutcome

WITHIN = timedelta(days=14)
TIMES = 3
"""How often within two weeks; both are defaults, to be confirmed."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What was seen, and the question it raises."""

    seen: str
    question: str


def of(session: Session, person_id: int, home_id: int | None, now: datetime) -> tuple[Prompt, ...]:
    """The questions to ask oneself about a person; none accuses, and nothing is kept of them."""
    found = []
    unanswered = _no_reply(session, person_id, now)
    if unanswered >= TIMES:
        found.append(
            Prompt(
                f"Nobody was reached {unanswered} times in two weeks.",
                "Have you thought of what keeps them from answering, and of whether somebody does?",
            )
        )
    silent = _gone_silent(session, person_id, home_id, now)
    if silent >= TIMES:
        found.append(
            Prompt(
                f"Kit fell silent {silent} times in two weeks.",
                "Have you thought of who unplugs it, and why? They may not want it.",
            )
        )
    return tuple(found)


def _no_reply(session: Session, person_id: int, now: datetime) -> int:
    """How often nobody came to the door, or they did not answer until somebody looked for them."""
    ended = select(func.count()).where(
        FollowUp.person_id == person_id,
        FollowUp.outcome == FollowUpOutcome.NO_REPLY,
        FollowUp.done_at > now - WITHIN,
        FollowUp.deleted_at.is_(None),
        ~FollowUp.restricted,
    )
    looked_for = select(func.count()).where(
        NoReply.person_id == person_id, NoReply.began_at > now - WITHIN, NoReply.deleted_at.is_(None)
    )
    return session.scalars(ended).one() + session.scalars(looked_for).one()


def _gone_silent(session: Session, person_id: int, home_id: int | None, now: datetime) -> int:
    whose = Alert.person_id == person_id
    if home_id is not None:
        whose |= Alert.home_id == home_id
    down = or_(Alert.rule_key.startswith("kit.silent."), Alert.rule_key.startswith("protection."))
    return session.scalars(select(func.count()).where(whose, down, Alert.raised_at > now - WITHIN)).one()
