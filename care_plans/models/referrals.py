"""Tables of hand-overs: what one team asks of another, each step of it, and what stays readable after."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from care_plans.referral_states import (
    AskedBy,
    AskedHow,
    DeclineReason,
    Judgement,
    OutsideWay,
    ReferralKind,
    ReferralState,
    Result,
    Urgency,
)
from core.db import Base, Envelope, Key, enum_text


class Referral(Envelope, Base):
    """Something one team asks of another for a person: always somebody's, with a time for the next step.

    `snapshot` keeps who asked whom, where and for whom as it was, for statistics: later edits change nothing.
    `shared` is what the sender chose to show before acceptance, class by class.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        Index(
            "uq_referrals_open",
            "person_id",
            "to_team_id",
            "about_key",
            unique=True,
            postgresql_where=text("state IN ('sent', 'accepted', 'under_way')"),
        ),
        Index("ix_referrals_next", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index(
            "ix_referrals_undelivered",
            "sent_at",
            postgresql_where=text("delivered_at IS NULL AND state = 'sent'"),
        ),
        Index("ix_referrals_to_team", "to_team_id", "state"),
        Index("ix_referrals_from_team", "from_team_id", "state"),
        Index("ix_referrals_person", "person_id", "sent_at"),
        CheckConstraint("(to_team_id IS NULL) <> (outside_name IS NULL)", name="one_receiver"),
        CheckConstraint(
            "(person_id IS NOT NULL) OR (kind = 'self_referral' AND asked_name IS NOT NULL)",
            name="somebody",
        ),
        CheckConstraint(
            "state NOT IN ('sent', 'accepted', 'under_way') "
            "OR next_at IS NOT NULL OR owner_staff_id IS NOT NULL",
            name="open_has_owner_or_deadline",
        ),
        CheckConstraint("(state = 'done') = (result IS NOT NULL)", name="done_with_result"),
        CheckConstraint(
            "state NOT IN ('declined', 'revoked') OR ended_words IS NOT NULL", name="ended_with_reason"
        ),
    )

    kind: Mapped[ReferralKind] = mapped_column(enum_text(ReferralKind))
    state: Mapped[ReferralState] = mapped_column(enum_text(ReferralState), default=ReferralState.SENT)
    urgency: Mapped[Urgency] = mapped_column(enum_text(Urgency))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    who: Mapped[str]
    """Their name as it was: what stays readable for a team that goes follows no later change."""
    about_key: Mapped[str]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    action_key: Mapped[str | None]
    action_text: Mapped[str | None]
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"))
    again_of_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"))
    reason: Mapped[str]
    background: Mapped[str | None]
    shared: Mapped[list[Any]]

    from_team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    to_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    fallback_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    outside_name: Mapped[str | None]
    outside_address: Mapped[str | None]
    outside_way: Mapped[OutsideWay | None] = mapped_column(enum_text(OutsideWay))

    asked_name: Mapped[str | None]
    asked_born: Mapped[date | None]
    asked_telephone_sealed: Mapped[bytes | None]
    asked_by: Mapped[AskedBy | None] = mapped_column(enum_text(AskedBy))
    asked_how: Mapped[AskedHow | None] = mapped_column(enum_text(AskedHow))

    leaves: Mapped[bool] = mapped_column(default=False)
    kept: Mapped[list[Any]]
    care_team_id: Mapped[int | None] = mapped_column(ForeignKey("care_teams.id", ondelete="SET NULL"))
    net_follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"))
    work_follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"))

    sent_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    respond_by: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    owner_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    due_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decline_reason: Mapped[DeclineReason | None] = mapped_column(enum_text(DeclineReason))
    ended_words: Mapped[str | None]
    result: Mapped[Result | None] = mapped_column(enum_text(Result))
    told_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    about_home: Mapped[bool] = mapped_column(default=False)
    aware_at: Mapped[datetime | None]
    judge_by: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    judgement: Mapped[Judgement | None] = mapped_column(enum_text(Judgement))

    snapshot: Mapped[dict[str, Any]]
    waited_for_answer: Mapped[int | None]
    """Seconds from sending to the answer: what the receiver took."""
    waited_for_result: Mapped[int | None]
    """Seconds from sending to the end: what the sender and the person waited."""


class ReferralEvent(Base):
    """One thing that happened to a referral: what, when, by whom, for which team."""

    __tablename__ = "referral_events"
    __table_args__ = (Index("ix_referral_events_referral", "referral_id", "id"),)

    id: Mapped[Key]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"))
    at: Mapped[datetime]
    what: Mapped[str]
    by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    words: Mapped[str]
    details: Mapped[dict[str, Any]]


class HandOverSummary(Envelope, Base):
    """What a team that stops caring may still read: what it saw at that moment, and nothing later."""

    __tablename__ = "hand_over_summaries"
    __table_args__ = (
        Index("uq_hand_over_summaries_team", "referral_id", "team_id", unique=True),
        Index("ix_hand_over_summaries_person", "person_id"),
    )

    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    at: Mapped[datetime]
    document: Mapped[list[Any]]
