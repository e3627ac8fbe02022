"""From what holds to a finding with its sentence."""

from collections.abc import Mapping
from datetime import UTC, datetime

from care_plans.judging.answers import Held, Shown
from care_plans.judging.conditions import (
    Change,
    Event,
    Mean,
    Missing,
    Routine,
    Rule,
    Threshold,
    Trend,
    Usual,
)
from care_plans.judging.track import UNCHECKED, Track
from care_plans.judging.verdicts import Finding
from care_plans.judging.words import (
    each_text,
    limit_text,
    name_of,
    name_within,
    number_text,
    sentence,
    span_text,
    times_text,
    value_text,
)
from care_plans.severity import Severity
from devices import kinds


def moment_of(seconds: float) -> datetime:
    """The aware UTC time of unix seconds, to the millisecond that readings are kept to."""
    return datetime.fromtimestamp(round(seconds, 3), UTC)


def rests_on_unchecked(finding: Finding, tracks: Mapping[str, Track]) -> bool:
    """Whether any reading that a finding names comes from kit of their own that nobody has checked."""
    named = {(kind, at) for kind, at, _ in finding.evidence}
    return any(
        flag & UNCHECKED and (kind, moment_of(at)) in named
        for kind, track in tracks.items()
        for at, flag in zip(track.times, track.flags, strict=True)
    )


def tell(rule: Rule, severity: Severity, held: Held, latest: float, source: str = "") -> Finding:
    """The finding that a held condition makes; its first part that has a value leads."""
    lead = next((part for part in held.parts if part.value is not None), held.parts[0])
    each = (_words(part) for part in held.parts)
    words = rule.words.format_map(_fillings(lead)) if rule.words else sentence([one for one in each if one])
    evidence = sorted((at, part.leaf.kind, value) for part in held.parts for at, value in part.points)
    binary = kinds.get(lead.leaf.kind).is_binary
    return Finding(
        severity=severity,
        words=in_source(words, source),
        at=moment_of(lead.at),
        kind=lead.leaf.kind,
        value=lead.value,
        unit=None if binary or lead.value is None else kinds.get(lead.leaf.kind).unit_words,
        evidence=tuple((kind, moment_of(at), value) for at, kind, value in evidence),
        latest=moment_of(latest),
        source=source,
    )


def in_source(words: str, source: str) -> str:
    """The sentence with the room or device it is about before it, where one is told apart."""
    if not source:
        return words
    return f"{source[:1].upper()}{source[1:]}: {words[:1].lower()}{words[1:]}"


def _fillings(shown: Shown) -> dict[str, str]:
    leaf = shown.leaf
    match leaf:
        case Threshold():
            limit = limit_text(leaf.kind, leaf.limit)
        case Mean():
            limit = limit_text(leaf.kind, leaf.limit.limit)
        case Change():
            limit = f"{leaf.by:g} %" if leaf.percent else limit_text(leaf.kind, leaf.by)
        case Trend() | Usual():
            limit = limit_text(leaf.kind, leaf.by)
        case Missing() | Event() | Routine():
            limit = ""
    return {"value": _value(shown), "limit": limit, "lasting": _lasting(shown)}


def _lasting(shown: Shown) -> str:
    """How long it has lasted; where no reading was found at all, no more than what the rule asks is known."""
    if isinstance(shown.leaf, Missing) and not shown.points:
        return f"at least {span_text(shown.leaf.for_)}"
    return span_text(shown.lasting)


def _value(shown: Shown) -> str:
    return "" if shown.value is None else value_text(shown.leaf.kind, shown.value)


def _side(threshold: Threshold) -> str:
    at = "at or " if threshold.at_or_below is not None or threshold.at_or_above is not None else ""
    return f"{at}{'below' if threshold.low_side else 'above'} {limit_text(threshold.kind, threshold.limit)}"


def _words(shown: Shown) -> str:
    leaf = shown.leaf
    if shown.said is not None:
        return shown.said
    match leaf:
        case Threshold():
            return _threshold_words(leaf, shown)
        case Trend():
            return _trend_words(leaf, shown)
        case Routine():
            return f"No sign of the morning for {_lasting(shown)}"
        case Change():
            return _change_words(leaf, shown)
        case Usual():
            return _usual_words(leaf, shown)
        case Mean():
            over = f"on average over {span_text(leaf.over)}"
            return f"{name_of(leaf.kind)} {_value(shown)} {over}, {_side(leaf.limit)}"
        case Missing():
            return f"No {_missing_words(leaf)} for {_lasting(shown)}"
        case Event():
            return f"{name_of(leaf.kind)}: {value_text(leaf.kind, 1)}"


def _threshold_words(leaf: Threshold, shown: Shown) -> str:
    if kinds.get(leaf.kind).is_binary:
        beginning = f"{name_of(leaf.kind)}: {_value(shown)}"
    else:
        beginning = f"{name_of(leaf.kind)} {_value(shown)}, {_side(leaf)}"
    if leaf.for_:
        return f"{beginning} for {span_text(shown.lasting)}"
    if leaf.times == 1:
        return beginning
    many = times_text(len(shown.points))
    if leaf.of is not None:
        return f"{beginning} {many} of {leaf.of}"
    if leaf.within is not None:
        return f"{beginning} {many} in {span_text(shown.lasting)}"
    return f"{beginning} {many} in a row"


def _change_words(leaf: Change, shown: Shown) -> str:
    (_, before), (_, now) = shown.points
    way = "up" if now > before else "down"
    moved = f"{number_text(leaf.kind, abs(now - before))} {kinds.get(leaf.kind).unit_words}"
    limit = f"limit {leaf.by:g} %" if leaf.percent else f"limit {limit_text(leaf.kind, leaf.by)}"
    if leaf.percent and before:
        moved = f"{abs(100 * (now - before) / before):.3g} %"
    return f"{name_of(leaf.kind)} {way} {moved} in {span_text(shown.lasting)} ({limit})"


def _trend_words(leaf: Trend, shown: Shown) -> str:
    moved, unit = shown.usual or 0.0, kinds.get(leaf.kind).unit_words
    way = "rising" if moved > 0 else "falling"
    fast = f"{abs(moved):.2g} {unit} {each_text(leaf.per)}"
    return (
        f"{name_of(leaf.kind)} {_value(shown)}, {way} by {fast} over {span_text(shown.lasting)} "
        f"(limit {limit_text(leaf.kind, leaf.by)})"
    )


def _usual_words(leaf: Usual, shown: Shown) -> str:
    usual, value = shown.usual or 0.0, shown.value or 0.0
    way = "above" if value > usual else "below"
    away = f"{number_text(leaf.kind, abs(value - usual))} {kinds.get(leaf.kind).unit_words}"
    return f"{name_of(leaf.kind)} {_value(shown)}, {away} {way} their usual {value_text(leaf.kind, usual)}"


def _missing_words(leaf: Missing) -> str:
    name = name_within(leaf.kind)
    return name if kinds.get(leaf.kind).is_binary else f"reading of {name}"
