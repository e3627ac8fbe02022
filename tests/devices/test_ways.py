"""The ways in from the broker: one seat's session, spread over lanes."""

from collections.abc import Iterable

import pytest

from devices import ways
from devices.ways import Way


class Lane:
    """Stands in for a lane at its edge."""

    def __init__(self, name: str, topics: frozenset[str]) -> None:
        self.name, self.topics, self.number = name, topics, 0
        self.stopped = False

    def start(self) -> None:
        """It connects to nothing."""

    def stop(self) -> None:
        """Note that it is over."""
        self.stopped = True

    def subscribe(self, topics: Iterable[str]) -> None:
        """Ask for these and no others."""
        self.topics = frozenset(topics)


class Line:
    """Notes whom it acknowledges to."""

    def __init__(self) -> None:
        self.served: list[Lane] = []

    def serve(self, lane: Lane) -> None:
        """Acknowledge to it."""
        self.served.append(lane)

    def leave(self, lane: Lane) -> None:
        """Acknowledge to it no more."""
        self.served.remove(lane)


@pytest.fixture
def line() -> Line:
    """A line that stores nothing."""
    return Line()


@pytest.fixture
def way(line: Line, monkeypatch: pytest.MonkeyPatch) -> Way:
    """A way of two filters a lane."""
    monkeypatch.setattr(ways, "TOPICS_A_LANE", 2)
    return Way("intake-safety", line, Lane)  # type: ignore[arg-type]


def topics(way: Way) -> list[set[str]]:
    return [set(lane.topics) for lane in way.lanes]


def test_filters_are_spread_over_lanes_of_their_own_names(way: Way, line: Line) -> None:
    way.widen(["a", "b", "c", "a"])
    assert topics(way) == [{"a", "b"}, {"c"}]
    assert [lane.name for lane in line.served] == ["intake-safety-1", "intake-safety-2"]


def test_a_filter_never_moves_and_new_ones_go_where_there_is_room(way: Way) -> None:
    way.widen(["a", "b", "c"])
    way.widen(["b", "c", "d", "e", "f"])
    assert topics(way) == [{"b", "d"}, {"c", "e"}, {"f"}]


def test_what_is_closed_is_acknowledged_to_no_more(way: Way, line: Line) -> None:
    way.widen(["a", "b", "c"])
    lanes = list(line.served)
    way.close()
    assert (line.served, way.lanes, [lane.stopped for lane in lanes]) == ([], [], [True, True])
