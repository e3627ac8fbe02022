"""Which pathway answers a trigger that several ask for: by its contingency and ladder, with real teams."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import ladder as ladders
from care_plans.alerts.ladder import Ladder, LadderStep
from care_plans.judging.rules import from_document
from care_plans.models.goals import Goal
from care_plans.models.plans import PlanVersion
from care_plans.models.rules import Contingency, PlanLadder, PlanRule
from care_plans.pathways import naming, shape
from care_plans.pathways.shape import Pathway
from care_plans.plan import changing, contradictions, teams
from care_plans.plan.parts import Part
from people.models.agencies import Team
from people.models.people import Contact, Person


def answer_as(
    session: Session, draft: PlanVersion, person: Person, pathway: Pathway, row: PlanRule, now: datetime
) -> None:
    """Let this pathway answer a trigger that another laid first: by its contingency and its ladder."""
    asked = from_document(row.document)
    each = next(
        (c for c in pathway.contingencies if any(contradictions.same(asked, t.rule) for t in c.triggers)),
        None,
    )
    if each is None:
        return
    before = changing.get(session, draft, Part.CONTINGENCIES, row.contingency_key)
    why = naming.why_joined(pathway.code, pathway.title)
    named = teams.name_teams(session, person, pathway.teams, now, reason=why)
    key = f"{naming.prefix(pathway.code)}.{{}}".format
    if session.scalar(_of_key(PlanLadder, draft, key(each.ladder))) is None:
        ladder = next(one for one in pathway.ladders if one.key == each.ladder)
        document = ladders.to_document(with_teams(ladder, named, teams.contacts(session, person)))
        session.add(
            PlanLadder(version_id=draft.id, key=key(each.ladder), name=ladder.name, document=document)
        )
    if session.scalar(_of_key(Contingency, draft, key(each.key))) is None:
        goal = session.scalar(_of_key(Goal, draft, key(each.goal)))
        session.add(
            Contingency(
                version_id=draft.id, key=key(each.key), position=before.position, pathway=pathway.code,
                name=each.name, what_should_happen=each.what_should_happen,
                goal_key=goal.key if goal else before.goal_key, ladder_key=key(each.ladder),
                follow_up=follow_up(each.follow_up, named) if each.follow_up else None,
                also_by=[before.pathway] if before.pathway else None,
            )
        )  # fmt: skip
    row.contingency_key = key(each.key)
    session.flush()
    if (
        session.scalar(
            select(PlanRule.id).where(PlanRule.version_id == draft.id, PlanRule.contingency_key == before.key)
        )
        is None
    ):
        session.delete(before)
        session.flush()
        for unused in changing.unused_ladders(session, draft):
            if unused.key == before.ladder_key:
                session.delete(unused)
        session.flush()


def _of_key(table: type[Any], draft: PlanVersion, key: str) -> Any:
    return select(table).where(table.version_id == draft.id, table.key == key)


def follow_up(each: shape.AlertFollowUp, named: Mapping[shape.Team, Team]) -> dict[str, Any]:
    """The follow-up of a contingency as the plan keeps it, with its real team."""
    return {
        "kind": each.kind.value,
        "text": each.text,
        "team_id": named[each.team].id,
        "due_in": each.due_in,
        "from_severity": each.from_severity.value,
    }


def with_teams(
    ladder: shape.PathwayLadder, named: Mapping[shape.Team, Team], contacts: list[Contact]
) -> Ladder:
    """A pathway's ladder with real teams; a step for the family is left out where nobody is known."""
    steps: list[LadderStep] = []
    for step in ladder.steps:
        family = step.team.role is shape.Role.FAMILY
        if family and not contacts:
            continue
        team = None if family else named[step.team]
        steps.append(
            LadderStep(
                position=len(steps) + 1,
                words=step.words,
                way=step.way,
                wait=step.wait,
                team=team.id if team else None,
                contact=contacts[0].id if family else None,
                staffed_all_hours=bool(team and team.staffed_all_hours),
                receiving_centre=bool(team and team.receiving_centre),
                between=step.between,
                from_times=step.from_times,
            )
        )
    return Ladder(ladder.key, ladder.name, tuple(steps))
