"""The table of attachments: what each is, whose, what it belongs to; the file itself lies in the store."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, enum_text
from people.access import RecordClass


class BelongsTo(StrEnum):
    """What a file was attached to."""

    PERSON = "person"
    PLAN = "plan"
    FORM = "form"
    REFERRAL = "referral"
    CHOICE = "choice"
    """Evidence of what the person permitted or dissented from."""
    ADVANCE_DECISION = "advance_decision"


class Scan(StrEnum):
    """What a malware scanner said; it never says that a file is harmless."""

    NOT_SCANNED = "not_scanned"
    NOTHING_FOUND = "nothing_found"


class Attachment(Envelope, Base):
    """A file about a person. `belongs_to_uuid` is the outer id of what it belongs to, where that has one.

    One that was removed stays as a row with the reason; its file is let go of a while later.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_person", "person_id", "added_at"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("(deleted_at IS NULL) = (removed_because IS NULL)", name="removed"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    belongs_to: Mapped[BelongsTo] = mapped_column(enum_text(BelongsTo))
    belongs_to_uuid: Mapped[UUID | None]
    record_class: Mapped[RecordClass] = mapped_column(enum_text(RecordClass))
    title: Mapped[str]
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes]
    store_key: Mapped[str] = mapped_column(unique=True)
    scan: Mapped[Scan] = mapped_column(enum_text(Scan))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    added_at: Mapped[datetime]
    removed_because: Mapped[str | None]
