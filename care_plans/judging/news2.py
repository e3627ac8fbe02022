"""NEWS2 by the chart: seven measurements to points, what is not known said as such; pure."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import ceil, floor

from care_plans.judging.answers import ON
from care_plans.judging.track import AT_LEAST, REPLAYED, Points, Track
from care_plans.judging.words import name_within, value_text
from devices import kinds

TOTAL = "news2"
HIGHEST = "news2_highest"
MADE = frozenset({TOTAL, HIGHEST})
"""The kinds a score makes: all points together, and the most that any one measurement gives."""

BREATHING = "respiratory_rate"
OXYGEN = "spo2"
ON_OXYGEN = "on_oxygen"
SYSTOLIC = "systolic"
PULSE = "pulse"
ALERT = "consciousness_alert"
TEMPERATURE = "body_temperature"
INPUTS = (BREATHING, OXYGEN, ON_OXYGEN, SYSTOLIC, PULSE, ALERT, TEMPERATURE)
"""The seven measurements, in the order of the chart."""


class Scale(StrEnum):
    """Which way oxygen saturation is scored; the second only for a target of 88 to 92 %, by a clinician."""

    ONE = "1"
    TWO = "2"


class Risk(StrEnum):
    """The chart's four bands of clinical risk (RCP 2017)."""

    LOW = "low"
    LOW_MEDIUM = "low-medium"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Input:
    """A measurement that counts: its value in the kind's own unit, when it was taken (unix seconds)."""

    value: float
    at: float


@dataclass(frozen=True, slots=True)
class Part:
    """What one measurement gives: 0 to 3 points, or None where that is not known."""

    kind: str
    taken: Input | None
    points: int | None

    @property
    def most(self) -> int:
        """The most points it can be."""
        if self.points is not None:
            return self.points
        return _POINTS_ON_OXYGEN if self.kind == ON_OXYGEN else 3

    @property
    def words(self) -> str:
        """For example "oxygen 91 % (3)"; the name alone where it is not known."""
        if self.taken is None:
            return name_within(self.kind)
        said = value_text(self.kind, self.taken.value)
        if not kinds.get(self.kind).is_binary:
            said = f"{name_within(self.kind)} {said}"
        return said if self.points is None else f"{said} ({self.points})"


@dataclass(frozen=True, slots=True)
class Score:
    """All seven together: never a guess.

    `total` is what the known measurements prove, so the true score is from `total` to `most`. `highest` is
    the most points of any one of them.
    """

    scale: Scale
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """The points of what is known: the score, or the least it can be."""
        return sum(part.points or 0 for part in self.parts)

    @property
    def most(self) -> int:
        """The most the score can be, whatever the unknown measurements are."""
        return sum(part.most for part in self.parts)

    @property
    def highest(self) -> int:
        """The most points that a known measurement gives."""
        return max(part.points or 0 for part in self.parts)

    @property
    def missing(self) -> tuple[str, ...]:
        """The kinds that are not known, or can't be scored without another that is not."""
        return tuple(part.kind for part in self.parts if part.points is None)

    @property
    def complete(self) -> bool:
        """Whether all seven are known."""
        return not self.missing

    @property
    def risk(self) -> Risk:
        """The band of the total; of an incomplete score the least it can be."""
        return risk(self.total, self.highest)

    @property
    def words(self) -> str:
        """For example "NEWS2 7" or "NEWS2 at least 5, incomplete"."""
        if not any(part.taken for part in self.parts):
            return "NEWS2 not known"
        return f"NEWS2 {self.total}" if self.complete else f"NEWS2 at least {self.total}, incomplete"

    @property
    def breakdown(self) -> str:
        """What gives points, and what is not known."""
        giving = [part.words for part in self.parts if part.points]
        unknown = [name_within(kind) for kind in self.missing]
        said = ", ".join(giving) or "nothing that is known gives points"
        return f"{said}. Not known: {', '.join(unknown)}" if unknown else said


