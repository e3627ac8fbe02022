"""A plan as its page shows it: needs to actions, what should happen if, what is watched, what was changed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.web import essentials, person_views, plan_words
from app.web.alert_words import CLASSES
from app.web.charts import in_order
from app.web.person_views import GoalShown
from app.web.words import date_only, day, initial_capital, listed
from care_plans.judging import describing
from care_plans.judging.conditions import Rule, conditions, kinds_of
from care_plans.judging.rules import from_document
from care_plans.models.goals import ActionStatus, Goal, Need
from care_plans.models.plans import PlanVersion
from care_plans.models.rules import Contingency, Monitoring, PlanRule
from care_plans.pathways import reading
from care_plans.pathways.shape import Trigger
from care_plans.plan.whole import ActionRead, ContingencyRead, GoalRead, PlanRead, RuleRead
from care_plans.severity import Class, Severity
from devices import kinds
from people.models.people import Person

NEAR = ("today", "yesterday")


@dataclass(frozen=True, slots=True)
class PlanPerson:
    """Whose plan it is."""

    uuid: UUID
    name: str
    first_name: str


@dataclass(frozen=True, slots=True)
class ActionShown:
    """What an agency has taken on: see plan.html."""

    key: str
    words: str
    agency: str
    owner: str | None
    due_words: str
    state: str
    status: str
    lines: tuple[str, ...]
    stages: tuple[str, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class PlanGoal:
    """A goal with what is done for it."""

    key: str
    words: str
    asked_by: str | None
    about: str
    progress: GoalShown | None
    judged_by: str | None
    judged_at: datetime | None
    actions: tuple[ActionShown, ...]


@dataclass(frozen=True, slots=True)
class NeedShown:
    """A need with its goals."""

    words: str
    asked_by: str | None
    goals: tuple[PlanGoal, ...]


@dataclass(frozen=True, slots=True)
class RuleShown:
    """One trigger, and how it stands now."""

    key: str
    words: tuple[tuple[str, str], ...]
    stands: str
    look: str
    told: str


@dataclass(frozen=True, slots=True)
class ContingencyShown:
    """If this happens: what should happen, and who is told in turn."""

    key: str
    severity: str
    class_words: str
    trigger: str
    asked_by: str | None
    then: str
    more: tuple[tuple[str, str], ...]
    contacts: tuple[str, ...]
    rules: tuple[RuleShown, ...]


@dataclass(frozen=True, slots=True)
class ThresholdShown:
    """A limit at which somebody is told; `usual` is the pathway's own, where it differs."""

    key: str
    severity: str
    words: str
    value: str
    usual: str | None
    because: str | None
    adjustable: bool


@dataclass(frozen=True, slots=True)
class Monitored:
    """One kind of reading that is watched."""

    kind: str
    asked_by: str | None
    how_often: str
    expected_words: str
    kit: str | None
    thresholds: tuple[ThresholdShown, ...]


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version in the list of them."""

    number: int
    words: str
    at: datetime
    current: bool


def person(row: Person) -> PlanPerson:
    """Whose plan it is."""
    return PlanPerson(row.uuid, essentials.name_of(row), essentials.first_name(row))


def version_words(plan: PlanRead, now: datetime, zone: str) -> str:
    """For example "Version 3, agreed with Ada and Beth on Tuesday 17 November by Dev"."""
    version = plan.version
    if version.published_at is None:
        return "A draft: nothing is in force yet"
    agreed = f", agreed with {version.agreed_with}" if version.agreed_with else ", published"
    by = f" by {plan.published_by}" if plan.published_by else ""
    when = day(version.published_at, now, zone)
    when = when if when in NEAR else f"on {when}"
    return f"Version {version.number}{agreed} {when}{by}"


def needs(plan: PlanRead, today: date, agency_id: int | None = None) -> tuple[NeedShown, ...]:
    """Needs with their goals and actions; `mine` are those of the viewer's agency."""
    return tuple(
        NeedShown(
            need.need.text,
            _asked_by(plan, need.need),
            tuple(_goal(plan, goal, today, agency_id) for goal in need.goals),
        )
        for need in plan.needs
    )


def _goal(plan: PlanRead, read: GoalRead, today: date, agency_id: int | None) -> PlanGoal:
    goal, progress = read.goal, read.progress
    told = plan.names.get(progress.by_staff_id or 0) if progress else None
    return PlanGoal(
        key=goal.key,
        words=goal.text,
        asked_by=_asked_by(plan, goal),
        about=plan_words.about_goal(goal),
        progress=person_views.goal(read) if progress or goal.measure else None,
        judged_by=f"written down by {told}" if told else None,
        judged_at=progress.at if progress else None,
        actions=tuple(_action(each, today, agency_id) for each in read.actions),
    )


def _asked_by(plan: PlanRead, row: Need | Goal | Contingency | Monitoring) -> str | None:
    """Which pathways ask for it, where it is more than one; with one it goes without saying."""
    titles = plan.asked_by(row.key, getattr(row, "pathway", None), row.also_by)
    return listed(titles) if len(titles) > 1 else None


def contingencies(plan: PlanRead, switched_on: Collection[str]) -> tuple[ContingencyShown, ...]:
    """What should happen if, the worst first."""
    found = [_contingency(plan, each, switched_on) for each in plan.contingencies]
    rank = {severity.value: severity.rank for severity in Severity}
    return tuple(sorted(found, key=lambda each: -rank[each.severity]))


