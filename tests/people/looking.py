"""Members of the cast as viewers, and what the journal holds."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.journal import Actor
from core.models import JournalEntry
from people.access import RecordClass, Viewer
from people.models.agencies import Staff
from people.models.sharing import SharingBasis
from people.signing_in import viewer_of

BY = Actor("Cora")


def as_viewer(session: Session, staff: Staff, now: datetime) -> Viewer:
    session.flush()
    return viewer_of(session, staff, now)


def journal(session: Session, subject: str | None = None) -> list[tuple[str, str]]:
    """(what, subject) of every entry, oldest first."""
    session.flush()
    query = select(JournalEntry).order_by(JournalEntry.id)
    return [
        (entry.what, entry.subject) for entry in session.scalars(query) if subject in (None, entry.subject)
    ]


def details(session: Session) -> dict[str, object]:
    """What the newest entry says besides."""
    session.flush()
    return session.scalars(select(JournalEntry.details).order_by(JournalEntry.id.desc())).first() or {}


def unshare(session: Session, agency_id: int, record_class: RecordClass) -> None:
    """Take from an agency every basis for a class."""
    session.execute(
        delete(SharingBasis).where(
            SharingBasis.agency_id == agency_id, SharingBasis.record_class == record_class
        )
    )
    session.flush()