# Each is (up to and including, points), ascending; the last has no end. RCP, NEWS2 (2017), chart 1.
_BANDS: Mapping[str, Sequence[tuple[float, int]]] = {
    BREATHING: ((8, 3), (11, 1), (20, 0), (24, 2), (float("inf"), 3)),
    SYSTOLIC: ((90, 3), (100, 2), (110, 1), (219, 0), (float("inf"), 3)),
    PULSE: ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (float("inf"), 3)),
    TEMPERATURE: ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (float("inf"), 2)),
}
_SCALE_ONE = ((91, 3), (93, 2), (95, 1), (float("inf"), 0))
_SCALE_TWO_ON_AIR = ((83, 3), (85, 2), (87, 1), (float("inf"), 0))
_SCALE_TWO_ON_OXYGEN = ((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (float("inf"), 3))

_POINTS_ON_OXYGEN = 2
_HALF_A_POINT = 0.5
_POINTS_NOT_ALERT = 3


def score(values: Mapping[str, Input], scale: Scale = Scale.ONE) -> Score:
    """The score of what is given, by kind; a kind that is left out is not known, never taken for normal.

    Rates, pressure and saturation are scored as whole numbers, the nearest, and halfway between two as the
    one that gives more; temperature by its exact value, so that 35.05 °C is above 35.0.
    Source: Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017, chart 1.
    """
    return Score(scale, tuple(_part(kind, values, scale) for kind in INPUTS))


def risk(total: int, highest: int) -> Risk:
    """The band of clinical risk for a total and the most points of one measurement (RCP 2017)."""
    if total >= 7:
        return Risk.HIGH
    if total >= 5:
        return Risk.MEDIUM
    return Risk.LOW_MEDIUM if highest >= 3 else Risk.LOW


def at(
    tracks: Mapping[str, Track], moment: float, scale: Scale, within: float, *, confirmed: bool = False
) -> Score:
    """The score at `moment` (unix seconds) of the newest of each kind that is not older than `within`.

    With what was replayed where that gives more, as old news never calms (H2); `confirmed`: without any.
    """
    firm = _at(_firm(tracks), moment, scale, within)
    if confirmed or not _any_replayed(tracks):
        return firm
    shown = _at(_shown(tracks), moment, scale, within)
    return max(firm, shown, key=lambda one: (one.total, one.highest))


def over_time(tracks: Mapping[str, Track], scale: Scale, within: float) -> dict[str, Track]:
    """The score and its highest part as tracks: a point wherever one of the seven was measured.

    An incomplete score is marked as a value that is at least so much. Where what was replayed gives more, a
    point more says so and is marked as replayed. Both may raise and never clear (H2, H13).
    """
    confirmed = {moment: made for moment, *made in _walk(_firm(tracks), scale, within)}
    rows = {
        TOTAL: [(moment, total, flag) for moment, (total, _, flag) in confirmed.items()],
        HIGHEST: [(moment, highest, flag) for moment, (_, highest, flag) in confirmed.items()],
    }
    if _any_replayed(tracks):
        rests = _Newest(_firm(tracks), within)
        for moment, total, highest, flag in _walk(_shown(tracks), scale, within):
            firm = _worst(rests.at(moment), scale)
            total_, highest_, _ = _sum(firm, scale)
            if total > total_:
                rows[TOTAL].append((moment, total, flag | REPLAYED))
            if highest > highest_:
                rows[HIGHEST].append((moment, highest, flag | REPLAYED))
    return {
        kind: Track(
            kind, [at for at, *_ in made], [value for _, value, _ in made], [flag for *_, flag in made]
        )
        for kind, made in rows.items()
    }


def _part(kind: str, values: Mapping[str, Input], scale: Scale) -> Part:
    taken = values.get(kind)
    return Part(kind, taken, None if taken is None else _points(kind, taken.value, _oxygen_of(values), scale))


def _oxygen_of(values: Mapping[str, Input]) -> bool | None:
    """Whether oxygen is given; None where that is not known."""
    known = values.get(ON_OXYGEN)
    return None if known is None else known.value >= ON


@lru_cache(4096)
def _points(kind: str, value: float, oxygen: bool | None, scale: Scale) -> int | None:
    if kind == OXYGEN:
        return _saturation(value, oxygen, scale)
    if kind == ON_OXYGEN:
        return _POINTS_ON_OXYGEN if value >= ON else 0
    if kind == ALERT:
        return 0 if value >= ON else _POINTS_NOT_ALERT
    return _banded(value, _BANDS[kind]) if kind == TEMPERATURE else _whole(value, _BANDS[kind])


def _saturation(value: float, oxygen: bool | None, scale: Scale) -> int | None:
    """The points of a saturation; None where the second scale needs to know whether oxygen is given."""
    if scale is Scale.ONE:
        return _whole(value, _SCALE_ONE)
    on_air, given = _whole(value, _SCALE_TWO_ON_AIR), _whole(value, _SCALE_TWO_ON_OXYGEN)
    if oxygen is None:
        return on_air if on_air == given else None
    return given if oxygen else on_air


def _whole(value: float, bands: Sequence[tuple[float, int]]) -> int:
    """The points of the nearest whole number; of the two that are equally near the one with more."""
    return max(_banded(whole, bands) for whole in {ceil(value - 0.5), floor(value + 0.5)})


def _banded(value: float, bands: Sequence[tuple[float, int]]) -> int:
    return next(points for until, points in bands if value <= until)


def _firm(tracks: Mapping[str, Track]) -> dict[str, Points]:
    """What of the seven counts, by kind: without what can't be judged or was replayed."""
    return {kind: tracks[kind].firm for kind in INPUTS if kind in tracks}


def _shown(tracks: Mapping[str, Track]) -> dict[str, Points]:
    """The same with what was replayed."""
    return {kind: tracks[kind].shown or tracks[kind].firm for kind in INPUTS if kind in tracks}


def _any_replayed(tracks: Mapping[str, Track]) -> bool:
    return any(tracks[kind].shown is not None for kind in INPUTS if kind in tracks)


def _at(points: Mapping[str, Points], moment: float, scale: Scale, within: float) -> Score:
    return score(_worst(_Newest(points, within).at(moment), scale), scale)


def _walk(points: Mapping[str, Points], scale: Scale, within: float) -> Iterator[tuple[float, int, int, int]]:
    """Each moment at which one of the seven was measured: the total then, its highest part, and its flags."""
    newest = _Newest(points, within)
    for moment in sorted({at for times, _ in points.values() for at in times}):
        yield moment, *_sum(_worst(newest.at(moment), scale), scale)


def _sum(taken: Mapping[str, Input], scale: Scale) -> tuple[int, int, int]:
    oxygen = _oxygen_of(taken)
    each = [_points(kind, one.value, oxygen, scale) for kind, one in taken.items()]
    known = [points for points in each if points is not None]
    return sum(known), max(known, default=0), 0 if len(known) == len(INPUTS) else AT_LEAST


class _Newest:
    """The newest of each kind at moments that only go forward, as far as it is not older than `within`."""

    def __init__(self, points: Mapping[str, Points], within: float) -> None:
        self._points = points
        self._within = within
        self._until = dict.fromkeys(points, 0)

    def at(self, moment: float) -> dict[str, list[Input]]:
        """By kind: several where they came at once."""
        found: dict[str, list[Input]] = {}
        for kind, (times, values) in self._points.items():
            until = self._until[kind] = bisect_right(times, moment, self._until[kind])
            newest = until - 1
            if newest < 0 or moment - times[newest] > self._within:
                continue
            at = times[newest]
            same = found[kind] = [Input(values[newest], at)]
            while newest > 0 and times[newest - 1] == at:
                newest -= 1
                same.append(Input(values[newest], at))
        return found


def _worst(given: Mapping[str, Sequence[Input]], scale: Scale) -> dict[str, Input]:
    """Of what was measured at one time the one that gives more points.

    Being on oxygen is asked first: it never gives fewer points, on either scale, than being on air.
    """
    chosen: dict[str, Input] = {}
    for kind in (ON_OXYGEN, *INPUTS):
        each = given.get(kind, ())
        if len(each) > 1:
            oxygen = _oxygen_of(chosen)
            weights = [_weight(_points(kind, one.value, oxygen, scale)) for one in each]
            chosen[kind] = each[weights.index(max(weights))]
        elif each:
            chosen[kind] = each[0]
    return chosen


def _weight(points: int | None) -> float:
    """How a measurement weighs against another of the same time; one that can't be scored is no comfort."""
    return _HALF_A_POINT if points is None else points
