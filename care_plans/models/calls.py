"""Tables of telephone calls: each is a message by voice, and what the telephone's provider reports of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Key, enum_text


class CallState(StrEnum):
    """How far a call got. Only the provider's reports make it ring, be answered or be taken."""

    PLACED = "placed"
    RINGING = "ringing"
    ANSWERED = "answered"
    TAKEN = "taken"
    """Whoever answered pressed 1: they have it."""
    NOT_TAKEN = "not_taken"
    """It was answered, maybe by a machine, and nobody pressed 1 in time."""
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    NOT_NEEDED = "not_needed"


class Call(Base):
    """The call that a message by voice is: for which step's event, and until when it may stay as it is."""

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("ix_calls_event", "event_id"),
        Index("ix_calls_ends", "ends_at", postgresql_where=text("ends_at IS NOT NULL")),
    )

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("alert_events.id"))
    centre: Mapped[bool]
    """Whether it tells a receiving centre, which answers for itself and presses nothing."""
    told: Mapped[dict[str, Any]]
    """What a receiving centre's system is told of the alert."""
    state: Mapped[CallState] = mapped_column(enum_text(CallState), default=CallState.PLACED)
    ends_at: Mapped[datetime | None]
    """When a call that rings, or that was answered, counts as over; None before it is placed and after."""


class CallReport(Base):
    """What the provider said of a call, as it came; `name` is the report's own id: it counts once."""

    __tablename__ = "call_reports"
    __table_args__ = (
        UniqueConstraint("name"),
        Index("ix_call_reports_waiting", "id", postgresql_where=text("read_at IS NULL")),
        CheckConstraint("length(name) <= 200", name="name"),
    )

    id: Mapped[Key]
    name: Mapped[str]
    call: Mapped[UUID]
    """The outer id of the call's message."""
    status: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
