"""The ladder of findings that no plan foresaw: made of the teams that care for the person, or in the home."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from care_plans.alerts.ladder import ENDS_STAFFED, Ladder, LadderStep, Way
from care_plans.severity import Class
from devices.subjects import Subject
from people.models.agencies import Agency, Team, TeamRole
from people.models.caring import CareTeam
from people.models.homes import Home, Residency

MINUTE = 60
WAITS = {
    Class.LIFE_SAFETY: 2 * MINUTE,
    Class.CLINICAL: 15 * MINUTE,
    Class.HOME_SOCIAL: 240 * MINUTE,
    Class.TECHNICAL: 120 * MINUTE,
}
"""Seconds each step has before the next."""
FITS = {
    Class.LIFE_SAFETY: (TeamRole.RESPONDERS, TeamRole.COMMUNITY_NURSING),
    Class.CLINICAL: (TeamRole.COMMUNITY_NURSING,),
    Class.HOME_SOCIAL: (TeamRole.SOCIAL_WORK, TeamRole.HOUSING_OFFICER),
    Class.TECHNICAL: (TeamRole.RESPONDERS,),
}
"""Which teams besides the leading one a matter of each class is for, in this order."""


@dataclass(frozen=True, slots=True)
class _Caring:
    team: Team
    agency: str
    lead: bool


def of(session: Session, subject: Subject, class_: Class, now: datetime) -> Ladder:
    """Who is asked about `subject` without a plan: the leading team, those that fit, one staffed all hours.

    Life-safety goes to the team that is staffed round the clock first, and comes back to it last. Where none
    of those who care is there at night, a matter of health ends with one of the installation's that is (H9);
    for somebody in nobody's care it is asked from the beginning: nothing is raised for nobody.
    """
    caring = _care_teams(session, subject, now) or _landlord(session, subject) or _anybody(session)
    always = _at_all_hours(caring)
    if not always and class_ in ENDS_STAFFED:
        always = _at_all_hours(_anybody(session))
    day = [each for each in caring if not _always(each.team)]
    order = [
        *(always[:1] if class_ is Class.LIFE_SAFETY else ()),
        *(each for each in day if each.lead),
        *(each for role in FITS[class_] for each in day if each.team.role is role and not each.lead),
    ]
    order = order or day[:1]
    if order != always[:1]:
        order += always[:1]
    wait = WAITS[class_]
    steps = tuple(_step(position, each, wait, class_) for position, each in enumerate(order, 1))
    return Ladder(key="care_team", name="The teams that care", steps=steps or (_unnamed(wait),))


def _step(position: int, each: _Caring, wait: int, class_: Class) -> LadderStep:
    return LadderStep(
        position=position,
        words=f"{each.team.name}, {each.agency}",
        way=Way.CALL if class_ is Class.LIFE_SAFETY else Way.MESSAGE,
        wait=wait,
        team=each.team.id,
        staffed_all_hours=each.team.staffed_all_hours,
        receiving_centre=each.team.receiving_centre,
    )


def _unnamed(wait: int) -> LadderStep:
    """There is no team at all: it stands on the board, and the step names whoever answers by contract."""
    return LadderStep(position=1, words="Receiving centre", way=Way.CALL, wait=wait, receiving_centre=True)


def _at_all_hours(caring: Iterable[_Caring]) -> list[_Caring]:
    """Those of these that are always there, receiving centres first."""
    found = (each for each in caring if _always(each.team))
    return sorted(found, key=lambda each: not each.team.receiving_centre)


def _always(team: Team) -> bool:
    return team.receiving_centre or team.staffed_all_hours


def _care_teams(session: Session, subject: Subject, now: datetime) -> list[_Caring]:
    people = CareTeam.person_id == subject.id
    if subject.about == "home":
        people = CareTeam.person_id.in_(
            select(Residency.person_id).where(Residency.home_id == subject.id, Residency.period.contains(now))
        )
    rows = session.execute(
        select(Team, Agency.name, CareTeam.lead)
        .join(CareTeam, CareTeam.team_id == Team.id)
        .join(Agency, Agency.id == Team.agency_id)
        .where(people, CareTeam.period.contains(now), Team.deleted_at.is_(None))
        .order_by(CareTeam.lead.desc(), CareTeam.id)
    )
    return _once(_Caring(*row) for row in rows)


def _landlord(session: Session, subject: Subject) -> list[_Caring]:
    """For a home where nobody in care lives."""
    if subject.about != "home":
        return []
    rows = session.execute(
        select(Team, Agency.name)
        .join(Agency, Agency.id == Team.agency_id)
        .join(Home, Home.landlord_agency_id == Agency.id)
        .where(Home.id == subject.id, Team.deleted_at.is_(None))
        .order_by(Team.id)
    )
    return [_Caring(team, agency, lead=True) for team, agency in rows]


def _anybody(session: Session) -> list[_Caring]:
    rows = session.execute(
        select(Team, Agency.name)
        .join(Agency, Agency.id == Team.agency_id)
        .where(
            Team.deleted_at.is_(None),
            or_(
                Team.receiving_centre,
                Team.staffed_all_hours,
                Team.role == TeamRole.COORDINATOR,
            ),
        )
        .order_by(Team.id)
    )
    return [_Caring(team, agency, lead=team.role is TeamRole.COORDINATOR) for team, agency in rows]


def _once(caring: Iterable[_Caring]) -> list[_Caring]:
    """Each team once, for a household whose people share it."""
    found: dict[int, _Caring] = {}
    for each in caring:
        found.setdefault(each.team.id, each)
    return list(found.values())
