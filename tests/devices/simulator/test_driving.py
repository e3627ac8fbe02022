import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event, Timer

import pytest

from devices.simulator.acts import Act
from devices.simulator.driving import drive
from devices.simulator.fleet import Fleet
from devices.simulator.speaking import Emission
from tests.devices.simulator.brokers import Place, member, place_with, until
from tests.devices.simulator.made import NOW

KEY = "fleet-0001"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with place_with(tmp_path, [KEY]) as made:
        yield made


def said(second: float) -> Emission:
    topic = f"hearth/v1/{KEY}/readings"
    return Emission(NOW + timedelta(seconds=second), KEY, topic, str(second).encode())


def test_each_act_waits_for_its_time_and_all_of_them_are_followed(place: Place) -> None:
    fleet = Fleet("127.0.0.1", place.port, [member(KEY)])
    began = time.monotonic()
    acts: list[Act] = [said(0), said(0.2), said(0.6)]
    run = drive(fleet, acts, lambda: NOW + timedelta(seconds=time.monotonic() - began), Event())
    assert time.monotonic() - began >= 0.6
    assert fleet.settle(10)
    fleet.close()
    assert run.followed == 3
    assert run.latest < timedelta(seconds=5)
    until(lambda: [payload for _, payload in place.of(KEY)] == [b"0", b"0.2", b"0.6"])


def test_it_ends_when_it_is_told_to(place: Place) -> None:
    stop = Event()
    fleet = Fleet("127.0.0.1", place.port, [member(KEY)])
    Timer(0.2, stop.set).start()
    run = drive(fleet, [said(0), said(3600)], lambda: NOW, stop)
    fleet.close()
    assert run.followed == 1
