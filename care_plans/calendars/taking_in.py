"""Covers of a rota from a calendar file: shown first, and made when somebody says so."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.calendars import lines, reading
from care_plans.calendars.lines import Covered, Line, Member
from care_plans.calendars.reading import Found
from care_plans.models.rotas import TeamRota
from care_plans.rotas import rotas
from core.errors import Conflict, Invalid
from people import teams
from people.access import Viewer
from people.models.agencies import Staff, Team

MOST = reading.MOST_EVENTS
NO_ROTA = "This team has no rota to cover."
NONE_CHOSEN = "There is nothing to write down."
MEANWHILE = "Somebody has written down another cover at one of these times since. Choose the file again."
NO_LONGER = "Not everything can be written down any more: who is in the team, or what is over, has changed."


def propose(session: Session, team: Team, content: bytes, now: datetime) -> list[Line]:
    """What a file would make of the team's rota, line by line; nothing is written.

    Invalid (field "file") for a file that can't be taken, or where the team has no rota.
    """
    row = rotas.find_row(session, team)
    if row is None:
        raise Invalid({"file": NO_ROTA})
    entries = reading.read(content, row.zone)
    members = [
        Member(each.staff.uuid, each.staff.name, each.staff.email, rotas.can_answer(each.staff))
        for each in teams.members(session, team, now)
    ]
    return lines.decide(
        entries, members, _others(session, entries), _covers(session, team, now),
        now=now, longest=rotas.LONGEST_COVER,
    )  # fmt: skip


def keep(
    session: Session, team: Team, wanted: Sequence[Covered], why: str, *, by: Viewer, now: datetime
) -> int:
    """Make the covers that are not there yet, all of them or none; answers how many.

    Invalid or Conflict where one can't be made any more.
    """
    if not wanted or len(wanted) > MOST:
        raise Invalid({"": NONE_CHOSEN})
    # whoever confirms the same at the same moment comes after, and finds it there
    session.scalars(select(TeamRota.id).where(TeamRota.team_id == team.id).with_for_update()).all()
    there = _covers(session, team, now)
    made = 0
    for each in dict.fromkeys(wanted):
        if each in there:
            continue
        if any(each.meets(other) for other in there):
            raise Conflict(MEANWHILE)
        told = {"staff": str(each.who), "starts_at": each.start, "ends_at": each.end, "why": why}
        try:
            rotas.cover(session, team, told, by=by, now=now)
        except Invalid as fault:
            if "why" in fault.fields:
                raise
            raise Invalid({"": NO_LONGER}) from fault
        there.append(each)
        made += 1
    return made


def _covers(session: Session, team: Team, now: datetime) -> list[Covered]:
    """The team's covers that are not over, to the second."""
    rows = session.execute(rotas.coming_covers(team, now))
    return [Covered(who.uuid, row.starts_at, row.ends_at) for row, who in rows]


def _others(session: Session, entries: Sequence[Found]) -> frozenset[str]:
    """Of the e-mail addresses that a file names, those of people who work here."""
    named = {address for each in entries for address in (*each.invited, each.organizer or "")}
    named |= {each.summary.casefold() for each in entries}
    email = func.lower(Staff.email)
    found = select(email).where(email.in_(named), Staff.left_at.is_(None), Staff.deleted_at.is_(None))
    return frozenset(session.scalars(found))
