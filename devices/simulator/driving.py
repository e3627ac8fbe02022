"""Let a fleet do what is due when it is due, as a clock goes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from devices.simulator.acts import Act
from devices.simulator.fleet import Fleet

_TURN = 0.05
_AT_ONCE = 500


@dataclass(slots=True)
class Run:
    """How a run went: acts followed, and how late the latest of them was."""

    followed: int = 0
    latest: timedelta = timedelta()


def drive(fleet: Fleet, acts: Iterable[Act], now: Callable[[], datetime], stop: Event) -> Run:
    """Follow each act when its time has come, in the order given, until there are no more, or `stop`."""
    run, due = Run(), iter(acts)
    following = next(due, None)
    while following is not None and not stop.is_set():
        clock = now()
        following = _follow_due(fleet, following, due, clock, run)
        waits = following is None or following.at > clock or fleet.pressed
        fleet.turn(_TURN if waits else 0)
    return run


def _follow_due(
    fleet: Fleet, following: Act | None, due: Iterator[Act], clock: datetime, run: Run
) -> Act | None:
    """Follow what is due by now, but not for so long that nothing is read; the next after it."""
    for _ in range(_AT_ONCE):
        if following is None or following.at > clock or fleet.pressed:
            break
        fleet.follow(following)
        run.followed += 1
        run.latest = max(run.latest, clock - following.at)
        following = next(due, None)
    return following
