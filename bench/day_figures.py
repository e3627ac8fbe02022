"""Whether memory stayed level over a simulated day and nobody waited to be judged; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import linear_regression, median

SHARE, LEAST = 0.1, 10.0
"""What a process may have grown by at the end: a tenth, or so many MB where that is more."""
PROMISED = 2.0
"""Real seconds that nobody may wait longer to be judged."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look: simulated hours since the beginning, MB by process, real seconds that the oldest waited.

    `queues` says how many wait in each line.
    """

    hour: float
    memory: Mapping[str, float]
    waited: float
    queues: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process used in the first hour after warming up, in the last, and at most, in MB.

    `slope` is by how many MB it grew in a simulated hour, by all looks in between.
    """

    name: str
    first: float
    last: float
    most: float
    slope: float

    @property
    def level(self) -> bool:
        """Whether it grew by no more than is promised."""
        return self.last - self.first <= max(SHARE * self.first, LEAST)


def memories(samples: Sequence[Sample], warm_up: float) -> list[Memory]:
    """How the memory of each process went after `warm_up` hours, of those that were there all along."""
    after = [sample for sample in samples if sample.hour >= warm_up]
    if not after:
        return []
    end = after[-1].hour
    found = []
    for name in sorted(set.intersection(*({*sample.memory} for sample in after))):
        first = [sample.memory[name] for sample in after if sample.hour < warm_up + 1]
        last = [sample.memory[name] for sample in after if sample.hour >= end - 1]
        whole = [sample.memory[name] for sample in after]
        hours = [sample.hour for sample in after]
        slope = linear_regression(hours, whole).slope if len({*hours}) > 1 else 0.0
        found.append(Memory(name, median(first), median(last), max(whole), slope))
    return found


def late(samples: Sequence[Sample]) -> int:
    """At how many looks somebody had waited longer than is promised."""
    return sum(sample.waited > PROMISED for sample in samples)


def longest_queues(samples: Sequence[Sample]) -> dict[str, int]:
    """The most that waited in each line."""
    most: dict[str, int] = {}
    for sample in samples:
        for name, number in sample.queues.items():
            most[name] = max(most.get(name, 0), number)
    return most
