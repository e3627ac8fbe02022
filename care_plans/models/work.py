"""Tables of work: follow-ups that somebody owns by a deadline."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from care_plans.models.webhooks import Endpoint
from core.db import Base, Envelope, Key, enum_text


class FollowUpKind(StrEnum):
    """What is to be done."""

    CALL = "call"
    VISIT = "visit"
    REVIEW = "review"
    CHECK = "check"
    REPAIR = "repair"


class FollowUpOutcome(StrEnum):
    """What became of it."""

    DONE = "done"
    NO_REPLY = "no_reply"
    NOT_NEEDED = "not_needed"
    DECLINED = "declined"


class FollowUp(Envelope, Base):
    """Something to do for a person or a home, or about an override, by a team, by a time."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        Index("ix_follow_ups_due", "due_at", postgresql_where=text("done_at IS NULL")),
        Index("ix_follow_ups_team", "team_id", "due_at"),
        Index("ix_follow_ups_person", "person_id", "due_at"),
        Index(
            "uq_follow_ups_schedule",
            "schedule_key",
            "due_at",
            "person_id",
            unique=True,
            postgresql_where=text("schedule_key IS NOT NULL"),
        ),
        CheckConstraint(
            "num_nonnulls(person_id, home_id, override_id, endpoint_id) >= 1", name="person_or_home"
        ),
        CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name="done_with_outcome"),
    )

    kind: Mapped[FollowUpKind] = mapped_column(enum_text(FollowUpKind))
    text: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("homes.id"))
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"), index=True)
    override_id: Mapped[int | None] = mapped_column(ForeignKey("overrides.id"))
    """The opening of a record that is to be looked into: of whom, the follow-up itself does not say (H20)."""
    endpoint_id: Mapped[int | None] = mapped_column(ForeignKey(Endpoint.id))
    """The address of another system that no longer takes what it is told."""
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id", use_alter=True))
    schedule_key: Mapped[str | None]
    goal_key: Mapped[str | None]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    opens_at: Mapped[datetime | None]
    """From when it may be done; None where it may be done at any time."""
    due_at: Mapped[datetime]
    missed_at: Mapped[datetime | None]
    reminded_for: Mapped[datetime | None]
    """The due time of which somebody was reminded, or needed not to be."""
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[FollowUpOutcome | None] = mapped_column(enum_text(FollowUpOutcome))
    remarks: Mapped[str | None]
    restricted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Only its team knows that it is there."""


class FollowUpEvent(Base):
    """One thing that happened to a follow-up: made, taken, rescheduled with a reason, missed, completed."""

    __tablename__ = "follow_up_events"

    id: Mapped[Key]
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_ups.id"), index=True)
    at: Mapped[datetime]
    what: Mapped[str]
    by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str]
