"""Tables of alerts: one open alert for a subject and rule, and a row for each thing that happened to it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from care_plans.severity import Class, Severity
from core.db import Base, Envelope, Key, enum_text


class ContactKind(StrEnum):
    """Only these stop the ladder of a red alert (H7)."""

    SPOKE_TO = "spoke_to"
    SAW = "saw"
    WITH_THEM_NOW = "with_them_now"


class Cause(StrEnum):
    """What was behind an alert, as found when it was closed."""

    TRUE_ACTED = "true_acted"
    TRUE_NO_ACTION = "true_no_action"
    FALSE_KIT = "false_kit"
    FALSE_THRESHOLD = "false_threshold"
    FALSE_USER = "false_user"
    DUPLICATE = "duplicate"
    TEST = "test"


class Outcome(StrEnum):
    """What came of it for the person."""

    SETTLED_AT_HOME = "settled_at_home"
    ADVICE_GIVEN = "advice_given"
    TREATMENT_CHANGED = "treatment_changed"
    VISIT_MADE = "visit_made"
    URGENT_COMMUNITY_RESPONSE = "urgent_community_response"
    EMERGENCY_SERVICES = "emergency_services"
    ADMITTED = "admitted"
    HOME_MADE_SAFE = "home_made_safe"
    KIT_MENDED = "kit_mended"
    NONE = "none"


class Alert(Envelope, Base):
    """Something that matters about a person or a home (or kit that serves one), somebody's by a deadline.

    Or about a worker (`worker_id`) of whom nothing is heard on a visit.

    Open or closed is the only state. What raised it is copied onto it: later edits do not rewrite history.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index(
            "uq_alerts_open", "subject", "rule_key", unique=True, postgresql_where=text("closed_at IS NULL")
        ),
        Index(
            "ix_alerts_escalate",
            "escalate_after",
            postgresql_where=text("escalate_after IS NOT NULL AND closed_at IS NULL"),
        ),
        Index(
            "ix_alerts_shelved",
            "shelved_until",
            postgresql_where=text("shelved_until IS NOT NULL AND closed_at IS NULL"),
        ),
        Index("ix_alerts_open", "severity", "began_at", postgresql_where=text("closed_at IS NULL")),
        Index("ix_alerts_person", "person_id", "raised_at"),
        Index("ix_alerts_home", "home_id", "raised_at"),
        Index("ix_alerts_raised", "raised_at"),
        Index("ix_alerts_settled", "subject", "rule_key", "closed_at"),
        CheckConstraint("num_nonnulls(person_id, home_id, visit_id) = 1", name="person_home_or_visit"),
        CheckConstraint("(visit_id IS NULL) = (worker_id IS NULL)", name="visit_and_worker"),
        CheckConstraint("severity <> 'red' OR shelved_until IS NULL", name="reds_are_never_shelved"),
        CheckConstraint(
            "(closed_at IS NULL) OR (cause IS NOT NULL AND outcome IS NOT NULL AND action IS NOT NULL)",
            name="closed_with_cause_action_outcome",
        ),
        CheckConstraint(
            "closed_at IS NOT NULL OR owner_staff_id IS NOT NULL OR escalate_after IS NOT NULL",
            name="open_has_owner_or_deadline",
        ),
    )

    subject: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("homes.id"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id", use_alter=True))
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    rule_key: Mapped[str]
    class_: Mapped[Class] = mapped_column("class", enum_text(Class))
    severity: Mapped[Severity] = mapped_column(enum_text(Severity))

    name: Mapped[str]
    words: Mapped[str]
    kind: Mapped[str | None]
    value: Mapped[float | None] = mapped_column(Float(53))
    unit: Mapped[str | None]
    evidence: Mapped[list[Any]]
    began_at: Mapped[datetime]
    raised_at: Mapped[datetime]
    late: Mapped[bool] = mapped_column(default=False)
    unconfirmed: Mapped[bool] = mapped_column(default=False)
    may_be_test: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody was at work on kit there when it began. It is asked about like any other."""
    copied: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It rests on copies alone of a call that the unit made to an alarm receiving centre (H9)."""
    centre: Mapped[str | None]
    """Which centre that is, as the home's alarm line had it then; None where nobody had written it down."""
    times_raised: Mapped[int] = mapped_column(default=1)

    pathway: Mapped[str | None]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("plan_versions.id"))
    rule: Mapped[dict[str, Any]]
    ladder: Mapped[dict[str, Any]]
    what_should_happen: Mapped[str]
    goal_key: Mapped[str | None]
    goal_text: Mapped[str | None]

    step: Mapped[int] = mapped_column(default=0)
    step_at: Mapped[datetime]
    escalate_after: Mapped[datetime | None]
    owner_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    owner_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    acknowledged_at: Mapped[datetime | None]
    seen_until: Mapped[datetime | None]
    shelved_until: Mapped[datetime | None]
    going_until: Mapped[datetime | None]
    contact_at: Mapped[datetime | None]
    contact: Mapped[ContactKind | None] = mapped_column(enum_text(ContactKind))
    emergency_at: Mapped[datetime | None]
    emergency_reference: Mapped[str | None]
    handed_to_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    handed_until: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]

    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    cause: Mapped[Cause | None] = mapped_column(enum_text(Cause))
    action: Mapped[str | None]
    outcome: Mapped[Outcome | None] = mapped_column(enum_text(Outcome))


class AlertEvent(Base):
    """One thing that happened to an alert: what, when, by whom. Outcomes are counted from these rows."""

    __tablename__ = "alert_events"
    __table_args__ = (
        Index("ix_alert_events_alert", "alert_id", "id"),
        Index("ix_alert_events_what", "what", "at"),
    )

    id: Mapped[Key]
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    at: Mapped[datetime]
    what: Mapped[str]
    by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    step: Mapped[int | None]
    severity: Mapped[Severity | None] = mapped_column(enum_text(Severity))
    words: Mapped[str]
    details: Mapped[dict[str, Any]]
