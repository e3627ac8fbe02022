"""When a state changed and when somebody pressed, whatever order and however often the readings came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from devices.measurement import UNFIT, Flags

PRESSES_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Edge:
    """A change of a state: `value` is 1 where it rose, 0 where it fell.

    `confirmed` is False where only a replayed reading shows it (retained, or repeated from a hub's cache).
    """

    at: datetime
    value: int
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """One call for help: when it began, when it was last repeated, how often it was sent."""

    at: datetime
    last: datetime
    count: int
    confirmed: bool = True


def edges(
    times: Sequence[datetime], values: Sequence[float], flags: Sequence[int], before: bool | None = None
) -> list[Edge]:
    """Return the changes of a state in the order they were measured.

    The three sequences go together and may be in any order, with repeats and doubles. Of different values at
    one instant the 1 counts: danger is not outvoted. `before` is the state before the first reading; where it
    is unknown (None), a first 1 is a change and a first 0 is not.
    """
    state = bool(before)
    found = []
    for at, value, confirmed in _in_order(times, values, flags):
        if value != state:
            state = value
            found.append(Edge(at, int(value), confirmed))
    return found


def press_events(
    times: Sequence[datetime],
    values: Sequence[float],
    flags: Sequence[int],
    within: timedelta = PRESSES_WITHIN,
) -> list[Press]:
    """Return the presses of a button (or falls), those no more than `within` after the one before as one.

    Sequences as for `edges`; doubles of one instant count once, values of 0 are no press.
    """
    found: list[Press] = []
    for at, value, confirmed in _in_order(times, values, flags):
        if not value:
            continue
        if found and at - found[-1].last <= within:
            group = found[-1]
            found[-1] = Press(group.at, at, group.count + 1, group.confirmed or confirmed)
        else:
            found.append(Press(at, at, 1, confirmed))
    return found


def _in_order(
    times: Sequence[datetime], values: Sequence[float], flags: Sequence[int]
) -> Iterator[tuple[datetime, bool, bool]]:
    """Yield (time, state, whether a fresh reading shows it), one for each instant."""
    instants: dict[datetime, tuple[bool, bool]] = {}
    for at, number, flag in zip(times, values, flags, strict=True):
        if flag & UNFIT:
            continue
        shown = (number >= 0.5, not flag & Flags.REPLAYED)
        # True beats False, then fresh beats replayed: the same whatever came first.
        instants[at] = max(instants.get(at, shown), shown)
    for at in sorted(instants):
        value, confirmed = instants[at]
        yield at, value, confirmed
