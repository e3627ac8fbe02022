"""What several hubs hear of one sensor, told apart from what that sensor says again.

Each hub brings the words of a sensor in the order they were said, sooner or later, and may miss some. What
was stored is kept for some seconds in one order, with how far each hub has come in it: what a hub brings is
an echo where another hub has brought it already, and a word of its own where none has.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from devices import kinds
from devices.kinds import Shape
from devices.series import SeriesKey

WITHIN = timedelta(seconds=10)
"""How much later than another a hub may bring the same. Less than presses that are one call may lie apart
(edges.PRESSES_WITHIN): an echo that is left out takes no call with it."""


class Uttered(NamedTuple):
    """What was stored: a value with its flags, and when it was measured."""

    value: float
    flags: int
    at: datetime


@dataclass(slots=True)
class _Said:
    """The last words of one series, and how far each hub has come in them; `first` is the oldest's number."""

    words: deque[Uttered] = field(default_factory=deque)
    first: int = 0
    places: dict[int, int] = field(default_factory=dict)


class Echoes:
    """Remembers what was just stored of sensors that several hubs hear."""

    def __init__(self, within: timedelta = WITHIN, most: int = 20_000) -> None:
        """`within` is how much later an echo may come; `most` is how many series are remembered."""
        self._within = within
        self._most = most
        self._said: dict[SeriesKey, _Said] = {}

    def is_echo(self, series: SeriesKey, hub_id: int, word: Uttered) -> bool:
        """Whether another hub has brought this word already; if not, it is remembered as stored.

        A danger is left out only while the newest word that was stored is that danger itself.
        """
        said = self._remembered(series)
        while said.words and said.words[0].at < word.at - self._within:
            said.words.popleft()
            said.first += 1
        place = max(said.places.get(hub_id, 0), said.first)
        found = self._place_of(said, place, word, series.kind)
        if found is not None:
            said.places[hub_id] = found
            return True
        said.words.append(word)
        said.places[hub_id] = said.first + len(said.words)
        return False

    def _place_of(self, said: _Said, place: int, word: Uttered, kind: str) -> int | None:
        """How far the hub has come with this word, if it is an echo."""
        ahead = list(said.words)[place - said.first :]
        if not ahead or (kinds.alarms(kind, word.value) and not _same(ahead[-1], word)):
            return None
        before = said.words[place - said.first - 1] if place > said.first else None
        if before is not None and _same(before, word) and kinds.get(kind).shape is not Shape.EVENT:
            return place  # it says again what it just said, and has not come to what others brought since
        for number, each in enumerate(ahead, place):
            if _same(each, word) and abs(each.at - word.at) <= self._within:
                return number + 1
        return None

    def _remembered(self, series: SeriesKey) -> _Said:
        if len(self._said) >= self._most:
            self._said.clear()
        return self._said.setdefault(series, _Said())


def _same(one: Uttered, other: Uttered) -> bool:
    return one[:2] == other[:2]
