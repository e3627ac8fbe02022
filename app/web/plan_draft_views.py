"""A draft as its page shows it: every part, and what is wrong with it in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.web.words import initial_capital
from care_plans.models.plans import Acceptance, AgreedWith
from care_plans.plan import agreeing, compare, settling
from care_plans.plan.open_work import OpenWork
from care_plans.plan.parts import SORTS, Part
from care_plans.plan.whole import PlanRead
from people.authority import MayAgree
from people.models.authority import AgreedBy

NAMES: Mapping[Part, str] = {
    Part.STRENGTHS: "Strength",
    Part.NEEDS: "Need",
    Part.GOALS: "Goal",
    Part.ACTIONS: "Action",
    Part.STAGES: "Stage goal",
    Part.CONTINGENCIES: "If this happens",
    Part.TRIGGERS: "Trigger",
    Part.LADDERS: "Ladder",
    Part.MONITORING: "Watched",
    Part.SCHEDULES: "Follow-up",
    Part.DOCUMENTS: "Document",
}
"""What `compare` calls each sort of part."""
UNSAID = frozenset({"words", "name", "title", "need", "goal"})
"""Fields that a row shows in its title, or by where it stands."""
OWN = "It is their own plan."
OWN_ASSESSED = (
    "It is their own plan. An assessment of capacity is on record: read it first, and say how below."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, at its place (also the id of the element that says so)."""

    place: str
    words: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the draft."""

    key: str
    title: str
    lines: tuple[str, ...]
    asked_by: str | None
    faults: tuple[Fault, ...]
    first: bool
    last: bool
    lists: tuple["PartList", ...]


@dataclass(frozen=True, slots=True)
class PartList:
    """The parts of one sort, under the same parent."""

    part: str
    one: str
    under: str | None
    ordered: bool
    rows: tuple[PartRow, ...]


@dataclass(frozen=True, slots=True)
class SideShown:
    """One side of a contradiction."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class ContradictionShown:
    """Two pathways that disagree, and who let that stand and why."""

    key: str
    words: str
    sides: tuple[SideShown, ...]
    accepted: str | None
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class WorkShown:
    """One piece of open work that an earlier version caused."""

    uuid: UUID
    words: str
    about: str
    href: str
    may_end: bool
    still: bool


def lists(plan: PlanRead, faults: Mapping[str, str], parts: Sequence[Part]) -> dict[str, PartList]:
    """The parts of these sorts that hang on nothing, each with all that hangs on them."""
    told = dict(compare.items(plan))
    rows = _rows(plan)
    return {part.value: _list(plan, part, None, rows, told, faults) for part in parts}


def contradictions(
    plan: PlanRead, standing: Sequence[settling.Standing], faults: Mapping[str, str]
) -> tuple[ContradictionShown, ...]:
    """Where the pathways disagree, what is not settled first."""
    titles = {one.pathway: one.title for one in plan.pathways}
    found = []
    for each in standing:
        row, accepted = each.contradiction, each.accepted
        place = f"contradictions.{row.key}"
        found.append(
            ContradictionShown(
                key=row.key,
                words=row.words,
                sides=tuple(
                    SideShown(side.key, f"{titles.get(side.pathway, 'this plan')}: {side.words}")
                    for side in row.sides
                ),
                accepted=_reason(plan, accepted) if accepted else None,
                fault=Fault(place, faults[place]) if place in faults else None,
            )
        )
    return tuple(sorted(found, key=lambda one: one.accepted is not None))


def _reason(plan: PlanRead, accepted: Acceptance) -> str:
    return f"{plan.names.get(accepted.by_id, 'Somebody')}: {accepted.reason}"


def work(pieces: Sequence[OpenWork]) -> tuple[WorkShown, ...]:
    """Open work, each piece with whose it is."""
    return tuple(
        WorkShown(
            uuid=piece.uuid,
            words=piece.words,
            about=_about(piece),
            href=f"/follow-ups/{piece.uuid}" if piece.follow_up else f"/alerts/{piece.uuid}",
            may_end=piece.may_end,
            still=piece.still,
        )
        for piece in pieces
    )


def _about(piece: OpenWork) -> str:
    whose = piece.team or "nobody yet"
    if piece.follow_up is not None:
        return f"{piece.follow_up.kind.value.capitalize()}, {whose}"
    severity = piece.alert.severity.value.capitalize() if piece.alert else ""
    return f"{severity} alert, {whose}"


