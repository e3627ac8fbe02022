"""What the kit of Westmere measured in two weeks, worked out by another process while the place is laid."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from core.errors import Unavailable
from devices.simulator import homes, places
from devices.simulator.homes import Taken

ENDED = "The process that works out what the demo place's kit measured has ended. Start again (make clean)."


Row = tuple[datetime, int, int, str, str, float]
"""The fields of what is `Told`: plain rows are packed and unpacked in a fraction of the time."""


class Told(NamedTuple):
    """One reading, to the millisecond; `home` counts the households, `kit` what stands in that home."""

    at: datetime
    home: int
    kit: int
    channel: str
    kind: str
    value: float


class Histories:
    """The past of the first `count` homes; it begins to be worked out at once."""

    def __init__(self, count: int, start: datetime, now: datetime) -> None:
        given = (str(count), start.isoformat(), now.isoformat())
        command = (sys.executable, "-P", "-m", "app.demo.beside", *given)
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)

    def __iter__(self) -> Iterator[Told]:
        """All that was measured, in the order of time; once."""
        told, _ = self._process.communicate()
        if self._process.returncode:
            raise Unavailable(ENDED)
        rows: list[Row] = pickle.loads(told)  # noqa: S301 - our own process, by our own pipe
        return map(Told._make, rows)


def told(count: int, start: datetime, now: datetime) -> list[Row]:
    """All that `count` homes measured, in the order of time."""
    rows = [
        _row(home, taken)
        for home, household in enumerate(places.households()[:count])
        for taken in homes.history(places.home_of(household, now), start, now)
    ]
    return sorted(rows, key=itemgetter(0))


def _row(home: int, taken: Taken) -> Row:
    at = taken.at.replace(microsecond=taken.at.microsecond // 1000 * 1000)
    return at, home, taken.kit, taken.channel, taken.kind, taken.value


def main(count: str, start: str, now: str) -> None:
    """Work it out, and tell it whole: whoever listens has died if it can't be told."""
    rows = told(int(count), datetime.fromisoformat(start), datetime.fromisoformat(now))
    sys.stdout.buffer.write(pickle.dumps(rows, pickle.HIGHEST_PROTOCOL))


if __name__ == "__main__":
    main(*sys.argv[1:])
