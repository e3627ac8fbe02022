"""The rotas of teams: set, covered for a time, and asked who is on duty."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from care_plans.models.rotas import RotaCover, TeamRota
from care_plans.rotas import duty
from care_plans.rotas.documents import BARRED, read_layers, uuid_of
from care_plans.rotas.duty import Cover, Rota
from core.errors import Invalid, NotFound
from people import teams
from people.access import Need, Viewer, role_may
from people.changes import in_conflict, note
from people.faults import LINES, as_given, read_fields, words
from people.models.agencies import Staff, Team, TeamMember
from people.visible import actor

log = logging.getLogger(__name__)

LONGEST_COVER = timedelta(days=28)
KEPT = timedelta(days=370)
"""How far back covers still count for who was on duty."""
NOT_ONE_OF_THEM = "Choose somebody who is in the team now."
ANSWERING = (Need.ALERTS_READ, Need.ALERTS_ACT)
"""What whoever is on duty must be let do: an alert asks nobody who may not open it and act on it."""
READERS = {"staff": as_given, "starts_at": as_given, "ends_at": as_given, "why": words(LINES)}


def find_row(session: Session, team: Team) -> TeamRota | None:
    """The team's rota as it is kept, or None."""
    return session.scalar(select(TeamRota).where(TeamRota.team_id == team.id, TeamRota.deleted_at.is_(None)))


def find(session: Session, team: Team, now: datetime) -> Rota | None:
    """The team's rota with its covers, or None.

    Who has left the team is on duty no more, nor is anybody whose role may not act on alerts now.
    """
    return _read(session, [team.id], now).get(team.id)


def set_rota(session: Session, team: Team, layers: Any, zone: str, *, by: Viewer, now: datetime) -> TeamRota:
    """Set the layers of a team's rota. Invalid with every fault at its place, and on "zone".

    Whoever has left since it was set may stay in their place, so that nobody else's turn moves.
    """
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid({"zone": 'Give a time zone such as "Europe/London".'}) from None
    row = session.scalar(select(TeamRota).where(TeamRota.team_id == team.id).with_for_update())
    inside = [each.staff for each in teams.members(session, team, now)]
    gone = list_gone(session, row, inside) if row is not None and row.deleted_at is None else []
    numbers = {each.uuid: each.id for each in inside if can_answer(each)}
    read_layers(
        layers, numbers | dict.fromkeys((each.uuid for each in gone), None), {each.uuid for each in inside}
    )
    if row is None:
        row = TeamRota(team_id=team.id, zone=zone, layers=layers)
        with in_conflict(session, "uq_rotas_team_id", "Somebody else has set this rota at the same moment."):
            session.add(row)
    else:
        row.zone, row.layers, row.deleted_at = zone, layers, None
    session.flush()
    note(session, "set", row, "rota", actor=actor(by), details={"team": str(team.uuid)})
    return row


def can_answer(staff: Staff) -> bool:
    """Whether somebody can be on duty: they may open alerts and act on them."""
    return all(role_may(staff.role.value, need) for need in ANSWERING)


def list_gone(session: Session, row: TeamRota, inside: Collection[Staff]) -> list[Staff]:
    """Who has a turn in a rota and is not among those who are in the team now."""
    named = {uuid_of(text) for layer in row.layers for text in layer.get("people", ())}
    left = named - {each.uuid for each in inside}
    return list(session.scalars(select(Staff).where(Staff.uuid.in_(left)).order_by(Staff.name, Staff.id)))


def end_rota(session: Session, team: Team, *, by: Viewer, now: datetime) -> None:
    """Do without a rota again: the whole team is asked, as before. NotFound where there is none."""
    row = find_row(session, team)
    if row is None:
        raise NotFound("This team has no rota.")
    row.deleted_at = now
    note(session, "ended", row, "rota", actor=actor(by), details={"team": str(team.uuid)})


