"""How many messages a second intake makes durable, beside a bare client that only acknowledges."""

import argparse
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread

import orjson
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app import migrate
from core import installation
from core.children import Children
from core.clock import real_time
from core.db import make_engine
from core.embedded.broker import Broker
from core.embedded.broker_users import write_users
from core.embedded.postgres import Postgres
from core.errors import Unavailable
from core.vault import Vault
from devices.intake import ORDINARY, Intake
from devices.lanes import MqttAddress

SECRET = "bench"
PATIENCE = 600
PROMISED = 0.4
PEOPLE = """
INSERT INTO people
  (uuid, version, changed_at, given_name, family_name, date_of_birth, sex, interpreter_needed)
SELECT gen_random_uuid(), 1, now(), 'Person', n::text, '1950-01-01', 'not_known', false
FROM generate_series(1, :count) n
"""
DEVICES = """
INSERT INTO devices (uuid, version, changed_at, key, name, model, life_safety, state)
SELECT gen_random_uuid(), 1, now(), 'bench-' || lpad(n::text, 6, '0'), 'Oximeter', 'HL-O1', false, 'installed'
FROM generate_series(1, :count) n
"""
ASSIGNMENTS = """
INSERT INTO assignments (uuid, version, changed_at, device_id, person_id, period)
SELECT gen_random_uuid(), 1, now(), d.id, p.id, tstzrange(now() - interval '1 year', NULL)
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM devices) d
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM people) p USING (n)
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is while it is measured."""

    mqtt: MqttAddress
    database: str
    messages: int
    devices: int
    began: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """What one consumer did."""

    seconds: float
    peak_mb: float
    counts: dict[str, float]


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
    began = time.monotonic()
    made.loop_start()
    done.wait(PATIENCE)
    out.send(Result(time.monotonic() - began, peak(), {"received": seen}))
    made.disconnect()
    made.loop_stop()


def drain_intake(place: Place, out: Connection) -> None:
    """Take every message and make it durable, with the product's own intake."""
    db = installation.open_db(make_engine(place.database, name="bench-intake"), Vault(SECRET))
    intake, stop = Intake(db, place.mqtt, "bench-intake"), Event()
    thread = Thread(target=intake.run, args=(stop,))
    began = time.monotonic()
    thread.start()
    while (
        thread.is_alive()
        and intake.counts()["stored"] < place.messages * 2
        and time.monotonic() - began < PATIENCE
    ):
        stop.wait(0.02)
    seconds = time.monotonic() - began
    stop.set()
    thread.join()
    out.send(Result(seconds, peak(), intake.counts()))


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


def prepare(folder: Path, children: Children, messages: int, devices: int) -> Place:
    """Start the database and the broker, with as many devices, each somebody's."""
    postgres, broker = Postgres(folder), Broker(folder, 0)
    postgres.prepare()
    broker.prepare()
    write_users(broker.users_file, [broker.bench_user()])
    children.start(postgres.child())
    children.start(broker.child())
    migrate.upgrade(postgres.url("owner"))
    engine = create_engine(postgres.url("owner"))
    with Session(engine) as session, session.begin():
        installation.found(session, Vault(SECRET))
        for statement in (PEOPLE, DEVICES):
            session.execute(text(statement), {"count": devices})
        session.execute(text(ASSIGNMENTS))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()
    began = real_time().real_start - timedelta(seconds=messages // devices + 60)
    return Place(MqttAddress.of_url(broker.bench_url()), postgres.url("app"), messages, devices, began)


def backlog(place: Place) -> dict[str, Result]:
    """Both drain the same messages, which wait at the broker: what each can do at most."""
    for session in SESSIONS.values():
        subscribe(place, session)
    publisher, _ = apart(publish, place)
    publisher.join()
    return {name: run(work, place) for name, work in CONSUMERS.items()}


def live(place: Place) -> dict[str, Result]:
    """Each drains while as many messages are published, which takes its share of the machine."""
    found = {}
    for name, work in CONSUMERS.items():
        subscribe(place, SESSIONS[name])
        consumer, out = apart(work, place)
        publisher, _ = apart(publish, place)
        found[name] = out.recv()
        consumer.join()
        publisher.join()
        forget(place, SESSIONS[name])
    return found


def say(title: str, results: dict[str, Result], messages: int) -> float:
    """Print what both did; return the ratio."""
    rates = {name: messages / result.seconds for name, result in results.items()}
    ratio = rates["intake"] / rates["bare"]
    print(f"\n{title}")
    for name, result in results.items():
        print(f"  {name:7} {rates[name]:9,.0f} messages/s   peak {result.peak_mb:5.0f} MB")
    counts = results["intake"].counts
    print(f"  ratio   {ratio:9.2f}             (at least 0.4 is promised)")
    stages = ", ".join(f"{stage} {counts[f'{stage}_us']:.1f}" for stage in ("decode", "store", "ack"))
    print(f"  intake, µs a message by stage: {stages}; {messages / counts['batches']:.0f} messages a batch")
    return ratio


CONSUMERS = {"bare": drain_bare, "intake": drain_intake}
SESSIONS = {"bare": "bench-bare", "intake": "bench-intake-ordinary-1"}


def main() -> int:
    """Measure and print; 1 when less than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=60_000)
    parser.add_argument("--devices", type=int, default=5_000)
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    children = Children(folder / "logs", Event())
    try:
        place = prepare(folder, children, wanted.messages, wanted.devices)
        drained = say("Messages waiting at the broker", backlog(place), wanted.messages)
        for session in SESSIONS.values():
            forget(place, session)
        later = replace(place, began=place.began + timedelta(milliseconds=500))
        say("Messages while they are published", live(later), wanted.messages)
        return 0 if drained >= PROMISED else 1
    finally:
        children.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
