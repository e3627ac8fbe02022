"""Tables of safeguarding concerns: restricted, for whoever raised one and the team that it went to (H19)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, Key, enum_text


class Knows(StrEnum):
    """Whether the person knows that somebody is worried."""

    YES = "yes"
    NO = "no"
    UNSAFE = "unsafe_to_ask"


class Enquiry(StrEnum):
    """What was decided of an enquiry (Care Act 2014, section 42)."""

    BEGUN = "begun"
    NOT_BEGUN = "not_begun"


class Met(StrEnum):
    """Whether what the person wished came about (Making Safeguarding Personal)."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not_met"
    NOT_SAID = "not_said"


class Concern(Envelope, Base):
    """A worry about somebody, in the hands of a safeguarding team, with its clock."""

    __tablename__ = "concerns"
    __table_args__ = (
        Index("ix_concerns_team", "team_id", "raised_at"),
        Index("ix_concerns_open", "decide_by", postgresql_where=text("closed_at IS NULL")),
        CheckConstraint("NOT danger OR danger_done IS NOT NULL", name="danger"),
        CheckConstraint("(enquiry IS NULL) = (enquiry_at IS NULL)", name="enquiry_when"),
        CheckConstraint("closed_at IS NULL OR enquiry IS NOT NULL", name="decided_before_closed"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_with_outcome"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    alert_id: Mapped[int | None]
    worry: Mapped[str]
    danger: Mapped[bool]
    danger_done: Mapped[str | None]
    wishes: Mapped[str]
    knows: Mapped[Knows] = mapped_column(enum_text(Knows))
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    raised_at: Mapped[datetime]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    read_by: Mapped[datetime]
    decide_by: Mapped[datetime]
    follow_up_id: Mapped[int | None]
    """The follow-up by which its team is asked for the next thing."""
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    enquiry: Mapped[Enquiry | None] = mapped_column(enum_text(Enquiry))
    enquiry_at: Mapped[datetime | None]
    enquiry_why: Mapped[str | None]
    safety_plan: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    wishes_met: Mapped[Met | None] = mapped_column(enum_text(Met))


class ConcernEvent(Base):
    """One thing that happened to a concern; never told outside of it."""

    __tablename__ = "concern_events"

    id: Mapped[Key]
    concern_id: Mapped[int] = mapped_column(ForeignKey("concerns.id"), index=True)
    at: Mapped[datetime]
    what: Mapped[str]
    words: Mapped[str]
    by_staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
