"""What a rule would have raised of the past: the same as judging at every reading would have."""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from care_plans.judging.replay import DEALT_WITH, Episode, replay
from care_plans.judging.rules import Rule, from_document, judge, needed
from care_plans.judging.telling import moment_of
from care_plans.judging.track import AT_LEAST, Track
from care_plans.judging.verdicts import Finding, Nothing
from care_plans.severity import Class, Severity
from devices.measurement import Flags

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + timedelta(days=6)
HOUR = 3600.0


def rule_of(*steps: dict[str, Any], clear: dict[str, Any] | None = None, class_: str = "clinical") -> Rule:
    document = {
        "key": "copd.tried", "name": "Tried", "class": class_, "about": "person", "source": "A test.",
        "steps": [dict(step) for step in steps],
    }  # fmt: skip
    return from_document(document | ({"clear": clear} if clear else {}))


def amber(**when: Any) -> dict[str, Any]:
    return {"severity": "amber", "when": when}


def red(**when: Any) -> dict[str, Any]:
    return {"severity": "red", "when": when}


def track(kind: str, *rows: tuple[float, float]) -> dict[str, Track]:
    """Readings so many hours after the start."""
    times = [START.timestamp() + hours * HOUR for hours, _ in rows]
    return {kind: Track(kind, times, [value for _, value in rows], [0] * len(rows))}


def hours(episode: Episode) -> tuple[float, float | None]:
    def after(moment: datetime) -> float:
        return (moment - START).total_seconds() / HOUR

    return after(episode.began), None if episode.until is None else after(episode.until)


LOW = rule_of(
    red(kind="spo2", below=85), amber(kind="spo2", below=88), clear={"kind": "spo2", "at_or_above": 90}
)


def test_an_episode_lasts_from_what_is_found_until_all_is_well_and_says_how_bad_it_got() -> None:
    rows = track("spo2", (0, 95), (1, 87), (2, 89), (3, 84), (4, 86), (5, 91), (6, 92), (30, 87))
    first, second = replay(LOW, rows, START, END)
    assert (hours(first), first.severity) == ((1, 5), Severity.RED)
    assert first.worst_at == START + timedelta(hours=3)
    assert first.found.words.startswith("Oxygen 84 %")
    assert (hours(second), second.severity) == ((30, None), Severity.AMBER)


def test_only_what_begins_in_the_time_asked_for_is_told() -> None:
    rows = track("spo2", (-30, 84), (-26, 92), (30, 84), (31, 92), (160, 84))
    assert [hours(each) for each in replay(LOW, rows, START, END)] == [(30, 31)]


def test_silence_is_found_when_its_time_is_up_and_ends_when_something_is_heard() -> None:
    still = rule_of(amber(kind="motion", missing_for="14 h", at_or_above=1))
    rows = track("motion", (1, 1), (2, 0), (10, 0), (20, 1), (21, 1))
    found = replay(still, rows, START, START + timedelta(hours=30))
    assert [hours(each) for each in found] == [(15, 20)]
    assert [hours(each) for each in replay(still, {}, START, START + timedelta(hours=20))] == [(14, None)]
    late = START + timedelta(hours=12)
    assert [hours(each) for each in replay(still, rows, START, END, since=late)] == [(35, None)]


def test_what_never_clears_by_itself_is_taken_to_be_dealt_with_after_an_hour() -> None:
    pressed = rule_of(red(kind="pendant", happened_within="24 h"), class_="life_safety")
    rows = track("pendant", (1, 1), (1.5, 1), (3, 1), (143.9, 1))
    found = replay(pressed, rows, START, END)
    assert DEALT_WITH == HOUR
    assert [hours(each) for each in found] == [(1, 2), (3, 4), (143.9, None)]


# The same, the long way: judged at every reading and at every time that a verdict asks for.


def the_long_way(rule: Rule, tracks: dict[str, Track]) -> list[tuple[datetime, Severity, datetime | None]]:
    spans = needed(rule)
    looks = sorted({at for kind in spans if kind in tracks for at in tracks[kind].times})
    found: list[list[Any]] = []
    settled: datetime | None = None
    at, opened = START, False
    while at <= END:
        known = {kind: window(tracks[kind], at, spans[kind]) for kind in spans if kind in tracks}
        heard = {kind: one for kind, one in known.items() if one.times}
        judged = judge(rule, heard, at, since=START, settled=settled)
        verdict = judged.verdict
        if isinstance(verdict, Finding):
            if not opened:
                found.append([at, verdict.severity, None])
            elif verdict.severity.rank > found[-1][1].rank:
                found[-1][1] = verdict.severity
            opened = True
        elif isinstance(verdict, Nothing) and verdict.cleared and opened:
            found[-1][2], opened = at, False
        after = [moment_of(look) for look in looks if look > at.timestamp()][:1]
        at = min([*after, *filter(None, [judged.judge_at])], default=END + timedelta(seconds=1))
        if opened and rule.class_ is Class.LIFE_SAFETY:
            dealt = found[-1][0] + timedelta(seconds=DEALT_WITH)
            if at > dealt and dealt < END:
                found[-1][2], settled, opened = dealt, dealt, False
    return [(began, severity, until) for began, severity, until in found]


