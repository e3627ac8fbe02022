"""The judge: a rule and the readings in, a verdict out; pure, for live readings and for replay alike."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil, nextafter

from care_plans.judging import mornings
from care_plans.judging.answers import ON, Held, Moment, Unclear, stale_after
from care_plans.judging.conditions import (
    LOOK_BACK,
    About,
    All,
    Any,
    Change,
    Condition,
    Direction,
    Event,
    Leaf,
    Mean,
    Missing,
    Routine,
    Rule,
    Step,
    Threshold,
    Trend,
    Usual,
    at_once,
    conditions,
    is_silence,
    kinds_of,
    leaves,
    reach,
)
from care_plans.judging.holds import look, met, missing_from
from care_plans.judging.parse import from_document
from care_plans.judging.telling import in_source, moment_of, rests_on_unchecked, tell
from care_plans.judging.track import (
    DOUBTFUL,
    NO_POINTS,
    UNCHECKED,
    Points,
    Track,
    doubtful_points,
    firm_points,
    sources_of,
)
from care_plans.judging.verdicts import Finding, Judged, Nothing, Unknown, Verdict
from care_plans.judging.words import value_text
from care_plans.judging.writing import to_document
from care_plans.severity import Class, Severity
from core.zones import UK
from devices.kinds import Kind
from devices.measurement import UNFIT, Flags

__all__ = [
    "About",
    "All",
    "Any",
    "Change",
    "Class",
    "Condition",
    "Direction",
    "Event",
    "Finding",
    "Judged",
    "Mean",
    "Missing",
    "Nothing",
    "Routine",
    "Rule",
    "Severity",
    "Step",
    "Threshold",
    "Track",
    "Trend",
    "Unknown",
    "Usual",
    "Verdict",
    "disbelief",
    "from_document",
    "judge",
    "needed",
    "to_document",
    "worst",
]

UNCHECKED_SAID = ". Their own kit shows it, which nobody has checked yet: ask for it again on kit that is"
ONLY_UNCHECKED = ". What their own kit says does not count as well until somebody has checked that"
_EVERYTHING = float("inf")


def needed(rule: Rule) -> dict[str, int]:
    """Which kinds the rule judges, and how many seconds back from now its tracks must reach."""
    spans: dict[str, int] = {}
    for leaf in conditions(rule):
        for kind in kinds_of(leaf):
            spans[kind] = max(spans.get(kind, 0), reach(leaf))
    if len(spans) > 1:
        # What cleared it a day ago may have rested on a reading of another kind that was trusted then.
        return {kind: span + LOOK_BACK for kind, span in spans.items()}
    return spans


def judge(
    rule: Rule,
    tracks: Mapping[str, Track],
    now: datetime,
    *,
    since: datetime | None = None,
    settled: datetime | None = None,
    dealt_with: Mapping[Severity, datetime] | None = None,
    zone: str = UK,
) -> Judged:
    """How the rule stands now; `tracks` by kind as far back as `needed` says (a silent kind may be left out).

    `since` is when the rule came into force for this subject: nothing counts as missing before it. What was
    measured up to `settled` was dealt with when the last alert of this rule was closed: a finding must rest
    on readings after it. `dealt_with` says up to when it was dealt with as so bad: beside what is new, what
    was closed as an amber still counts for a red. Days and hours are those of `zone`. Order and repetition of
    readings do not matter, and a worse newest value never gives a lesser verdict.
    """
    dealt = None if dealt_with is None else {each: at.timestamp() for each, at in dealt_with.items()}
    sources = sources_of(tracks.values())
    # A room that nobody enters says nothing: what is missing is missing from all of them together.
    if not sources or any(is_silence(leaf) for leaf in conditions(rule)):
        return _judge_source(rule, tracks, now, since, settled, dealt, "", zone)
    each = [
        _judge_source(
            rule,
            {kind: track.of_source(source) for kind, track in tracks.items()},
            now,
            since,
            settled,
            dealt,
            source,
            zone,
        )
        for source in sources
    ]
    return worst(each)


def worst(each: Sequence[Judged]) -> Judged:
    """Of several verdicts of one rule the one that counts, to be looked at again as soon as any of them."""
    if len(each) == 1:
        return each[0]
    counts = max(each, key=lambda judged: _weight(judged.verdict))
    return Judged(
        counts.verdict, min((one.judge_at for one in each if one.judge_at is not None), default=None)
    )


def disbelief(track: Track, kind: Kind, now: datetime) -> Finding | Nothing:
    """The finding that the newest reading can't be believed (H3); a later believable one clears it.

    Where sources are told apart, each answers for itself: the kitchen proves nothing of the bedroom.
    """
    each = [_disbelief(track.of_source(source), kind, source) for source in sources_of([track]) or [""]]
    found = [one for one in each if isinstance(one, Finding)]
    if found:
        return max(found, key=lambda one: (not one.unconfirmed, one.latest))
    return Nothing(cleared=any(isinstance(one, Nothing) and one.cleared for one in each))


def _disbelief(track: Track, kind: Kind, source: str) -> Finding | Nothing:
    passed_over = UNFIT & ~int(Flags.BEYOND_ABSOLUTE)
    for at, value, flags in zip(
        reversed(track.times), reversed(track.values), reversed(track.flags), strict=True
    ):
        if flags & passed_over:
            continue
        if not flags & Flags.BEYOND_ABSOLUTE:
            if flags & DOUBTFUL:
                continue  # it may be old news, or wrong: it ends nothing (H2, H3)
            return Nothing(cleared=True)
        said = f"{kind.name[:1].lower()}{kind.name[1:]} {value_text(kind.code, value)}"
        words = f"Reading cannot be believed: {said}. Repeat within 15 minutes, else check on the person"
        return Finding(
            severity=Severity.AMBER,
            words=in_source(words, source),
            at=moment_of(at),
            kind=kind.code,
            value=value,
            unit=kind.unit_words or None,
            evidence=((kind.code, moment_of(at), value),),
            latest=moment_of(at),
            unconfirmed=bool(flags & DOUBTFUL),
            source=source,
        )
    return Nothing(cleared=False)


def _weight(verdict: Verdict) -> int:
    if isinstance(verdict, Finding):
        return 10 + verdict.severity.rank
    if isinstance(verdict, Unknown):
        return 2
    return 0 if verdict.cleared else 1


def _judge_source(
    rule: Rule,
    tracks: Mapping[str, Track],
    now: datetime,
    since: datetime | None,
    settled: datetime | None,
    dealt: Mapping[Severity, float] | None,
    source: str,
    zone: str,
) -> Judged:
    firm = Moment(
        points=firm_points(tracks),
        at=_EVERYTHING,
        now=now.timestamp(),
        since=since.timestamp() if since else None,
        settled=settled.timestamp() if settled else -_EVERYTHING,
        dealt_with=dealt,
        zone=zone,
    )
    verdict = _verdict(rule, firm, source)
    ends = _ends_of(rule, firm)
    for points, unconfirmed in doubtful_points(tracks):
        # A replayed state may be old news, a partial score the least it can be, a reading of kit that nobody
        # has checked may be wrong: each may show a danger, and never that all is well (H2, H3, H13).
        moment = replace(firm, points=points, proof=firm.points)
        doubtful = _verdict(rule, moment, source)
        ends += _ends_of(rule, moment)
        if isinstance(doubtful, Finding) and _weight(doubtful) > _weight(verdict):
            words = doubtful.words + (UNCHECKED_SAID if rests_on_unchecked(doubtful, tracks) else "")
            verdict = replace(doubtful, words=words, unconfirmed=unconfirmed)
        elif isinstance(verdict, Nothing) and not unconfirmed and _newest_is_partial(firm.points, points):
            verdict = Nothing(cleared=False)
    if isinstance(verdict, Unknown) and any(
        flag & UNCHECKED for one in tracks.values() for flag in one.flags
    ):
        verdict = Unknown(verdict.words + ONLY_UNCHECKED)
    soonest = min(ends, default=None)
    return Judged(verdict, None if soonest is None else moment_of(ceil(soonest)))


def _newest_is_partial(firm: Mapping[str, Points], points: Mapping[str, Points]) -> bool:
    """Whether a value that is only at least so much is newer than the last whole one of its kind."""
    return any(
        shown.times and (not firm[kind].times or shown.times[-1] > firm[kind].times[-1])
        for kind, shown in points.items()
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A step that holds, with the newest time that shows it."""

    severity: Severity
    held: Held
    latest: float


