"""What changed between two versions of a plan, part by part: added, removed, changed from what to what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from care_plans.alerts import ladder as ladders
from care_plans.documents import duration_text
from care_plans.judging import describing
from care_plans.judging.rules import from_document
from care_plans.models.rules import Contingency, Monitoring, PlanLadder, Schedule
from care_plans.plan import phrases
from care_plans.plan.whole import ActionRead, GoalRead, PlanRead, RuleRead
from devices import kinds


class What(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a part, from what to what; "" for nothing."""

    name: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """For example "target from 88 % to 86 %"."""
        return f"{self.name} from {self.before or 'nothing'} to {self.after or 'nothing'}"


@dataclass(frozen=True, slots=True)
class Change:
    """One part that is not what it was: `part` is the sort of part ("goal"), `title` what it says now."""

    part: str
    key: str
    title: str
    what: What
    fields: tuple[FieldChange, ...] = ()
    by: str | None = None
    why: str | None = None

    @property
    def words(self) -> str:
        """In a sentence: "Goal changed: I want …: target from 88 to 86."."""
        if self.what is not What.CHANGED:
            return f"{self.part} {self.what}: {self.title}"
        told = "; ".join(each.words for each in self.fields)
        return f"{self.part} changed: {self.title}: {told}"


@dataclass(frozen=True, slots=True)
class Item:
    """What one part says: its title, and each of its fields in words."""

    title: str
    fields: Mapping[str, str]
    by: str | None = None
    why: str | None = None


def differences(before: PlanRead, after: PlanRead) -> tuple[Change, ...]:
    """Every part that `after` adds, leaves out or says differently, in the order of the plan's page."""
    then, now = dict(items(before)), dict(items(after))
    found = [_change(place, then.get(place), item) for place, item in now.items()]
    gone = [
        Change(part, key, item.title, What.REMOVED)
        for (part, key), item in then.items()
        if (part, key) not in now
    ]
    return (*(each for each in found if each is not None), *gone)


def _change(place: tuple[str, str], before: Item | None, after: Item) -> Change | None:
    part, key = place
    if before is None:
        return Change(part, key, after.title, What.ADDED, by=after.by, why=after.why)
    names = dict.fromkeys([*before.fields, *after.fields])
    fields = tuple(
        FieldChange(name, before.fields.get(name, ""), after.fields.get(name, ""))
        for name in names
        if before.fields.get(name, "") != after.fields.get(name, "")
    )
    return Change(part, key, after.title, What.CHANGED, fields, after.by, after.why) if fields else None


def items(plan: PlanRead) -> Iterator[tuple[tuple[str, str], Item]]:
    """Every part of the plan in the order of its page, by its sort and its key."""
    yield ("This plan", ""), Item("the plan itself", _of_version(plan))
    for pathway in plan.pathways:
        yield (
            ("Pathway", pathway.pathway),
            Item(pathway.title, {"version": str(pathway.pathway_version)}),
        )
    for strength in plan.strengths:
        yield ("Strength", strength.key), Item(strength.text, {"words": strength.text})
    for need in plan.needs:
        yield ("Need", need.need.key), Item(need.need.text, {"words": need.need.text})
        for goal in need.goals:
            yield ("Goal", goal.goal.key), Item(goal.goal.text, _of_goal(goal, need.need.text))
            for action in goal.actions:
                yield (
                    ("Action", action.action.key),
                    Item(action.action.text, _of_action(action, goal.goal.text)),
                )
                for stage in action.stages:
                    yield (
                        ("Stage goal", stage.key),
                        Item(
                            stage.text,
                            {
                                "words": stage.text,
                                "status": phrases.plain(stage.status),
                                "outcome": stage.outcome or "",
                            },
                        ),
                    )
    yield from _answers(plan)
    for watched in plan.monitoring:
        yield ("Watched", watched.key), Item(kinds.get(watched.kind).name, _of_monitoring(watched))
    for schedule in plan.schedules:
        yield ("Follow-up", schedule.key), Item(schedule.text, _of_schedule(schedule, plan.teams))
    for document in plan.documents:
        yield (
            ("Document", document.key),
            Item(
                document.title,
                {"title": document.title, "where": document.place, "date": _day(document.dated_on)},
            ),
        )


