"""Rows to count, made one by one: a plan in force, an alert with its events, a series with readings."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert, AlertEvent, Cause, Outcome
from care_plans.models.plans import Plan, PlanPathway, PlanVersion, VersionState
from care_plans.models.rules import Monitoring
from care_plans.severity import Class, Severity
from core.db import clock_of
from devices import partitions, subjects
from devices.models import Assignment, Device, DeviceState, Reading, Series
from outcomes import figures, rows
from outcomes.ground import Ground
from outcomes.measures import Measure
from outcomes.reckoning import Breakdown
from outcomes.rows import Row
from outcomes.weeks import Week
from people.access import Viewer
from people.models.agencies import Team
from people.models.people import Person
from tests.cast import Cast

ZONE = "Europe/London"


def viewer(cast: Cast, **changes: object) -> Viewer:
    """Cora, with her teams."""
    cora, teams = cast.cora, frozenset({cast.coordinators.id})
    made = Viewer(cora.id, cora.uuid, "Cora", cora.agency_id, "coordinator", teams)
    return replace(made, **changes)  # type: ignore[arg-type]


def laid(session: Session, cast: Cast, since: date | None = None, **changes: object) -> Ground:
    """The ground of these weeks for Cora, or as changed."""
    now = clock_of(session).now()
    return figures.lay(session, viewer(cast, **changes), since=since, now=now, zone=ZONE)


def traced(
    ground: Ground, measure: Measure, breakdown: Breakdown = figures.ALL, week: Week | None = None
) -> list[Row]:
    """Every row behind the measure's figures."""
    return rows.tell(ground, rows.behind(ground, measure, breakdown, week))


def planned(
    session: Session,
    cast: Cast,
    person: Person,
    start: datetime,
    end: datetime | None = None,
    *,
    number: int = 1,
    pathway: str = "copd",
    **monitored: dict[str, Any],
) -> PlanVersion:
    """A version of the person's plan in force from `start`; `monitored` are documents by kind of reading."""
    plan = session.query(Plan).filter_by(person_id=person.id).one_or_none()
    if plan is None:
        plan = Plan(person_id=person.id)
        session.add(plan)
        session.flush()
    version = PlanVersion(
        plan_id=plan.id,
        number=number,
        state=VersionState.SUPERSEDED if end else VersionState.PUBLISHED,
        drafted_by_id=cast.dev.id,
        published_at=start,
        superseded_at=end,
    )
    session.add(version)
    session.flush()
    session.add(PlanPathway(version_id=version.id, pathway=pathway, pathway_version=1, title="A pathway"))
    for kind, document in monitored.items():
        about = "home" if kind.startswith("room") else "person"
        session.add(
            Monitoring(
                version_id=version.id, key=kind, pathway=pathway, kind=kind, about=about, document=document
            )
        )
    session.flush()
    return version


def alerted(
    session: Session,
    raised_at: datetime,
    *,
    person: Person | None = None,
    home_id: int | None = None,
    severity: Severity = Severity.RED,
    owner: Team | None = None,
    closed_at: datetime | None = None,
    cause: Cause = Cause.TRUE_ACTED,
) -> Alert:
    """An alert about a person or a home."""
    about = subjects.person(person.id) if person else subjects.home(home_id or 0)
    alert = Alert(
        subject=about.number,
        person_id=person.id if person else None,
        home_id=home_id,
        rule_key=f"copd.at_{raised_at.timestamp():.0f}",
        class_=Class.CLINICAL,
        severity=severity,
        name="Oxygen low",
        words="Oxygen 84 %",
        evidence=[],
        began_at=raised_at,
        raised_at=raised_at,
        pathway="copd",
        rule={},
        ladder={},
        what_should_happen="Ring.",
        step_at=raised_at,
        escalate_after=raised_at,
        owner_team_id=owner.id if owner else None,
        closed_at=closed_at,
        cause=cause if closed_at else None,
        action="Rang." if closed_at else None,
        outcome=Outcome.NONE if closed_at else None,
    )
    session.add(alert)
    session.flush()
    happened(session, alert, "raised", timedelta(0))
    return alert


def happened(
    session: Session,
    alert: Alert,
    what: str,
    after: timedelta,
    *,
    step: int = 1,
    severity: Severity | None = None,
    repeats: bool = False,
) -> None:
    """Something happened to the alert, so long after it was raised."""
    session.add(
        AlertEvent(
            alert_id=alert.id,
            at=alert.raised_at + after,
            what=what,
            step=step,
            severity=severity or alert.severity,
            words="",
            details={"repeats": repeats},
        )
    )
    session.flush()


def lent(
    session: Session,
    kind: str,
    start: datetime,
    *,
    end: datetime | None = None,
    person: Person | None = None,
    home_id: int | None = None,
) -> Series:
    """A series of kit that was somebody's from `start`."""
    key = f"kit-{kind}-{session.query(Device).count()}"
    device = Device(key=key, name=key, model="own", state=DeviceState.INSTALLED)
    session.add(device)
    session.flush()
    session.add(
        Assignment(
            device_id=device.id,
            person_id=person.id if person else None,
            home_id=home_id,
            period=Range(start, end),
        )
    )
    series = Series(device_id=device.id, kind=kind)
    session.add(series)
    session.flush()
    return series


def measured(session: Session, series: Series, *at: datetime, flags: int = 0) -> None:
    """Readings of the series at these times."""
    partitions.make_ahead(session, clock_of(session).now())
    session.add_all(
        Reading(series_id=series.id, measured_at=one, value=1.0, flags=flags, batch_id=1) for one in at
    )
    session.flush()
