"""The board: the open alerts in sight, worst first, each with who has it and what comes next."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from care_plans.alerts import choosing, copies, deadlines, sparks
from care_plans.alerts.choosing import BoardFilters
from care_plans.alerts.deadlines import Hold
from care_plans.alerts.ladder import Due
from care_plans.alerts.sparks import Spark, Want
from care_plans.models.alerts import Alert
from care_plans.seen import extents, showing
from care_plans.seen.showing import Shown
from care_plans.severity import Class, Severity
from core.zones import UK
from devices import kinds
from devices.models import Device
from people import visible
from people.access import Viewer
from people.models.agencies import Staff, Team
from people.models.homes import Home, Residency
from people.models.people import Person

FEW = 60
"""Letters of what a step does that fit a line of the board; the whole stands with the ladder."""


@dataclass(frozen=True, slots=True)
class Line:
    """One open alert: `next_words` says what comes at `next_at`; `progress` is 0 to 1 of that wait.

    `shown` says how much of it is told; `class_` is what it is, for whoever decides what may be done.
    """

    id: int
    uuid: UUID
    version: int
    severity: Severity
    class_: Class
    shown: Shown
    name: str
    words: str
    who: str
    born: date | None
    where: str | None
    area: str | None
    zone: str
    person_uuid: UUID | None
    home_uuid: UUID | None
    device: str | None
    goal_text: str | None
    pathway: str | None
    kind: str | None
    value: float | None
    unit: str | None
    began_at: datetime
    raised_at: datetime
    late: bool
    unconfirmed: bool
    may_be_test: bool
    copy: str | None
    cleared_at: datetime | None
    times_raised: int
    owner: str | None
    owner_team: str | None
    handed_to: str | None
    mine: bool
    hold: Hold | None
    contact_at: datetime | None
    next_words: str
    next_at: datetime | None
    progress: float
    spark: Spark


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are in sight, before severity, class and mine are chosen; `kit` merely concerns kit.

    `stamp` is that of the same lines.
    """

    total: int
    mine: int
    kit: int
    by_severity: dict[Severity, int]
    stamp: str


def list_lines(
    session: Session,
    viewer: Viewer,
    filters: BoardFilters,
    now: datetime,
    *,
    limit: int = 200,
    offset: int = 0,
) -> list[Line]:
    """Lines worst first: by severity, life-safety before the rest, then by the oldest next step."""
    rows = session.execute(
        _rows(now)
        .where(*choosing.chosen(viewer, filters, now), *choosing.narrowed(session, viewer, filters, now))
        .order_by(_worst_first(), Alert.escalate_after.nulls_first(), Alert.began_at, Alert.id)
        .limit(limit)
        .offset(offset)
    ).all()
    how = extents.of(session, viewer, [row[0] for row in rows], now)
    drawn = sparks.read(session, _wants([row for row in rows if how[row[0].id].full]), now)
    living_there = _residents(session, viewer, [row[0].id for row in rows], now)
    return [_line(row, viewer, how[row[0].id], drawn, living_there, now) for row in rows]


def count(session: Session, viewer: Viewer, filters: BoardFilters, now: datetime) -> Counts:
    """How many of each severity, how many merely concern kit, and how many are mine, among what is chosen."""
    mine = func.coalesce(Alert.owner_staff_id == viewer.staff_id, False)
    rows = session.execute(
        select(Alert.severity, mine, *_STAMP)
        .where(*choosing.chosen(viewer, filters, now))
        .group_by(Alert.severity, mine)
    ).all()
    by_severity = dict.fromkeys(Severity, 0)
    total = own = 0
    for severity, is_mine, number, *_ in rows:
        by_severity[severity] += number
        total += number
        own += number if is_mine else 0
    of_kit = choosing.chosen(viewer, filters, now)
    merely = session.scalars(select(Alert).where(*of_kit, choosing.MERELY_KIT)).all()
    kit = sum(how.full for how in extents.of(session, viewer, merely, now).values())
    return Counts(total, own, kit, by_severity, _stamp(row[2:] for row in rows))


def count_lines(session: Session, viewer: Viewer, filters: BoardFilters, now: datetime) -> int:
    """How many lines there are in all."""
    narrowed = choosing.narrowed(session, viewer, filters, now)
    query = select(func.count()).where(*choosing.chosen(viewer, filters, now), *narrowed)
    return session.scalars(query).one()


