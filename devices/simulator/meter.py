"""Smart meters: what has gone through them by any moment, without adding up every day before it."""

import math
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import accumulate

from devices.simulator.chance import stream

HALF_HOURS = 48

_DAYTIME = (0.35,) * 12 + (0.8, 1.4, 1.8, 1.7, 1.2, 1.0) + (0.9,) * 6 + (1.3, 1.2) + (0.9,) * 6
_EVENING = (1.3, 1.7, 2.1, 2.2, 1.9, 1.7, 1.6, 1.4, 1.2, 1.0, 0.7, 0.5, 0.4, 0.35, 0.35, 0.35)


@dataclass(frozen=True, slots=True)
class Supply:
    """One fuel of one home: kWh a day on average, and what the meter showed when it was new to us."""

    seed: int
    a_day: float
    first: float


def cumulative(supply: Supply, days: float) -> float:
    """Return kWh on the dial at `days` (since 1970, UTC); it never falls.

    The use of a day swings with the week and the month and follows one shape from hour to hour; both are
    integrals in closed form, so that any moment costs the same and none depends on another.
    """
    week, month = _phases(supply.seed)
    slow = days
    slow += 0.12 * 7 / math.tau * (math.cos(week) - math.cos(math.tau * days / 7 + week))
    slow += 0.15 * 31 / math.tau * (math.cos(month) - math.cos(math.tau * days / 31 + month))
    part = days % 1
    sums = _shape(supply.seed)
    slot, rest = divmod(part * HALF_HOURS, 1)
    within = sums[int(slot)] + rest * (sums[int(slot) + 1] - sums[int(slot)])
    return supply.first + supply.a_day * (slow + 0.6 * (within - part))


def dial(supply: Supply, at: datetime, since: datetime | None = None, share: float = 1.0) -> float:
    """Return kWh on the dial at a time; after `since` only a `share` of the usual use goes through."""
    usual = cumulative(supply, _days(at))
    if since is None or at <= since:
        return usual
    before = cumulative(supply, _days(since))
    return before + share * (usual - before)


def power(supply: Supply, at: datetime) -> float:
    """Watts at that moment, as the change over the next minute."""
    days = _days(at)
    return 60_000 * (cumulative(supply, days + 1 / 1440) - cumulative(supply, days))


def _days(at: datetime) -> float:
    return at.timestamp() / 86400


@cache
def _phases(seed: int) -> tuple[float, float]:
    chance = stream("supply", seed)
    return chance.uniform(0, math.tau), chance.uniform(0, math.tau)


@cache
def _shape(seed: int) -> tuple[float, ...]:
    """The share of a day's use gone by each half hour, 0 at midnight to 1 at the next."""
    chance = stream("shape", seed)
    use = [weight * chance.uniform(0.8, 1.25) for weight in _DAYTIME + _EVENING]
    return (0.0, *(total / sum(use) for total in accumulate(use)))
