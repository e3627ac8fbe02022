"""Somebody moves house: what is left behind is asked about, and the old landlord sees nothing new (H17)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.plan import expecting
from care_plans.work import follow_ups, part_in_care
from core.errors import Conflict, Invalid
from devices import assignments, registry
from devices.registry import Kit
from people import care_teams, residencies, visible
from people.access import Viewer
from people.models.agencies import Team
from people.models.caring import AlertSight, CareTeam
from people.models.homes import Home
from people.models.people import Person

SOON = timedelta(days=2)
KEY_SAFE = "Change the key safe's code, or take it down: they moved out."


class KitLeft(StrEnum):
    """What becomes of the kit of the old home."""

    STAYS = "stays"
    GOES = "goes"
    COLLECT = "collect"


def move(
    session: Session,
    person: Person,
    to: Home | None,
    *,
    kit: KitLeft | None,
    pieces: Mapping[UUID, KitLeft] | None = None,
    landlord_goes_on: bool,
    key_safe_seen_to: bool,
    by: Viewer,
    now: datetime,
) -> None:
    """Let the person leave where they live and live at `to` (None: not known yet) from `now` on.

    `kit` says what becomes of the kit of the old home, and `pieces` (by a device's outer id) what becomes of
    some of it instead. The old landlord's teams care no more unless they are to go on: they would see the
    new address. Invalid when kit is left behind and nobody says what becomes of it, or it is to go where
    there is no home; Conflict when nobody else would care.
    """
    old = residencies.find_home(session, person, now)
    left = kit_of(session, person, now)
    becomes = _answers(left, kit, pieces or {})
    _refuse(old, to, left, becomes)
    leading = part_in_care.leading_team(session, person.id, None, now)
    actor = visible.actor(by)
    if old is not None:
        residencies.move_out(session, person, now, actor=actor)
    if to is not None:
        residencies.move_in(session, person, to, now, actor=actor)
        for each in _which(left, becomes, KitLeft.GOES):
            assignments.move(session, each.device, at=now, now=now, actor=actor, home_id=to.id)
    if old is not None:
        to_collect = _which(left, becomes, KitLeft.COLLECT)
        if to_collect:
            _ask(session, f"Collect what was left behind: {_named(to_collect)}.", leading, person, old, now)
        if old.key_safe_sealed is not None and not key_safe_seen_to:
            _ask(session, KEY_SAFE, leading, person, old, now)
        if not landlord_goes_on:
            _end_landlord(session, person, old, landlords(session, person, old, to, now), by, now)
    expecting.follow(session, person, now)


def _answers(left: Sequence[Kit], kit: KitLeft | None, pieces: Mapping[UUID, KitLeft]) -> dict[UUID, KitLeft]:
    """What becomes of each piece that was answered for; Invalid for one that is not in the old home."""
    here = {each.device.uuid for each in left}
    if pieces.keys() - here:
        raise Invalid({"pieces": "One of these pieces of kit is not in the home they leave: look again."})
    return (dict.fromkeys(here, kit) if kit is not None else {}) | dict(pieces)


def _which(left: Sequence[Kit], becomes: Mapping[UUID, KitLeft], wanted: KitLeft) -> list[Kit]:
    return [each for each in left if becomes.get(each.device.uuid) is wanted]


def _refuse(old: Home | None, to: Home | None, left: Sequence[Kit], becomes: Mapping[UUID, KitLeft]) -> None:
    if to is not None and old is not None and to.id == old.id:
        raise Invalid({"home": "They live there already: choose another home."})
    if to is None and old is None:
        raise Invalid({"home": "Say where they live now: no home is recorded."})
    if any(each.device.uuid not in becomes for each in left):
        raise Invalid({"kit": "Say what becomes of the kit in the old home."})
    if to is None and _which(left, becomes, KitLeft.GOES):
        raise Invalid({"kit": "It can only go along to a home: give the new one, or let it be collected."})


def _end_landlord(
    session: Session, person: Person, old: Home, teams: Sequence[Team], by: Viewer, now: datetime
) -> None:
    for team in teams:
        try:
            care_teams.end(session, person, team, now, actor=visible.actor(by))
        except Conflict as fault:
            raise Conflict(str(fault), {"landlord": str(fault)}) from fault
    ids = [team.id for team in teams]
    session.execute(  # what was sent to them before is no way to the new address
        update(AlertSight)
        .where(
            AlertSight.person_id == person.id,
            AlertSight.team_id.in_(ids),
            AlertSight.period.contains(now),
        )
        .values(period=func.tstzrange(func.lower(AlertSight.period), now))
    )
    session.execute(  # and what they have still to do is at the old one
        update(FollowUp)
        .where(
            FollowUp.person_id == person.id,
            FollowUp.team_id.in_(ids),
            FollowUp.home_id.is_(None),
            FollowUp.done_at.is_(None),
        )
        .values(home_id=old.id)
    )
    session.expire_all()


def kit_of(session: Session, person: Person, now: datetime) -> list[Kit]:
    """The kit of the home where the person lives."""
    home = residencies.find_home(session, person, now)
    return registry.list_kit(session, now, homes=[home.id]) if home is not None else []


def landlords(session: Session, person: Person, old: Home, to: Home | None, now: datetime) -> Sequence[Team]:
    """The teams of the old home's landlord that care for the person, unless the new one is theirs too."""
    if old.landlord_agency_id is None or (to is not None and to.landlord_agency_id == old.landlord_agency_id):
        return ()
    return session.scalars(
        select(Team)
        .join(CareTeam, CareTeam.team_id == Team.id)
        .where(
            CareTeam.person_id == person.id,
            CareTeam.period.contains(now),
            Team.agency_id == old.landlord_agency_id,
        )
        .order_by(Team.name)
    ).all()


def _named(kit: Sequence[Kit]) -> str:
    return ", ".join(sorted({each.device.name for each in kit}))


def _ask(
    session: Session, words: str, team_id: int | None, person: Person, home: Home, now: datetime
) -> None:
    if team_id is None:
        return
    follow_ups.make(
        session, kind=FollowUpKind.VISIT, text=words, team_id=team_id, due_at=now + SOON, now=now,
        person_id=person.id, home_id=home.id,
    )  # fmt: skip
