"""Tables of visits: who goes to a home, by when they will have left it, and what happened meanwhile."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, Key, enum_text


class VisitEnd(StrEnum):
    """How a visit ended."""

    SAFE = "safe"
    """Whoever went said that they are safe."""
    CALLED_OFF = "called_off"
    """They never went."""
    FOUND = "found"
    """Others found out how they are, and closed the alert about them."""


class Visit(Envelope, Base):
    """Somebody goes to a home for an alert or a follow-up, and leaves by a time (H22).

    `place` is where, as it was written down when they took it. `overdue_at` is when that time had passed
    without a word of theirs, `settled_at` when what they said afterwards had reached the alert about them.
    """

    __tablename__ = "visits"
    __table_args__ = (
        Index(
            "ix_visits_leave_by",
            "leave_by",
            postgresql_where=text("ended_at IS NULL AND overdue_at IS NULL"),
        ),
        Index(
            "ix_visits_overdue",
            "overdue_at",
            postgresql_where=text("overdue_at IS NOT NULL AND settled_at IS NULL"),
        ),
        Index(
            "uq_visits_follow_up",
            "follow_up_id",
            "staff_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_visits_alert", "alert_id", "staff_id", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
        Index("ix_visits_team", "team_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_visits_staff", "staff_id", "accepted_at"),
        CheckConstraint("num_nonnulls(follow_up_id, alert_id) = 1", name="what_for"),
        CheckConstraint("(ended_at IS NULL) = (how IS NULL)", name="ended_with_how"),
    )

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"))
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"))
    place: Mapped[str]
    zone: Mapped[str]
    accepted_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    leave_by: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    how: Mapped[VisitEnd | None] = mapped_column(enum_text(VisitEnd))
    words: Mapped[str | None]
    settled_at: Mapped[datetime | None]


class VisitEvent(Base):
    """One thing that happened on a visit: accepted, arrived, extended, ended, overdue."""

    __tablename__ = "visit_events"

    id: Mapped[Key]
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    at: Mapped[datetime]
    what: Mapped[str]
    by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    leave_by: Mapped[datetime]
