"""Tables of the work that broken, recalled or doubtful protection makes (H5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from care_plans.protection_states import Ended, Lack
from core.db import Base, Envelope, Key, enum_text
from devices.protecting import Amiss


class LineWork(Base):
    """What was asked about one thing that is amiss with how a home is protected; open until it is mended."""

    __tablename__ = "line_works"
    __table_args__ = (
        Index(
            "uq_line_works_open", "home_id", "amiss", unique=True, postgresql_where=text("settled_at IS NULL")
        ),
    )

    id: Mapped[Key]
    home_id: Mapped[int] = mapped_column(ForeignKey("homes.id"), index=True)
    amiss: Mapped[Amiss] = mapped_column(enum_text(Amiss))
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_ups.id"), unique=True)
    """What was asked last: what ended without mending it is asked again."""
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class RecallWork(Base):
    """What was asked about one piece of kit that is called back; open until it was dealt with."""

    __tablename__ = "recall_works"
    __table_args__ = (
        Index(
            "uq_recall_works_open",
            "recall_id",
            "device_id",
            unique=True,
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    recall_id: Mapped[int] = mapped_column(ForeignKey("recalls.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    """Whose it was when that was asked."""
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_ups.id"), unique=True)
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    ended: Mapped[Ended | None] = mapped_column(enum_text(Ended))


class Interim(Envelope, Base):
    """How somebody gets by until their life-safety kit protects them again: calls, and by when it does."""

    __tablename__ = "interims"
    __table_args__ = (
        Index("uq_interims_open", "person_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_interims_next_call", "next_call_at", postgresql_where=text("ended_at IS NULL")),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    lack: Mapped[Lack] = mapped_column(enum_text(Lack))
    kit: Mapped[str]
    """What does not protect, by name: "Pendant, Smoke alarm"."""
    since: Mapped[datetime]
    alone: Mapped[bool]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    call_times: Mapped[list[Any]]
    """Local times of day, "10:00", at which they are rung; [] where that was agreed to be needless."""
    next_call_at: Mapped[datetime | None]
    call_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"))
    """The last call that was asked for."""
    replace_by: Mapped[datetime | None]
    replace_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"))
    """What was asked to mend, replace or check it; `replace_by` is when that is due."""
    agreed: Mapped[str | None]
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
