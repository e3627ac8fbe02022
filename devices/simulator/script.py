"""What a fleet says and what goes wrong with it, in order and at a rate: the same for the same values."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from devices.simulator.acts import Act
from devices.simulator.chance import stream
from devices.simulator.fleet_homes import FleetHome
from devices.simulator.troubles import Troubles


@dataclass(frozen=True, slots=True)
class Pace:
    """From when, at how many messages a second (faults add theirs), and for how long; None: for ever."""

    begins: datetime
    rate: float
    seconds: float | None = None

    def at(self, number: int) -> datetime:
        """When message `number` is due, to the microsecond."""
        return self.begins + timedelta(microseconds=round(number * 1_000_000 / self.rate))

    def is_over(self, at: datetime) -> bool:
        """Whether nothing new is said any more."""
        return self.seconds is not None and at >= self.begins + timedelta(seconds=self.seconds)


def script(homes: Sequence[FleetHome], pace: Pace, seed: int, troubles: Troubles) -> Iterator[Act]:
    """The acts of these homes in the order of time.

    The homes take turns, in another order each round. What faults put off to later comes at its time, also
    where that is after the end.
    """
    waiting: list[tuple[datetime, int, Act]] = []
    entered = 0
    for at, acts in _rounds(homes, pace, seed, troubles):
        for act in acts:
            heapq.heappush(waiting, (act.at, entered, act))
            entered += 1
        while waiting and waiting[0][0] <= at:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


def _rounds(
    homes: Sequence[FleetHome], pace: Pace, seed: int, troubles: Troubles
) -> Iterator[tuple[datetime, list[Act]]]:
    chance, order, number = stream("order", seed), list(homes), 0
    while True:
        chance.shuffle(order)
        for home in order:
            at = pace.at(number)
            if pace.is_over(at):
                return
            said = home.say(at)
            acts: list[Act] = [replace(each, at=pace.at(number + n)) for n, each in enumerate(said)]
            number += len(said)
            yield at, troubles.befall(home, acts)
