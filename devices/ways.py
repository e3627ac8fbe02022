"""The ways in from the broker: one seat's session, spread over lanes, which feed a line."""

from collections.abc import Callable, Iterable

from devices.lanes import Lane
from devices.line import Line

TOPICS_A_LANE = 30
"""A broker holds back only so many unacknowledged messages a session, shared out among its filters: NATS
refuses a 64th filter of 1,024 each, and counts one that ends in # twice."""

MakeLane = Callable[[str, frozenset[str]], Lane]


class Way:
    """The lanes of one seat, made as its filters need them."""

    def __init__(self, name: str, line: Line, make: MakeLane) -> None:
        """`make` makes the lane with a client id and its first filters; `name` begins the client ids."""
        self.name = name
        self.line = line
        self.lanes: list[Lane] = []
        self._make = make

    def widen(self, wanted: Iterable[str]) -> None:
        """Subscribe to these filters in all, each on the lane it is on already; new ones where there is room.

        A filter never moves: what the broker still keeps for it on its lane would be lost.
        """
        ordered = list(dict.fromkeys(wanted))
        taken = [[topic for topic in ordered if topic in lane.topics] for lane in self.lanes]
        fresh = [topic for topic in ordered if not any(topic in of_one for of_one in taken)]
        for lane, of_one in zip(self.lanes, taken, strict=True):
            space = max(0, TOPICS_A_LANE - len(of_one))
            lane.subscribe([*of_one, *fresh[:space]])
            fresh = fresh[space:]
        while fresh:
            lane = self._make(f"{self.name}-{len(self.lanes) + 1}", frozenset(fresh[:TOPICS_A_LANE]))
            self.lanes.append(lane)
            self.line.serve(lane)
            lane.start()
            fresh = fresh[TOPICS_A_LANE:]

    def close(self) -> None:
        """Take leave of the broker, which keeps what comes for whoever takes the seat over."""
        for lane in self.lanes:
            lane.stop()
            self.line.leave(lane)
        self.lanes = []