def monitoring(
    plan: PlanRead, kit_by_kind: dict[str, str], now: datetime, zone: str
) -> tuple[Monitored, ...]:
    """What is measured, how often, and at which value somebody is told."""
    rows = {one.kind: one for one in plan.monitoring}
    rules = [rule for contingency in plan.contingencies for rule in contingency.rules]
    watched = {
        kind
        for rule in rules
        for leaf in conditions(from_document(rule.rule.document))
        for kind in kinds_of(leaf)
    }
    made = tuple(kind.code for kind in kinds.all_kinds() if kind.made and kind.code in watched)
    found = []
    for code in (*in_order({*rows, *watched}, first=set(rows)), *made):
        row = rows.get(code)
        limits = tuple(limit for rule in rules for limit in _thresholds(rule, code, now, zone))
        found.append(
            Monitored(
                kind=kinds.get(code).name,
                asked_by=_asked_by(plan, row) if row else None,
                how_often=plan_words.how_often(row.document) if row else _when(code),
                expected_words=plan_words.expected(row.document) if row else "Not expected at a time",
                kit=kit_by_kind.get(code),
                thresholds=limits,
            )
        )
    return tuple(found)


def _when(code: str) -> str:
    return "Made of other readings" if kinds.get(code).made else "When it is measured"


def versions(
    rows: Iterable[PlanVersion], current: PlanVersion, now: datetime, zone: str
) -> tuple[VersionShown, ...]:
    """Every published version, the newest first."""
    return tuple(
        VersionShown(
            row.number, row.reason or f"Published {day(row.published_at, now, zone)}", row.published_at,
            row.id == current.id,
        )
        for row in rows
        if row.published_at is not None
    )  # fmt: skip


def worst_of(rule: Rule) -> Severity:
    """The worst that a rule can find."""
    return max((step.severity for step in rule.steps), key=lambda severity: severity.rank)


def _action(each: ActionRead, today: date, agency_id: int | None) -> ActionShown:
    action = each.action
    over = action.status in (ActionStatus.DONE, ActionStatus.CANCELLED)
    late = not over and action.due_on is not None and action.due_on < today
    due = "No date" if action.due_on is None else f"{'Was due' if late else 'Due'} {date_only(action.due_on)}"
    under_way = ", under way" if action.status is ActionStatus.UNDER_WAY else ""
    owner = ", ".join(name for name in (each.team, each.staff) if name)
    return ActionShown(
        key=action.key,
        words=action.text,
        agency=each.agency or "Nobody yet",
        owner=owner or None,
        due_words=initial_capital(action.status.value) if over else due + under_way,
        state="done" if over else "late" if late else "open",
        status=action.status.value,
        lines=plan_words.about_action(action),
        stages=tuple(plan_words.stage(one) for one in each.stages),
        mine=agency_id is not None and action.agency_id == agency_id,
    )


def _contingency(plan: PlanRead, each: ContingencyRead, switched_on: Collection[str]) -> ContingencyShown:
    read = [(rule, from_document(rule.rule.document)) for rule in each.rules]
    worst = max((worst_of(rule) for _, rule in read), key=lambda severity: severity.rank, default=None)
    row = each.contingency
    told = (
        ("Early signs", row.early_signs),
        ("What helps", row.coping),
        ("Kept ready", row.anticipatory),
    )
    return ContingencyShown(
        key=row.key,
        severity=worst.value if worst else Severity.WATCH.value,
        class_words=CLASSES[each.rules[0].rule.class_] if each.rules else "",
        trigger=row.name,
        asked_by=_asked_by(plan, row),
        then=row.what_should_happen,
        more=tuple((name, words) for name, words in told if words),
        contacts=plan_words.told_in_turn(each.ladder),
        rules=tuple(_rule(rule_row, rule, switched_on) for rule_row, rule in read),
    )


def _rule(row: RuleRead, rule: Rule, switched_on: Collection[str]) -> RuleShown:
    off = is_off(row.rule, switched_on)
    shape, look, told = plan_words.stands(row.judgement, off=off)
    words = tuple((severity.value, words) for severity, words in describing.step_words(rule))
    return RuleShown(rule.key, words, shape, look, told)


def is_off(row: PlanRule, switched_on: Collection[str]) -> bool:
    """Whether it is clinical, and no clinician has switched its pathway's rules on."""
    return row.class_ is Class.CLINICAL and row.pathway is not None and row.pathway not in switched_on


def _thresholds(row: RuleRead, code: str, now: datetime, zone: str) -> list[ThresholdShown]:
    rule, usual = from_document(row.rule.document), pathways_own(row.rule)
    unit = kinds.get(code).unit_words
    own = (
        {(each.severity, each.low_side): each.value for each in describing.limits(usual.rule, code)}
        if usual
        else {}
    )
    because = None
    if row.rule.set_at is not None:
        because = f"{row.set_by or 'Somebody'}, {day(row.rule.set_at, now, zone)}: {row.rule.set_why}"
    return [
        ThresholdShown(
            key=rule.key,
            severity=limit.severity.value,
            words="below" if limit.low_side else "above",
            value=f"{limit.value:g} {unit}",
            usual=_usual(own.get((limit.severity, limit.low_side)), limit.value, unit),
            because=because,
            adjustable=bool(row.limits),
        )
        for limit in describing.limits(rule, code)
    ] + [
        ThresholdShown(rule.key, severity.value, words, "", None, because, adjustable=bool(row.limits))
        for severity, words in describing.other_words(rule, code)
    ]


def _usual(own: float | None, value: float, unit: str) -> str | None:
    return f"{own:g} {unit}" if own is not None and own != value else None


def pathways_own(row: PlanRule) -> Trigger | None:
    """The rule as its pathway has it; None where the pathway is no more."""
    pathway = reading.all_pathways().get(row.pathway or "")
    if pathway is None:
        return None
    triggers = (trigger for one in pathway.contingencies for trigger in one.triggers)
    return next((trigger for trigger in triggers if trigger.rule.key == row.key), None)
