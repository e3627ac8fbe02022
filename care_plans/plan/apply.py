"""A pathway laid into a draft: its needs, goals, actions, rules, ladders and schedules, with real teams."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import ladder as ladders
from care_plans.judging.conditions import Rule
from care_plans.judging.rules import from_document
from care_plans.models.goals import Action, Goal, Need
from care_plans.models.plans import PlanPathway, PlanVersion
from care_plans.models.rules import Advice, Contingency, Monitoring, PlanLadder, PlanRule, Schedule
from care_plans.pathways import naming, shape
from care_plans.pathways.shape import Pathway
from care_plans.plan import answering, changing, contradictions, merging, teams
from care_plans.plan.parts import Part
from care_plans.work import recurrence
from care_plans.work.recurrence import Recurrence
from core.errors import Conflict
from core.zones import UK
from people.models.agencies import Team
from people.models.homes import Home, Residency
from people.models.people import Person

AS_THEY_SAY = "How they say it stands, asked at each review"
"""The measure of a goal for which a pathway counts no readings."""


@dataclass(frozen=True, slots=True)
class Laying:
    """One pathway on its way into one draft; `goals` are the plan's keys of the goals laid so far."""

    session: Session
    draft: PlanVersion
    pathway: Pathway
    named: Mapping[shape.Team, Team]
    zone: str
    today: date
    goals: dict[str, str] = field(default_factory=dict)

    def key(self, of: str) -> str:
        """The plan's key of something that the pathway lays."""
        return f"{naming.prefix(self.pathway.code)}.{of}"

    def goal(self, of: str) -> str:
        """The plan's key of a goal, be it another pathway's that says the same."""
        return self.goals.get(of, self.key(of))


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
    why = naming.why_joined(pathway.code, pathway.title)
    named = teams.name_teams(session, person, pathway.teams, now, reason=why)
    zone = zone_of(session, person, now)
    session.add(
        PlanPathway(
            version_id=draft.id, pathway=pathway.code, pathway_version=pathway.version, title=pathway.title
        )
    )
    today = now.astimezone(ZoneInfo(zone)).date()
    at = Laying(session, draft, pathway, named, zone, today)
    _lay_goals(at)
    for each in pathway.ladders:
        document = ladders.to_document(answering.with_teams(each, named, teams.contacts(session, person)))
        session.add(PlanLadder(version_id=draft.id, key=at.key(each.key), name=each.name, document=document))
    session.flush()
    for row in _lay_contingencies(at):
        answering.answer_as(session, draft, person, pathway, row, now)
    _lay_monitoring(at)
    _lay_schedules(at)
    session.add_all(
        Advice(
            version_id=draft.id,
            key=at.key(f"advice_{number}"),
            pathway=pathway.code,
            topic=each.topic,
            stance=each.stance,
            words=each.words,
        )
        for number, each in enumerate(pathway.advice, 1)
    )
    draft.watched = merging.joined(draft.watched or "", pathway.watch.watched).strip()
    draft.otherwise = merging.joined(draft.otherwise or "", pathway.watch.otherwise).strip()
    session.flush()
    for unused in changing.unused_ladders(session, draft):
        if unused.key.startswith(at.key("")):
            session.delete(unused)
    session.flush()


def zone_of(session: Session, person: Person, now: datetime) -> str:
    """The time zone of the person's home; the installation's usual one without a home."""
    zone = session.scalar(
        select(Home.time_zone)
        .join(Residency, Residency.home_id == Home.id)
        .where(Residency.person_id == person.id, Residency.period.contains(now))
    )
    return zone or UK


def _lay_goals(at: Laying) -> None:
    """Lay needs, goals and actions.

    What the plan says already in the same words is not said twice: it is asked for by both.
    """
    needs = changing.list_rows(at.session, at.draft, Part.NEEDS)
    there = changing.list_rows(at.session, at.draft, Part.GOALS)
    for need in at.pathway.needs:
        of = merging.with_same_words(needs, need.text)
        if of is None:
            of = Need(
                version_id=at.draft.id,
                key=at.key(need.key),
                position=len(needs),
                pathway=at.pathway.code,
                text=need.text,
            )
            at.session.add(of)
            needs.append(of)
        else:
            of.also_by = merging.asked_too(of.also_by, at.pathway.code)
        for goal in need.goals:
            measure = measure_document(goal.measure) if goal.measure else None
            fitting = [each for each in there if merging.same_aim(each.measure, measure)]
            row = merging.with_same_words(fitting, goal.text)
            if row is None:
                row = _goal(at.draft, goal, of.key, at.key(goal.key), len(there))
                at.session.add(row)
                there.append(row)
            else:
                row.also_by = merging.asked_too(row.also_by, at.pathway.code)
                row.measure = row.measure or measure
            at.goals[goal.key] = row.key
            at.session.flush()
            _lay_actions(at, goal, row.key)


def _goal(draft: PlanVersion, goal: shape.Goal, need_key: str, key: str, position: int) -> Goal:
    return Goal(
        version_id=draft.id,
        need_key=need_key,
        key=key,
        position=position,
        text=goal.text,
        importance=goal.importance,
        measure=measure_document(goal.measure) if goal.measure else None,
        measure_words=None if goal.measure else AS_THEY_SAY,
    )


