"""A pathway laid into a draft: its needs, goals, actions, rules, ladders and schedules, with real teams."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import ladder as ladders
from care_plans.alerts.ladder import Ladder, LadderStep
from care_plans.models.goals import Action, Goal, Need
from care_plans.models.plans import PlanPathway, PlanVersion
from care_plans.models.rules import Contingency, Monitoring, PlanLadder, PlanRule, Schedule
from care_plans.pathways import shape
from care_plans.pathways.shape import Pathway
from care_plans.plan import teams
from care_plans.work import recurrence
from care_plans.work.recurrence import Recurrence
from core.errors import Conflict
from people.models.agencies import Team
from people.models.homes import Home, Residency
from people.models.people import Contact, Person


def lay(session: Session, draft: PlanVersion, person: Person, pathway: Pathway, now: datetime) -> None:
    """Add what the pathway says to the draft; Conflict when the plan follows it already."""
    follows = session.scalar(
        select(PlanPathway).where(PlanPathway.version_id == draft.id, PlanPathway.pathway == pathway.code)
    )
    if follows is not None:
        raise Conflict(f"The plan follows {pathway.title} already.")
    why_not = pathway.in_force.why_not(now.astimezone(ZoneInfo(zone_of(session, person, now))).date())
    if why_not is not None:
        raise Conflict(
            f"Version {pathway.version} of {pathway.title} {why_not}: it can't be laid into a plan."
        )
    named = teams.name_teams(session, person, pathway.teams, now, reason=f"{pathway.title} pathway")
    zone = zone_of(session, person, now)
    key = f"{pathway.code}.{{}}".format
    session.add(
        PlanPathway(
            version_id=draft.id, pathway=pathway.code, pathway_version=pathway.version, title=pathway.title
        )
    )
    today = now.astimezone(ZoneInfo(zone)).date()
    _lay_goals(session, draft, pathway, named, key, today)
    for each in pathway.ladders:
        document = ladders.to_document(_with_teams(each, named, teams.contacts(session, person)))
        session.add(PlanLadder(version_id=draft.id, key=key(each.key), name=each.name, document=document))
    _lay_contingencies(session, draft, pathway, named, key)
    _lay_monitoring(session, draft, pathway, key, zone, today)
    for each_schedule in pathway.schedules:
        session.add(
            Schedule(
                version_id=draft.id,
                key=key(each_schedule.key),
                pathway=pathway.code,
                kind=each_schedule.kind.value,
                text=each_schedule.text,
                team_id=named[each_schedule.team].id,
                recurrence=_begun(each_schedule.recurrence, zone, today),
                goal_key=key(each_schedule.goal),
            )
        )
    draft.watched = _joined(draft.watched, pathway.watch.watched)
    draft.otherwise = _joined(draft.otherwise, pathway.watch.otherwise)
    session.flush()


def zone_of(session: Session, person: Person, now: datetime) -> str:
    """The time zone of the person's home; the installation's usual one without a home."""
    zone = session.scalar(
        select(Home.time_zone)
        .join(Residency, Residency.home_id == Home.id)
        .where(Residency.person_id == person.id, Residency.period.contains(now))
    )
    return zone or recurrence.ZONE


def _lay_goals(
    session: Session,
    draft: PlanVersion,
    pathway: Pathway,
    named: Mapping[shape.Team, Team],
    key: Callable[[str], str],
    today: date,
) -> None:
    for need in pathway.needs:
        session.add(Need(version_id=draft.id, key=key(need.key), pathway=pathway.code, text=need.text))
        for goal in need.goals:
            session.add(
                Goal(
                    version_id=draft.id,
                    need_key=key(need.key),
                    key=key(goal.key),
                    text=goal.text,
                    importance=goal.importance,
                    measure=measure_document(goal.measure) if goal.measure else None,
                )
            )
            session.add_all(
                Action(
                    version_id=draft.id,
                    goal_key=key(goal.key),
                    key=key(action.key),
                    text=action.text,
                    agency_id=named[action.team].agency_id,
                    team_id=named[action.team].id,
                    due_on=today + timedelta(days=action.due_in_days),
                )
                for action in goal.actions
            )


def _lay_contingencies(
    session: Session,
    draft: PlanVersion,
    pathway: Pathway,
    named: Mapping[shape.Team, Team],
    key: Callable[[str], str],
) -> None:
    for each in pathway.contingencies:
        session.add(
            Contingency(
                version_id=draft.id,
                key=key(each.key),
                pathway=pathway.code,
                name=each.name,
                what_should_happen=each.what_should_happen,
                goal_key=key(each.goal),
                ladder_key=key(each.ladder),
                follow_up=_follow_up(each.follow_up, named) if each.follow_up else None,
            )
        )
        session.add_all(
            PlanRule(
                version_id=draft.id,
                contingency_key=key(each.key),
                key=trigger.rule.key,
                pathway=pathway.code,
                class_=trigger.rule.class_,
                about=trigger.rule.about.value,
                document=dict(trigger.document),
            )
            for trigger in each.triggers
        )


def _lay_monitoring(
    session: Session,
    draft: PlanVersion,
    pathway: Pathway,
    key: Callable[[str], str],
    zone: str,
    today: date,
) -> None:
    for each in pathway.monitoring:
        document: dict[str, Any] = {"grace": each.grace}
        if each.by is not None:
            document["by"] = _begun(each.by, zone, today)
        else:
            document["every"] = each.every
        session.add(
            Monitoring(
                version_id=draft.id,
                key=key(each.key),
                pathway=pathway.code,
                kind=each.kind,
                about=each.about.value,
                document=document,
                goal_key=key(each.goal),
            )
        )


def _begun(each: Recurrence, zone: str, today: date) -> dict[str, Any]:
    """A pathway's recurrence as this person's: in their time zone, the first a whole interval from today."""
    first = today if each.every_days == 1 else today + timedelta(days=each.every_days)
    return recurrence.to_document(replace(each, zone=zone, starts=each.starts or first))


def measure_document(measure: shape.Measure) -> dict[str, Any]:
    """A goal's measure as the plan keeps it."""
    return {
        "kind": measure.kind,
        "counts": measure.counts.value,
        "sense": measure.sense.value,
        "target": measure.target,
        "days": measure.days,
        "enough": measure.enough,
    }


def _follow_up(each: shape.AlertFollowUp, named: Mapping[shape.Team, Team]) -> dict[str, Any]:
    return {
        "kind": each.kind.value,
        "text": each.text,
        "team_id": named[each.team].id,
        "due_in": each.due_in,
        "from_severity": each.from_severity.value,
    }


def _with_teams(
    ladder: shape.PathwayLadder, named: Mapping[shape.Team, Team], contacts: list[Contact]
) -> Ladder:
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
            )
        )
    return Ladder(ladder.key, ladder.name, tuple(steps))


def _joined(before: str | None, more: str) -> str:
    return more if not before or more in before else f"{before} {more}"
