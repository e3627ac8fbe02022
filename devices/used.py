"""How much a counter counted between readings; nothing is invented where it began anew, stood or leapt."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

from devices.measurement import Flags

UNFIT = Flags.BEYOND_ABSOLUTE | Flags.TEST | Flags.ENTERED_IN_ERROR | Flags.REPLAYED
"""A total that can't be, or that was the total of another time."""

BEGUN_ANEW = 0.5
"""A counter that begins anew shows less than this share of its last total. A lesser fall is a correction."""

# The most of each kind that can be counted in an hour, in the kind's own unit.
# Electricity: a single-phase supply fused at 100 A, 240 V. Gas: a U6 meter passes 6 m³/h; gas of 39.5 MJ/m³
# holds 11.2 kWh/m³, corrected by 1.02264 (Gas (Calculation of Thermal Energy) Regulations 1996). Water: a
# meter of 20 mm passes 5 m³/h (BS EN ISO 4064, Q4). Appliances: a cooker on 32 A. Steps: four a second.
MOST_AN_HOUR: Mapping[str, float] = MappingProxyType(
    {
        "electricity_energy": 24.0,
        "electricity_export_energy": 24.0,
        "gas_energy": 67.3,
        "gas_volume": 6.0,
        "water_volume": 5.0,
        "appliance_energy": 7.7,
        "steps": 14_400.0,
    }
)


@dataclass(frozen=True, slots=True)
class Total:
    """What a counter showed at a time (aware), in its kind's own unit."""

    at: datetime
    value: float
    flags: Flags = Flags.NONE


@dataclass(frozen=True, slots=True)
class Step:
    """What was used from one time to another; None is "not known"."""

    since: datetime
    until: datetime
    amount: float | None


@dataclass(frozen=True, slots=True)
class Used:
    """What was used in a span: `amount` as far as known, None if nothing is; how long it isn't known."""

    amount: float | None
    unknown: timedelta

    def __add__(self, other: "Used") -> "Used":
        known = [each for each in (self.amount, other.amount) if each is not None]
        return Used(sum(known) if known else None, self.unknown + other.unknown)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was used from one time to another."""

    since: datetime
    until: datetime
    used: Used


def steps(kind: str, totals: Iterable[Total]) -> tuple[Step, ...]:
    """What was used from each reading to the next, whatever their order and however often they came.

    `kind` is a counter's code. A moment with two totals is no reading: nobody knows which is right.
    """
    found: list[Step] = []
    most = MOST_AN_HOUR[kind]
    read = list(_without_dips(_in_order(totals)))
    still_since = read[0].at if read else None
    for before, after in pairwise(read):
        rise = _rise(before.value, after.value)
        if rise is not None and rise > 0 and rise > _most(most, before.at, after.at):
            # A meter that is read, or counts, more coarsely than it is told of: it rose while it stood still.
            if still_since is not None and rise <= _most(most, still_since, after.at):
                while found and found[-1].since >= still_since:
                    found.pop()
                found.append(Step(still_since, after.at, rise))
                still_since = after.at
                continue
            rise = None
        found.append(Step(before.at, after.at, rise))
        if after.value != before.value:
            still_since = after.at
    return tuple(found)


def between(counted: Sequence[Step], since: datetime, until: datetime) -> Used:
    """What was used from `since` to `until`, by `steps`; a step that reaches over an end counts by its share.

    So spans that adjoin add up to the whole. What no step covers, or a step doesn't know, is unknown.
    """
    amount: float | None = None
    covered = timedelta(0)
    for step in counted:
        inside = min(step.until, until) - max(step.since, since)
        if step.amount is None or inside <= timedelta(0):
            continue
        amount = (amount or 0.0) + step.amount * (inside / (step.until - step.since))
        covered += inside
    return Used(amount, max(until - since, timedelta(0)) - covered)


def stretch_by_stretch(
    kind: str, totals: Iterable[Total], starts: Sequence[datetime], end: datetime
) -> list[Taken]:
    """What was used in each stretch of time; the last one goes up to `end`."""
    counted = steps(kind, totals)
    return [Taken(since, until, between(counted, since, until)) for since, until in pairwise([*starts, end])]


def _in_order(totals: Iterable[Total]) -> Iterator[Total]:
    """The readings that can be believed, each moment once."""
    values: dict[datetime, set[float]] = defaultdict(set)
    for total in totals:
        if not total.flags & UNFIT:
            values[total.at].add(total.value)
    for at in sorted(values):
        if len(values[at]) == 1:
            yield Total(at, values[at].pop())


def _without_dips(read: Iterator[Total]) -> Iterator[Total]:
    """Leave out a somewhat lower total between two that rise: it came late, and stands in the wrong place."""
    in_order = list(read)
    for place, total in enumerate(in_order):
        around = in_order[max(place - 1, 0) : place + 2]
        dips = len(around) == 3 and total.value < around[0].value <= around[2].value
        if not (dips and _rise(around[0].value, total.value) is None):
            yield total


def _rise(before: float, after: float) -> float | None:
    """What was counted from one total to the next; None where the fall is a correction."""
    if after >= before:
        return after - before
    return after if 0 <= after < before * BEGUN_ANEW else None


def _most(an_hour: float, since: datetime, until: datetime) -> float:
    return an_hour * ((until - since) / timedelta(hours=1))
