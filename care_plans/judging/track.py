"""The readings of one kind as a rule sees them: sorted, each once, without those that must not be judged."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from devices.measurement import UNFIT, Flags

REPLAYED = int(Flags.REPLAYED)
UNCHECKED = int(Flags.UNCHECKED)
DOUBTFUL = REPLAYED | UNCHECKED
"""What may show a danger, and never that all is well: sent again, or from kit that nobody has checked."""
AT_LEAST = 1 << 30
"""A value that is at least so much, as some of what makes it is not known; made here and never stored."""


class Points(NamedTuple):
    """Times (unix seconds, ascending) and the values at them."""

    times: Sequence[float]
    values: Sequence[float]


NO_POINTS = Points((), ())


@dataclass(frozen=True, slots=True)
class Track:
    """The readings of one kind, from one series or several, in any order and possibly repeated.

    `times` are unix seconds, `values` in the kind's own unit, `flags` as stored. `sources` may say for each
    reading where it came from ("Bedroom"); a rule then judges each source by itself, as a warm living room
    says nothing of a cold bedroom. After construction all are sorted by time and the same reading stands
    once; where its copies carry different flags, only what all of them say is kept.
    """

    kind: str
    times: Sequence[float]
    values: Sequence[float]
    flags: Sequence[int]
    sources: Sequence[str] = ()
    firm: Points = field(init=False, repr=False, compare=False)
    """What can be judged, whole and beyond doubt."""
    least: Points | None = field(init=False, repr=False, compare=False)
    """The same with values that are at least so much; None where there are none."""
    shown: Points | None = field(init=False, repr=False, compare=False)
    """What can be judged, with what is DOUBTFUL; None where nothing is."""

    def __post_init__(self) -> None:
        """Sort, drop repeats, and set the unfit readings aside."""
        sizes = {len(self.times), len(self.values), len(self.flags)} | (
            {len(self.sources)} if self.sources else set()
        )
        if len(sizes) > 1:
            raise ValueError("times, values, flags and sources must be of one length")
        if not all(earlier < later for earlier, later in pairwise(self.times)):
            self._sort()
        _set_apart(self)

    def _sort(self) -> None:
        once: dict[tuple[float, str, float], int] = {}
        for number, (at, value, flag) in enumerate(zip(self.times, self.values, self.flags, strict=True)):
            same = (at, self.sources[number] if self.sources else "", value)
            once[same] = once[same] & flag if same in once else flag
        rows = sorted(once.items())
        object.__setattr__(self, "times", [at for (at, _, _), _ in rows])
        object.__setattr__(self, "values", [value for (_, _, value), _ in rows])
        object.__setattr__(self, "flags", [flag for _, flag in rows])
        if self.sources:
            object.__setattr__(self, "sources", [source for (_, source, _), _ in rows])

    def between(self, start: float, end: float) -> "Track":
        """Only what was measured from `start` to `end`, both inside; these are sorted, so it costs little."""
        part = object.__new__(Track)
        first, last = bisect_left(self.times, start), bisect_right(self.times, end)
        give = object.__setattr__
        give(part, "kind", self.kind)
        give(part, "times", self.times[first:last])
        give(part, "values", self.values[first:last])
        give(part, "flags", self.flags[first:last])
        give(part, "sources", self.sources[first:last])
        if self.firm.times is self.times:  # nothing in it is doubtful or unfit
            give(part, "firm", Points(part.times, part.values))
            give(part, "least", None)
            give(part, "shown", None)
        else:
            _set_apart(part)
        return part

    def of_source(self, source: str) -> "Track":
        """Only what came from this source; the whole track where sources are not told apart."""
        if not self.sources:
            return self
        rows = [n for n, one in enumerate(self.sources) if one == source]
        return Track(
            self.kind,
            [self.times[n] for n in rows],
            [self.values[n] for n in rows],
            [self.flags[n] for n in rows],
        )


def sources_of(tracks: Iterable[Track]) -> list[str]:
    """The sources told apart in these tracks, sorted; empty where none are."""
    return sorted({source for track in tracks for source in track.sources})


def firm_points(tracks: Mapping[str, Track]) -> dict[str, Points]:
    """What a rule may rest on, by kind."""
    return {kind: track.firm for kind, track in tracks.items()}


def doubtful_points(tracks: Mapping[str, Track]) -> list[tuple[dict[str, Points], bool]]:
    """What may raise and never clear, by kind, and whether it is unconfirmed: most often nothing.

    First with values that are at least so much, then with what is DOUBTFUL as well.
    """
    found = []
    if any(track.least is not None for track in tracks.values()):
        found.append(({kind: track.least or track.firm for kind, track in tracks.items()}, False))
    if any(track.shown is not None for track in tracks.values()):
        found.append(
            ({kind: track.shown or track.least or track.firm for kind, track in tracks.items()}, True)
        )
    return found


def _set_apart(track: Track) -> None:
    """Tell what is firm from what is doubtful, and leave out what can't be judged."""
    firm, least, shown = Points(track.times, track.values), None, None
    if any(track.flags):
        firm = _without(track, UNFIT | DOUBTFUL | AT_LEAST)
        if any(flag & AT_LEAST for flag in track.flags):
            least = _without(track, UNFIT | DOUBTFUL)
        if any(flag & DOUBTFUL for flag in track.flags):
            shown = _without(track, UNFIT)
    object.__setattr__(track, "firm", firm)
    object.__setattr__(track, "least", least)
    object.__setattr__(track, "shown", shown)


def _without(track: Track, mask: int) -> Points:
    rows = [n for n, flag in enumerate(track.flags) if not flag & mask]
    if len(rows) == len(track.times):
        return Points(track.times, track.values)
    return Points([track.times[n] for n in rows], [track.values[n] for n in rows])