def _lay_actions(at: Laying, goal: shape.Goal, goal_key: str) -> None:
    there = changing.list_rows(at.session, at.draft, Part.ACTIONS)
    for position, action in enumerate(goal.actions, len(there)):
        team = at.named[action.team]
        known = merging.with_same_words([row for row in there if row.team_id == team.id], action.text)
        if known is not None:
            known.also_by = merging.asked_too(known.also_by, at.pathway.code)
            continue
        at.session.add(
            Action(
                version_id=at.draft.id,
                goal_key=goal_key,
                key=at.key(action.key),
                position=position,
                text=action.text,
                agency_id=team.agency_id,
                team_id=team.id,
                due_on=at.today + timedelta(days=action.due_in_days),
            )
        )


def _lay_contingencies(at: Laying) -> list[PlanRule]:
    """Lay contingencies and their triggers; a trigger that the plan has already raises one alert, not two.

    Returned are those that another pathway laid and this one has to answer first (H11).
    """
    to_answer: list[PlanRule] = []
    there = changing.list_rows(at.session, at.draft, Part.TRIGGERS)
    for position, each in enumerate(
        at.pathway.contingencies, len(changing.list_rows(at.session, at.draft, Part.CONTINGENCIES))
    ):
        new = []
        for trigger in each.triggers:
            known = _same_rule(there, trigger.rule)
            if known is None:
                new.append(trigger)
                continue
            known.also_by = merging.asked_too(known.also_by, at.pathway.code)
            if each.answers_first:
                to_answer.append(known)
                continue
            of = changing.get(at.session, at.draft, Part.CONTINGENCIES, known.contingency_key)
            of.also_by = merging.asked_too(of.also_by, at.pathway.code)
        if not new:
            continue
        at.session.add(
            Contingency(
                version_id=at.draft.id,
                key=at.key(each.key),
                position=position,
                pathway=at.pathway.code,
                name=each.name,
                what_should_happen=each.what_should_happen,
                goal_key=at.goal(each.goal),
                ladder_key=at.key(each.ladder),
                follow_up=answering.follow_up(each.follow_up, at.named) if each.follow_up else None,
            )
        )
        at.session.add_all(
            PlanRule(
                version_id=at.draft.id,
                contingency_key=at.key(each.key),
                key=trigger.rule.key,
                position=number,
                pathway=at.pathway.code,
                class_=trigger.rule.class_,
                about=trigger.rule.about.value,
                document=dict(trigger.document),
            )
            for number, trigger in enumerate(new)
        )
    at.session.flush()
    return to_answer


def _same_rule(there: list[PlanRule], rule: Rule) -> PlanRule | None:
    return next((row for row in there if contradictions.same(from_document(row.document), rule)), None)


def _lay_monitoring(at: Laying) -> None:
    there: list[Monitoring] = changing.list_rows(at.session, at.draft, Part.MONITORING)
    for position, each in enumerate(at.pathway.monitoring, len(there)):
        document: dict[str, Any] = {"grace": each.grace}
        if each.by is not None:
            document["by"] = _begun(each.by, at.zone, at.today)
        else:
            document["every"] = each.every
        known = next(
            (
                row
                for row in there
                if (row.kind, row.about) == (each.kind, each.about.value)
                and merging.same_pace(row.document, document)
            ),
            None,
        )
        if known is not None:
            known.also_by = merging.asked_too(known.also_by, at.pathway.code)
            continue
        at.session.add(
            Monitoring(
                version_id=at.draft.id,
                key=at.key(each.key),
                position=position,
                pathway=at.pathway.code,
                kind=each.kind,
                about=each.about.value,
                document=document,
                goal_key=at.goal(each.goal),
            )
        )


def _lay_schedules(at: Laying) -> None:
    there: list[Schedule] = changing.list_rows(at.session, at.draft, Part.SCHEDULES)
    for position, each in enumerate(at.pathway.schedules, len(there)):
        team, document = at.named[each.team], _begun(each.recurrence, at.zone, at.today)
        known = next(
            (
                row
                for row in there
                if (row.kind, row.team_id) == (each.kind.value, team.id)
                and merging.same_time(row.recurrence, document)
            ),
            None,
        )
        if known is not None:
            known.also_by = merging.asked_too(known.also_by, at.pathway.code)
            known.text = merging.joined(known.text, each.text)
            continue
        at.session.add(
            Schedule(
                version_id=at.draft.id,
                key=at.key(each.key),
                position=position,
                pathway=at.pathway.code,
                kind=each.kind.value,
                text=each.text,
                team_id=team.id,
                recurrence=document,
                goal_key=at.goal(each.goal),
            )
        )


def _begun(each: Recurrence, zone: str, today: date) -> dict[str, Any]:
    """A pathway's recurrence as this person's: in their time zone, the first a whole interval from today."""
    return recurrence.to_document(recurrence.begun(replace(each, zone=zone), today))


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
