"""Tables of kit that several people share: who uses it under which number, and whose one measurement was."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, enum_text


class KitUser(Envelope, Base):
    """Who stands for a number that kit tells its users apart by, from when to when.

    It holds only while they live where the kit is, or have it themselves: whoever moves out or dies is let go
    of by the residency and the date of death, not by a change here (the view `held_series`).
    """

    __tablename__ = "kit_users"
    __table_args__ = (
        ExcludeConstraint(
            (text("int8range(device_id, device_id, '[]')"), "&&"),
            (text("int8range(number, number, '[]')"), "&&"),
            (Column("period"), "&&"),
            name="ex_kit_users_no_overlap",
            using="gist",
            where=text("deleted_at IS NULL"),
        ),
    )

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    period: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class Owner(StrEnum):
    """Whose a measurement was said to be."""

    PERSON = "person"
    GUEST = "guest"
    UNKNOWN = "unknown"
    """Nobody knows, and nobody need ask again."""


class ReadingOwner(Envelope, Base):
    """Whose all that a device measured at one moment is: asked because it is doubted, answered, or both.

    While it stands it outweighs the user number. `owner` None is not answered; `doubted_from` is the value,
    in the kind's own unit, that the person's readings had been near.
    """

    __tablename__ = "reading_owners"
    __table_args__ = (
        UniqueConstraint("device_id", "channel", "measured_at"),
        CheckConstraint(
            "(owner IS NOT DISTINCT FROM 'person') = (person_id IS NOT NULL)", name="person_named"
        ),
        CheckConstraint("num_nonnulls(owner, answered_at, answered_by) IN (0, 3)", name="answer_whole"),
        CheckConstraint("owner IS NOT NULL OR doubted_from IS NOT NULL", name="doubted_or_answered"),
    )

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"))
    channel: Mapped[str]
    measured_at: Mapped[datetime]
    doubted_from: Mapped[float | None] = mapped_column(Float(53))
    owner: Mapped[Owner | None] = mapped_column(enum_text(Owner))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
