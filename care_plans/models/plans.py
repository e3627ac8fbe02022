"""Tables of the plan: one for each person, in versions whose rows never change once published."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, Key, enum_text


class VersionState(StrEnum):
    """A version is drafted, published, and superseded by the next."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class FundingSource(StrEnum):
    """Who pays for the care and support."""

    NHS_CONTINUING_HEALTHCARE = "nhs_continuing_healthcare"
    LOCAL_AUTHORITY = "local_authority"
    JOINT = "joint"
    PERSONAL_HEALTH_BUDGET = "personal_health_budget"
    DIRECT_PAYMENT = "direct_payment"
    SELF_FUNDED = "self_funded"
    VOLUNTARY = "voluntary"


class AgreedWith(StrEnum):
    """With whom a plan was agreed; where it could not be, that is on the record with why."""

    PERSON = "person"
    REPRESENTATIVE = "representative"
    NOBODY = "nobody"


class WorkDecision(StrEnum):
    """What becomes of open work when the plan that caused it changes."""

    KEEP = "keep"
    REPLACE = "replace"
    CANCEL = "cancel"


class PathwaySwitch(Base):
    """A named clinician switches a pathway's clinical rules on (or off again), on the record."""

    __tablename__ = "pathway_switches"
    __table_args__ = (
        Index("uq_pathway_switches_on", "pathway", unique=True, postgresql_where=text("off_at IS NULL")),
    )

    id: Mapped[Key]
    pathway: Mapped[str]
    pathway_version: Mapped[int]
    on_at: Mapped[datetime]
    on_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    on_reason: Mapped[str]
    off_at: Mapped[datetime | None]
    off_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Plan(Envelope, Base):
    """The one plan of a person, shared by all agencies."""

    __tablename__ = "plans"
    __table_args__ = (Index("ix_plans_reckon", "reckon_at", postgresql_where=text("reckon_at IS NOT NULL")),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    reckon_at: Mapped[datetime | None]


class PlanVersion(Envelope, Base):
    """The plan as it was agreed from one day on. At most one is published and one is a draft."""

    __tablename__ = "plan_versions"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        Index(
            "uq_plan_versions_published", "plan_id", unique=True, postgresql_where=text("state = 'published'")
        ),
        Index("uq_plan_versions_draft", "plan_id", unique=True, postgresql_where=text("state = 'draft'")),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(enum_text(VersionState), default=VersionState.DRAFT)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    begun_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    superseded_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    agreed_with: Mapped[str | None]
    review_on: Mapped[date | None]
    review_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    watched: Mapped[str | None]
    otherwise: Mapped[str | None]
    funding: Mapped[FundingSource | None] = mapped_column(enum_text(FundingSource))
    funding_words: Mapped[str | None]


class PlanPathway(Base):
    """Which pathways a version follows."""

    __tablename__ = "plan_pathways"
    __table_args__ = (UniqueConstraint("version_id", "pathway"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    pathway: Mapped[str]
    pathway_version: Mapped[int]
    title: Mapped[str]


class PlanAgreement(Envelope, Base):
    """Somebody agreed a version, or why it could not be agreed with the person; each act is a row.

    `of` is the version's row version that was agreed: a draft that changes afterwards is agreed no more.
    """

    __tablename__ = "plan_agreements"
    __table_args__ = (
        Index("ix_plan_agreements_version", "version_id"),
        CheckConstraint("(with_whom = 'nobody') = (why_not IS NOT NULL)", name="why_not"),
        CheckConstraint("(with_whom = 'nobody') = (name IS NULL)", name="named"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    of: Mapped[int]
    with_whom: Mapped[AgreedWith] = mapped_column(enum_text(AgreedWith))
    name: Mapped[str | None]
    role: Mapped[str | None]
    how: Mapped[str | None]
    why_not: Mapped[str | None]
    agreed_on: Mapped[date]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class Acceptance(Base):
    """A contradiction between pathways that somebody lets stand, and why; `key` changes with what it says."""

    __tablename__ = "plan_acceptances"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    key: Mapped[str]
    words: Mapped[str]
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class WorkReview(Base):
    """What becomes of open work as a version is published; `chosen` by somebody, or else kept unseen."""

    __tablename__ = "plan_work_reviews"
    __table_args__ = (
        Index("ix_plan_work_reviews_version", "version_id"),
        CheckConstraint("num_nonnulls(follow_up_id, alert_id) = 1", name="one_thing"),
    )

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"), index=True)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"), index=True)
    decision: Mapped[WorkDecision] = mapped_column(enum_text(WorkDecision))
    reason: Mapped[str | None]
    chosen: Mapped[bool]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