def _verdict(rule: Rule, moment: Moment, source: str) -> Verdict:
    """The verdict on what one source says.

    What held earlier and has not been cleared since still stands, so that an upload of some hours gives what
    living through them would have given (H1).
    """
    found, unclear = _worst_step(rule, moment)
    clears = rule.class_ is not Class.LIFE_SAFETY
    if clears and found is None and unclear is None and moment.proof is None and _is_well(rule, moment):
        return Nothing(cleared=True)
    uncleared_from = _EVERYTHING
    earlier = _earlier_breaches(rule, moment, found)
    while earlier:
        at = earlier.pop()
        if clears and _cleared_between(rule, moment, at, uncleared_from):
            break
        worse, _ = _worst_step(rule, moment.seen(at), than=found)
        # What was no breach may itself have cleared an earlier one.
        uncleared_from = nextafter(at, _EVERYTHING) if worse is None else at
        if worse is not None:
            found = replace(worse, latest=max(worse.latest, found.latest if found else 0))
            earlier = [time for time in _earlier_breaches(rule, moment, found) if time < at]
    if found is not None:
        return tell(rule, found.severity, found.held, found.latest, source)
    return Unknown(unclear.why) if unclear else Nothing(cleared=False)


def _worst_step(
    rule: Rule, moment: Moment, than: _Found | None = None
) -> tuple[_Found | None, Unclear | None]:
    """The most severe step, worse `than` what was found, that holds; and why a step can't be known."""
    unclear: Unclear | None = None
    found: _Found | None = None
    for step in rule.steps:
        if step.severity.rank <= _rank(found or than):
            continue
        answer = look(step.when, moment.of(step.severity))
        if isinstance(answer, Held):
            newest = max(part.newest for part in answer.parts)
            found = _Found(step.severity, answer, newest) if newest > moment.settled else found
        elif answer is not None:
            unclear = unclear or answer
    return found, unclear


