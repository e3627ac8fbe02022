"""Tables of changes of rules that are tried on the recorded past, and what that finds of each person."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope


class RuleTrial(Envelope, Base):
    """Another form of a pathway's rule, tried on everybody whom whoever asked may see.

    `usual` is the rule as the pathway had it then, `document` as it would be. People who have limits of their
    own keep them: they are `own_limits`, and not tried.
    """

    __tablename__ = "rule_trials"
    __table_args__ = (
        Index("ix_rule_trials_rule", "rule_key", "asked_at"),
        Index("ix_rule_trials_waiting", "id", postgresql_where=text("finished_at IS NULL")),
        CheckConstraint("days BETWEEN 1 AND 366", name="days"),
    )

    pathway: Mapped[str]
    rule_key: Mapped[str]
    usual: Mapped[dict[str, Any]]
    document: Mapped[dict[str, Any]]
    days: Mapped[int]
    own_limits: Mapped[int]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class RuleTrialPerson(Base):
    """What a trial found of one person; not tried yet while `readings` is None, in vain where `found` is.

    `found` lists [change, severity before, severity after, when, when after, words, cause] of each finding.
    """

    __tablename__ = "rule_trial_people"
    __table_args__ = (
        Index(
            "ix_rule_trial_people_waiting",
            "trial_id",
            "person_id",
            postgresql_where=text("readings IS NULL"),
        ),
    )

    trial_id: Mapped[int] = mapped_column(ForeignKey("rule_trials.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    rule: Mapped[dict[str, Any]]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    readings: Mapped[int | None]
    found: Mapped[list[Any] | None]
