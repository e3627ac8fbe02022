"""Table of advance decisions and end-of-life wishes: what was decided, and where the original is."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, enum_text


class WishKind(StrEnum):
    """What sort of decision or wish it is."""

    RESPECT = "respect"
    DNACPR = "dnacpr"
    ADRT = "adrt"
    ADVANCE_STATEMENT = "advance_statement"
    LASTING_POWER = "lasting_power"
    PREFERRED_PLACE = "preferred_place"


class Wish(Envelope, Base):
    """One decision or wish of a person, in force until it is ended; the original decides, never this row."""

    __tablename__ = "wishes"
    __table_args__ = (
        Index("ix_wishes_person", "person_id"),
        CheckConstraint("num_nonnulls(ended_at, ended_by_id, ended_why) IN (0, 3)", name="ended_with_reason"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[WishKind] = mapped_column(enum_text(WishKind))
    words: Mapped[str | None]
    made_on: Mapped[date]
    original_place: Mapped[str]
    original_seen_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_why: Mapped[str | None]
