"""The journal's entries."""

from sqlalchemy.orm import Session

from core import journal
from core.models import JournalEntry
from tests.cast import Cast


def test_it_writes_an_unnumbered_entry_at_the_installations_time(session: Session, cast: Cast, now) -> None:  # type: ignore[no-untyped-def]
    journal.write(
        session, "looked at", actor=journal.Actor("Cora", cast.cora.id), subject="person",
        subject_uuid=cast.ada.uuid, person_id=cast.ada.id,
    )  # fmt: skip
    entry = session.query(JournalEntry).one()
    assert (entry.at, entry.what, entry.by, entry.person_id, entry.number) == (
        now,
        "looked at",
        "Cora",
        cast.ada.id,
        None,
    )
