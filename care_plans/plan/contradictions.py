"""Where the pathways of one plan disagree: two limits, two targets, opposite advice; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import combinations, groupby

from care_plans.judging.conditions import Any, Condition, Mean, Rule, Threshold
from care_plans.judging.describing import side
from devices import kinds


class About(StrEnum):
    """What two pathways disagree about."""

    LIMIT = "limit"
    TARGET = "target"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Side:
    """What one pathway asks: `key` is of the rule, the goal or the advice."""

    pathway: str
    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two or more sides of one question; `key` stands for exactly what they say, and changes with it."""

    key: str
    about: About
    words: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule with the pathway that asks for it."""

    pathway: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal that readings measure: `at_least` tells which way its target is met."""

    pathway: str
    key: str
    kind: str
    at_least: bool
    target: float


@dataclass(frozen=True, slots=True)
class Told:
    """What a pathway tells people to do about a topic."""

    pathway: str
    key: str
    topic: str
    stance: str
    words: str


@dataclass(frozen=True, slots=True, order=True)
class _Limit:
    about: str
    kind: str
    mean: bool
    low_side: bool
    severity: str
    value: float
    words: str


def find(rules: Sequence[Asked], aims: Sequence[Aim], told: Sequence[Told]) -> list[Contradiction]:
    """Every contradiction, each once, in a stable order."""
    return [*_limits(rules), *_targets(aims), *_advice(told)]


def same(one: Rule, other: Rule) -> bool:
    """Whether two rules ask exactly the same of the same readings: one of them is enough."""
    return (
        one.about is other.about
        and one.class_ is other.class_
        and {(step.severity, step.when) for step in one.steps}
        == {(step.severity, step.when) for step in other.steps}
    )


def _limits(rules: Sequence[Asked]) -> Iterator[Contradiction]:
    """Rules of different pathways that tell of the same severity at different values of one kind."""
    held: dict[tuple[str, str, bool, bool], list[tuple[Asked, tuple[_Limit, ...]]]] = {}
    for asked in rules:
        found = sorted(set(_limits_of(asked.rule)))
        for place, group in groupby(found, key=lambda one: (one.about, one.kind, one.mean, one.low_side)):
            held.setdefault(place, []).append((asked, tuple(group)))
    for (_about, kind, mean, low_side), entries in held.items():
        apart = [
            (one, other)
            for one, other in combinations(entries, 2)
            if one[0].pathway != other[0].pathway and _differ(one[1], other[1])
        ]
        if not apart:
            continue
        keys = {asked.rule.key for pair in apart for asked, _ in pair}
        parts = [entry for entry in entries if entry[0].rule.key in keys]
        name = kinds.get(kind).name
        yield _made(
            About.LIMIT,
            f"{name}{' on average' if mean else ''}: different limits {'below' if low_side else 'above'}",
            [Side(asked.pathway, asked.rule.key, _told(found)) for asked, found in parts],
        )


def _told(limits: Iterable[_Limit]) -> str:
    return "; ".join(f"{each.severity} {each.words}" for each in limits)


def _limits_of(rule: Rule) -> Iterator[_Limit]:
    for step in rule.steps:
        nearest: dict[tuple[str, bool, bool], Threshold] = {}
        for part in _alone(step.when):
            threshold = part.limit if isinstance(part, Mean) else part
            if not isinstance(threshold, Threshold) or kinds.get(threshold.kind).is_binary:
                continue
            place = (threshold.kind, isinstance(part, Mean), threshold.low_side)
            known = nearest.get(place)
            if known is None or (threshold.limit > known.limit) is threshold.low_side:
                nearest[place] = threshold
        for (kind, mean, low_side), threshold in nearest.items():
            yield _Limit(
                rule.about.value, kind, mean, low_side, step.severity.value, threshold.limit, side(threshold)
            )


def _differ(one: Iterable[_Limit], other: Iterable[_Limit]) -> bool:
    values = {each.severity: each.value for each in other}
    return any(values.get(each.severity, each.value) != each.value for each in one)


def _alone(condition: Condition) -> Iterator[Condition]:
    """The parts each of which is enough by itself: what counts only with something else is no limit."""
    if isinstance(condition, Any):
        for part in condition.of:
            yield from _alone(part)
    else:
        yield condition


def _targets(aims: Sequence[Aim]) -> Iterator[Contradiction]:
    for kind in dict.fromkeys(aim.kind for aim in aims):
        of_kind = [aim for aim in aims if aim.kind == kind]
        keys = {
            aim.key
            for one, other in combinations(of_kind, 2)
            if one.pathway != other.pathway and _apart(one, other)
            for aim in (one, other)
        }
        parts = [aim for aim in of_kind if aim.key in keys]
        if parts:
            yield _made(
                About.TARGET,
                f"{kinds.get(kind).name}: different targets",
                [Side(aim.pathway, aim.key, _target_words(aim)) for aim in parts],
            )


def _target_words(aim: Aim) -> str:
    way = "at least" if aim.at_least else "at most"
    return f"{way} {aim.target:g} {kinds.get(aim.kind).unit_words}".rstrip()


def _apart(one: Aim, other: Aim) -> bool:
    if one.at_least is other.at_least:
        return one.target != other.target
    low, high = (one, other) if one.at_least else (other, one)
    return low.target > high.target


def _advice(told: Sequence[Told]) -> Iterator[Contradiction]:
    for topic in dict.fromkeys(each.topic for each in told):
        about = [each for each in told if each.topic == topic]
        if len({each.stance for each in about}) > 1 and len({each.pathway for each in about}) > 1:
            yield _made(
                About.ADVICE,
                f"{topic.replace('_', ' ').capitalize()}: opposite advice",
                [Side(each.pathway, each.key, each.words) for each in about],
            )


def _made(about: About, words: str, sides: Sequence[Side]) -> Contradiction:
    ordered = sorted(sides, key=lambda each: (each.pathway, each.key))
    said = "\n".join([about.value, *(f"{each.key}={each.words}" for each in ordered)])
    return Contradiction(sha256(said.encode()).hexdigest()[:12], about, words, tuple(ordered))
