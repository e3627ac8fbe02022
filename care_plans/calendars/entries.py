"""What stands in somebody's calendar: their duty and follow-ups, or the duty of all in their teams.

It goes to programs and servers of others, so it says of a person what a message may: initials and area.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from care_plans.calendars.writing import Entry
from care_plans.messages.wording import About, initials
from care_plans.models.work import FollowUp
from care_plans.rotas import duty, rotas
from care_plans.rotas.duty import Rota, Shift
from care_plans.work import agenda
from care_plans.work.agenda import State, Wanted, Whose
from care_plans.work.recurrence import moment
from core.zones import UK
from people.access import Need, Viewer, role_may
from people.models.agencies import Staff, Team
from people.models.homes import Home, Residency
from people.models.people import Person

PAST, AHEAD = timedelta(weeks=1), timedelta(weeks=8)
BEFORE = timedelta(weeks=5)
"""How far back shifts are looked for, so that a turn under way begins where it began: none is longer."""
LONGEST_WINDOW = timedelta(hours=24)
POINT = timedelta(minutes=15)
"""How long the entry of a follow-up without a window is, which ends when it is due."""
MOST = 500
COPY = "A calendar is a copy and may be hours old: Hearthline says who is on duty now."
OPEN = "Open Hearthline to see it."
_PERSON, _HOME, _RESIDENCY, _OWN_HOME = aliased(Person), aliased(Home), aliased(Residency), aliased(Home)


def list_own(session: Session, viewer: Viewer, now: datetime) -> list[Entry]:
    """Their own duty by the rotas of their teams, and the follow-ups that they have and may see now."""
    found = [
        _own_shift(team, viewer, each)
        for team, shifts in _shifts(session, viewer, now)
        for each in shifts
        if each.person == viewer.staff_id
    ]
    return [*found, *_follow_ups(session, viewer, now)]


def list_of_teams(session: Session, viewer: Viewer, now: datetime) -> list[Entry]:
    """The duty of everybody in their teams, each by initials."""
    found = _shifts(session, viewer, now)
    people = {each.person for _, shifts in found for each in shifts}
    names = {
        row.id: (row.uuid, initials(*row.name.split()))
        for row in session.execute(select(Staff.id, Staff.uuid, Staff.name).where(Staff.id.in_(people)))
    }
    return [
        _shift(team, names[each.person][0], each, f"{names[each.person][1]} on duty, {team.name}")
        for team, shifts in found
        for each in shifts
        if each.person in names
    ]


def _shifts(session: Session, viewer: Viewer, now: datetime) -> list[tuple[Team, list[Shift]]]:
    """Each of the viewer's teams that has a rota, with its stretches of duty that a calendar shows."""
    readable = rotas.find_all(session, sorted(viewer.team_ids), now)
    teams = session.scalars(select(Team).where(Team.id.in_(readable)).order_by(Team.name, Team.id))
    return [(team, _shown(readable[team.id], now)) for team in teams]


def _shown(rota: Rota, now: datetime) -> list[Shift]:
    # From a Monday to a Monday, so that what has no other edge keeps the same ones for a week.
    since, until = _monday(now - BEFORE, rota.zone), _monday(now + AHEAD + timedelta(weeks=1), rota.zone)
    found = duty.stretches(duty.shifts(rota, since, until))
    return [each for each in found if each.end > now - PAST and each.start < now + AHEAD]


def _monday(at: datetime, zone: str) -> datetime:
    day = at.astimezone(ZoneInfo(zone)).date()
    return moment(day - timedelta(days=day.weekday()), time(), zone)


def _own_shift(team: Team, viewer: Viewer, shift: Shift) -> Entry:
    return _shift(team, viewer.staff_uuid, shift, f"On duty: {team.name}")


def _shift(team: Team, staff: UUID, shift: Shift, title: str) -> Entry:
    key = uuid5(team.uuid, f"{staff} {shift.start.isoformat()}")
    return Entry(
        f"{key}@hearthline", shift.start, shift.end, title, f"By the rota of {team.name}. {COPY}", busy=True
    )


def _follow_ups(session: Session, viewer: Viewer, now: datetime) -> Sequence[Entry]:
    if not role_may(viewer.role, Need.FOLLOW_UPS_READ):
        return []
    wanted = Wanted(
        whose=Whose.MINE,
        states=frozenset({State.DUE, State.OVERDUE}),
        due_from=now - PAST,
        due_to=now + AHEAD,
    )
    lives = (_RESIDENCY.person_id == _PERSON.id) & _RESIDENCY.period.contains(now)
    rows = session.execute(
        select(FollowUp, _PERSON, _HOME, _OWN_HOME)
        .outerjoin(_PERSON, _PERSON.id == FollowUp.person_id)
        .outerjoin(_HOME, _HOME.id == FollowUp.home_id)
        .outerjoin(_RESIDENCY, lives)
        .outerjoin(_OWN_HOME, _OWN_HOME.id == _RESIDENCY.home_id)
        .where(*agenda.chosen(viewer, wanted, now), ~FollowUp.restricted)
        .order_by(FollowUp.due_at, FollowUp.id)
        .limit(MOST)
    )
    return [_follow_up(row, _about(person, named or own)) for row, person, named, own in rows]


def _about(person: Person | None, home: Home | None) -> About | None:
    """As messages say it; None where nobody may be named here."""
    if person is None and home is None:
        return None
    who = initials(person.given_name, person.family_name) if person else "a home"
    return About(who, home.area if home else None, UK)


def _follow_up(row: FollowUp, about: About | None) -> Entry:
    kind = row.kind.value.capitalize()
    opens = row.opens_at
    windowed = opens is not None and timedelta() < row.due_at - opens <= LONGEST_WINDOW
    return Entry(
        f"{row.uuid}@hearthline",
        opens if opens is not None and windowed else row.due_at - POINT,
        row.due_at,
        f"{kind} for {about.words}" if about else kind,
        OPEN,
        version=row.version,
        changed_at=row.changed_at,
    )
