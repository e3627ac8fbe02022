"""Tables of the plan: one for each person, in versions whose rows never change once published."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, Key, enum_text


class VersionState(StrEnum):
    """A version is drafted, published, and superseded by the next."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


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
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    superseded_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    agreed_with: Mapped[str | None]
    review_on: Mapped[date | None]
    review_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    watched: Mapped[str | None]
    otherwise: Mapped[str | None]


class PlanPathway(Base):
    """Which pathways a version follows."""

    __tablename__ = "plan_pathways"
    __table_args__ = (UniqueConstraint("version_id", "pathway"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    pathway: Mapped[str]
    pathway_version: Mapped[int]
    title: Mapped[str]
