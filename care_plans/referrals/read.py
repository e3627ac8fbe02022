"""Referrals as people look at them: those in sight, the nearest clock first, and one of them whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from care_plans.models.alerts import Alert
from care_plans.models.referrals import HandOverSummary, Referral, ReferralEvent
from care_plans.referral_states import OPEN, ReferralKind, ReferralState
from care_plans.referrals import events, extracts, landlords, moves, relationships
from care_plans.referrals.moves import Move, Side
from core import journal
from core.db import vault_of
from core.errors import NotFound
from core.zones import UK
from people import scoping, sharing, visible, visit_warnings
from people.access import Extent, RecordClass, Viewer
from people.models.agencies import Agency, Staff, Team
from people.models.homes import Home, Residency
from people.models.people import Person


class Box(StrEnum):
    """Which referrals are asked for: to my teams, from them, or over on my side."""

    IN = "in"
    OUT = "out"
    DONE = "done"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which referrals are asked for."""

    box: Box = Box.ALL
    person_id: int | None = None
    state: ReferralState | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One referral as lists show it; `who` is None where the viewer may not know of whom it is."""

    row: Referral
    who: str
    person_uuid: UUID | None
    area: str | None
    zone: str
    from_team: str
    from_agency: str
    to: str
    to_agency: str | None
    owner: str | None
    receiver_state: str
    sender_state: str
    words: str
    mine_to_answer: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to it."""

    at: datetime
    what: str
    by: str | None
    team: str | None
    words: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """One referral with all that its page says to this viewer."""

    line: Line
    party: bool
    opens: bool
    sides: frozenset[Side]
    allowed: frozenset[Move]
    shared: tuple[Mapping[str, Any], ...]
    warnings: tuple[str, ...]
    events: tuple[Happened, ...]
    summary: HandOverSummary | None
    background: str | None
    sent_by: str
    telephone: str | None
    from_telephone: str | None
    to_telephone: str | None
    alert_uuid: UUID | None
    again_of: UUID | None
    again: UUID | None
    fallback: str | None
    judged_by: str | None
    duty_by: datetime | None
    reviewed_by: str | None


def of_teams(viewer: Viewer) -> ColumnElement[bool]:
    """Those that the viewer's teams sent or were sent, whatever became of them; both sides keep theirs."""
    if viewer.everyone:
        return Referral.deleted_at.is_(None)
    return or_(
        Referral.to_team_id.in_(viewer.team_ids),
        Referral.from_team_id.in_(viewer.team_ids),
    )


