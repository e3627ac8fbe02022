"""Rules and readings for tests of judging, said shortly."""

from datetime import UTC, datetime, timedelta
from typing import Any

from care_plans.judging.rules import Rule, Track, Verdict, from_document, judge

NOW = datetime(2026, 11, 22, 7, 46, tzinfo=UTC)
MINUTE, HOUR, DAY = 60, 3600, 86400

OXYGEN: dict[str, Any] = {
    "key": "copd.oxygen_low",
    "name": "Oxygen low",
    "class": "clinical",
    "about": "person",
    "steps": [
        {"severity": "red", "when": {"kind": "spo2", "below": 85, "times": 2, "within": "10 min"}},
        {"severity": "amber", "when": {"kind": "spo2", "below": 88}},
    ],
    "clear": {"kind": "spo2", "at_or_above": 90},
    "pages_within": "1 h",
    "source": "A test.",
}


def rule(*steps: tuple[str, dict[str, Any]], **more: Any) -> Rule:
    """A clinical rule with these (severity, condition) steps."""
    said = [{"severity": severity, "when": when} for severity, when in steps]
    return from_document({**OXYGEN, "clear": None, "steps": said, **more})


def oxygen(**more: Any) -> Rule:
    """Red below 85 twice in 10 minutes, amber below 88, clear from 90 on."""
    return from_document({**OXYGEN, **more})


def track(kind: str, *readings: tuple[float, float], flags: int = 0, sources: tuple[str, ...] = ()) -> Track:
    """Readings as (seconds before now, value), all with the same flags."""
    start = NOW.timestamp()
    times = [start - ago for ago, _ in readings]
    return Track(kind, times, [value for _, value in readings], [flags] * len(readings), sources)


def evenly(kind: str, values: list[float], every: float, last: float = 0) -> Track:
    """Readings at a steady pace, the newest `last` seconds ago."""
    newest_first = reversed(list(enumerate(reversed(values))))
    return track(kind, *((last + number * every, value) for number, value in newest_first))


def verdict(by: Rule, *tracks: Track, **more: Any) -> Verdict:
    """What the rule says of these tracks now."""
    return judge(by, {one.kind: one for one in tracks}, NOW, **more).verdict


def ago(seconds: float) -> datetime:
    """So many seconds before now."""
    return NOW - timedelta(seconds=seconds)
