"""Tables of calls to people: each attempt, the procedure when nobody answers, and what was agreed of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from care_plans.reached import Came, Found
from core.db import Base, Envelope, enum_text


class ContactAttempt(Envelope, Base):
    """One call that somebody made to a person, or to one of those around them, and what came of it.

    Two who record at once are both kept. `contact_id` is who was rung; None is the person themselves.
    """

    __tablename__ = "contact_attempts"
    __table_args__ = (
        Index("ix_contact_attempts_person", "person_id", "at"),
        Index("ix_contact_attempts_follow_up", "follow_up_id"),
        Index("ix_contact_attempts_alert", "alert_id"),
        Index("ix_contact_attempts_remind", "remind_at", postgresql_where=text("remind_at IS NOT NULL")),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"))
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"))
    """What it raised, was told to, or was made for."""
    at: Mapped[datetime]
    by_staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    came: Mapped[Came] = mapped_column(enum_text(Came))
    words: Mapped[str | None]
    completed: Mapped[bool] = mapped_column(default=False)
    """Whether it was what completed the follow-up, so that taking it back opens that again."""
    remind_at: Mapped[datetime | None]
    """When the team is asked to ring again, unless somebody has by then."""
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class NoReply(Envelope, Base):
    """That somebody does not answer, and is looked for: begun, and ended by finding out where they are.

    Its steps, owners and deadlines are those of its alert's ladder.
    """

    __tablename__ = "no_replies"
    __table_args__ = (
        Index("uq_no_replies_open", "person_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_no_replies_began", "began_at"),
        Index("ix_no_replies_alert", "alert_id"),
        CheckConstraint("(ended_at IS NULL) = (ended IS NULL)", name="ended"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    """The team that rang."""
    terms: Mapped[dict[str, Any]]
    """As they were when it began."""
    began_at: Mapped[datetime]
    began_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who began it by hand; None where it began by itself."""
    why: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended: Mapped[Found | None] = mapped_column(enum_text(Found))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class NoReplyTerms(Envelope, Base):
    """When somebody counts as not answering, and what is done then: of a team, a pathway or one person."""

    __tablename__ = "no_reply_terms"
    __table_args__ = (
        Index(
            "uq_no_reply_terms_team",
            "team_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL AND team_id IS NOT NULL"),
        ),
        Index(
            "uq_no_reply_terms_person",
            "person_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL AND person_id IS NOT NULL"),
        ),
        Index(
            "uq_no_reply_terms_pathway",
            "pathway",
            unique=True,
            postgresql_where=text("superseded_at IS NULL AND pathway IS NOT NULL"),
        ),
        CheckConstraint("num_nonnulls(team_id, person_id, pathway) = 1", name="whose"),
        CheckConstraint(
            "person_id IS NULL OR (agreed_with IS NOT NULL AND agreed_on IS NOT NULL)", name="agreed"
        ),
    )

    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    pathway: Mapped[str | None]
    document: Mapped[dict[str, Any]]
    agreed_with: Mapped[str | None]
    agreed_on: Mapped[date | None]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    superseded_at: Mapped[datetime | None]
