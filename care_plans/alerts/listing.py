"""Alerts as programs list them: which are asked for, and the outer ids and names of all that is in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from care_plans.alerts import deadlines
from care_plans.alerts.ladder import Ladder, LadderStep
from care_plans.alerts.read import in_sight
from care_plans.models.alerts import Alert
from care_plans.seen import extents
from care_plans.severity import Class, Severity
from devices.models import Device
from people import named
from people.access import Viewer
from people.models.homes import Residency
from people.models.people import Contact
from people.named import Named


class State(StrEnum):
    """The only two states an alert has."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alerts; what is None is not asked for. `since` is when they were raised, at the earliest."""

    state: State | None = None
    person_id: int | None = None
    home_id: int | None = None
    severity: Severity | None = None
    class_: Class | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom ladder steps name, by inner key; contacts by name."""

    teams: Mapping[int | None, Named]
    staff: Mapping[int | None, Named]
    contacts: Mapping[int | None, str]


@dataclass(frozen=True, slots=True)
class Parties:
    """Everybody and everything that some alerts name, by inner key; their ladders by the alert's own."""

    people: Mapping[int | None, UUID]
    homes: Mapping[int | None, UUID]
    devices: Mapping[int | None, UUID]
    ladders: Mapping[int, Ladder]
    recipients: Recipients


def listing(session: Session, viewer: Viewer, wanted: Wanted, now: datetime) -> Select[Alert]:
    """The alerts in sight that are asked for; no order. A class finds only those that are shown in full.

    Those of a person are about the person or about the home where they live at `now`: smoke there is theirs.
    """
    query = select(Alert).where(in_sight(viewer, now))
    if wanted.state is not None:
        is_open = Alert.closed_at.is_(None)
        query = query.where(is_open if wanted.state is State.OPEN else ~is_open)
    if wanted.person_id is not None:
        living_there = select(Residency.home_id).where(
            Residency.person_id == wanted.person_id, Residency.period.contains(now)
        )
        query = query.where(or_(Alert.person_id == wanted.person_id, Alert.home_id.in_(living_there)))
    if wanted.since is not None:
        query = query.where(Alert.raised_at >= wanted.since)
    for column, value in (
        (Alert.home_id, wanted.home_id),
        (Alert.severity, wanted.severity),
        (Alert.class_, wanted.class_),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.class_ is not None:
        how = extents.of(session, viewer, session.scalars(query).all(), now)
        query = query.where(Alert.id.in_([key for key, told in how.items() if told.full]))
    return query


def count_since(session: Session, viewer: Viewer, since: datetime, now: datetime) -> tuple[int, int]:
    """How many were raised in sight since then, and how many of those are closed by now."""
    row = session.execute(
        select(func.count(), func.count(Alert.closed_at)).where(
            Alert.raised_at >= since, in_sight(viewer, now)
        )
    ).one()
    return row[0], row[1]


def parties(session: Session, alerts: Sequence[Alert]) -> Parties:
    """All that these alerts name, in a fixed number of statements."""
    ladders = {alert.id: deadlines.ladder_of(alert) for alert in alerts}
    steps = [step for ladder in ladders.values() for step in ladder.steps]
    staff = [each for alert in alerts for each in (alert.owner_staff_id, alert.closed_by_id)]
    teams = [each for alert in alerts for each in (alert.owner_team_id, alert.handed_to_team_id)]
    device_ids = {alert.device_id for alert in alerts if alert.device_id is not None}
    devices = session.execute(select(Device.id, Device.uuid).where(Device.id.in_(device_ids)))
    return Parties(
        people=named.people(session, [alert.person_id for alert in alerts]),
        homes=named.homes(session, [alert.home_id for alert in alerts]),
        devices={row.id: row.uuid for row in devices},
        ladders=ladders,
        recipients=recipients(session, steps, teams=teams, staff=staff),
    )


def recipients(
    session: Session,
    steps: Iterable[LadderStep],
    *,
    teams: Iterable[int | None] = (),
    staff: Iterable[int | None] = (),
) -> Recipients:
    """Whom these steps name, and these further teams and staff, in three statements."""
    steps = list(steps)
    contacts = {step.contact for step in steps if step.contact is not None}
    rows = session.execute(select(Contact.id, Contact.name).where(Contact.id.in_(contacts)))
    return Recipients(
        teams=named.teams(session, [*teams, *(step.team for step in steps)]),
        staff=named.staff(session, [*staff, *(step.staff for step in steps)]),
        contacts={row.id: row.name for row in rows},
    )
