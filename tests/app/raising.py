"""Alerts about Ada, Ben and their homes, raised as judging raises them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.alerts.raising import Raised
from care_plans.models.alerts import Alert
from care_plans.severity import Class, Severity
from devices.subjects import Subject
from tests.care_plans import alerting
from tests.cast import Cast

OXYGEN_LOW: dict[str, Any] = {
    "key": "copd.oxygen_low",
    "name": "Oxygen low",
    "class": "clinical",
    "about": "person",
    "steps": [
        {"severity": "red", "when": {"kind": "spo2", "below": 85, "times": 2, "within": "10 min"}},
        {"severity": "amber", "when": {"kind": "spo2", "below": 88}},
    ],
    "clear": {"kind": "spo2", "at_or_above": 89},
    "source": "Set for Ada by her GP.",
}


def what(
    cast: Cast,
    now: datetime,
    severity: Severity = Severity.RED,
    class_: Class = Class.CLINICAL,
    *,
    subject: Subject | None = None,
    key: str = "copd.oxygen_low",
    ago: timedelta = timedelta(minutes=2),
) -> Raised:
    given = alerting.raised(cast, now, severity, class_, subject=subject, key=key, ago=ago)
    rule = {**OXYGEN_LOW, "key": key, "class": class_.value}
    if class_ is Class.LIFE_SAFETY:
        rule.pop("clear")
    return replace(given, rule=rule, pathway="copd")


def raise_(
    session: Session,
    cast: Cast,
    now: datetime,
    severity: Severity = Severity.RED,
    class_: Class = Class.CLINICAL,
    *,
    subject: Subject | None = None,
    key: str = "copd.oxygen_low",
    ago: timedelta = timedelta(minutes=2),
) -> Alert:
    alert = alerts.raise_(session, what(cast, now, severity, class_, subject=subject, key=key, ago=ago), now)
    session.flush()
    return alert
