"""What tests of alerts share: viewers, a ladder of the cast's teams, and findings to raise."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.alerts.alerts import Raised
from care_plans.alerts.events import What
from care_plans.alerts.ladder import Ladder, LadderStep, Way
from care_plans.judging.verdicts import Finding
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.models.messages import Message
from care_plans.severity import Class, Severity
from devices import subjects
from devices.subjects import Subject
from people.access import Viewer
from people.models.agencies import Staff, Team
from tests.cast import Cast

RULE = {
    "key": "copd.oxygen_low",
    "steps": [{"severity": "red", "when": {"kind": "spo2", "below": 88, "times": 2}}],
}


def viewer(staff: Staff, *teams: Team) -> Viewer:
    return Viewer(
        staff_id=staff.id,
        staff_uuid=staff.uuid,
        name=staff.name,
        agency_id=staff.agency_id,
        role=staff.role.value,
        team_ids=frozenset(team.id for team in teams),
    )


def cora(cast: Cast) -> Viewer:
    return viewer(cast.cora, cast.coordinators)


def dev(cast: Cast) -> Viewer:
    return viewer(cast.dev, cast.nurses)


def hana(cast: Cast) -> Viewer:
    return viewer(cast.hana, cast.landlord)


def vi(cast: Cast) -> Viewer:
    return viewer(cast.vi, cast.befrienders)


def mallory(cast: Cast) -> Viewer:
    return viewer(cast.mallory, cast.strangers)


def ladder(cast: Cast) -> Ladder:
    """Coordinators for 5 minutes, nurses for 10, then the receiving centre every 20."""
    return Ladder(
        "copd_red",
        "Oxygen",
        (
            LadderStep(1, "Coordinators", Way.MESSAGE, 300, team=cast.coordinators.id),
            LadderStep(2, "Community nurses", Way.MESSAGE, 600, team=cast.nurses.id),
            LadderStep(
                3,
                "Receiving centre, all hours",
                Way.CALL,
                1200,
                team=cast.centre.id,
                staffed_all_hours=True,
                receiving_centre=True,
            ),
        ),
    )


def finding(
    now: datetime,
    severity: Severity = Severity.RED,
    value: float = 84.0,
    ago: timedelta = timedelta(minutes=2),
) -> Finding:
    at = now - ago
    return Finding(
        severity=severity,
        words=f"Oxygen {value:.0f}%",
        at=at,
        kind="spo2",
        value=value,
        unit="%",
        evidence=(("spo2", at, value),),
        latest=at,
    )


def raised(
    cast: Cast,
    now: datetime,
    severity: Severity = Severity.RED,
    class_: Class = Class.CLINICAL,
    *,
    value: float = 84.0,
    ago: timedelta = timedelta(minutes=2),
    subject: Subject | None = None,
    key: str = "copd.oxygen_low",
) -> Raised:
    return Raised(
        subject=subject or subjects.person(cast.ada.id),
        rule_key=key,
        name="Oxygen low",
        class_=class_,
        finding=finding(now, severity, value, ago),
        ladder=ladder(cast),
        what_should_happen="Ring Ada.",
        rule=RULE,
        goal_key="lunch",
        goal_text="The lunch club on Thursdays",
    )


def unconfirmed(of: Raised) -> Raised:
    assert isinstance(of.finding, Finding)
    return replace(of, finding=replace(of.finding, unconfirmed=True))


def events_of(session: Session, alert: Alert) -> list[str]:
    return list(
        session.scalars(
            select(AlertEvent.what).where(AlertEvent.alert_id == alert.id).order_by(AlertEvent.id)
        )
    )


def times(session: Session, alert: Alert, what: What) -> int:
    return events_of(session, alert).count(what.value)


def messages_to(session: Session, team: Team | None = None, staff: Staff | None = None) -> list[Message]:
    return list(
        session.scalars(
            select(Message)
            .where(
                Message.team_id.is_not_distinct_from(team.id if team else None),
                Message.staff_id.is_not_distinct_from(staff.id if staff else None),
            )
            .order_by(Message.id)
        )
    )


def open_alerts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Alert).where(Alert.closed_at.is_(None))) or 0
