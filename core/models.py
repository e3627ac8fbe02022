"""Tables that know nothing of care: the installation, its journal and its workers' heartbeats."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from core.db import Base, Key


class Xid8(UserDefinedType[int]):
    """PostgreSQL's xid8: the number of a transaction, never used again."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """The type's name in SQL."""
        return "xid8"


class Installation(Base):
    """The one row that all processes share: the clock, and which secret key belongs to the rows."""

    __tablename__ = "installation"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("clock_factor > 0", name="factor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    clock_real_start: Mapped[datetime]
    clock_start: Mapped[datetime]
    clock_factor: Mapped[float]
    key_check: Mapped[bytes]


class JournalEntry(Base):
    """A change, or a look at a person. The sealer gives it its number and its place in the chain."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_unsealed", "id", postgresql_where=text("number IS NULL")),
        Index("ix_journal_person", "person_id", "id", postgresql_where=text("person_id IS NOT NULL")),
    )

    id: Mapped[Key]
    uuid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    at: Mapped[datetime]
    xid: Mapped[int] = mapped_column(Xid8(), server_default=text("pg_current_xact_id()"))
    what: Mapped[str]
    subject: Mapped[str]
    subject_uuid: Mapped[UUID | None]
    person_id: Mapped[int | None]
    staff_id: Mapped[int | None]
    by: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    salt: Mapped[bytes]
    number: Mapped[int | None] = mapped_column(unique=True)
    digest: Mapped[bytes | None]
    chain: Mapped[bytes | None]


class Heartbeat(Base):
    """What each worker last said of itself. Times here are real, not the installation's."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    oldest_waiting_seconds: Mapped[float | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)


class IdempotencyKey(Base):
    """A key that a program sent with a write, and how that write was answered; forgotten after a day."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("staff_id", "key"), Index("ix_idempotency_keys_at", "at"))

    id: Mapped[Key]
    staff_id: Mapped[int]
    key: Mapped[str]
    request: Mapped[str]
    body_hash: Mapped[bytes]
    status: Mapped[int]
    answer_sealed: Mapped[bytes | None]
    at: Mapped[datetime]