def cover(session: Session, team: Team, given: Mapping[str, Any], *, by: Viewer, now: datetime) -> RotaCover:
    """Somebody of the team takes over for a time. Invalid with every field that is wrong."""
    values = read_fields(given, READERS, required=tuple(READERS))
    starts_at, ends_at = values["starts_at"], values["ends_at"]
    inside = {str(each.staff.uuid): each.staff for each in teams.members(session, team, now)}
    who = inside.get(str(values["staff"]))
    faults = {}
    if find_row(session, team) is None:
        faults[""] = "This team has no rota to cover."
    if who is None:
        faults["staff"] = NOT_ONE_OF_THEM
    elif not can_answer(who):
        faults["staff"] = BARRED
    if ends_at <= max(starts_at, now):
        faults["ends_at"] = "This ends after it begins, and is still to come."
    elif ends_at - starts_at > LONGEST_COVER:
        faults["ends_at"] = "Four weeks at most: set the rota otherwise."
    if faults or who is None:
        raise Invalid(faults)
    row = RotaCover(
        team_id=team.id, staff_id=who.id, starts_at=starts_at, ends_at=ends_at, why=values["why"],
        made_at=now, made_by_id=by.staff_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    note(session, "covered", row, "rota", actor=actor(by), details={"team": str(team.uuid)})
    return row


def uncover(session: Session, team: Team, cover_id: UUID, *, by: Viewer, now: datetime) -> None:
    """Take a cover back; what of it is over stays. NotFound where there is none."""
    row = session.scalar(
        select(RotaCover).where(
            RotaCover.uuid == cover_id, RotaCover.team_id == team.id, RotaCover.deleted_at.is_(None)
        )
    )
    if row is None:
        raise NotFound
    if row.starts_at >= now:
        row.deleted_at = now
    else:
        row.ends_at = min(row.ends_at, now)
    note(session, "took back", row, "rota", actor=actor(by), details={"team": str(team.uuid)})


@dataclass(frozen=True, slots=True)
class Covering:
    """A cover, who covers, and why: that is the team's own, and None for anybody else."""

    row: RotaCover
    who: Staff
    why: str | None


def list_covers(session: Session, team: Team, viewer: Viewer, now: datetime) -> list[Covering]:
    """The covers that are not over, the soonest first, as `viewer` may know them."""
    theirs = viewer.everyone or team.id in viewer.team_ids
    rows = session.execute(coming_covers(team, now))
    return [Covering(row, who, row.why if theirs else None) for row, who in rows]


def on_duty(session: Session, team_ids: Collection[int], now: datetime) -> dict[int, int | None]:
    """Who is on duty now in each of these teams that has a rota; None in a gap.

    A rota that can't be read any more is none: the whole team is asked, and nobody goes unasked.
    """
    found = find_all(session, team_ids, now)
    return {team_id: duty.on_duty(rota, now).person for team_id, rota in found.items()}


def coming_covers(team: Team, now: datetime) -> Select[RotaCover, Staff]:
    """The team's covers that are not over and who covers, the soonest first; why is the team's own."""
    return (
        select(RotaCover, Staff)
        .join(Staff, Staff.id == RotaCover.staff_id)
        .where(RotaCover.team_id == team.id, RotaCover.ends_at > now, RotaCover.deleted_at.is_(None))
        .order_by(RotaCover.starts_at, RotaCover.id)
    )


def find_all(session: Session, team_ids: Collection[int], now: datetime) -> dict[int, Rota]:
    """The rotas of these teams with their covers, without any that can't be read any more."""
    found: dict[int, Rota] = {}
    for team_id in team_ids:
        try:
            for rota in _read(session, [team_id], now).values():
                ZoneInfo(rota.zone)
                found[team_id] = rota
        except (Invalid, ZoneInfoNotFoundError):
            log.exception("rota could not be read", extra={"team_id": team_id})
    return found


def _read(session: Session, team_ids: Collection[int], now: datetime) -> dict[int, Rota]:
    rows = session.scalars(
        select(TeamRota).where(TeamRota.team_id.in_(team_ids), TeamRota.deleted_at.is_(None))
    ).all()
    if not rows:
        return {}
    members = session.execute(
        select(TeamMember.team_id, Staff)
        .join(Staff, Staff.id == TeamMember.staff_id)
        .where(
            TeamMember.team_id.in_([row.team_id for row in rows]),
            TeamMember.period.contains(now),
            Staff.left_at.is_(None),
            Staff.deleted_at.is_(None),
        )
    )
    inside: dict[int, dict[UUID, int]] = {}
    for team_id, staff in members:
        if can_answer(staff):
            inside.setdefault(team_id, {})[staff.uuid] = staff.id
    covers: dict[int, list[Cover]] = {}
    for each in session.scalars(
        select(RotaCover).where(
            RotaCover.team_id.in_([row.team_id for row in rows]),
            RotaCover.deleted_at.is_(None),
            RotaCover.ends_at > now - KEPT,
        )
    ):
        if each.staff_id in inside.get(each.team_id, {}).values():
            covers.setdefault(each.team_id, []).append(
                Cover(each.id, each.staff_id, each.starts_at, each.ends_at)
            )
    return {
        row.team_id: Rota(
            row.zone,
            read_layers(row.layers, inside.get(row.team_id, {}), kept=True),
            tuple(covers.get(row.team_id, ())),
        )
        for row in rows
    }
