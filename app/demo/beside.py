"""What the kit of Westmere measured in two weeks, worked out by another process while the place is laid."""

import multiprocessing
from collections.abc import Iterator
from datetime import datetime
from multiprocessing.connection import Connection

from core.errors import Unavailable
from devices.simulator import homes, places
from devices.simulator.homes import Taken

ENDED = "The process that works out what the demo place's kit measured has ended. Start again (make clean)."


class Histories:
    """The past of the first `count` homes; it begins to be worked out at once."""

    def __init__(self, count: int, start: datetime, now: datetime) -> None:
        context = multiprocessing.get_context("spawn")
        self._found, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_work_out, args=(count, start, now, theirs), daemon=True)
        self._process.start()
        theirs.close()  # so that its death is an end of file here

    def __iter__(self) -> Iterator[list[Taken]]:
        """Each home's readings in the order of time, home by home; once."""
        try:
            found: list[list[Taken]] = self._found.recv()
        except EOFError as fault:
            raise Unavailable(ENDED) from fault
        self._process.join()
        yield from found


def _work_out(count: int, start: datetime, now: datetime, out: Connection) -> None:
    simulated = (places.home_of(household, now) for household in places.households()[:count])
    out.send([list(homes.history(home, start, now)) for home in simulated])
