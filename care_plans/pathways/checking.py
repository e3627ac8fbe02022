"""Whether the parts of a pathway fit together: what they name is there, and ladders can be published."""

from collections import Counter
from collections.abc import Iterable, Iterator

from care_plans.alerts import ladder as ladders
from care_plans.alerts.ladder import Ladder
from care_plans.documents import Part
from care_plans.judging import possible
from care_plans.pathways import prices
from care_plans.pathways.limits import has_place, limit_of
from care_plans.pathways.shape import Contingency, LadderStep, Pathway, PathwayLadder, Personal, Role, Trigger
from care_plans.severity import Class
from devices import kinds
from devices.kinds import Group
from people.access import RecordClass

WATCHING = frozenset(
    kind.code for kind in kinds.all_kinds() if kind.group is Group.ACTIVITY and kind.is_binary
) | {"property_exit", "enuresis"}
"""Kinds that tell what somebody does at home and when: kit for them needs a monitoring agreement (H18)."""


def check(part: Part, pathway: Pathway) -> None:
    """Note on `part`, the document's root, every fault that only the whole pathway shows."""
    for field, keys in _keys(pathway):
        for key in _repeated(keys):
            part.fault(field, f"Two entries have the key {key}; each needs its own.")
    for place, kind in _kinds(pathway):
        if kinds.find_measured(kind) is None:
            part.fault(place, "There is no such kind of reading.")
    goals = {goal.key for goal in pathway.goals}
    for place, goal in _goals(pathway):
        if goal not in goals:
            part.fault(place, "There is no such goal among the needs.")
    _check_terms(part, pathway)
    for number, contingency in enumerate(pathway.contingencies):
        _check_contingency(part, pathway, contingency, f"contingencies.{number}")
    for number, ladder in enumerate(pathway.ladders):
        _check_ladder(part, pathway, ladder, f"ladders.{number}.steps")


def _check_terms(part: Part, pathway: Pathway) -> None:
    for number, kit in enumerate(pathway.kit):
        if not kit.watches and WATCHING & set(kit.kinds):
            part.fault(f"kit.{number}.watches", "This kit watches somebody: say so.")
    for number, staffing in enumerate(pathway.staffing):
        if prices.find(staffing.price) is None:
            part.fault(f"staffing.{number}.price", "There is no such price.")


def _check_ladder(part: Part, pathway: Pathway, ladder: PathwayLadder, place: str) -> None:
    for class_ in sorted(_classes(pathway, ladder.key)):
        for fault in ladders.faults(as_ladder(ladder), class_):
            part.fault(place, fault)


def as_ladder(ladder: PathwayLadder) -> Ladder:
    """The ladder with stand-in numbers for teams, to be checked before real teams are named."""
    return Ladder(
        ladder.key, ladder.name, tuple(_step(n, step) for n, step in enumerate(ladder.steps, start=1))
    )


def _step(position: int, step: LadderStep) -> ladders.LadderStep:
    family = step.team.role is Role.FAMILY
    return ladders.LadderStep(
        position=position,
        words=step.words,
        way=step.way,
        wait=step.wait,
        team=None if family else position,
        contact=position if family else None,
        staffed_all_hours=step.staffed_all_hours,
        receiving_centre=step.receiving_centre,
        between=step.between,
        from_times=step.from_times,
    )


def _check_contingency(part: Part, pathway: Pathway, contingency: Contingency, place: str) -> None:
    if contingency.ladder not in {ladder.key for ladder in pathway.ladders}:
        part.fault(f"{place}.ladder", "There is no such ladder.")
    own = pathway.record_class
    plain = own is RecordClass.PLAN or "record_class" in part.faults
    prefix = pathway.code if plain else own.value
    for number, trigger in enumerate(contingency.triggers):
        at = f"{place}.triggers.{number}"
        if not trigger.rule.key.startswith(f"{prefix}."):
            part.fault(f"{at}.key", f'A rule key of this pathway begins with "{prefix}.".')
        if not any(fault.startswith(f"{at}.") for fault in part.faults):
            for unfit, words in possible.faults(trigger.rule).items():
                part.fault(f"{at}.{unfit}", words)
        for n, personal in enumerate(trigger.personal):
            _check_personal(part, trigger, personal, f"{at}.personal.{n}")


def _check_personal(part: Part, trigger: Trigger, personal: Personal, place: str) -> None:
    missing = [move for move in personal.moves if not has_place(trigger.document, move)]
    if missing or not personal.moves:
        part.fault(f"{place}.moves", f"There is no limit at {', '.join(missing) or 'this place'}.")
    elif not personal.lowest <= limit_of(trigger.document, personal) <= personal.highest:
        part.fault(f"{place}.lowest", "The limit itself lies outside these bounds.")


def _keys(pathway: Pathway) -> Iterator[tuple[str, list[str]]]:
    yield "needs", [need.key for need in pathway.needs]
    yield "needs.goals", [goal.key for goal in pathway.goals]
    yield "needs.goals.actions", [action.key for goal in pathway.goals for action in goal.actions]
    yield "kit", [kit.key for kit in pathway.kit]
    yield "monitoring", [one.key for one in pathway.monitoring]
    yield "ladders", [ladder.key for ladder in pathway.ladders]
    yield "contingencies", [one.key for one in pathway.contingencies]
    yield "contingencies.triggers", [t.rule.key for one in pathway.contingencies for t in one.triggers]
    yield "schedules", [schedule.key for schedule in pathway.schedules]
    yield "clocks", [clock.key for clock in pathway.clocks]
    yield "advice", [advice.topic for advice in pathway.advice]


def _repeated(keys: Iterable[str]) -> list[str]:
    return [key for key, count in Counter(keys).items() if key and count > 1]


def _kinds(pathway: Pathway) -> Iterator[tuple[str, str]]:
    for n, kit in enumerate(pathway.kit):
        yield from ((f"kit.{n}.kinds.{m}", kind) for m, kind in enumerate(kit.kinds))
    yield from ((f"monitoring.{n}.kind", one.kind) for n, one in enumerate(pathway.monitoring))
    for n, need in enumerate(pathway.needs):
        for m, goal in enumerate(need.goals):
            if goal.measure is not None:
                yield f"needs.{n}.goals.{m}.measure.kind", goal.measure.kind


def _goals(pathway: Pathway) -> Iterator[tuple[str, str]]:
    yield from ((f"kit.{n}.goal", one.goal) for n, one in enumerate(pathway.kit))
    yield from ((f"monitoring.{n}.goal", one.goal) for n, one in enumerate(pathway.monitoring))
    yield from ((f"contingencies.{n}.goal", one.goal) for n, one in enumerate(pathway.contingencies))
    yield from ((f"schedules.{n}.goal", one.goal) for n, one in enumerate(pathway.schedules))


def _classes(pathway: Pathway, ladder: str) -> set[Class]:
    return {
        trigger.rule.class_
        for one in pathway.contingencies
        if one.ladder == ladder
        for trigger in one.triggers
    }
