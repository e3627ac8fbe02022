"""Tables of how staff are told: their ways in order, their quiet hours, and what networks report of texts."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, Key


class MessageWays(Envelope, Base):
    """How one member of staff wants to be told; who has no row is told by e-mail, at any time."""

    __tablename__ = "message_ways"
    __table_args__ = (
        CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL) AND quiet_from <> quiet_until", name="quiet"
        ),
        CheckConstraint("wait_minutes BETWEEN 1 AND 60", name="wait"),
        CheckConstraint("(bad_number IS NULL) = (bad_since IS NULL)", name="bad"),
    )

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), unique=True)
    important: Mapped[list[Any]]
    """Channels in order: each is used some minutes after the one before, unless the alert is seen by then."""
    ordinary: Mapped[list[Any]]
    """Channels in order: each is used where the one before fails."""
    wait_minutes: Mapped[int]
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    quiet_days: Mapped[list[Any]]
    """Those on which the hours begin: 0 for Monday."""
    zone: Mapped[str]
    """Whose clock that is, for example Europe/London."""
    bad_number: Mapped[str | None]
    """The telephone number that texts do not reach, as long as it is theirs."""
    bad_since: Mapped[datetime | None]


class PushSubscription(Envelope, Base):
    """A browser in which somebody is told: where its push service listens, and the keys it reads by."""

    __tablename__ = "push_subscriptions"
    __table_args__ = (
        Index("ix_push_subscriptions_staff", "staff_id"),
        Index(
            "uq_push_subscriptions_endpoint",
            "staff_id",
            "endpoint",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str]
    """Which browser it is, in words."""
    endpoint: Mapped[str]
    p256dh: Mapped[str]
    auth: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TextReport(Base):
    """What the network said of a text, as it came; `name` makes the same report count once."""

    __tablename__ = "text_reports"
    __table_args__ = (
        UniqueConstraint("name"),
        Index("ix_text_reports_waiting", "id", postgresql_where=text("read_at IS NULL")),
        CheckConstraint("length(name) <= 200", name="name"),
    )

    id: Mapped[Key]
    name: Mapped[str]
    message: Mapped[UUID]
    """The outer id of the message, which is all that the network was told of it."""
    status: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
