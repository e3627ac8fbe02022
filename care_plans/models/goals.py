"""Tables of what a plan is for: needs, goals and how they stand, and what has been taken on for them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Key, enum_text


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


class Strength(Base):
    """What the person can do and has around them, in words."""

    __tablename__ = "strengths"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    key: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    text: Mapped[str]


class Need(Base):
    """A need, concern or problem, in words."""

    __tablename__ = "needs"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    key: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    pathway: Mapped[str | None]
    also_by: Mapped[list[Any] | None]
    text: Mapped[str]


class Goal(Base):
    """A goal or hope, in the person's voice, with what would show it."""

    __tablename__ = "goals"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    need_key: Mapped[str]
    key: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    also_by: Mapped[list[Any] | None]
    text: Mapped[str]
    importance: Mapped[int | None]
    measure: Mapped[dict[str, Any] | None]
    measure_words: Mapped[str | None]
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
    """What an agency has taken on, for a goal; in a draft perhaps nobody yet.

    `confidence` is how sure the person is that they can do their part of it, from 0 to 10.
    """

    __tablename__ = "actions"
    __table_args__ = (
        UniqueConstraint("version_id", "key"),
        CheckConstraint("confidence BETWEEN 0 AND 10", name="confidence"),
    )

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    goal_key: Mapped[str]
    key: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    also_by: Mapped[list[Any] | None]
    text: Mapped[str]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    when_words: Mapped[str | None]
    due_on: Mapped[date | None]
    review_on: Mapped[date | None]
    strategies: Mapped[str | None]
    confidence: Mapped[int | None]
    status: Mapped[ActionStatus] = mapped_column(enum_text(ActionStatus), default=ActionStatus.PLANNED)
    status_at: Mapped[datetime | None]


class StageGoal(Base):
    """A smaller goal on the way, for one action, and what came of it."""

    __tablename__ = "stage_goals"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    action_key: Mapped[str]
    key: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    text: Mapped[str]
    status: Mapped[GoalStatus] = mapped_column(enum_text(GoalStatus), default=GoalStatus.PROPOSED)
    outcome: Mapped[str | None]


class PlanDocument(Base):
    """Another document that belongs with the plan: what it is, and where to find it."""

    __tablename__ = "plan_documents"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    key: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    title: Mapped[str]
    place: Mapped[str]
    dated_on: Mapped[date | None]
    review_on: Mapped[date | None]
