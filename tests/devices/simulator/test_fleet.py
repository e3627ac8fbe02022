import os
import signal
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from core.embedded.broker_users import BrokerUser
from core.mosquitto import hash_password
from devices.simulator.acts import Turn
from devices.simulator.fleet import Fleet
from devices.simulator.speaking import Emission
from tests.devices.simulator.brokers import SECRET, Place, member, place_with
from tests.devices.simulator.made import NOW
from tests.mosquitto import Authority, Mosquitto

KEYS = tuple(f"fleet-{number:04d}" for number in range(300))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with place_with(tmp_path, KEYS) as made:
        yield made


def said(key: str, text: str, ending: str = "readings", *, retained: bool = False) -> Emission:
    return Emission(NOW, key, f"hearth/v1/{key}/{ending}", text.encode(), retained)


def turn_until(fleet: Fleet, true: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, (fleet.up, fleet.counts)
        fleet.turn(0.02)


def test_each_device_speaks_on_a_line_of_its_own_and_loses_nothing(place: Place) -> None:
    fleet = Fleet("127.0.0.1", place.port, [member(key) for key in KEYS])
    expected = {
        key: [(f"hearth/v1/{key}/readings", f"{key} {n}".encode()) for n in range(30)] for key in KEYS
    }
    for number in range(30):
        for key in KEYS:
            fleet.follow(said(key, f"{key} {number}"))
        fleet.turn(0)
    turn_until(fleet, lambda: fleet.up == len(KEYS) and fleet.counts.owed == 0)
    turn_until(fleet, lambda: len(place.heard) >= 30 * len(KEYS))
    fleet.close()
    assert {key: place.of(key) for key in KEYS} == expected
    counts = fleet.counts
    assert (counts.welcomed, counts.again, counts.lost, counts.let_go) == (len(KEYS), 0, 0, 0)


def test_a_line_lost_without_goodbye_is_told_by_the_broker_and_opens_again(place: Place) -> None:
    one, other = KEYS[:2]
    fleet = Fleet("127.0.0.1", place.port, [member(one, tells_state=True), member(other, tells_state=True)])
    turn_until(fleet, lambda: len(place.heard) == 2 and fleet.counts.owed == 0)
    fleet.follow(Turn(NOW, one, up=False))
    turn_until(fleet, lambda: place.of(one)[-1][1] == b'{"state":"offline"}')
    fleet.follow(said(one, "while away"))
    fleet.turn(0)
    assert fleet.up == 1
    fleet.follow(Turn(NOW, one, up=True))
    turn_until(fleet, lambda: len(place.of(one)) == 4)
    fleet.close()
    assert [payload for _, payload in place.of(one)[2:]] == [
        b'{"state":"online","firmware":"2.4.1"}',
        b"while away",
    ]
    assert len(place.of(other)) == 1  # it took leave


def test_nothing_is_lost_when_the_broker_is_killed(place: Place) -> None:
    keys = KEYS[:50]
    fleet = Fleet("127.0.0.1", place.port, [member(key) for key in keys])
    turn_until(fleet, lambda: fleet.up == len(keys))
    killed = place.children.pids()["broker"]
    for number in range(40):
        if number == 20:
            os.kill(killed, signal.SIGKILL)
        for key in keys:
            fleet.follow(said(key, str(number)))
        fleet.turn(0)

    def all_have_receipts() -> bool:
        place.children.tend()
        return fleet.counts.owed == 0

    turn_until(fleet, all_have_receipts, 30)
    wanted = {str(number).encode() for number in range(40)}
    turn_until(fleet, lambda: all({said for _, said in place.of(key)} == wanted for key in keys), 30)
    fleet.close()
    assert fleet.counts.lost == 50


def test_devices_that_are_refused_are_logged_by_their_number(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    fleet = Fleet("127.0.0.1", place.port, [member(key, "guess") for key in KEYS[:3]])
    turn_until(fleet, lambda: "simulated devices refused" in caplog.text)
    fleet.close()
    assert fleet.counts.refused >= 3
    assert "guess" not in caplog.text


def test_a_topic_of_another_device_is_refused_by_the_broker(place: Place) -> None:
    one, other = KEYS[:2]
    fleet = Fleet("127.0.0.1", place.port, [member(one)])
    fleet.follow(Emission(NOW, one, f"hearth/v1/{other}/readings", b"stolen"))
    fleet.follow(said(one, "own"))
    turn_until(fleet, lambda: bool(place.of(one)))
    fleet.close()
    assert place.of(other) == []


def test_a_broker_that_is_not_there_is_asked_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    fleet = Fleet("127.0.0.1", port, [member(key) for key in KEYS[:20]])
    for _ in range(10):
        fleet.turn(0.02)
    assert (fleet.up, fleet.counts.lost) == (0, 0)
    fleet.close()


def test_a_name_that_leads_nowhere_is_asked_again_later() -> None:
    fleet = Fleet("no-such-host.invalid", 1883, [member(KEYS[0])])
    fleet.turn(0)
    fleet.close()
    assert fleet.up == 0


def test_what_answers_but_is_no_broker_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        fleet = Fleet("127.0.0.1", server.getsockname()[1], [member(KEYS[0])])
        fleet.turn(0.1)
        line, _ = server.accept()
        fleet.turn(0.1)
        with line:
            line.sendall(b"HTTP/1.1 400 Bad Request\r\n" + b"x" * 100)
            fleet.turn(0.1)
            line.settimeout(5)
            assert line.recv(100)[:1] == b"\x10"
            assert line.recv(100) == b""
        fleet.close()


def test_a_broker_that_gives_no_receipts_slows_the_saying_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        keys = KEYS[:30]
        fleet = Fleet("127.0.0.1", server.getsockname()[1], [member(key) for key in keys])
        lines = []
        for _ in keys:
            fleet.turn(0.01)
            line, _ = server.accept()
            line.sendall(b"\x20\x02\x00\x00")
            lines.append(line)
        turn_until(fleet, lambda: fleet.up == len(keys))
        for number in range(20_001):
            fleet.follow(said(keys[number % len(keys)], "x"))
        pressed = fleet.pressed
        fleet.turn(0)
        fleet.close()
        for line in lines:
            line.close()
    assert pressed


def test_time_passes_while_nothing_is_to_be_done(place: Place) -> None:
    fleet = Fleet("127.0.0.1", place.port, [])
    began = time.monotonic()
    fleet.turn(0.05)
    fleet.close()
    assert timedelta(seconds=time.monotonic() - began) >= timedelta(milliseconds=40)


@pytest.fixture
def enciphered(tmp_path: Path) -> Iterator[tuple[Mosquitto, Authority]]:
    authority = Authority(tmp_path)
    broker = Mosquitto(tmp_path, (authority.certificate, authority.key))
    kept = hash_password(SECRET)
    everybody = [BrokerUser(key, kept, publish=(f"hearth/v1/{key}/#",)) for key in KEYS]
    broker.files.write([BrokerUser("ears", kept, subscribe=("#",)), *everybody])
    broker.start()
    yield broker, authority
    broker.stop()


def test_it_speaks_tls_and_loses_nothing(enciphered: tuple[Mosquitto, Authority]) -> None:
    broker, authority = enciphered
    tls = ssl.create_default_context(cadata=authority.pem)
    ears = mqtt.Client(CallbackAPIVersion.VERSION2)
    ears.username_pw_set("ears", SECRET)
    ears.tls_set_context(tls)
    heard: list[mqtt.MQTTMessage] = []
    ears.on_message = lambda _client, _userdata, message: heard.append(message)
    kept = Event()
    ears.on_subscribe = lambda *_: kept.set()
    ears.on_connect = lambda *_: ears.subscribe("hearth/#", 1)
    ears.connect("localhost", broker.port)
    ears.loop_start()
    assert kept.wait(10)
    fleet = Fleet("localhost", broker.port, [member(key, tells_state=True) for key in KEYS[:50]], tls=tls)
    for number in range(30):
        for key in KEYS[:50]:
            fleet.follow(said(key, f"{number} {'x' * 2000}"))
    turn_until(fleet, lambda: fleet.up == 50 and fleet.counts.owed == 0, 30)
    fleet.close()
    turn_until_heard = time.monotonic() + 15
    while len(heard) < 31 * 50 and time.monotonic() < turn_until_heard:
        time.sleep(0.02)
    ears.disconnect()
    ears.loop_stop()
    assert len({(m.topic, m.payload) for m in heard}) == 31 * 50
    assert (fleet.counts.lost, fleet.counts.again) == (0, 0)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_broker_that_can_not_prove_who_it_is_hears_no_password(
    enciphered: tuple[Mosquitto, Authority], host: str
) -> None:
    broker, authority = enciphered
    # the right name by the machine's authorities, or the wrong name by the right authority
    tls = ssl.create_default_context(cadata=None if host == "localhost" else authority.pem)
    fleet = Fleet(host, broker.port, [member(KEYS[0])], tls=tls)
    until = time.monotonic() + 1
    while time.monotonic() < until:
        fleet.turn(0.02)
    assert (fleet.up, fleet.counts.welcomed, fleet.counts.refused) == (0, 0, 0)
    fleet.close()
