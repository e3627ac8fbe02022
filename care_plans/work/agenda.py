"""What there is to do: follow-ups in sight, as lists for a person, a member of staff or their teams."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from care_plans.models.alerts import Alert
from care_plans.models.work import FollowUp, FollowUpEvent, FollowUpKind, FollowUpOutcome
from care_plans.seen import asked, extents
from care_plans.seen.asked import Asked
from care_plans.severity import Severity
from care_plans.visits import visits
from core import journal
from core.errors import NotFound
from core.zones import UK
from people import reach, visible
from people.access import Viewer
from people.models.agencies import Agency, Staff, Team
from people.models.caring import AlertSight
from people.models.homes import Home, Residency
from people.models.people import Person

NOBODY_NAMED = "Not named here"


class Whose(StrEnum):
    """Whose follow-ups are asked for."""

    MINE = "mine"
    TEAMS = "teams"
    ALL = "all"


class State(StrEnum):
    """How a follow-up stands."""

    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which follow-ups: whose, in which states, due from (inside) to (outside), of which person."""

    whose: Whose = Whose.ALL
    states: frozenset[State] = frozenset({State.DUE, State.OVERDUE})
    due_from: datetime | None = None
    due_to: datetime | None = None
    person_id: int | None = None
    team_id: int | None = None
    alert_id: int | None = None
    calls: bool = False
    """Only calls to people: see care_plans.ringing."""


@dataclass(frozen=True, slots=True)
class Item:
    """One follow-up as lists show it.

    `alert_says` is what should happen by the plan of the alert that made it; `moved` how often it was put
    off. `words_shown` is whether what was written about it is shown to the viewer.
    """

    uuid: UUID
    version: int
    kind: FollowUpKind
    text: str
    state: State
    opens_at: datetime | None
    due_at: datetime
    missed: bool
    done_at: datetime | None
    outcome: FollowUpOutcome | None
    remarks: str | None
    words_shown: bool
    who: str
    where: str | None
    area: str | None
    zone: str
    person_uuid: UUID | None
    home_uuid: UUID | None
    team: str
    team_id: int
    team_uuid: UUID
    agency: str
    staff: str | None
    staff_id: int | None
    done_by: str | None
    alert_uuid: UUID | None
    alert_words: str | None
    alert_severity: Severity | None
    alert_says: str | None
    scheduled: bool
    moved: int
    rings: bool
    """Whether it is done by ringing the person."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a follow-up."""

    at: datetime
    what: str
    by: str | None
    words: str


