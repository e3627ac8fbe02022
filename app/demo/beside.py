"""What the kit of Westmere measured in two weeks, worked out by another process while the place is laid."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime

from core.errors import Unavailable
from devices.simulator import homes, places
from devices.simulator.homes import Taken

ENDED = "The process that works out what the demo place's kit measured has ended. Start again (make clean)."


class Histories:
    """The past of the first `count` homes; it begins to be worked out at once."""

    def __init__(self, count: int, start: datetime, now: datetime) -> None:
        given = (str(count), start.isoformat(), now.isoformat())
        command = (sys.executable, "-P", "-m", "app.demo.beside", *given)
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)

    def __iter__(self) -> Iterator[list[Taken]]:
        """Each home's readings in the order of time, home by home; once."""
        told, _ = self._process.communicate()
        if self._process.returncode:
            raise Unavailable(ENDED)
        found: list[list[Taken]] = pickle.loads(told)  # noqa: S301 - our own process, by our own pipe
        yield from found


def main(count: str, start: str, now: str) -> None:
    """Work it out, and tell it whole: whoever listens has died if it can't be told."""
    began, ends = datetime.fromisoformat(start), datetime.fromisoformat(now)
    simulated = (places.home_of(household, ends) for household in places.households()[: int(count)])
    found = [list(homes.history(home, began, ends)) for home in simulated]
    sys.stdout.buffer.write(pickle.dumps(found, pickle.HIGHEST_PROTOCOL))


if __name__ == "__main__":
    main(*sys.argv[1:])