def count_covered(session: Session, viewer: Viewer, now: datetime) -> int:
    """How many are open in sight of which not all is told: what they are about may be anything."""
    return len(choosing.not_told(session, viewer, BoardFilters(), now))


def count_open(session: Session, viewer: Viewer, now: datetime) -> int:
    """How many are open in sight."""
    query = select(func.count()).where(*choosing.chosen(viewer, BoardFilters(), now))
    return session.scalars(query).one()


def stamp(session: Session, viewer: Viewer, filters: BoardFilters, now: datetime) -> str:
    """What is another as soon as any line, or any count, would be: a page that holds it is up to date."""
    return _stamp(session.execute(select(*_STAMP).where(*choosing.chosen(viewer, filters, now))))


_STAMP = func.count(), func.sum(Alert.version), func.sum(Alert.id)


def _stamp(parts: Iterable[Sequence[Any]]) -> str:
    told = [[each or 0 for each in part] for part in parts] or [[0, 0, 0]]
    return ".".join(str(sum(column)) for column in zip(*told, strict=True))


# Aliases, so that no table of the subqueries that say what is in sight is taken for one of these.
_PERSON, _HOME, _RESIDENCY, _OWN_HOME = aliased(Person), aliased(Home), aliased(Residency), aliased(Home)
_OWNER, _OWNER_TEAM, _HANDED_TO, _WORKER = aliased(Staff), aliased(Team), aliased(Team), aliased(Staff)


def _rows(now: datetime) -> Select[*tuple[Any, ...]]:
    # One home a line, found by its index; joined, everybody's residencies were gone through for each.
    lives = (_RESIDENCY.person_id == Alert.person_id) & _RESIDENCY.period.contains(now)
    there = select(_OWN_HOME).join(_RESIDENCY, _RESIDENCY.home_id == _OWN_HOME.id).where(lives)
    own_home = aliased(Home, there.limit(1).lateral())
    return (
        select(
            Alert, _PERSON, _HOME, own_home, _OWNER.name, _OWNER_TEAM.name, _HANDED_TO.name, Device.name,
            _WORKER,
        )
        .outerjoin(_PERSON, _PERSON.id == Alert.person_id)
        .outerjoin(_HOME, _HOME.id == Alert.home_id)
        .outerjoin(own_home, true())
        .outerjoin(_OWNER, _OWNER.id == Alert.owner_staff_id)
        .outerjoin(_OWNER_TEAM, _OWNER_TEAM.id == Alert.owner_team_id)
        .outerjoin(_HANDED_TO, _HANDED_TO.id == Alert.handed_to_team_id)
        .outerjoin(Device, Device.id == Alert.device_id)
        .outerjoin(_WORKER, _WORKER.id == Alert.worker_id)
    )  # fmt: skip


def _worst_first() -> ColumnElement[int]:
    life_safety = case((Alert.class_ == Class.LIFE_SAFETY, 1), else_=0)
    rank = case({each.value: each.rank for each in Severity}, value=Alert.severity, else_=0)
    return -(rank * 2 + life_safety)


