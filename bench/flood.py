"""A flood of messages for `throughput`, and those who drain it: bare, and with the product's own intake."""

import multiprocessing
import os
import resource
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as SharedEvent
from threading import Event, Thread

import orjson
import psutil
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from core import installation
from core.db import make_engine
from core.errors import Unavailable
from core.vault import Vault
from devices.intake import ORDINARY, Intake
from devices.lanes import MqttAddress
from devices.share import Share

SECRET = "bench"
PATIENCE = 600
TWO = Share(2, by_parts=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is while it is measured."""

    mqtt: MqttAddress
    database: str
    messages: int
    devices: int
    began: datetime
    pids: dict[str, int]


@dataclass(frozen=True, slots=True)
class Result:
    """What one consumer did; `processor` is the seconds that it and the servers were on a processor."""

    seconds: float
    peak_mb: float
    counts: dict[str, float]
    processor: dict[str, float]


def payload(place: Place, number: int) -> bytes:
    """A message of two readings, at a time of its own."""
    at = (place.began + timedelta(seconds=number // place.devices)).isoformat()
    spo2 = {"kind": "spo2", "value": 93 + number % 5, "unit": "%", "at": at}
    pulse = {"kind": "pulse", "value": 62 + number % 20, "unit": "/min", "at": at}
    return orjson.dumps({"readings": [spo2, pulse]})


def client(place: Place, name: str) -> Client:
    """A client with a session that the broker keeps."""
    made = Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=False)
    made.max_inflight_messages = 500
    made.username_pw_set(place.mqtt.user, place.mqtt.password)
    made.connect(place.mqtt.host, place.mqtt.port, 60)
    return made


def subscribe(place: Place, name: str) -> None:
    """Make the session and its subscription, so that what is published from now on waits for it."""
    done = Event()
    made = client(place, name)
    made.on_subscribe = lambda *_: done.set()
    made.on_connect = lambda to, *_: to.subscribe(ORDINARY, 1)
    made.loop_start()
    if not done.wait(10):
        raise Unavailable("The broker does not answer.")
    made.disconnect()
    made.loop_stop()


def forget(place: Place, name: str) -> None:
    """Let the broker drop the session."""
    gone = Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=True)
    gone.username_pw_set(place.mqtt.user, place.mqtt.password)
    done = Event()
    gone.on_connect = lambda *_: done.set()
    gone.connect(place.mqtt.host, place.mqtt.port, 60)
    gone.loop_start()
    done.wait(10)
    gone.disconnect()
    gone.loop_stop()


def publish(place: Place, _out: Connection) -> None:
    """Publish all messages and wait until the broker has them all."""
    made = client(place, "bench-generator")
    made.loop_start()
    sent = [
        made.publish(f"hearth/v1/bench-{number % place.devices + 1:06}/readings", payload(place, number), 1)
        for number in range(place.messages)
    ]
    for each in sent:
        each.wait_for_publish(PATIENCE)
    made.disconnect()
    made.loop_stop()


def drain_bare(place: Place, out: Connection) -> None:
    """Take every message and acknowledge it at once."""
    done = Event()
    seen = 0

    def on_message(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen >= place.messages:
            done.set()

    made = client(place, "bench-bare")
    made.on_message = on_message
    began, before = time.monotonic(), processor(place)
    made.loop_start()
    done.wait(PATIENCE)
    out.send(Result(time.monotonic() - began, peak(), {"received": seen}, since(before, place)))
    made.disconnect()
    made.loop_stop()


def drain_intake(place: Place, out: Connection) -> None:
    """Take every message and make it durable, with the product's own intake."""
    db = installation.open_db(make_engine(place.database, name="bench-intake"), Vault(SECRET))
    intake, stop = Intake(db, place.mqtt, "bench-intake"), Event()
    thread = Thread(target=intake.run, args=(stop,))
    began, before = time.monotonic(), processor(place)
    thread.start()
    while (
        thread.is_alive()
        and intake.counts()["stored"] < place.messages * 2
        and time.monotonic() - began < PATIENCE
    ):
        stop.wait(0.02)
    seconds, spent = time.monotonic() - began, since(before, place)
    stop.set()
    thread.join()
    out.send(Result(seconds, peak(), intake.counts(), spent))


def drain_shared(place: Place, out: Connection, stop: SharedEvent) -> None:
    """Be one of two workers until told to stop; tell when it began, what it stored, whether it listens."""
    db = installation.open_db(make_engine(place.database, name="bench-intake"), Vault(SECRET))
    intake, over = Intake(db, place.mqtt, "bench-shared", share=TWO), Event()
    thread = Thread(target=intake.run, args=(over,))
    began = time.monotonic()
    thread.start()
    while not stop.wait(0.02):
        listening = intake.listening and len(intake.seats - {0}) == 1
        out.send((began, intake.counts()["stored"], listening))
    over.set()
    thread.join()


def processor(place: Place) -> dict[str, float]:
    """The seconds that we and the servers have been on a processor until now."""
    return {"itself": cpu(os.getpid())} | {name: cpu(pid) for name, pid in place.pids.items()}


def since(before: dict[str, float], place: Place) -> dict[str, float]:
    """The seconds on a processor since `before`."""
    return {name: now - before[name] for name, now in processor(place).items()}


def cpu(pid: int) -> float:
    """The seconds that a process and its children have been on a processor."""
    found = psutil.Process(pid)
    times = [found.cpu_times(), *(child.cpu_times() for child in found.children(recursive=True))]
    ended = times[0].children_user + times[0].children_system
    return float(sum(each.user + each.system for each in times) + ended)


def peak() -> float:
    """The most memory this process has used, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(work: object, place: Place) -> tuple[multiprocessing.Process, Connection]:
    """Start `work` in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(place, theirs))  # type: ignore[arg-type]
    process.start()
    return process, ours  # type: ignore[return-value]


def run(work: object, place: Place) -> Result:
    """Run one consumer in a process of its own and return what it did."""
    process, out = apart(work, place)
    result: Result = out.recv()
    process.join()
    return result
