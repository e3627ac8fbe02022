"""From what holds to a finding with its sentence."""

from datetime import UTC, datetime

from care_plans.judging.conditions import Change, Event, Missing, Rule, Severity, Threshold
from care_plans.judging.holds import Held, Shown
from care_plans.judging.verdicts import Finding
from care_plans.judging.words import (
    limit_text,
    name_of,
    number_text,
    sentence,
    span_text,
    times_text,
    value_text,
)
from devices import kinds


def moment_of(seconds: float) -> datetime:
    """The aware UTC time of unix seconds, to the millisecond that readings are kept to."""
    return datetime.fromtimestamp(round(seconds, 3), UTC)


def tell(rule: Rule, severity: Severity, held: Held, latest: float, source: str = "") -> Finding:
    """The finding that a held condition makes; its first part that has a value leads."""
    lead = next((part for part in held.parts if part.value is not None), held.parts[0])
    words = (
        rule.words.format_map(_fillings(lead))
        if rule.words
        else sentence([_words(part) for part in held.parts])
    )
    evidence = sorted((at, part.leaf.kind, value) for part in held.parts for at, value in part.points)
    binary = kinds.get(lead.leaf.kind).is_binary
    return Finding(
        severity=severity,
        words=f"{source}: {words[:1].lower()}{words[1:]}" if source else words,
        at=moment_of(lead.at),
        kind=lead.leaf.kind,
        value=lead.value,
        unit=None if binary or lead.value is None else kinds.get(lead.leaf.kind).unit_words,
        evidence=tuple((kind, moment_of(at), value) for at, kind, value in evidence),
        latest=moment_of(latest),
        source=source,
    )


def _fillings(shown: Shown) -> dict[str, str]:
    leaf = shown.leaf
    limit = limit_text(leaf.kind, leaf.limit) if isinstance(leaf, Threshold) else ""
    if isinstance(leaf, Change):
        limit = limit_text(leaf.kind, leaf.by)
    value = "" if shown.value is None else value_text(leaf.kind, shown.value)
    return {"value": value, "limit": limit, "lasting": span_text(shown.lasting)}


def _words(shown: Shown) -> str:
    leaf = shown.leaf
    match leaf:
        case Threshold():
            return _threshold_words(leaf, shown)
        case Change():
            return _change_words(leaf, shown)
        case Missing():
            return f"No {_missing_words(leaf)} for {span_text(shown.lasting)}"
        case Event():
            return f"{name_of(leaf.kind)}: {value_text(leaf.kind, 1)}"


def _threshold_words(leaf: Threshold, shown: Shown) -> str:
    value = "" if shown.value is None else value_text(leaf.kind, shown.value)
    if kinds.get(leaf.kind).is_binary:
        beginning = f"{name_of(leaf.kind)}: {value}"
    else:
        at = " or at" if leaf.at_or_below is not None or leaf.at_or_above is not None else ""
        side = "below" if leaf.low_side else "above"
        beginning = f"{name_of(leaf.kind)} {value}, {side}{at} {limit_text(leaf.kind, leaf.limit)}"
    if leaf.for_:
        return f"{beginning} for {span_text(shown.lasting)}"
    if leaf.times == 1:
        return beginning
    many = times_text(len(shown.points))
    return (
        f"{beginning} {many} in a row"
        if leaf.within is None
        else f"{beginning} {many} in {span_text(shown.lasting)}"
    )


def _change_words(leaf: Change, shown: Shown) -> str:
    (_, before), (_, now) = shown.points
    way = "up" if now > before else "down"
    moved = f"{number_text(leaf.kind, abs(now - before))} {kinds.get(leaf.kind).unit_words}"
    limit = f"limit {limit_text(leaf.kind, leaf.by)}"
    return f"{name_of(leaf.kind)} {way} {moved} in {span_text(shown.lasting)} ({limit})"


def _missing_words(leaf: Missing) -> str:
    name = name_of(leaf.kind).lower()
    return name if kinds.get(leaf.kind).is_binary else f"reading of {name}"
