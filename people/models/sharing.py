"""Tables of sharing: what each agency may see and on what basis, and what people have said about it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, enum_text
from people.access import Extent, Purpose, RecordClass


class LawfulBasis(StrEnum):
    """Why an agency may: UK GDPR articles 6 and 9 in the words of an information sharing agreement."""

    PUBLIC_TASK = "public_task"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    LEGITIMATE_INTERESTS = "legitimate_interests"
    CONSENT = "consent"


class Decision(StrEnum):
    """What somebody said of their own data."""

    PERMIT = "permit"
    DISSENT = "dissent"


class SharingBasis(Envelope, Base):
    """That an agency may see a class of data for a purpose, how much of it, why, and from when to when."""

    __tablename__ = "sharing_bases"
    __table_args__ = (
        Index(
            "uq_sharing_bases_in_force",
            "agency_id",
            "purpose",
            "record_class",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="period"),
    )

    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    purpose: Mapped[Purpose] = mapped_column(enum_text(Purpose))
    record_class: Mapped[RecordClass] = mapped_column(enum_text(RecordClass))
    extent: Mapped[Extent] = mapped_column(enum_text(Extent))
    lawful_basis: Mapped[LawfulBasis] = mapped_column(enum_text(LawfulBasis))
    agreement: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class SharingChoice(Envelope, Base):
    """What a person permits or dissents from, apart from any agency's own basis; None stands for all."""

    __tablename__ = "sharing_choices"
    __table_args__ = (
        Index("ix_sharing_choices_person", "person_id", postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="period"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    purpose: Mapped[Purpose | None] = mapped_column(enum_text(Purpose))
    record_class: Mapped[RecordClass | None] = mapped_column(enum_text(RecordClass))
    decision: Mapped[Decision] = mapped_column(enum_text(Decision))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    said_by: Mapped[str]
    evidence: Mapped[str]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class Override(Envelope, Base):
    """Break-glass: somebody without a relationship opened a record, why, and until when (H20)."""

    __tablename__ = "overrides"
    __table_args__ = (
        Index("ix_overrides_staff", "staff_id", "until"),
        Index("ix_overrides_person", "person_id"),
        CheckConstraint("until > at", name="period"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    until: Mapped[datetime]
    reason: Mapped[str]
    review_by: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    finding: Mapped[str | None]
