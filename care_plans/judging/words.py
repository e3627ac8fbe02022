"""Findings in words: the sentences a colleague would say."""

from collections.abc import Sequence

from devices import kinds


def value_text(kind: str, value: float) -> str:
    """The value with its unit as people write it: "84 %", "14.1 °C"; "pressed" for an event."""
    found = kinds.get(kind)
    if found.is_binary:
        return kinds.say(found, value)
    return f"{number_text(kind, value)} {found.unit_words}"


def number_text(kind: str, value: float) -> str:
    """The value alone, to the kind's digits, without a trailing ".0"."""
    return f"{round(value, kinds.get(kind).digits):g}"


def limit_text(kind: str, limit: float) -> str:
    """A limit with its unit, to as many digits as somebody gave it."""
    return f"{limit:g} {kinds.get(kind).unit_words}"


def name_of(kind: str) -> str:
    """What people call this kind: "Oxygen"."""
    return kinds.get(kind).name


def name_within(kind: str) -> str:
    """The same in the middle of a sentence: "oxygen", "breathlessness (MRC grade)"."""
    name = name_of(kind)
    return name[:1].lower() + name[1:]


def span_text(seconds: float) -> str:
    """About how long, in the unit people would use: "40 seconds", "6 minutes", "5 hours", "3 days"."""
    for size, unit, until in ((1, "second", 90), (60, "minute", 5400), (3600, "hour", 129600)):
        if seconds < until:
            return many_text(max(round(seconds / size), 1), unit)
    return many_text(round(seconds / 86400), "day")


def length_text(seconds: int) -> str:
    """Exactly how long, as limits are said: "90 minutes", "5 hours", "14 days"; spans are `span_text`'s."""
    for size, unit, least in ((86400, "day", 129600), (3600, "hour", 5400), (60, "minute", 90)):
        if seconds >= least and seconds % size == 0:
            return many_text(seconds // size, unit)
    return many_text(seconds, "second")


def each_text(seconds: int) -> str:
    """How often: "each hour", "each day", "every 6 hours"."""
    for size, unit in ((3600, "hour"), (86400, "day"), (604800, "week")):
        if seconds == size:
            return f"each {unit}"
    return f"every {length_text(seconds)}"


def many_text(count: int, noun: str) -> str:
    """A number of things: "1 hour", "2 hours"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def times_text(count: int) -> str:
    """How often: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def sentence(parts: Sequence[str]) -> str:
    """Parts joined into one sentence that begins with a capital letter."""
    text = ", and ".join(part[:1].lower() + part[1:] if n else part for n, part in enumerate(parts))
    return text[:1].upper() + text[1:]
