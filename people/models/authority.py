"""Tables of who decides for somebody: capacity, best interests, attorneys, agreements to kit that watches."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, enum_text
from people.watching import Watched


class Capacity(StrEnum):
    """What an assessment found, of one decision at one time."""

    HAS = "has_capacity"
    LACKS = "lacks_capacity"
    FLUCTUATES = "fluctuates"
    NOT_SETTLED = "not_settled"


class AuthorityKind(StrEnum):
    """By what somebody may decide for another."""

    ATTORNEY_WELFARE = "attorney_health_and_welfare"
    ATTORNEY_PROPERTY = "attorney_property"
    DEPUTY_WELFARE = "deputy_health_and_welfare"
    DEPUTY_PROPERTY = "deputy_property"
    APPOINTEE = "appointee"


class AgreedBy(StrEnum):
    """On whose word kit that watches may be there."""

    PERSON = "person"
    BEST_INTERESTS = "best_interests"
    REPRESENTATIVE = "representative"


class CapacityAssessment(Envelope, Base):
    """Whether somebody could make one decision on one day, who found so, and what helped them to decide."""

    __tablename__ = "capacity_assessments"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    decision: Mapped[str]
    assessed_on: Mapped[date]
    assessed_by: Mapped[str]
    outcome: Mapped[Capacity] = mapped_column(enum_text(Capacity))
    support: Mapped[str]
    reasons: Mapped[str]
    review_on: Mapped[date | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None]


class BestInterests(Envelope, Base):
    """A decision made for somebody who could not make it: with whom, and what else was weighed."""

    __tablename__ = "best_interests"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("capacity_assessments.id"))
    decision: Mapped[str]
    asked: Mapped[str]
    wishes: Mapped[str]
    options: Mapped[str]
    less_intrusive: Mapped[str]
    objections: Mapped[str]
    decided: Mapped[str]
    decided_by: Mapped[str]
    decided_on: Mapped[date]
    review_on: Mapped[date]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None]


class Authority(Envelope, Base):
    """That somebody may decide for a person: what they hold, whether verified, and where it is kept."""

    __tablename__ = "authorities"
    __table_args__ = (
        CheckConstraint("(verified_on IS NULL) = (verified_how IS NULL)", name="verified"),
        CheckConstraint("ends_on IS NULL OR begins_on IS NULL OR ends_on >= begins_on", name="period"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[AuthorityKind] = mapped_column(enum_text(AuthorityKind))
    name: Mapped[str]
    relation: Mapped[str | None]
    telephone_sealed: Mapped[bytes | None]
    registered: Mapped[bool] = mapped_column(default=False)
    reference: Mapped[str | None]
    verified_on: Mapped[date | None]
    verified_how: Mapped[str | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    kept_where: Mapped[str | None]
    limits: Mapped[str | None]
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None]


class Agreement(Envelope, Base):
    """That kit of one sort may watch somebody: on whose word, what else was weighed, and until when (H18)."""

    __tablename__ = "monitoring_agreements"
    __table_args__ = (
        Index(
            "uq_monitoring_agreements_in_force",
            "person_id",
            "watched",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_monitoring_agreements_review", "review_on", postgresql_where=text("ended_at IS NULL")),
        CheckConstraint(
            "(agreed_by = 'best_interests') = (best_interests_id IS NOT NULL)", name="best_interests"
        ),
        CheckConstraint("(agreed_by = 'representative') = (authority_id IS NOT NULL)", name="representative"),
        CheckConstraint(
            "watched NOT IN ('doors', 'location')"
            " OR (expires_on IS NOT NULL AND reviewed_by IS NOT NULL AND reviewed_on IS NOT NULL)",
            name="restrictive",
        ),
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="period"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    watched: Mapped[Watched] = mapped_column(enum_text(Watched))
    agreed_by: Mapped[AgreedBy] = mapped_column(enum_text(AgreedBy))
    best_interests_id: Mapped[int | None] = mapped_column(ForeignKey("best_interests.id"))
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authorities.id"))
    why: Mapped[str]
    said: Mapped[str]
    less_intrusive: Mapped[str]
    objections: Mapped[str]
    reviewed_by: Mapped[str | None]
    reviewed_on: Mapped[date | None]
    began_at: Mapped[datetime]
    review_on: Mapped[date]
    expires_on: Mapped[date | None]
    review_asked_at: Mapped[datetime | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_why: Mapped[str | None]
