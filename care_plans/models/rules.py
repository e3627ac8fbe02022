"""Tables of what a plan watches: what should happen if, by which rules and ladders, what is expected when."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from care_plans.severity import Class
from core.db import Base, Key, enum_text


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
    also_by: Mapped[list[Any] | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    what_should_happen: Mapped[str]
    early_signs: Mapped[str | None]
    coping: Mapped[str | None]
    anticipatory: Mapped[str | None]
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
    also_by: Mapped[list[Any] | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
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
    also_by: Mapped[list[Any] | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
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
    also_by: Mapped[list[Any] | None]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    kind: Mapped[str]
    text: Mapped[str]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    recurrence: Mapped[dict[str, Any]]
    goal_key: Mapped[str | None]
    next_at: Mapped[datetime | None]


class Advice(Base):
    """What a pathway tells people to do about a topic, so that two pathways that disagree are seen."""

    __tablename__ = "plan_advice"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_versions.id", ondelete="CASCADE"))
    key: Mapped[str]
    pathway: Mapped[str]
    topic: Mapped[str]
    stance: Mapped[str]
    words: Mapped[str]


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