def window(track: Track, at: datetime, span: int) -> Track:
    """What the judge is given at a time, made anew."""
    first = bisect_left(track.times, at.timestamp() - span)
    last = bisect_right(track.times, at.timestamp())
    return Track(
        track.kind,
        track.times[first:last],
        track.values[first:last],
        track.flags[first:last],
        track.sources[first:last],
    )


RULES = [
    LOW,
    rule_of(red(kind="spo2", below=85, times=2, within="10 min"), amber(kind="spo2", below=88, times=3)),
    rule_of(amber(kind="spo2", below=88, **{"for": "5 h"})),
    rule_of(amber(kind="spo2", below=88, **{"for": "5 h", "max_gap": "2 h"})),
    rule_of(amber(kind="spo2", falls_by=4, over="1 day")),
    rule_of(amber(kind="spo2", moves_by=4, over="12 h"), clear={"kind": "spo2", "at_or_above": 90}),
    rule_of(amber(kind="spo2", below=89, mean_over="1 day", readings=4)),
    rule_of(
        amber(kind="spo2", below_usual_by=3, usual_over="2 days", readings=3),
        clear={"kind": "spo2", "at_or_above": 92},
    ),
    rule_of(amber(kind="spo2", missing_for="14 h")),
    rule_of(amber(all=[{"kind": "spo2", "below": 90}, {"kind": "pulse", "missing_for": "10 h"}])),
    rule_of(red(any=[{"kind": "spo2", "below": 85}, {"kind": "pulse", "above": 120}])),
    rule_of(red(all=[{"kind": "spo2", "below": 90}, {"kind": "pulse", "rises_by": 20, "over": "6 h"}])),
    rule_of(amber(kind="fall", happened_within="3 h")),
    rule_of(amber(kind="spo2", below=88, times=2, of=4)),
    rule_of(amber(kind="pulse", rises_by_percent=20, over="12 h"), clear={"kind": "pulse", "below": 90}),
    rule_of(amber(kind="spo2", falls_by=2, per="1 day", over="2 days", readings=3)),
    rule_of(amber(kind="fall", happened_within="3 h", during={"from": "22:00", "to": "06:00"})),
    rule_of(
        amber(kind="spo2", below=89, mean_over="1 day", readings=3, during={"from": "08:00", "to": "20:00"})
    ),
    rule_of(amber(kind="spo2", below=88, during={"from": "20:00", "to": "08:00", "days": ["mon", "thu"]})),
    rule_of(
        amber(
            no_sign_of=[{"kind": "fall", "at_or_above": 1}, {"kind": "pulse", "above": 110}],
            by="11:00",
            later_by="90 min",
            usual_over="4 days",
            mornings=2,
            **{"from": "05:00"},
        )
    ),
    rule_of(red(kind="fall", happened_within="24 h"), class_="life_safety"),
]


@st.composite
def readings(draw: st.DrawFn, kind: str, values: st.SearchStrategy[float], sources: bool) -> Track:
    """Some readings before the start and through the days, bunched and sparse, some of them doubtful."""
    gaps = draw(st.lists(st.sampled_from([120, 1800, 3600, 7200, 40000, 90000]), min_size=0, max_size=25))
    at, times = START.timestamp() - 86400, []
    for gap in gaps:
        at += gap
        times.append(at)
    flags = draw(
        st.lists(
            st.sampled_from([0] * 8 + [int(Flags.REPLAYED), AT_LEAST, int(Flags.TEST)]),
            min_size=len(times), max_size=len(times),
        )
    )  # fmt: skip
    places = draw(st.lists(st.sampled_from(["Bedroom", "Kitchen"]), min_size=len(times), max_size=len(times)))
    found = draw(st.lists(values, min_size=len(times), max_size=len(times)))
    return Track(kind, times, found, flags, places if sources else ())


@settings(max_examples=60, deadline=None)
@given(data=st.data(), sources=st.booleans())
@pytest.mark.parametrize("rule", RULES, ids=range(len(RULES)))
def test_it_finds_what_judging_at_every_reading_finds(rule: Rule, sources: bool, data: st.DataObject) -> None:
    percent = st.integers(80, 97).map(float)
    kinds = {
        "spo2": readings("spo2", percent, sources),
        "pulse": readings("pulse", st.integers(60, 140).map(float), sources),
        "fall": readings("fall", st.sampled_from([0.0, 0.0, 1.0]), sources),
    }
    tracks = {kind: data.draw(kinds[kind]) for kind in needed(rule)}
    tracks = {kind: one for kind, one in tracks.items() if one.times}
    told = [(each.began, each.severity, each.until) for each in replay(rule, tracks, START, END)]
    assert told == the_long_way(rule, tracks)
