"""Puts new values on a row and writes down in the journal what they were before."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import journal
from core.db import Envelope
from core.errors import Conflict, Invalid
from core.journal import Actor


def apply(row: object, values: Mapping[str, Any], *, secret: Collection[str] = ()) -> dict[str, Any]:
    """Set `values` on `row`; each field that changed with what it was and what it is.

    Of `secret` fields the journal is told only that they changed.
    """
    changed: dict[str, Any] = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before == value:
            continue
        setattr(row, name, value)
        if name in secret:
            changed[name] = "changed"
        else:
            changed[name] = [plain(before), plain(value)]
    return changed


def ended(period: Range[datetime], at: datetime) -> Range[datetime]:
    """The period, ending at `at`; Invalid (field "at") unless that is after its begin."""
    if period.lower is not None and at <= period.lower:
        raise Invalid({"at": "It had not begun by then: give a later time."})
    return Range(period.lower, at)


def note(
    session: Session,
    what: str,
    row: Envelope,
    subject: str,
    *,
    actor: Actor,
    person_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write that `what` was done to `row`."""
    journal.write(
        session,
        what,
        actor=actor,
        subject=subject,
        subject_uuid=row.uuid,
        person_id=person_id,
        details=details,
    )


@contextmanager
def in_conflict(session: Session, constraint: str, why: str, field: str | None = None) -> Iterator[None]:
    """Flush what the block changed; Conflict, with `why`, when the database's `constraint` refuses it.

    Two people may do the same at the same moment: a look beforehand can't see that, the constraint does.
    """
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as fault:
        diagnosis = getattr(fault.orig, "diag", None)
        if getattr(diagnosis, "constraint_name", None) == constraint:
            # the database's own message quotes the values
            raise Conflict(why, {field: why} if field else None) from None
        raise


def plain(value: Any) -> Any:
    """A value as the journal keeps it."""
    if isinstance(value, date | UUID):
        return str(value)
    return value.value if isinstance(value, StrEnum) else value
