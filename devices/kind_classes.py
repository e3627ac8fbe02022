"""Lays down which class of record each kind is, where the database's own policies look it up."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from devices import kinds
from devices.models import KindClass


def lay(session: Session) -> None:
    """Bring the table to what the catalogue says; a kind that is no more stays, as its readings do."""
    rows = [{"kind": kind.code, "record_class": kind.record_class} for kind in kinds.all_kinds()]
    put = insert(KindClass).values(rows)
    session.execute(
        put.on_conflict_do_update(index_elements=["kind"], set_={"record_class": put.excluded.record_class})
    )
