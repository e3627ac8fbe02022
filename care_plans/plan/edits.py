"""Who changed what in a draft, in the journal, and what changed since somebody looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from care_plans.models.plans import PlanVersion
from core import journal
from core.errors import Conflict
from core.journal import Actor
from core.models import JournalEntry
from people.models.agencies import Staff
from people.models.people import Person

SUBJECT = "plan"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a draft: who, when, and what in a few words."""

    at: datetime
    by: str
    what: str
    title: str

    @property
    def words(self) -> str:
        """For example "Dev changed an action: Agree a self-management plan"."""
        return f"{self.by} {self.what}: {self.title}" if self.title else f"{self.by} {self.what}"


def change(
    session: Session,
    draft: PlanVersion,
    person: Person,
    what: str,
    by: Staff,
    details: Mapping[str, Any],
) -> None:
    """Write down a change of the draft, which is another one now for whoever looked at it before."""
    flag_modified(draft, "changed_at")
    session.flush()
    note(session, draft, person, what, by, details)


def note(
    session: Session,
    draft: PlanVersion,
    person: Person,
    what: str,
    by: Staff,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down what was done to a version as a whole; `row_version` is which one it is since."""
    journal.write(
        session,
        what,
        actor=Actor(by.name, by.id),
        subject=SUBJECT,
        subject_uuid=draft.uuid,
        person_id=person.id,
        details={"number": draft.number, "row_version": draft.version, **(details or {})},
    )


def since(session: Session, draft: PlanVersion, person: Person, seen: int) -> list[Edit]:
    """What was changed after row version `seen`, the first first."""
    rows = session.scalars(
        select(JournalEntry)
        .where(
            JournalEntry.person_id == person.id,
            JournalEntry.subject == SUBJECT,
            JournalEntry.subject_uuid == draft.uuid,
            JournalEntry.details["row_version"].as_integer() > seen,
        )
        .order_by(JournalEntry.id)
    )
    return [Edit(row.at, row.by, row.what, str((row.details or {}).get("title", ""))) for row in rows]


def refuse_if_changed(session: Session, draft: PlanVersion | None, person: Person, seen: int | None) -> None:
    """Conflict, saying who changed what, when the draft is no longer the one that was looked at.

    `seen` is None where the sender does not say, and 0 where there was no draft.
    """
    if draft is None or seen is None:
        if seen:
            raise Conflict("This draft was published or thrown away since you opened it. Look at it again.")
        return
    session.refresh(draft, with_for_update=True)
    if draft.version == seen:
        return
    told = [edit.words for edit in since(session, draft, person, seen)]
    what = f" {'. '.join(dict.fromkeys(told[-3:]))}." if told else ""
    raise Conflict(
        f"Somebody else changed this plan since you opened it.{what} What you typed is still here: look, and "
        "send it again if it still holds."
    )
