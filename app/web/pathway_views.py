"""A pathway as its page shows it: needs to actions, what is watched, ladders, clocks, staffing and cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.web import pathway_words, plan_words
from app.web.alert_words import CLASSES
from app.web.words import date_only, length, listed
from care_plans.judging import describing
from care_plans.models.plans import PathwaySwitch
from care_plans.pathways import costing, prices
from care_plans.pathways.following import Follower
from care_plans.pathways.limits import limit_of
from care_plans.pathways.shape import Contingency, Goal, Monitoring, Pathway, PathwayLadder, Personal, Trigger
from care_plans.severity import Class
from care_plans.work import recurrence
from devices import kinds


@dataclass(frozen=True, slots=True)
class PathwayRow:
    """One line of the list: see pathways.html."""

    code: str
    title: str
    for_whom: str
    owner: str
    accountable: str | None
    version: int
    force_words: str
    in_force: bool
    people: int | None
    older: int
    rules_words: str
    rules_look: str


def row(
    pathway: Pathway, followers: tuple[Follower, ...] | None, switch: PathwaySwitch | None, today: date
) -> PathwayRow:
    """A pathway as one line."""
    words, look = rules_state(pathway, switch)
    return PathwayRow(
        code=pathway.code,
        title=pathway.title,
        for_whom=pathway.for_whom or pathway.summary,
        owner=pathway_words.SECTORS[pathway.owner],
        accountable=pathway.accountable,
        version=pathway.version,
        force_words=force_words(pathway, today),
        in_force=pathway.in_force.why_not(today) is None,
        people=None if followers is None else len(followers),
        older=sum(each.version < pathway.version for each in followers or ()),
        rules_words=words,
        rules_look=look,
    )


def force_words(pathway: Pathway, today: date) -> str:
    """For example "in force since 1 January 2026"."""
    why_not = pathway.in_force.why_not(today)
    if why_not is not None:
        return why_not
    since, until = pathway.in_force.since, pathway.in_force.until
    begun = f"in force since {date_only(since)}" if since else "in force"
    return f"{begun}, until {date_only(until)}" if until else begun


def rules_state(pathway: Pathway, switch: PathwaySwitch | None) -> tuple[str, str]:
    """Whether its clinical rules work, as a shape with words, and how that looks."""
    if not has_clinical_rules(pathway):
        return "No clinical rules", "soft"
    if switch is None:
        return "◆ Clinical rules off", "warn"
    if switch.pathway_version < pathway.version:
        return f"◆ On, approved as version {switch.pathway_version}", "warn"
    return "✓ Clinical rules on", ""


def has_clinical_rules(pathway: Pathway) -> bool:
    """Whether a clinician has to take responsibility for any of its rules."""
    triggers = (trigger for one in pathway.contingencies for trigger in one.triggers)
    return any(trigger.rule.class_ is Class.CLINICAL for trigger in triggers)


def whole(pathway: Pathway, today: date, now: datetime) -> dict[str, Any]:
    """All that the page says of the service model itself: see pathway.html."""
    goals = {goal.key: goal.text for goal in pathway.goals}
    return {
        "code": pathway.code,
        "version": pathway.version,
        "title": pathway.title,
        "summary": pathway.summary,
        "for_whom": pathway.for_whom,
        "not_for": pathway.not_for,
        "owner": pathway_words.SECTORS[pathway.owner],
        "accountable": pathway.accountable,
        "force_words": force_words(pathway, today),
        "in_force": pathway.in_force.why_not(today) is None,
        "gives_away": pathway_words.GIVES_AWAY.get(pathway.record_class),
        "needs": [
            {"words": need.text, "goals": [_goal(goal) for goal in need.goals]} for need in pathway.needs
        ],
        "contingencies": [_contingency(each, pathway, goals) for each in pathway.contingencies],
        "ladders": [_ladder(each) for each in pathway.ladders],
        "kit": [
            {
                "name": each.name,
                "goal": goals[each.goal],
                "kinds": listed(kinds.get(kind).name.lower() for kind in each.kinds),
                "watches": each.watches,
            }
            for each in pathway.kit
        ],
        "monitoring": [_monitoring(each, goals) for each in pathway.monitoring],
        "clocks": [
            {
                "name": each.name,
                "within": pathway_words.within(each),
                "starts": each.starts,
                "team": pathway_words.team(each.team),
                "source": each.source,
            }
            for each in pathway.clocks
        ],
        "schedules": [
            {
                "kind": pathway_words.KINDS[each.kind],
                "words": each.text,
                "team": pathway_words.team(each.team),
                "every": pathway_words.every(each.recurrence, plan_words.days(each.recurrence)),
                "dates": plan_words.next_dates(recurrence.begun(each.recurrence, today), now),
            }
            for each in pathway.schedules
        ],
        "advice": [(each.topic.replace("_", " "), each.words) for each in pathway.advice],
        "watched": pathway.watch.watched,
        "otherwise": pathway.watch.otherwise,
        "sources": [(each.title, each.url) for each in pathway.sources],
        "cost": _cost(pathway),
    }


def versions(
    all_of_it: tuple[Pathway, ...], followers: tuple[Follower, ...] | None, shown: int, today: date
) -> list[dict[str, Any]]:
    """Every version, the newest first, with how many people each is followed by."""
    return [
        {
            "number": each.version,
            "words": force_words(each, today) if number == 0 else "an earlier version, laid into no new plan",
            "shown": each.version == shown,
            "newest": number == 0,
            "people": None if followers is None else sum(one.version == each.version for one in followers),
        }
        for number, each in enumerate(all_of_it)
    ]


def approved(switch: PathwaySwitch | None, by: str | None) -> dict[str, Any] | None:
    """Who took responsibility for its clinical rules, when and why."""
    if switch is None:
        return None
    at: datetime = switch.on_at
    return {"by": by or "Somebody", "at": at, "reason": switch.on_reason, "version": switch.pathway_version}


def _goal(goal: Goal) -> dict[str, Any]:
    by_sector: dict[str, list[dict[str, str]]] = {}
    for action in goal.actions:
        by_sector.setdefault(pathway_words.SECTORS[action.team.sector], []).append(
            {
                "words": action.text,
                "who": pathway_words.ROLES[action.team.role],
                "due": f"within {length(action.due_in_days * 86400)}" if action.due_in_days else "at once",
            }
        )
    return {
        "words": goal.text,
        "importance": goal.importance,
        "measure": pathway_words.measure(goal.measure) if goal.measure else None,
        "sectors": list(by_sector.items()),
    }


def _contingency(each: Contingency, pathway: Pathway, goals: Mapping[str, str]) -> dict[str, Any]:
    ladder = next(one for one in pathway.ladders if one.key == each.ladder)
    asked = each.follow_up
    return {
        "key": each.key,
        "name": each.name,
        "class_words": CLASSES[each.triggers[0].rule.class_],
        "rules": [_rule(trigger) for trigger in each.triggers],
        "then": each.what_should_happen,
        "first": each.answers_first,
        "ladder": ladder.name,
        "ladder_key": ladder.key,
        "goal": goals[each.goal],
        "follow_up": None
        if asked is None
        else {
            "kind": pathway_words.KINDS[asked.kind],
            "words": asked.text,
            "team": pathway_words.team(asked.team),
            "within": length(asked.due_in),
            "severity": asked.from_severity.value,
        },
    }


def _rule(trigger: Trigger) -> dict[str, Any]:
    rule = trigger.rule
    return {
        "key": rule.key,
        "name": rule.name,
        "steps": [(severity.value, words) for severity, words in describing.step_words(rule)],
        "clears": describing.condition_words(rule.clear) if rule.clear else None,
        "again_after": length(rule.again_after) if rule.again_after else None,
        "source": rule.source,
        "limits": [_limit(one, limit_of(trigger.document, one)) for one in trigger.personal],
    }


def _limit(one: Personal, at: float) -> str:
    return f"{one.label}: {at:g} {one.unit}, from {one.lowest:g} to {one.highest:g}"


def _ladder(ladder: PathwayLadder) -> dict[str, Any]:
    last = len(ladder.steps)
    return {
        "key": ladder.key,
        "name": ladder.name,
        "steps": [
            {
                "words": step.words,
                "who": pathway_words.team(step.team),
                "way": pathway_words.WAYS[step.way],
                "wait": f"again every {length(step.wait)}" if number == last else f"has {length(step.wait)}",
                "all_hours": step.staffed_all_hours,
            }
            for number, step in enumerate(ladder.steps, 1)
        ],
    }


def _monitoring(each: Monitoring, goals: Mapping[str, str]) -> dict[str, str]:
    document: dict[str, Any] = {"grace": each.grace}
    document |= {"every": each.every} if each.by is None else {"by": recurrence.to_document(each.by)}
    return {
        "kind": kinds.get(each.kind).name,
        "how_often": plan_words.how_often(document),
        "expected": plan_words.expected(document),
        "goal": goals[each.goal],
    }


def _cost(pathway: Pathway) -> dict[str, Any] | None:
    if not pathway.staffing:
        return None
    cost = costing.cost(pathway, prices.all_prices())
    return {
        "lines": [
            {
                "who": pathway_words.team(line.staffing.team),
                "what": line.staffing.what,
                "hours": f"{line.staffing.hours:g}",
                "price": f"{line.price.name}, {pathway_words.pounds(line.price.pounds)}",
                "source": f"{line.price.source}; prices of {line.price.year}",
                "stand_in": line.price.stand_in,
                "pounds": pathway_words.pounds(line.pounds),
            }
            for line in cost.lines
        ],
        "hours": f"{cost.hours:.4g}",
        "pounds": pathway_words.pounds(cost.pounds),
        "not_priced": cost.not_priced,
    }
