"""The ladder of somebody who does not answer: made of the agreed steps and the teams that care for them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import care_team_ladder
from care_plans.alerts.ladder import Ladder, LadderStep, Way
from care_plans.ringing.procedure import Act, ProcedureStep, Terms
from care_plans.severity import Class
from devices import subjects
from people.models.agencies import Agency, Team, TeamRole
from people.models.caring import CareTeam
from people.models.people import Contact

MINUTE = 60
SAYS = {
    Act.KEY_HOLDER: "Ring whoever holds a key; their numbers are on this page",
    Act.ASK_OTHERS: "Ask the other teams in their care, and family, whether they know where they are",
    Act.VISIT: "Go and see: knock, look in, use the key safe",
    Act.WELFARE_CHECK: "Decide about a welfare check by the police: 101, or 999 if you fear for their life. "
    "Hearthline rings nobody: a named person decides and rings",
}
GOERS = (TeamRole.RESPONDERS, TeamRole.COMMUNITY_NURSING, TeamRole.REABLEMENT)
"""Who goes and sees where the terms name nobody, in this order."""


def ladder(session: Session, person_id: int, team_id: int, terms: Terms, now: datetime) -> Ladder:
    """Each step with the team whose it is: the one that rang, but for whom goes and whom is asked last.

    The last step is always one that is staffed round the clock (H9): where the team that is to decide is
    not, whoever is follows it.
    """
    everybody = _teams(session)
    caring = [everybody[key] for key in _caring(session, person_id, now) if key in everybody]
    usual = care_team_ladder.of(session, subjects.person(person_id), Class.LIFE_SAFETY, now).steps
    holders = _has_key_holder(session, person_id)
    found: list[LadderStep] = []
    for step in terms.steps:
        if step.act is Act.KEY_HOLDER and not holders:
            continue
        found.append(_step(step, everybody, _whose(step, team_id, caring, everybody)))
    last = found[-1]
    if not (last.staffed_all_hours or last.receiving_centre):
        always = next(each for each in reversed(usual) if each.staffed_all_hours or each.receiving_centre)
        words = f"{SAYS[Act.WELFARE_CHECK]} ({always.words})"
        found.append(
            LadderStep(0, words, Way.CALL, last.wait, always.team,
                       staffed_all_hours=always.staffed_all_hours, receiving_centre=always.receiving_centre)
        )  # fmt: skip
    return Ladder("no_reply", "Nobody answers", _numbered(found))


def _numbered(steps: Sequence[LadderStep]) -> tuple[LadderStep, ...]:
    return tuple(
        LadderStep(
            number, each.words, each.way, each.wait, each.team,
            staffed_all_hours=each.staffed_all_hours, receiving_centre=each.receiving_centre,
        )
        for number, each in enumerate(steps, 1)
    )  # fmt: skip


def _step(step: ProcedureStep, everybody: dict[int, tuple[Team, str]], team: Team) -> LadderStep:
    agency = everybody[team.id][1]
    return LadderStep(
        position=0,
        words=f"{SAYS[step.act]} ({team.name}, {agency})",
        way=Way.CALL,
        wait=step.minutes * MINUTE,
        team=team.id,
        staffed_all_hours=team.staffed_all_hours,
        receiving_centre=team.receiving_centre,
    )


def _whose(
    step: ProcedureStep,
    team_id: int,
    caring: Sequence[tuple[Team, str]],
    everybody: dict[int, tuple[Team, str]],
) -> Team:
    if step.team is not None and step.team in everybody:
        return everybody[step.team][0]
    mine = everybody[team_id][0] if team_id in everybody else None
    teams = [team for team, _agency in caring]
    if step.act is Act.VISIT:
        found = next((team for role in GOERS for team in teams if team.role is role), None)
        return found or mine or teams[0]
    if step.act is Act.WELFARE_CHECK:
        found = next((team for team in _centres_first(teams)), None)
        return found or mine or teams[0]
    return mine or teams[0]


def _centres_first(teams: Iterable[Team]) -> list[Team]:
    always = [team for team in teams if team.staffed_all_hours or team.receiving_centre]
    return sorted(always, key=lambda team: not team.receiving_centre)


def _teams(session: Session) -> dict[int, tuple[Team, str]]:
    rows = session.execute(
        select(Team, Agency.name)
        .join(Agency, Agency.id == Team.agency_id)
        .where(Team.deleted_at.is_(None))
        .order_by(Team.id)
    )
    return {team.id: (team, agency) for team, agency in rows}


def _caring(session: Session, person_id: int, now: datetime) -> list[int]:
    """The teams in their care, the leading one first."""
    query = select(CareTeam.team_id).where(CareTeam.person_id == person_id, CareTeam.period.contains(now))
    return list(session.scalars(query.order_by(CareTeam.lead.desc(), CareTeam.id)))


def _has_key_holder(session: Session, person_id: int) -> bool:
    query = select(Contact.id).where(
        Contact.person_id == person_id, Contact.key_holder, Contact.deleted_at.is_(None)
    )
    return session.scalar(query.limit(1)) is not None
