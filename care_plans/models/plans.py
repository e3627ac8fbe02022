"""Tables of the plan: one for each person, in versions whose rows never change once published."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from care_plans.severity import Class
from core.db import Base, Envelope, Key, enum_text


class VersionState(StrEnum):
    """A version is drafted, published, and superseded by the next."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class GoalStatus(StrEnum):
    """How a goal stands; a completed action never moves it by itself."""

    PROPOSED = "proposed"
    PROGRESSING = "progressing"
    ACHIEVED = "achieved"
    NOT_PROGRESSING = "not_progressing"
    GIVEN_UP = "given_up"


class ActionStatus(StrEnum):
    """How an action stands."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"


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


class Need(Base):
    """A need, concern or problem, in words."""

    __tablename__ = "needs"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    key: Mapped[str]
    pathway: Mapped[str | None]
    text: Mapped[str]


class Goal(Base):
    """A goal or hope, in the person's voice, with what would show it."""

    __tablename__ = "goals"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    need_key: Mapped[str]
    key: Mapped[str]
    text: Mapped[str]
    importance: Mapped[int | None]
    measure: Mapped[dict[str, Any] | None]
    target_on: Mapped[date | None]


class GoalProgress(Base):
    """How a goal was seen to stand on a day: by a person's judgement or from readings."""

    __tablename__ = "goal_progress"
    __table_args__ = (Index("ix_goal_progress_goal", "plan_id", "goal_key", "at"),)

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    goal_key: Mapped[str]
    at: Mapped[datetime]
    status: Mapped[GoalStatus] = mapped_column(enum_text(GoalStatus))
    done: Mapped[float | None] = mapped_column(Float(53))
    of: Mapped[float | None] = mapped_column(Float(53))
    words: Mapped[str | None]
    by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Action(Base):
    """What an agency has taken on, for a goal."""

    __tablename__ = "actions"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    goal_key: Mapped[str]
    key: Mapped[str]
    text: Mapped[str]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    due_on: Mapped[date | None]
    status: Mapped[ActionStatus] = mapped_column(enum_text(ActionStatus), default=ActionStatus.PLANNED)
    status_at: Mapped[datetime | None]


class PlanLadder(Base):
    """Who is contacted, in which order, by when: steps with real teams (see care_plans.alerts.ladder)."""

    __tablename__ = "plan_ladders"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    key: Mapped[str]
    name: Mapped[str]
    document: Mapped[dict[str, Any]]


class Contingency(Base):
    """If this happens: what should happen, and who is contacted."""

    __tablename__ = "contingencies"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    key: Mapped[str]
    pathway: Mapped[str | None]
    name: Mapped[str]
    what_should_happen: Mapped[str]
    goal_key: Mapped[str | None]
    ladder_key: Mapped[str]
    follow_up: Mapped[dict[str, Any] | None]


class PlanRule(Base):
    """A trigger of a contingency: the rule as care_plans.judging.rules writes it, with who set its limits."""

    __tablename__ = "rules"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    contingency_key: Mapped[str]
    key: Mapped[str]
    pathway: Mapped[str | None]
    class_: Mapped[Class] = mapped_column("class", enum_text(Class))
    about: Mapped[str]
    document: Mapped[dict[str, Any]]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime | None]
    set_why: Mapped[str | None]


class Monitoring(Base):
    """What is measured, how often, by when: the source of what we expect to hear."""

    __tablename__ = "monitoring"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    key: Mapped[str]
    pathway: Mapped[str | None]
    kind: Mapped[str]
    about: Mapped[str]
    document: Mapped[dict[str, Any]]
    goal_key: Mapped[str | None]


class Schedule(Base):
    """A follow-up that the plan asks for again and again."""

    __tablename__ = "schedules"
    __table_args__ = (
        UniqueConstraint("version_id", "key"),
        Index("ix_schedules_due", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    )

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    key: Mapped[str]
    pathway: Mapped[str | None]
    kind: Mapped[str]
    text: Mapped[str]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    recurrence: Mapped[dict[str, Any]]
    goal_key: Mapped[str | None]
    next_at: Mapped[datetime | None]


class Judgement(Base):
    """How a rule last stood for a subject, and when time alone asks to look again."""

    __tablename__ = "judgements"
    __table_args__ = (
        Index("ix_judgements_due", "judge_at", postgresql_where=text("judge_at IS NOT NULL")),
        CheckConstraint("verdict IN ('finding', 'unknown', 'nothing', 'off')", name="verdict"),
    )

    subject: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rule_key: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    words: Mapped[str]
    since: Mapped[datetime]
    judged_at: Mapped[datetime]
    judge_at: Mapped[datetime | None]
