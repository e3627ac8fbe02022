"""The table of absences: that a person is away from home, why, and until when."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, enum_text


class Away(StrEnum):
    """Why somebody is not at home. Being seen in an emergency department is none of these (H15)."""

    HOSPITAL = "hospital"
    RESPITE = "respite"
    HOLIDAY = "holiday"
    ELSEWHERE = "elsewhere"


class Absence(Envelope, Base):
    """One time away of a person, never of a home: proposed, confirmed by named staff, begun, ended (H15).

    `ends_at` is when it is over unless somebody says otherwise. Until it is confirmed it changes nothing.
    """

    __tablename__ = "absences"
    __table_args__ = (
        Index("uq_absences_open", "person_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_absences_person", "person_id", "began_at"),
        Index(
            "ix_absences_to_begin",
            "began_at",
            postgresql_where=text("confirmed_at IS NOT NULL AND begun_at IS NULL AND ended_at IS NULL"),
        ),
        Index("ix_absences_to_end", "ends_at", postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("ends_at > began_at", name="period"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed"),
        CheckConstraint("begun_at IS NULL OR confirmed_at IS NOT NULL", name="begun"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    why: Mapped[Away] = mapped_column(enum_text(Away))
    place: Mapped[str | None]
    """Where they are, and how they can be reached there."""
    known_from: Mapped[str]
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    begun_at: Mapped[datetime | None]
    """When it was begun here: from then on nothing is expected of the person."""
    asked_back_at: Mapped[datetime | None]
    """When somebody was last asked whether the person is back already."""
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_why: Mapped[str | None]
