"""Whether a rule could fire never, or always, or clear while it fires: found from its limits alone; pure."""

from collections.abc import Iterator
from itertools import pairwise

from care_plans.judging.conditions import All, Any, Condition, Leaf, Rule, Step, Threshold, at_once, leaves
from devices import kinds

NEVER = "This can never be: no reading can be all of it at once."
ALWAYS = "Every usual reading of this kind would raise it: narrow the limits."
FIGHTS = "It would clear at {value:g} while it is still found there: leave a gap between the two."


def faults(rule: Rule) -> dict[str, str]:
    """What makes a rule unfit to be kept, by its dotted place; empty where it is fit.

    Asked where a rule is entered or imported, and not where it is read back: what is in force goes on.
    """
    found = {f"steps.{n}.when": why_not(step.when) for n, step in enumerate(rule.steps)}
    if rule.clear is not None:
        found["clear"] = why_not_clear(rule.steps, rule.clear)
    return {place: words for place, words in found.items() if words is not None}


def why_not(when: Condition) -> str | None:
    """Why a condition is unfit to raise anything: it can never hold, or holds whatever is read; else None.

    What can't be decided from limits alone (changes, silence, what is usual, other kinds) may be either.
    """
    for kind in _limited(when):
        points = _points(kind, when)
        if all(_holds(when, kind, at) is False for at in points):
            return NEVER
        steady = at_once(when)
        if all(_holds(steady, kind, at) for at in points if _is_usual(kind, at)):
            return ALWAYS
    return None


def why_not_clear(steps: tuple[Step, ...], clear: Condition) -> str | None:
    """Why a condition is unfit to clear what these steps find; None where it is fit."""
    for kind in _limited(clear):
        points = _points(kind, clear, *(step.when for step in steps))
        if all(_holds(clear, kind, at) is False for at in points):
            return NEVER
        for at in points:
            found = any(_holds(at_once(step.when), kind, at) for step in steps)
            if found and _holds(at_once(clear), kind, at):
                return FIGHTS.format(value=at)
    return None


def _limited(condition: Condition) -> Iterator[str]:
    """The kinds that are held to limits in it, each once."""
    held = (leaf.kind for leaf in leaves(condition) if isinstance(leaf, Threshold))
    return (kind for kind in dict.fromkeys(held) if kinds.find(kind) is not None)


def _points(kind: str, *conditions: Condition) -> list[float]:
    """Values of which one lies in each stretch between the limits of a kind, and one on each limit."""
    found = kinds.get(kind)
    if found.is_binary:
        return [0.0, 1.0]
    limits = {
        leaf.limit
        for each in conditions
        for leaf in leaves(each)
        if isinstance(leaf, Threshold) and leaf.kind == kind
    }
    edges = sorted({*found.absolute, *found.plausible, *limits})
    return sorted({*edges, *((low + high) / 2 for low, high in pairwise(edges))})


def _is_usual(kind: str, at: float) -> bool:
    low, high = kinds.get(kind).plausible
    return low <= at <= high


def _holds(condition: Condition, kind: str, at: float) -> bool | None:
    """Whether it holds for one newest reading of a kind; None where that does not decide it."""
    match condition:
        case All(of=parts):
            return _joined([_holds(part, kind, at) for part in parts], decides=False)
        case Any(of=parts):
            return _joined([_holds(part, kind, at) for part in parts], decides=True)
        case _:
            return _meets(condition, at) if condition.kind == kind else None


def _joined(answers: list[bool | None], *, decides: bool) -> bool | None:
    """One answer of that kind decides; else all have to be known."""
    if decides in answers:
        return decides
    return None if None in answers or not answers else not decides


def _meets(leaf: Leaf, at: float) -> bool | None:
    """Only a plain limit is decided by one reading; in some hours alone it may hold or not."""
    if not isinstance(leaf, Threshold) or leaf.during is not None:
        return None
    if leaf.for_ or leaf.times > 1 or leaf.within is not None:
        return None
    beyond, limit = leaf.test
    return beyond(at, limit)
