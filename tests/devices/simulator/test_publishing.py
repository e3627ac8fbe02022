import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import paho.mqtt.client as mqtt
import pytest

from core.errors import Invalid
from devices.simulator.acts import Credential
from devices.simulator.homes import emissions
from devices.simulator.house import Home
from devices.simulator.kit import Format
from devices.simulator.publishing import run
from devices.simulator.scenarios import COURSES
from tests.devices.simulator.brokers import SECRET, Place, place_with, until
from tests.devices.simulator.made import NOW, home


def keys(made: Home) -> set[str]:
    return {made.device_key(spec) for spec in made.kit if spec.hub is None}


def credentials(made: Home, password: str = SECRET) -> list[Credential]:
    return [Credential(key, key, password) for key in keys(made)]


@dataclass
class Wall:
    """A clock that a test moves by hand."""

    time: datetime = NOW

    def now(self) -> datetime:
        return self.time


@dataclass
class Speaking:
    """A broker's place in which simulated homes speak until the test ends."""

    at: Place
    stop: Event = field(default_factory=Event)
    threads: list[Thread] = field(default_factory=list)

    @property
    def heard(self) -> list[mqtt.MQTTMessage]:
        return self.at.heard

    def simulate(self, made: Home, wall: Wall, since: datetime | None = None, password: str = SECRET) -> None:
        given = (credentials(made, password), "127.0.0.1", self.at.port, wall.now, self.stop)
        self.threads.append(Thread(target=run, args=([made], *given), kwargs={"since": since}))
        self.threads[-1].start()

    def payloads(self, ending: str = "") -> set[tuple[str, bytes]]:
        return {(m.topic, m.payload) for m in list(self.heard) if m.topic.endswith(ending)}

    def states(self) -> list[tuple[str, str]]:
        said = [m for m in list(self.heard) if m.topic.endswith("/status")]
        return [(m.topic.split("/")[2], str(json.loads(m.payload)["state"])) for m in said]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Speaking]:
    """Short is the wait for an acknowledgement: a broker that was killed hands out again what was in hand."""
    with place_with(tmp_path, keys(home()), ack_wait=2) as made:
        speaking = Speaking(made)
        yield speaking
        speaking.stop.set()
        for thread in speaking.threads:
            thread.join(10)


def said(made: Home, start: datetime, end: datetime) -> set[tuple[str, bytes]]:
    return {(e.topic, e.payload) for e in emissions(made, start, end) if not e.retained}


def test_each_device_publishes_what_it_says_when_its_time_comes(place: Speaking) -> None:
    made, wall = home("fall_at_night", NOW + timedelta(minutes=30)), Wall()
    place.simulate(made, wall)
    until(lambda: len(place.states()) >= 7)
    assert said(made, NOW, NOW + timedelta(hours=2)) & place.payloads() == set()
    wall.time = NOW + timedelta(hours=2)
    expected = said(made, NOW, wall.time)
    assert len(expected) > 20
    until(lambda: expected <= place.payloads())
    assert len(place.payloads("/urgent")) == 2
    assert not [m for m in place.heard if m.qos != 1]


def test_it_says_at_once_what_happened_since_the_history_ended(place: Speaking) -> None:
    made = home()
    place.simulate(made, Wall(), since=NOW - timedelta(hours=1))
    until(lambda: said(made, NOW - timedelta(hours=1), NOW) <= place.payloads())


def test_nothing_is_lost_when_the_broker_restarts(place: Speaking) -> None:
    made, wall = home(), Wall()
    place.simulate(made, wall)
    until(lambda: len(place.states()) >= 7)
    killed = place.at.children.pids()["broker"]
    for quarter in range(1, 25):
        wall.time = NOW + timedelta(minutes=15 * quarter)
        if quarter == 8:
            os.kill(killed, signal.SIGKILL)
        place.at.children.tend()
        time.sleep(0.05)
    expected = said(made, NOW, wall.time)
    assert len(expected) > 60

    def all_heard() -> bool:
        place.at.children.tend()
        return expected <= place.payloads()

    until(all_heard, 30)
    assert place.at.children.pids()["broker"] != killed
    assert len(place.states()) >= 14


def test_a_cut_line_lets_the_broker_tell_and_the_upload_follows(place: Speaking) -> None:
    began = NOW + timedelta(minutes=10)
    made = replace(home(), scenario=COURSES["hub_offline"](began))
    wall = Wall()
    place.simulate(made, wall)
    until(lambda: len(place.states()) >= 7)
    wall.time = began + timedelta(hours=1)
    own = {made.device_key(spec) for spec in made.kit if spec.format is Format.OWN}
    until(lambda: {key for key, state in place.states() if state == "offline"} == own)
    before = len(place.heard)
    wall.time = began + timedelta(hours=8)
    expected = said(made, began, wall.time)
    assert min(e.at for e in emissions(made, began, wall.time)) == began + timedelta(hours=7, milliseconds=50)
    until(lambda: expected <= place.payloads())
    assert {state for _, state in place.states()[-7:]} == {"online"}
    assert len(place.heard) > before


def test_a_line_that_is_down_at_the_start_is_not_opened(place: Speaking) -> None:
    made = home("hub_offline", NOW - timedelta(hours=1))
    place.simulate(made, Wall())
    time.sleep(0.5)
    assert place.heard == []


def test_a_wrong_secret_is_refused_and_logged_without_it(
    place: Speaking, caplog: pytest.LogCaptureFixture
) -> None:
    place.simulate(home(), Wall(), password="guess")
    until(lambda: any(record.message == "simulated devices refused" for record in caplog.records))
    assert "guess" not in caplog.text
    assert place.heard == []


def test_a_home_without_a_credential_is_refused() -> None:
    made = home()
    with pytest.raises(Invalid) as refused:
        run([made], credentials(made)[1:], "127.0.0.1", 1, Wall().now, Event())
    assert list(refused.value.fields) == ["credentials"]


def test_it_waits_for_a_broker_that_is_not_there_yet() -> None:
    stop = Event()
    thread = Thread(target=run, args=([home()], credentials(home()), "127.0.0.1", 1, Wall().now, stop))
    thread.start()
    time.sleep(0.3)
    assert thread.is_alive()
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