def _clears(rule: Rule, moment: Moment) -> bool:
    """Whether what was known at that moment ends what was found before.

    Without a separate condition nothing may be beyond a limit any more: a room that has been cold for less
    than its five hours since a warmer reading is still cold.
    """
    if rule.clear is None:
        return all(look(at_once(step.when), moment) is None for step in rule.steps)
    return met(rule.clear, moment)


def _is_well(rule: Rule, moment: Moment) -> bool:
    """Whether the moment clears, of which it is known that no step holds: that is not looked at again."""
    if rule.clear is not None:
        return met(rule.clear, moment)
    asked = [(step.when, at_once(step.when)) for step in rule.steps]
    return all(newest == when or look(newest, moment) is None for when, newest in asked)


def _rank(found: _Found | None) -> int:
    return found.severity.rank if found else 0


def _earlier_breaches(rule: Rule, moment: Moment, than: _Found | None) -> list[float]:
    """When, newest last, readings of the last day were beyond a limit of a step worse `than` the found."""
    times: set[float] = set()
    for step in rule.steps:
        if step.severity.rank <= _rank(than):
            continue
        for leaf in leaves(step.when):
            points = moment.points_of(leaf)
            first = bisect_right(points.times, max(moment.now - LOOK_BACK, moment.settled))
            if isinstance(leaf, Threshold):
                beyond, limit = leaf.test
                rows = [n for n in range(first, len(points.times)) if beyond(points.values[n], limit)]
                times.update(points.times[n] for n in rows)
            elif isinstance(leaf, Change | Trend | Usual):
                times.update(points.times[first:])
    return sorted(times)


def _cleared_between(rule: Rule, moment: Moment, after: float, before: float) -> bool:
    """Whether a reading between these times (both outside) cleared what was found before it."""
    proof = moment.points if moment.proof is None else moment.proof
    proven = replace(moment, points=proof)
    for kind in needed(rule):
        times = proof.get(kind, NO_POINTS).times
        for at in times[bisect_right(times, after) : bisect_left(times, before)]:
            if _clears(rule, proven.seen(at)):
                return True
    return False


def _ends_of(rule: Rule, moment: Moment) -> list[float]:
    """When to come, by time alone, a condition of the rule may stand otherwise."""
    found = [end for leaf in conditions(rule) for end in _ends(leaf, moment)]
    if moment.dealt_with is not None:
        for step in rule.steps:
            found += [end for leaf in leaves(step.when) for end in _ends(leaf, moment.of(step.severity))]
    return [end for end in found if end > moment.now]


def _ends(leaf: Leaf, moment: Moment) -> list[float]:
    """When time alone changes how a condition stands: it turns stale, goes missing, or leaves its window."""
    if isinstance(leaf, Routine):
        return mornings.ends(leaf, moment)
    points = moment.points_of(leaf)
    if isinstance(leaf, Missing):
        start, _ = missing_from(leaf, moment)
        return [] if start is None else [start + leaf.for_]
    if isinstance(leaf, Event):
        return [at + leaf.within for at, value in zip(*points, strict=True) if value >= ON][-1:]
    newest = len(points.times) - 1
    return [points.times[newest] + stale_after(leaf, points, newest)] if points.times else []