def _answers(plan: PlanRead) -> Iterator[tuple[tuple[str, str], Item]]:
    for each in plan.contingencies:
        row, ladder = each.contingency, each.ladder.name if each.ladder else ""
        yield ("If this happens", row.key), Item(row.name, _of_contingency(row, ladder, plan.teams))
        for rule in each.rules:
            yield (
                ("Trigger", rule.rule.key),
                Item(rule.rule.document["name"], _of_rule(rule), rule.set_by, rule.rule.set_why),
            )
    for laid in plan.ladders:
        yield ("Ladder", laid.key), Item(laid.name, _of_ladder(laid))
    for accepted in plan.acceptances:
        yield (
            ("Contradiction let stand", accepted.key),
            Item(accepted.words, {}, plan.names.get(accepted.by_id), accepted.reason),
        )


def _of_version(plan: PlanRead) -> dict[str, str]:
    version = plan.version
    return {
        "when somebody looks": version.watched or "",
        "otherwise": version.otherwise or "",
        "review": _day(version.review_on),
        "whose review": plan.review_by or "",
        "who pays": phrases.plain(version.funding) if version.funding else "",
        "about paying": version.funding_words or "",
    }


def _of_goal(read: GoalRead, need: str) -> dict[str, str]:
    goal = read.goal
    return {
        "words": goal.text,
        "need": need,
        "importance": f"{goal.importance} of 5" if goal.importance else "",
        "measure": phrases.measure(goal.measure) if goal.measure else "",
        "measure in words": goal.measure_words or "",
        "by": _day(goal.target_on),
    }


def _of_action(read: ActionRead, goal: str) -> dict[str, str]:
    action = read.action
    return {
        "words": action.text,
        "goal": goal,
        "agency": read.agency or "",
        "team": read.team or "",
        "who": read.staff or "",
        "when": action.when_words or "",
        "due": _day(action.due_on),
        "review": _day(action.review_on),
        "what may help": action.strategies or "",
        "confidence": "" if action.confidence is None else f"{action.confidence} of 10",
        "status": phrases.plain(action.status),
    }


def _of_contingency(row: Contingency, ladder: str, teams: Mapping[int, str]) -> dict[str, str]:
    asked = row.follow_up
    follow_up = ""
    if asked:
        within = f"{teams.get(asked['team_id'], '')} within {duration_text(asked['due_in'])}"
        follow_up = f"{asked['kind']} by {within} from {asked['from_severity']} on: {asked['text']}"
    return {
        "name": row.name,
        "what should happen": row.what_should_happen,
        "early signs": row.early_signs or "",
        "what helps": row.coping or "",
        "kept ready": row.anticipatory or "",
        "ladder": ladder,
        "follow-up": follow_up,
    }


def _of_rule(read: RuleRead) -> dict[str, str]:
    limits = {limit.personal.label: f"{limit.at:g} {limit.personal.unit}" for limit in read.limits}
    if limits:
        return limits
    rule = from_document(read.rule.document)
    return {"tells": "; ".join(f"{severity}: {words}" for severity, words in describing.step_words(rule))}


def _of_ladder(row: PlanLadder) -> dict[str, str]:
    steps = ladders.from_document(row.document).steps
    told = " → ".join(f"{each.words} ({duration_text(each.wait)})" for each in steps)
    return {"name": row.name, "steps": told}


def _of_monitoring(row: Monitoring) -> dict[str, str]:
    return {
        "how often": phrases.how_often(row.document),
        "missing after": duration_text(row.document["grace"]),
    }


def _of_schedule(row: Schedule, teams: Mapping[int, str]) -> dict[str, str]:
    return {
        "words": row.text,
        "kind": row.kind,
        "team": teams.get(row.team_id, ""),
        "when": phrases.recurs(row.recurrence),
    }


def _day(value: date | None) -> str:
    return f"{value.day} {value:%B %Y}" if value else ""