def in_sight(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Those of the viewer's teams, and those about people in sight: one plan, every agency."""
    return and_(
        Referral.deleted_at.is_(None),
        or_(of_teams(viewer), Referral.person_id.in_(visible.person_ids(viewer, now))),
    )


def get(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> Referral:
    """The referral, or NotFound when there is none that `viewer` may see."""
    row = session.scalar(select(Referral).where(Referral.uuid == uuid, in_sight(viewer, now)))
    if row is None:
        raise NotFound
    return row


def record_look(session: Session, viewer: Viewer, row: Referral) -> None:
    """Write down that the viewer opened it: the person can read it, and that it arrived is known by it."""
    journal.write(
        session,
        "looked at",
        actor=visible.actor(viewer),
        subject="referral",
        subject_uuid=row.uuid,
        person_id=row.person_id,
        details={"what": "referral"},
    )


def listing(viewer: Viewer, wanted: Wanted, now: datetime) -> Select[Referral]:
    """Those asked for that are in sight; no order."""
    return select(Referral).where(*chosen(viewer, wanted, now))


def chosen(viewer: Viewer, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    """What a query of referrals must hold to."""
    to_me = Referral.to_team_id.in_(viewer.team_ids) if not viewer.everyone else Referral.deleted_at.is_(None)
    from_me = (
        Referral.from_team_id.in_(viewer.team_ids) if not viewer.everyone else Referral.deleted_at.is_(None)
    )
    judging = and_(Referral.judge_by.is_not(None), Referral.judged_at.is_(None))
    open_, unseen = Referral.state.in_(OPEN), and_(Referral.reviewed_at.is_(None), _has_result())
    boxes = {
        Box.IN: and_(to_me, or_(open_, judging)),
        Box.OUT: and_(from_me, or_(open_, unseen)),
        Box.DONE: and_(of_teams(viewer), ~open_, or_(~from_me, ~unseen), or_(~to_me, ~judging)),
        Box.ALL: in_sight(viewer, now),
    }
    found = [in_sight(viewer, now), boxes[wanted.box]]
    if wanted.person_id is not None:
        found.append(Referral.person_id == wanted.person_id)
    if wanted.state is not None:
        found.append(Referral.state == wanted.state)
    return found


def count(session: Session, viewer: Viewer, wanted: Wanted, now: datetime) -> int:
    """How many there are of what is asked for."""
    query = select(func.count()).select_from(Referral).where(*chosen(viewer, wanted, now))
    return session.scalar(query) or 0


def list_lines(
    session: Session, viewer: Viewer, wanted: Wanted, now: datetime, *, limit: int = 50, offset: int = 0
) -> list[Line]:
    """Those asked for, nearest to or furthest past its clock first; what is over, the latest first."""
    order = (
        (Referral.ended_at.desc(), Referral.id.desc())
        if wanted.box is Box.DONE
        else (Referral.next_at.asc().nulls_last(), Referral.id)
    )
    rows = session.scalars(listing(viewer, wanted, now).order_by(*order).limit(limit).offset(offset)).all()
    return lines(session, viewer, rows, now)


def lines(session: Session, viewer: Viewer, rows: Sequence[Referral], now: datetime) -> list[Line]:
    """These referrals as lists show them, in a fixed number of statements.

    Whoever is on neither side sees what was asked in words only as far as they see the plan.
    """
    people = _people(session, rows, now)
    teams = _teams(session, rows)
    owners = _names(session, {row.owner_staff_id for row in rows})
    in_view = set(
        session.scalars(
            select(Person.id).where(
                Person.id.in_({row.person_id for row in rows if row.person_id is not None}),
                Person.id.in_(visible.person_ids(viewer, now)),
            )
        )
    )
    seen = sharing.sees_all(session, viewer, in_view, now) if in_view else {}
    found = []
    for row in rows:
        person, home = people.get(row.person_id or 0, (None, None))
        sender = teams[row.from_team_id]
        receiver = teams.get(row.to_team_id or 0)
        standing = events.standing(row)
        party = is_party(viewer, row)
        extent = seen.get(row.person_id or 0, {}).get(RecordClass.PLAN, Extent.CHECK)
        opens = row.person_id in in_view
        found.append(
            Line(
                row=row,
                who=row.who,
                person_uuid=person.uuid if person and opens else None,
                area=row.snapshot.get("area"),
                zone=home.time_zone if home else UK,
                from_team=sender[0].name,
                from_agency=sender[1],
                to=receiver[0].name if receiver else row.outside_name or "",
                to_agency=receiver[1] if receiver else None,
                owner=owners.get(row.owner_staff_id),
                receiver_state=moves.receiver_state(standing),
                sender_state=moves.sender_state(standing),
                words=row.reason if party or extent is Extent.FULL else _in_short(row, extent),
                mine_to_answer=row.state is ReferralState.SENT and row.to_team_id in viewer.team_ids,
            )
        )
    return found


def whole(session: Session, viewer: Viewer, row: Referral, now: datetime) -> Whole:
    """One referral whole, as far as this viewer goes.

    Before acceptance the receiver sees what the sender chose to show, no more than their agency sees by now.
    Nobody else is shown that; what a team that went may still read stands in `summary`. Warnings about a
    visit are shown before anybody accepts (H22).
    """
    (line,) = lines(session, viewer, [row], now)
    party = is_party(viewer, row)
    sides = sides_of(viewer, row)
    to_team = session.get(Team, row.to_team_id) if row.to_team_id is not None else None
    from_team = session.get_one(Team, row.from_team_id)
    names = _names(session, {row.sent_by_id, row.judged_by_id, row.reviewed_by_id})
    shared: Sequence[Mapping[str, Any]] = row.shared if party else ()
    if shared and row.person_id is not None and to_team is not None:
        with scoping.lifted(session):  # it rests on choices that this viewer may not read
            seen = sharing.team_sees(session, to_team, row.person_id, now)
        shared = extracts.narrowed(shared, seen)
    again_of = session.get(Referral, row.again_of_id) if row.again_of_id is not None else None
    again = session.scalar(
        select(Referral.uuid).where(Referral.again_of_id == row.id).order_by(Referral.id).limit(1)
    )
    alert = session.get(Alert, row.alert_id) if row.alert_id is not None else None
    fallback = session.get(Team, row.fallback_team_id) if row.fallback_team_id is not None else None
    sealed = row.asked_telephone_sealed
    return Whole(
        line=line,
        party=party,
        opens=line.person_uuid is not None,
        sides=sides,
        allowed=moves.allowed(events.standing(row), sides),
        shared=tuple(shared),
        warnings=_warnings(session, row, now) if party or line.person_uuid is not None else (),
        events=tuple(list_events(session, row, words=party)),
        summary=relationships.find_summary(session, row, viewer.team_ids),
        background=row.background if party else None,
        sent_by=names.get(row.sent_by_id, ""),
        telephone=vault_of(session).open(sealed) if sealed and party else None,
        from_telephone=from_team.telephone,
        to_telephone=to_team.telephone if to_team else None,
        alert_uuid=alert.uuid if alert and line.person_uuid is not None else None,
        again_of=again_of.uuid if again_of else None,
        again=again,
        fallback=fallback.name if fallback else None,
        judged_by=names.get(row.judged_by_id),
        duty_by=_duty_by(session, row, now) if party else None,
        reviewed_by=names.get(row.reviewed_by_id),
    )


def list_events(session: Session, row: Referral, *, words: bool = True) -> list[Happened]:
    """All that happened to it, first things first; without the words for whoever is on neither side."""
    rows = session.execute(
        select(ReferralEvent, Staff.name, Team.name)
        .outerjoin(Staff, Staff.id == ReferralEvent.by_staff_id)
        .outerjoin(Team, Team.id == ReferralEvent.team_id)
        .where(ReferralEvent.referral_id == row.id)
        .order_by(ReferralEvent.id)
    )
    return [
        Happened(event.at, event.what, by, team, event.words if words else "", event.details)
        for event, by, team in rows
    ]


def is_party(viewer: Viewer, row: Referral) -> bool:
    """Whether one of the viewer's teams sent it or was sent it."""
    return viewer.everyone or bool({row.to_team_id, row.from_team_id} & viewer.team_ids)


def sides_of(viewer: Viewer, row: Referral) -> frozenset[Side]:
    """On which sides the viewer stands; the clock is nobody's."""
    found = set()
    if viewer.everyone or row.from_team_id in viewer.team_ids:
        found.add(Side.SENDER)
    if viewer.everyone or (row.to_team_id is not None and row.to_team_id in viewer.team_ids):
        found.add(Side.RECEIVER)
    return frozenset(found)


def _duty_by(session: Session, row: Referral, now: datetime) -> datetime | None:
    """By when the law asks the landlord to act on what it judged (Awaab's Law)."""
    with scoping.lifted(session):  # the home is in sight of nobody once the care has ended
        return landlords.duty_by(row, extracts.home_of(session, row.person_id, now))


def _warnings(session: Session, row: Referral, now: datetime) -> tuple[str, ...]:
    """What whoever goes must know to be safe, while somebody may still go."""
    if row.state not in OPEN or row.person_id is None:
        return ()
    return visit_warnings.before_going(session, now, person_id=row.person_id, home_id=None)


def _has_result() -> ColumnElement[bool]:
    return Referral.state.in_((ReferralState.DONE, ReferralState.DECLINED, ReferralState.TIMED_OUT))


def _in_short(row: Referral, extent: Extent) -> str:
    if extent is Extent.CHECK:
        return "Something is asked for them; check on the person."
    lead = row.kind in (ReferralKind.TRANSFER, ReferralKind.TRANSFER_REQUEST)
    return "Who leads their care" if lead else "Something is asked for them; what, is not shared."


def _people(
    session: Session, rows: Sequence[Referral], now: datetime
) -> dict[int, tuple[Person | None, Home | None]]:
    lives = aliased(Residency)
    found = session.execute(
        select(Person, Home)
        .outerjoin(lives, and_(lives.person_id == Person.id, lives.period.contains(now)))
        .outerjoin(Home, Home.id == lives.home_id)
        .where(Person.id.in_({row.person_id for row in rows if row.person_id is not None}))
    )
    return {person.id: (person, home) for person, home in found}


def _teams(session: Session, rows: Sequence[Referral]) -> dict[int, tuple[Team, str]]:
    ids = {each for row in rows for each in (row.from_team_id, row.to_team_id) if each is not None}
    found = session.execute(
        select(Team, Agency.name).join(Agency, Agency.id == Team.agency_id).where(Team.id.in_(ids))
    )
    return {team.id: (team, agency) for team, agency in found}


def _names(session: Session, ids: set[int | None]) -> dict[int | None, str]:
    rows = session.execute(
        select(Staff.id, Staff.name).where(Staff.id.in_([each for each in ids if each is not None]))
    )
    return {row.id: row.name for row in rows}