def _rows(plan: PlanRead) -> dict[Part, list[Any]]:
    goals = [goal for need in plan.needs for goal in need.goals]
    actions = [action for goal in goals for action in goal.actions]
    return {
        Part.STRENGTHS: list(plan.strengths),
        Part.NEEDS: [need.need for need in plan.needs],
        Part.GOALS: [goal.goal for goal in goals],
        Part.ACTIONS: [action.action for action in actions],
        Part.STAGES: [stage for action in actions for stage in action.stages],
        Part.CONTINGENCIES: [each.contingency for each in plan.contingencies],
        Part.TRIGGERS: [rule.rule for each in plan.contingencies for rule in each.rules],
        Part.LADDERS: list(plan.ladders),
        Part.MONITORING: list(plan.monitoring),
        Part.SCHEDULES: list(plan.schedules),
        Part.DOCUMENTS: list(plan.documents),
    }


def _list(
    plan: PlanRead,
    part: Part,
    parent: str | None,
    rows: Mapping[Part, list[Any]],
    told: Mapping[tuple[str, str], compare.Item],
    faults: Mapping[str, str],
) -> PartList:
    sort = SORTS[part]
    mine = [row for row in rows[part] if parent is None or getattr(row, sort.parent_field) == parent]
    shown = []
    for number, row in enumerate(mine):
        item = told[NAMES[part], row.key]
        under = tuple(
            _list(plan, child, row.key, rows, told, faults)
            for child, each in SORTS.items()
            if each.parent is part
        )
        shown.append(
            PartRow(
                key=row.key,
                title=item.title,
                lines=tuple(f"{name}: {value}" for name, value in item.fields.items() if _says(name, value)),
                asked_by=_asked_by(plan, row),
                faults=_faults(faults, part, row.key),
                first=number == 0,
                last=number == len(mine) - 1,
                lists=under,
            )
        )
    return PartList(part.value, sort.one, parent, sort.ordered, tuple(shown))


def _says(name: str, value: str) -> bool:
    return bool(value) and name not in UNSAID


def _asked_by(plan: PlanRead, row: Any) -> str | None:
    titles = plan.asked_by(row.key, getattr(row, "pathway", None), getattr(row, "also_by", None))
    return " and ".join(titles) if titles else None


def _faults(faults: Mapping[str, str], part: Part, key: str) -> tuple[Fault, ...]:
    place = f"{part.value}.{key}"
    return tuple(Fault(at, words) for at, words in faults.items() if at == place or _belongs(at, place))


def _belongs(at: str, place: str) -> bool:
    """Whether a fault is of a field of the part at `place`, and not of a part whose key begins like its."""
    rest = at.removeprefix(f"{place}.")
    return rest != at and rest.partition(".")[0] in {
        "measure", "team", "triggers", "what_should_happen", "ladder", "limit", "contingency", "steps",
    }  # fmt: skip


def whole(plan: PlanRead) -> tuple[tuple[str, str], ...]:
    """What belongs to the plan as a whole, by name."""
    item = dict(compare.items(plan))["This plan", ""]
    return tuple((name, value) for name, value in item.fields.items() if value)


def who_may_agree(listed: Sequence[MayAgree], *, is_assessed: bool) -> list[tuple[str, str, str]]:
    """The choices of who agreed: the person first, then who may decide for them, with why; then nobody."""
    found = []
    for each in listed:
        why = initial_capital(agreeing.role(each))
        if each.basis is AgreedBy.PERSON:
            why = OWN_ASSESSED if is_assessed else OWN
        found.append((str(each.uuid or AgreedWith.PERSON.value), each.name, why))
    return [*found, (AgreedWith.NOBODY.value, "Nobody could", "Say why below.")]


def agreement(given: Mapping[str, str]) -> dict[str, str]:
    """What was chosen of `who_may_agree`, as `agreeing.agree` takes it."""
    who = given["who"]
    if who in ("", AgreedWith.PERSON.value, AgreedWith.NOBODY.value):
        return {**given, "with_whom": who, "who": ""}
    return {**given, "with_whom": AgreedWith.REPRESENTATIVE.value}
