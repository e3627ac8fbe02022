"""Which teams care for a person, from when to when: what makes their members see that person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Session

from core import journal
from core.db import clock_of, number
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from people.changes import ended, in_conflict
from people.faults import as_given, read_fields, words, yes_no
from people.models.agencies import Agency, Team
from people.models.caring import CareTeam
from people.models.people import Person

READERS = {"from": as_given, "lead": yes_no, "reason": words()}
ALREADY = "This team is in the care team already, or will be by then."
LAST = "No other team would care for this person from then on: add one before this one leaves."
TO_COME = "Whoever leads does so at once: until that day nobody would. Add the team on the day."


@dataclass(frozen=True, slots=True)
class Caring:
    """A team around a person, with its agency and how to reach it."""

    team: Team
    agency: Agency
    lead: bool
    reason: str | None
    since: datetime | None
    until: datetime | None


def add(session: Session, person: Person, team: Team, given: Mapping[str, Any], *, actor: Actor) -> CareTeam:
    """Put `team` into the person's care team from `from` (now) on; a new lead takes over from the old.

    Invalid for a lead that is still to come: until then nobody would lead. Conflict when the team is there at
    that time already.
    """
    now = clock_of(session).now()
    values = read_fields(given, READERS, empty={"from": now, "lead": False})
    start = values.pop("from")
    if values["lead"] and start > now:
        raise Invalid({"lead": TO_COME})
    row = CareTeam(person_id=person.id, team_id=team.id, period=Range(start, None), **values)
    number(session, row)
    with in_conflict(session, "ex_care_teams_no_overlap", ALREADY):
        if row.lead:
            _step_down(session, person, start)
        session.add(row)
    _note(session, "added to the care team", person, team, actor, at=start)
    return row


def end(session: Session, person: Person, team: Team, at: datetime, *, actor: Actor) -> CareTeam:
    """Let the team's relationship end at `at`; who is in no other of the person's teams sees nothing then.

    NotFound when it cares for the person at no such time; Conflict unless others do from then on, for good.
    """
    # one after the other: of the last two teams not both may leave
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    row = session.scalar(
        select(CareTeam).where(
            CareTeam.person_id == person.id, CareTeam.team_id == team.id, CareTeam.period.contains(at)
        )
    )
    if row is None:
        raise NotFound
    others = select(func.range_agg(CareTeam.period).op("@>")(literal(Range(at, None), TSTZRANGE))).where(
        CareTeam.person_id == person.id, CareTeam.id != row.id
    )
    if not session.scalar(others):
        raise Conflict(LAST)
    row.period = ended(row.period, at)
    session.flush()
    _note(session, "ended in the care team", person, team, actor, at=at)
    return row


def hand_lead(
    session: Session,
    person: Person,
    team: Team,
    *,
    leaves: Team | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> CareTeam:
    """Let `team` lead the care from now on, whether it cared before or not; who led goes on caring.

    `leaves` is the team, if any, whose care ends with that.
    """
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    _step_down(session, person, now)
    session.flush()
    _let_go(session, person, team, now)
    row = CareTeam(person_id=person.id, team_id=team.id, lead=True, reason=reason, period=Range(now, None))
    session.add(row)
    session.flush()
    _note(session, "took over the lead", person, team, actor, at=now)
    if leaves is not None and leaves.id != team.id:
        _let_go(session, person, leaves, now)
        _note(session, "ended in the care team", person, leaves, actor, at=now)
    session.flush()
    return row


def find(session: Session, person_id: int, team_id: int, now: datetime) -> CareTeam | None:
    """The team's relationship to the person at `now`."""
    return session.scalar(
        select(CareTeam).where(
            CareTeam.person_id == person_id, CareTeam.team_id == team_id, CareTeam.period.contains(now)
        )
    )


def leading(session: Session, person_id: int, now: datetime) -> Team | None:
    """The team that leads the person's care at `now`."""
    return session.scalar(
        select(Team)
        .join(CareTeam, CareTeam.team_id == Team.id)
        .where(CareTeam.person_id == person_id, CareTeam.lead, CareTeam.period.contains(now))
    )


def around(session: Session, person: Person, now: datetime) -> list[Caring]:
    """The teams that care for the person at `now`, the lead first, then by agency."""
    rows = session.execute(
        select(CareTeam, Team, Agency)
        .join(Team, Team.id == CareTeam.team_id)
        .join(Agency, Agency.id == Team.agency_id)
        .where(CareTeam.person_id == person.id, CareTeam.period.contains(now))
        .order_by(CareTeam.lead.desc(), Agency.name, Team.name)
    )
    return [
        Caring(team, agency, row.lead, row.reason, row.period.lower, row.period.upper)
        for row, team, agency in rows
    ]


def _step_down(session: Session, person: Person, at: datetime) -> None:
    """Whoever leads goes on caring from `at` on without leading; that they led until then stays known."""
    leading = select(CareTeam).where(
        CareTeam.person_id == person.id, CareTeam.lead, CareTeam.period.overlaps(Range(at, None))
    )
    for row in session.scalars(leading):
        since, until = row.period.lower, row.period.upper
        if since is not None and since >= at:
            row.lead = False
            continue
        row.period = Range(since, at)
        session.flush()
        session.add(
            CareTeam(person_id=person.id, team_id=row.team_id, reason=row.reason, period=Range(at, until))
        )


def _let_go(session: Session, person: Person, team: Team, at: datetime) -> None:
    """End what the team has with the person at `at`, and all that was still to come."""
    rows = session.scalars(
        select(CareTeam).where(
            CareTeam.person_id == person.id,
            CareTeam.team_id == team.id,
            CareTeam.period.overlaps(Range(at, None)),
        )
    ).all()
    for row in rows:
        if row.period.lower is not None and row.period.lower >= at:
            session.delete(row)
        else:
            row.period = Range(row.period.lower, at)
    session.flush()


def _note(session: Session, what: str, person: Person, team: Team, actor: Actor, *, at: datetime) -> None:
    journal.write(
        session,
        what,
        actor=actor,
        subject="team",
        subject_uuid=team.uuid,
        person_id=person.id,
        details={"at": at.isoformat()},
    )
