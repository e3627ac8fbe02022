"""Which real team a pathway means: by sector and role, from those around the person first."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.pathways import shape
from core.errors import Invalid
from people.models.agencies import Agency, Team
from people.models.caring import CareTeam
from people.models.homes import Home, Residency
from people.models.people import Contact, Person


def name_teams(
    session: Session, person: Person, wanted: Iterable[shape.Team], now: datetime, *, reason: str
) -> dict[shape.Team, Team]:
    """A real team for each; one that was not around the person yet joins their care team, with `reason`.

    Where no team has the role, another of its sector takes it on: one around the person first, then one of
    their area. Family stands for the person's contacts and is left out. Invalid names every team that nobody
    could be.
    """
    around = _around(session, person, now)
    others = _others(session, {team.id for team, _sector in around})
    area = _area(session, person, now)
    named: dict[shape.Team, Team] = {}
    faults: dict[str, str] = {}
    for want in sorted(set(wanted), key=lambda one: (one.sector, one.role)):
        if want.role is shape.Role.FAMILY:
            continue
        team = (
            _pick(around, want, area)
            or _pick(others, want, area)
            or _same_sector(around, want)
            or _same_sector([each for each in others if each[0].area == area], want)
        )
        if team is None:
            faults[f"{want.sector}.{want.role}"] = (
                "No agency here has such a team yet: add one, or name another."
            )
        else:
            named[want] = team
    if faults:
        raise Invalid(faults, "Some teams that this pathway needs are missing.")
    known = {team.id for team, _sector in around}
    for team in {team.id: team for team in named.values()}.values():
        if team.id not in known:
            session.add(
                CareTeam(person_id=person.id, team_id=team.id, reason=reason, period=Range(now, None))
            )
    session.flush()
    return named


def who_cannot_see(session: Session, person_id: int, team_ids: Iterable[int], now: datetime) -> set[int]:
    """Those of these teams that are not in the person's care team."""
    seeing = session.scalars(
        select(CareTeam.team_id).where(CareTeam.person_id == person_id, CareTeam.period.contains(now))
    )
    return set(team_ids) - set(seeing)


def contacts(session: Session, person: Person) -> list[Contact]:
    """The person's own contacts, key holders and those nearest first."""
    return list(
        session.scalars(
            select(Contact)
            .where(Contact.person_id == person.id, Contact.deleted_at.is_(None))
            .order_by(Contact.key_holder.desc(), Contact.minutes_away.asc().nulls_last(), Contact.id)
        )
    )


def _around(session: Session, person: Person, now: datetime) -> list[tuple[Team, str]]:
    rows = session.execute(
        select(Team, Agency.sector)
        .join(CareTeam, CareTeam.team_id == Team.id)
        .join(Agency, Agency.id == Team.agency_id)
        .where(CareTeam.person_id == person.id, CareTeam.period.contains(now), Team.deleted_at.is_(None))
        .order_by(CareTeam.lead.desc(), CareTeam.id)
    )
    return [(team, sector.value) for team, sector in rows]


def _others(session: Session, known: set[int]) -> list[tuple[Team, str]]:
    rows = session.execute(
        select(Team, Agency.sector)
        .join(Agency, Agency.id == Team.agency_id)
        .where(Team.deleted_at.is_(None), Team.id.not_in(known), Team.role.is_not(None))
        .order_by(Team.id)
    )
    return [(team, sector.value) for team, sector in rows]


def _area(session: Session, person: Person, now: datetime) -> str | None:
    return session.scalar(
        select(Home.area)
        .join(Residency, Residency.home_id == Home.id)
        .where(Residency.person_id == person.id, Residency.period.contains(now))
    )


def _pick(teams: list[tuple[Team, str]], want: shape.Team, area: str | None) -> Team | None:
    fitting = [(team, sector) for team, sector in teams if team.role == want.role.value]
    fitting.sort(key=lambda one: (one[1] != want.sector.value, one[0].area != area))
    return fitting[0][0] if fitting else None


def _same_sector(teams: list[tuple[Team, str]], want: shape.Team) -> Team | None:
    return next((team for team, sector in teams if sector == want.sector.value), None)
