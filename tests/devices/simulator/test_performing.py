import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Timer

import pytest

from devices.simulator.acts import Act
from devices.simulator.performing import memory, perform, said
from devices.simulator.speaking import Emission
from tests.devices.simulator.brokers import Place, member, place_with, until
from tests.devices.simulator.made import NOW

KEYS = ("fleet-00001", "fleet-00002", "fleet-00003")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with place_with(tmp_path, KEYS) as made:
        yield made


def words(begins: datetime, seconds: float = 0.0, times: int = 10) -> list[Act]:
    return [
        Emission(begins + timedelta(seconds=seconds * n / times), key, f"hearth/v1/{key}/readings", b"%d" % n)
        for n in range(times)
        for key in KEYS
    ]


def test_a_run_begins_once_all_are_in_and_ends_with_the_last_receipt(place: Place) -> None:
    began: list[datetime] = []

    def script(begins: datetime) -> list[Act]:
        began.append(begins)
        return words(begins)

    found = perform("127.0.0.1", place.port, [member(key) for key in KEYS], script, lambda: NOW, Event())
    assert began == [NOW]
    assert (found.up, found.devices, found.complete) == (3, 3, True)
    assert (found.run.followed, found.counts.acknowledged) == (30, 30)
    until(lambda: len(place.heard) == 30)


def test_a_script_goes_as_fast_as_it_is_told_to(place: Place) -> None:
    started = time.monotonic()
    members = [member(key) for key in KEYS]
    found = perform(
        "127.0.0.1", place.port, members, lambda begins: words(begins, 40), lambda: NOW, Event(), speed=40
    )
    assert found.complete
    assert 0.8 <= time.monotonic() - started < 20


def test_those_who_are_let_in_begin_without_the_rest(place: Place) -> None:
    members = [member(KEYS[0]), member(KEYS[1], "guess")]
    words_of_one = [act for act in words(NOW) if act.device_key == KEYS[0]]
    found = perform(
        "127.0.0.1", place.port, members, lambda _: words_of_one, lambda: NOW, Event(), patience=1.0
    )
    assert (found.up, found.devices, found.counts.acknowledged) == (1, 2, 10)


def test_a_run_that_is_stopped_tells_how_far_it_came_and_closes_its_script(place: Place) -> None:
    stop, closed = Event(), Event()

    def script(begins: datetime) -> Iterator[Act]:
        try:
            yield from words(begins, 3600)
        finally:
            closed.set()

    Timer(1.5, stop.set).start()
    members = [member(key) for key in KEYS]
    found = perform("127.0.0.1", place.port, members, script, lambda: NOW, stop)
    assert found.run.followed == 3
    assert closed.is_set()


def test_the_figures_are_said_in_words(place: Place) -> None:
    members = [member(key) for key in KEYS]
    found = perform("127.0.0.1", place.port, members, words, lambda: NOW, Event(), memory_before=0)
    lines = "\n".join(said(found))
    assert "3 of 3 homes signed in within" in lines
    assert "30 messages in" in lines
    assert "every message has its receipt" in lines
    assert found.memory >= memory() // 2