def get(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> FollowUp:
    """The follow-up, or NotFound when there is none that `viewer` may see."""
    row = session.scalar(select(FollowUp).where(FollowUp.uuid == uuid, in_sight(viewer, now)))
    if row is None:
        raise NotFound
    return row


def record_look(session: Session, viewer: Viewer, follow_up: FollowUp) -> None:
    """Write down that the viewer opened it, so that the person it is for can be told who looked."""
    journal.write(
        session,
        "looked at",
        actor=visible.actor(viewer),
        subject="follow-up",
        subject_uuid=follow_up.uuid,
        person_id=None if follow_up.restricted else follow_up.person_id,
    )


def list_items(
    session: Session, viewer: Viewer, wanted: Wanted, now: datetime, *, limit: int = 200, offset: int = 0
) -> list[Item]:
    """What is asked for, first due first; what is done comes last done first."""
    newest_first = wanted.states == {State.DONE}
    order = FollowUp.done_at.desc() if newest_first else FollowUp.due_at
    rows = session.execute(
        _rows(now).where(in_sight(viewer, now), *_filters(viewer, wanted, now))
        .order_by(order, FollowUp.id)
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return _items(session, viewer, rows.all(), now)


def get_item(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> Item:
    """One follow-up as lists show it, or NotFound."""
    row = session.execute(_rows(now).where(FollowUp.uuid == uuid, in_sight(viewer, now))).first()
    if row is None:
        raise NotFound
    return _items(session, viewer, [row], now)[0]


def count(session: Session, viewer: Viewer, wanted: Wanted, now: datetime) -> int:
    """How many there are of what is asked for."""
    found = session.scalar(
        select(func.count()).select_from(FollowUp).where(
            in_sight(viewer, now), *_filters(viewer, wanted, now)
        )
    )  # fmt: skip
    return found or 0


def list_events(session: Session, follow_up: FollowUp) -> list[Happened]:
    """All that happened to a follow-up, first things first."""
    rows = session.execute(
        select(FollowUpEvent.at, FollowUpEvent.what, Staff.name, FollowUpEvent.words)
        .outerjoin(Staff, Staff.id == FollowUpEvent.by_staff_id)
        .where(FollowUpEvent.follow_up_id == follow_up.id)
        .order_by(FollowUpEvent.id)
    )
    return [Happened(*row) for row in rows]


def in_sight(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Follow-ups of people and homes in sight, of alerts that were sent to the viewer, and of overrides.

    What such an alert, or a referral, asks of one of the viewer's teams they see until it is done, whenever
    that is. Of a restricted one only its team knows, whoever else sees the person.
    """
    sent = exists().where(AlertSight.alert_id == FollowUp.alert_id, AlertSight.team_id == FollowUp.team_id)
    open_to_all = or_(
        FollowUp.person_id.in_(visible.person_ids(viewer, now)),
        FollowUp.person_id.is_(None) & FollowUp.home_id.in_(visible.home_ids(viewer, now)),
        FollowUp.alert_id.in_(visible.alert_ids_by_sight(viewer, now)),
        FollowUp.team_id.in_(viewer.team_ids)
        & FollowUp.done_at.is_(None)
        & or_(sent, FollowUp.referral_id.is_not(None)),
        FollowUp.team_id.in_(viewer.team_ids)
        & or_(FollowUp.override_id.is_not(None), FollowUp.endpoint_id.is_not(None)),
    )
    return FollowUp.deleted_at.is_(None) & or_(
        FollowUp.restricted & FollowUp.team_id.in_(viewer.team_ids), ~FollowUp.restricted & open_to_all
    )


def chosen(viewer: Viewer, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    """What a query of follow-ups must hold to: in sight, and as `wanted` asks."""
    return [in_sight(viewer, now), *_filters(viewer, wanted, now)]


def _filters(viewer: Viewer, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    states = {
        State.DUE: FollowUp.done_at.is_(None) & (FollowUp.due_at >= now),
        State.OVERDUE: FollowUp.done_at.is_(None) & (FollowUp.due_at < now),
        State.DONE: FollowUp.done_at.is_not(None),
    }
    found = [or_(*(states[state] for state in sorted(wanted.states)))]
    if wanted.whose is Whose.MINE:
        found.append(FollowUp.staff_id == viewer.staff_id)
    elif wanted.whose is Whose.TEAMS:
        found.append(FollowUp.team_id.in_(viewer.team_ids))
    if wanted.due_from is not None:
        found.append(FollowUp.due_at >= wanted.due_from)
    if wanted.due_to is not None:
        found.append(FollowUp.due_at < wanted.due_to)
    for column, value in (
        (FollowUp.person_id, wanted.person_id),
        (FollowUp.team_id, wanted.team_id),
        (FollowUp.alert_id, wanted.alert_id),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.calls:
        found.append(calls())
    return found


def calls() -> ColumnElement[bool]:
    """Follow-ups that are done by ringing a person: calls, and checks on how somebody is.

    Not what asks a colleague: about a referral, or by a check that an alert has made.
    """
    check = and_(FollowUp.kind == FollowUpKind.CHECK, FollowUp.alert_id.is_(None))
    return and_(
        or_(FollowUp.kind == FollowUpKind.CALL, check),
        FollowUp.person_id.is_not(None),
        FollowUp.referral_id.is_(None),
        FollowUp.override_id.is_(None),
        FollowUp.endpoint_id.is_(None),
        ~FollowUp.restricted,
    )


def is_call(row: FollowUp) -> bool:
    """The same of one."""
    check = row.kind is FollowUpKind.CHECK and row.alert_id is None
    asks = (row.referral_id, row.override_id, row.endpoint_id)
    about_them = row.person_id is not None and not row.restricted and not any(asks)
    return about_them and (row.kind is FollowUpKind.CALL or check)


# Aliases, so that no table of the subqueries that say what is in sight is taken for one of these.
_PERSON, _HOME, _RESIDENCY, _OWN_HOME = aliased(Person), aliased(Home), aliased(Residency), aliased(Home)
_STAFF, _DONE_BY, _ALERT = aliased(Staff), aliased(Staff), aliased(Alert)


def _rows(now: datetime) -> Select[*tuple[Any, ...]]:
    lives = (_RESIDENCY.person_id == _PERSON.id) & _RESIDENCY.period.contains(now)
    moved = (
        select(func.count())
        .where(FollowUpEvent.follow_up_id == FollowUp.id, FollowUpEvent.what == "rescheduled")
        .scalar_subquery()
    )
    return (
        select(
            FollowUp, _PERSON, _HOME, _OWN_HOME, Team, Agency.name, _STAFF.name, _DONE_BY.name, _ALERT, moved
        )
        .join(Team, Team.id == FollowUp.team_id)
        .join(Agency, Agency.id == Team.agency_id)
        .outerjoin(_PERSON, _PERSON.id == FollowUp.person_id)
        .outerjoin(_HOME, _HOME.id == FollowUp.home_id)
        .outerjoin(_RESIDENCY, lives)
        .outerjoin(_OWN_HOME, _OWN_HOME.id == _RESIDENCY.home_id)
        .outerjoin(_STAFF, _STAFF.id == FollowUp.staff_id)
        .outerjoin(_DONE_BY, _DONE_BY.id == FollowUp.done_by_id)
        .outerjoin(_ALERT, _ALERT.id == FollowUp.alert_id)
    )


def _items(
    session: Session, viewer: Viewer, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime
) -> list[Item]:
    seen = seen_of(session, viewer, [(row[0], row[8], row[4]) for row in rows], now)
    items = [_item(row, one, now) for row, one in zip(rows, seen, strict=True)]
    return [_to_volunteer(each) for each in items] if viewer.role == visits.VOLUNTEER else items


def seen_of(
    session: Session,
    viewer: Viewer,
    rows: Sequence[tuple[FollowUp, Alert | None, Team]],
    now: datetime,
) -> list[Asked]:
    """What each of these follow-ups asks, as the viewer sees it, with the alert that made it and its team."""
    alerts = [alert for _follow_up, alert, _team in rows if alert is not None]
    reached = reach.read(
        session,
        viewer,
        [each.person_id for each, *_ in rows] + [each.person_id for each in alerts],
        [each.home_id for each, *_ in rows] + [each.home_id for each in alerts],
        now,
    )
    return [
        asked.as_seen(
            follow_up,
            alert,
            extents.among(reached, alert) if alert is not None else None,
            reached.sees(follow_up.person_id, follow_up.home_id),
            own=team.agency_id == viewer.agency_id or viewer.everyone,
            team=team.name,
        )
        for follow_up, alert, team in rows
    ]


def _to_volunteer(item: Item) -> Item:
    """The same by first name, without an address: that is on the card of a visit, once accepted (H22)."""
    named = item.person_uuid is not None
    first = item.who.partition(" ")[0]
    return replace(item, who=first if named else "A home", where=None, home_uuid=None)


def _item(row: Row[*tuple[Any, ...]], seen: Asked, now: datetime) -> Item:
    follow_up: FollowUp = row[0]
    person: Person | None = row[1]
    named_home: Home | None = row[2]
    own_home: Home | None = row[3]
    team: Team = row[4]
    agency, staff, done_by = row[5:8]
    alert: Alert | None = row[8]
    home = named_home or own_home
    state = State.DONE if follow_up.done_at else State.OVERDUE if follow_up.due_at < now else State.DUE
    address = home.address_line if home else None
    return Item(
        uuid=follow_up.uuid,
        version=follow_up.version,
        kind=follow_up.kind,
        text=seen.text,
        state=state,
        opens_at=follow_up.opens_at,
        due_at=follow_up.due_at,
        missed=follow_up.missed_at is not None,
        done_at=follow_up.done_at,
        outcome=follow_up.outcome,
        remarks=follow_up.remarks if seen.words else None,
        words_shown=seen.words,
        who=f"{person.given_name} {person.family_name}" if person else address or NOBODY_NAMED,
        where=address if person else (home.locality if home else None),
        area=home.area if home else None,
        zone=home.time_zone if home else UK,
        person_uuid=person.uuid if person else None,
        home_uuid=home.uuid if home else None,
        team=team.name,
        team_id=team.id,
        team_uuid=team.uuid,
        agency=agency,
        staff=staff,
        staff_id=follow_up.staff_id,
        done_by=done_by,
        alert_uuid=alert.uuid if alert else None,
        alert_words=seen.alert.words if seen.alert else None,
        alert_severity=alert.severity if alert else None,
        alert_says=seen.alert.what_should_happen if seen.alert else None,
        scheduled=follow_up.schedule_key is not None,
        moved=row[9],
        rings=is_call(follow_up),
    )