def _wants(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[Want]:
    """A kind of the home (a room's temperature) is looked up where the person lives."""
    found = []
    for row in rows:
        alert: Alert = row[0]
        home: Home | None = row[2] or row[3]
        kind = kinds.find(alert.kind) if alert.kind else None
        if kind is not None:
            of_home = home is not None and (kind.about == "home" or alert.home_id is not None)
            found.append(Want(alert.id, kind.code, alert.person_id, home.id if home and of_home else None))
    return found


def _residents(
    session: Session, viewer: Viewer, alert_ids: Sequence[int], now: datetime
) -> dict[int, list[str]]:
    """Who lives in the homes that these alerts are about, by alert.

    Those in sight by name, and everybody where the alert was sent to the viewer; of others only how many.
    """
    sent = Alert.id.in_(visible.alert_ids_by_sight(viewer, now))
    rows = session.execute(
        select(
            Alert.id,
            _PERSON.given_name,
            _PERSON.family_name,
            or_(sent, _PERSON.id.in_(visible.person_ids(viewer, now))),
        )
        .join(_RESIDENCY, (_RESIDENCY.home_id == Alert.home_id) & _RESIDENCY.period.contains(now))
        .join(_PERSON, _PERSON.id == _RESIDENCY.person_id)
        .where(Alert.id.in_(alert_ids))
        .order_by(Alert.id, _PERSON.id)
    )
    found: dict[int, list[str]] = {}
    unseen: dict[int, int] = {}
    for alert_id, given, family, known in rows:
        if known:
            found.setdefault(alert_id, []).append(f"{given} {family}")
        else:
            unseen[alert_id] = unseen.get(alert_id, 0) + 1
    for alert_id, number in unseen.items():
        found.setdefault(alert_id, []).append(f"{number} other {'person' if number == 1 else 'people'}")
    return found


def _line(
    row: Row[*tuple[Any, ...]],
    viewer: Viewer,
    how: Shown,
    drawn: dict[int, Spark],
    living_there: dict[int, list[str]],
    now: datetime,
) -> Line:
    alert: Alert = row[0]
    person: Person | None = row[1]
    home: Home | None = row[2] or row[3]
    owner, owner_team, handed_to, device = row[4:8]
    worker: Staff | None = row[8]
    if worker is not None:
        who = worker.name
    elif person is not None:
        who = f"{person.preferred_name or person.given_name} {person.family_name}"
    else:
        who = "Home of " + (" and ".join(living_there.get(alert.id, [])) or "nobody")
    next_at = alert.escalate_after
    seen = showing.as_seen(alert, how, who[:1].lower() + who[1:] if person is None else who)
    return Line(
        id=alert.id,
        uuid=alert.uuid,
        version=alert.version,
        severity=alert.severity,
        class_=alert.class_,
        shown=how,
        name=seen.name,
        words=seen.words,
        who=who,
        born=person.date_of_birth if person else None,
        where=home.address_line if home else None,
        area=home.area if home else None,
        zone=home.time_zone if home else UK,
        person_uuid=person.uuid if person else None,
        home_uuid=home.uuid if home else None,
        device=device if how.full else None,
        goal_text=seen.goal_text,
        pathway=seen.pathway,
        kind=seen.kind,
        value=seen.value,
        unit=seen.unit,
        began_at=alert.began_at,
        raised_at=alert.raised_at,
        late=alert.late,
        unconfirmed=alert.unconfirmed,
        may_be_test=alert.may_be_test,
        copy=copies.short(seen.centre) if seen.copied else None,
        cleared_at=alert.cleared_at,
        times_raised=alert.times_raised,
        owner=owner,
        owner_team=owner_team,
        handed_to=handed_to,
        mine=alert.owner_staff_id == viewer.staff_id,
        hold=deadlines.held(alert),
        contact_at=alert.contact_at,
        next_words=next_words(alert, now, owner=owner, handed_to=handed_to),
        next_at=next_at,
        progress=_progress(min(alert.step_at, now), next_at, now),
        spark=drawn.get(alert.id, ()),
    )


def next_words(alert: Alert, now: datetime, *, owner: str | None, handed_to: str | None) -> str:
    """What happens when the alert's next deadline comes, in a few words."""
    ends = alert.escalate_after
    if handed_to is not None and alert.handed_until == ends:
        return f"Handed to {handed_to}: accept"
    if alert.going_until is not None and alert.going_until == ends:
        return f"{owner or 'Somebody'} is going: arrival"
    hold = deadlines.held(alert)
    if hold is Hold.SHELVED:
        return "Shelved: back"
    if hold is Hold.DECIDE:
        return "Decide"
    if hold is Hold.CLEARED:
        return "Cleared: look and close"
    if hold is Hold.SEEN:
        return f"{owner or 'Somebody'} has seen it: ladder goes on"
    due = deadlines.next_step(alert, now)
    steps = deadlines.ladder_of(alert).steps
    if not isinstance(due, Due):
        return due.words
    words = in_short(next(step.words for step in steps if step.position == due.position))
    return f"{words}, again" if due.repeats else words


def in_short(words: str) -> str:
    """What a step does and whom it asks, without the how where that takes many words."""
    if len(words) <= FEW:
        return words
    does, _, whom = words.rpartition(" (")
    first = re.split("[:.] ", does or words, maxsplit=1)[0]
    return f"{first} ({whom}" if does else first


def _progress(start: datetime, end: datetime | None, now: datetime) -> float:
    if end is None or end <= start:
        return 1.0
    return min(1.0, max(0.0, (now - start) / (end - start)))
