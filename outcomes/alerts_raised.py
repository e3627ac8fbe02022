"""Alerts with what their event rows say: each ask for contact, how far the ladder went, how bad it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FunctionFilter, and_, func, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Session

from care_plans.alerts.events import What
from care_plans.models.alerts import Alert, AlertEvent, Cause
from care_plans.severity import Class, Severity
from devices.models import Device
from outcomes.asks import TOLD, Ask, asks
from outcomes.sight import Sight
from outcomes.ties import Ties
from people.models.agencies import Team

OPEN = "open"
"""The cause of an alert that has none yet."""


@dataclass(frozen=True, slots=True)
class AlertRaised:
    """One alert as it is counted; `steps` are those past the first of its ladder, repetitions left out."""

    uuid: UUID
    person_id: int | None
    home_id: int | None
    people: tuple[int, ...]
    agency_id: int | None
    led_by: int | None
    class_: Class
    severity: Severity
    name: str
    pathway: str | None
    raised_at: datetime
    asks: tuple[Ask, ...]
    steps: int
    closed_at: datetime | None
    cause: str
    kind: str | None = None
    rule_key: str = ""
    model: str | None = None
    by_itself: bool = False
    """Whether it was closed by no person: it cleared, and nobody had to act."""


_COLUMNS = (AlertEvent.what, AlertEvent.at, AlertEvent.severity)


def list_raised(
    session: Session, sight: Sight, ties: Ties, since: datetime, until: datetime
) -> list[AlertRaised]:
    """The alerts raised in [since, until), oldest first.

    A contact that a later worsening or return wiped off the alert still stands in its events, and so do the
    severities it had: only the rows of events are believed. What got worse or came back asks anew.
    """
    repeated = func.coalesce(AlertEvent.details["repeats"].as_boolean(), False)
    past_first = and_(AlertEvent.what == What.STEP, AlertEvent.step > 1, ~repeated)
    events = (
        select(
            *(_in_order(column).label(f"told_{column.key}") for column in _COLUMNS),
            func.count().filter(past_first).label("steps"),
            func.coalesce(func.bool_or(AlertEvent.severity == Severity.RED), False).label("red"),
            func.coalesce(func.bool_or(AlertEvent.severity == Severity.AMBER), False).label("amber"),
        )
        .where(AlertEvent.alert_id == Alert.id)
        .lateral()
    )
    rows = session.execute(
        select(
            Alert.uuid,
            Alert.person_id,
            Alert.home_id,
            Alert.class_,
            Alert.severity,
            Alert.name,
            Alert.pathway,
            Alert.raised_at,
            Alert.closed_at,
            Alert.cause,
            Alert.kind,
            Alert.rule_key,
            Alert.closed_by_id,
            Device.model,
            Team.agency_id,
            events.c.told_what,
            events.c.told_at,
            events.c.told_severity,
            events.c.steps,
            events.c.red,
            events.c.amber,
        )
        .select_from(Alert)
        .join(events, true())
        .outerjoin(Team, Team.id == Alert.owner_team_id)
        .outerjoin(Device, Device.id == Alert.device_id)
        .where(
            Alert.raised_at >= since,
            Alert.raised_at < until,
            Alert.deleted_at.is_(None),
            sight.of_either(Alert.person_id, Alert.home_id),
        )
        .order_by(Alert.raised_at, Alert.id)
    )
    found = []
    for row in rows:
        people = (
            (row.person_id,) if row.person_id is not None else ties.residents_of(row.home_id, row.raised_at)
        )
        led = (ties.agency_of(one, row.raised_at) for one in people)
        led_by = next((agency_id for agency_id in led if agency_id is not None), None)
        found.append(
            AlertRaised(
                row.uuid,
                row.person_id,
                row.home_id,
                people,
                row.agency_id or led_by,
                led_by,
                row.class_,
                _worst(row.severity, red=row.red, amber=row.amber),
                row.name,
                row.pathway,
                row.raised_at,
                asks(zip(row.told_what or (), row.told_at or (), row.told_severity or (), strict=True)),
                row.steps,
                row.closed_at,
                row.cause.value if row.cause is not None else OPEN,
                row.kind,
                row.rule_key,
                row.model,
                row.cause is Cause.TRUE_NO_ACTION and row.closed_by_id is None,
            )
        )
    return found


def _in_order(column: InstrumentedAttribute[Any]) -> FunctionFilter[Any]:
    """What a column says of the events that tell of asks and contacts, as one array."""
    ordered = func.array_agg(aggregate_order_by(column, AlertEvent.at, AlertEvent.id))
    return ordered.filter(AlertEvent.what.in_(TOLD))


def _worst(now: Severity, *, red: bool, amber: bool) -> Severity:
    had = [Severity.RED] * red + [Severity.AMBER] * amber + [now]
    return max(had, key=lambda severity: severity.rank)
