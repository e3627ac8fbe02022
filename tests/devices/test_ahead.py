"""A line of two threads: one stores while the other decodes."""

from threading import Event

import pytest

from devices.ahead import Ahead
from devices.line import Handful
from tests.devices.conftest import stay, until
from tests.devices.kit import says, spo2


class Slow:
    """Stands in for a line: hands out numbered handfuls, and stores when it is let."""

    def __init__(self, count: int) -> None:
        self.left = [Handful([says("oximeter-1", spo2(90 + number))], None) for number in range(count)]
        self.taken: list[Handful] = []
        self.stored: list[Handful] = []
        self.may = Event()
        self.fault: Exception | None = None

    def take(self, _wait: float) -> Handful | None:
        """The next handful, while there is one."""
        if not self.left:
            return None
        self.taken.append(self.left.pop(0))
        return self.taken[-1]

    def store(self, taken: Handful, _stop: Event) -> None:
        """Store it, once that is let."""
        self.may.wait(20)
        if self.fault is not None:
            raise self.fault
        self.stored.append(taken)


def ahead(line: Slow) -> Ahead:
    return Ahead(line, Event(), "storing")  # type: ignore[arg-type]


def test_the_next_is_taken_while_one_is_stored_and_all_in_order() -> None:
    line = Slow(2)
    worker = ahead(line)
    assert worker.work(0)
    assert worker.work(0)
    assert (len(line.taken), line.stored) == (2, [])
    line.may.set()
    assert not worker.work(0)
    worker.close()
    assert line.stored == line.taken


def test_what_ends_the_storing_is_raised_where_it_is_taken_and_nothing_is_taken_in_vain() -> None:
    line = Slow(50)
    line.fault = RuntimeError("no such table")
    line.may.set()
    worker = ahead(line)
    with pytest.raises(RuntimeError, match="no such table"):
        until(lambda: not worker.work(0))
    with pytest.raises(RuntimeError, match="no such table"):
        worker.close()
    assert len(line.taken) < 5


def test_closing_waits_until_what_was_taken_is_stored() -> None:
    line = Slow(2)
    worker = ahead(line)
    assert worker.work(0)
    assert worker.work(0)
    stay(lambda: not line.stored, 0.2)
    line.may.set()
    worker.close()
    assert len(line.stored) == 2


def test_ending_waits_for_nothing_and_what_was_taken_is_still_stored() -> None:
    line = Slow(1)
    worker = ahead(line)
    assert worker.work(0)
    worker.end()
    assert line.stored == []
    line.may.set()
    until(lambda: not worker._thread.is_alive())
    assert line.stored == line.taken
