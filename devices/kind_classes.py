"""Lays down which class of record each kind is, and which are of a body, where the database looks it up."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from devices import kinds
from devices.models import KindClass


def lay(session: Session) -> None:
    """Bring the table to what the catalogue says; a kind that is no more stays, as its readings do."""
    rows = [
        {"kind": kind.code, "record_class": kind.record_class, "of_body": kind.of_body}
        for kind in kinds.all_kinds()
    ]
    put = insert(KindClass).values(rows)
    said = {"record_class": put.excluded.record_class, "of_body": put.excluded.of_body}
    session.execute(put.on_conflict_do_update(index_elements=["kind"], set_=said))
