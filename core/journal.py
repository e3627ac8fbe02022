"""Every change and every look at a person, written down in the transaction that made it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.db import clock_of
from core.models import JournalEntry


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a member of staff (id and name as then shown), or a worker by its name."""

    by: str
    staff_id: int | None = None


def write(
    session: Session,
    what: str,
    *,
    actor: Actor,
    subject: str,
    subject_uuid: UUID | None = None,
    person_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> JournalEntry:
    """Add one unnumbered entry; it counts only if the transaction commits.

    `what` is a verb in the past ("acknowledged"), `subject` the kind of thing ("alert").
    `details` is JSON; it may hold personal text: the chain covers only its salted digest.
    """
    entry = JournalEntry(
        at=clock_of(session).now(),
        what=what,
        subject=subject,
        subject_uuid=subject_uuid,
        person_id=person_id,
        staff_id=actor.staff_id,
        by=actor.by,
        details=dict(details or {}),
        salt=secrets.token_bytes(16),
    )
    session.add(entry)
    return entry
