"""What is expected to be heard of people, homes and kit, and how that stands: for pages that show it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from devices.models import Expectation, HeardState
from devices.subjects import Subject


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation: `due_at` is when it is, or was, to be heard by; `kind` None is anything at all."""

    subject: Subject | None
    device_id: int | None
    kind: str | None
    state: HeardState
    due_at: datetime
    last_heard_at: datetime | None


def list_of_subjects(session: Session, subjects: Collection[Subject]) -> list[Expected]:
    """What is expected of these subjects, kind by kind."""
    people = [subject.id for subject in subjects if subject.about == "person"]
    homes = [subject.id for subject in subjects if subject.about == "home"]
    return _list(session, or_(Expectation.person_id.in_(people), Expectation.home_id.in_(homes)))


def list_of_kit(session: Session, device_ids: Collection[int]) -> list[Expected]:
    """What is expected of these pieces of kit."""
    return _list(session, Expectation.device_id.in_(device_ids))


def _list(session: Session, whose: ColumnElement[bool]) -> list[Expected]:
    rows = session.scalars(
        select(Expectation).where(whose, Expectation.ended_at.is_(None)).order_by(Expectation.id)
    )
    return [_expected(row) for row in rows]


def _expected(row: Expectation) -> Expected:
    subject = None
    if row.person_id is not None:
        subject = Subject("person", row.person_id)
    elif row.home_id is not None:
        subject = Subject("home", row.home_id)
    due_at = {
        HeardState.HEARD: row.expected_by,
        HeardState.LATE: row.state_since,
        HeardState.MISSING: row.state_since - timedelta(seconds=row.grace_seconds),
    }[row.state]
    return Expected(subject, row.device_id, row.kind, row.state, due_at, row.last_heard_at)
