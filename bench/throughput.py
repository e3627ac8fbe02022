"""How many messages a second intake makes durable, beside a bare client that only acknowledges."""

import argparse
import contextlib
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app import migrate
from bench.flood import (
    PATIENCE,
    SECRET,
    Place,
    Result,
    apart,
    drain_bare,
    drain_intake,
    drain_shared,
    forget,
    publish,
    run,
    subscribe,
)
from core import installation
from core.children import Children
from core.clock import real_time
from core.embedded.broker import Broker
from core.embedded.broker_users import write_users
from core.embedded.postgres import Postgres
from core.vault import Vault
from devices.lanes import MqttAddress

PROMISED = 0.6
STAGES = ("decode", "store", "ack")
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


def prepare(folder: Path, children: Children, messages: int, devices: int) -> Place:
    """Start the database and the broker, with as many devices, each somebody's."""
    postgres, broker = Postgres(folder), Broker(folder, 0)
    postgres.prepare()
    children.start(postgres.child())
    mqtt = serve(broker, children)
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
    return Place(mqtt, postgres.url("app"), messages, devices, began, children.pids())


def serve(broker: Broker, children: Children) -> MqttAddress:
    """Start a broker; where it is."""
    broker.prepare()
    write_users(broker.users_file, [broker.bench_user()])
    children.start(broker.child())
    return MqttAddress.of_url(broker.bench_url())


def backlog(place: Place) -> dict[str, Result]:
    """Both drain the same messages, which wait at the broker: what each can do at most."""
    for session in SESSIONS.values():
        subscribe(place, session)
    publish_all(place)
    found = {name: run(work, place) for name, work in CONSUMERS.items()}
    for session in SESSIONS.values():
        forget(place, session)
    return found


def publish_all(place: Place) -> None:
    """Let every message wait at the broker."""
    publisher, _ = apart(publish, place)
    publisher.join()


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


class Pair:
    """Two workers that share the load, in processes of their own."""

    def __init__(self, place: Place) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        self._outs: list[Connection] = []
        self._processes = []
        for _ in range(2):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=drain_shared, args=(place, theirs, self._stop))
            process.start()
            self._outs.append(ours)  # type: ignore[arg-type]
            self._processes.append(process)

    def look(self) -> tuple[float, list[float], bool]:
        """When the first began, how many readings each has stored, and whether both listen."""
        said = [out.recv() for out in self._outs]
        while any(out.poll() for out in self._outs):
            said = [out.recv() if out.poll() else last for out, last in zip(self._outs, said, strict=True)]
        return min(each[0] for each in said), [each[1] for each in said], all(each[2] for each in said)

    def stop(self) -> None:
        """End both."""
        self._stop.set()
        for process, out in zip(self._processes, self._outs, strict=True):
            with contextlib.suppress(EOFError):
                while process.is_alive():
                    if out.poll(0.02):
                        out.recv()
            process.join()


def two_workers(place: Place) -> tuple[float, list[float]]:
    """Messages a second that two workers make durable, of as many as wait; and what each of them stored."""
    first = Pair(place)
    while not first.look()[2]:
        continue
    first.stop()
    publish_all(place)
    both = Pair(place)
    began, stored, _ = both.look()
    while sum(stored) < place.messages * 2 and time.monotonic() - began < PATIENCE:
        began, stored, _ = both.look()
    rate = place.messages / (time.monotonic() - began)
    both.stop()
    return rate, stored


def say(title: str, results: dict[str, Result], messages: int) -> float:
    """Print what both did; return the ratio."""
    rates = {name: messages / result.seconds for name, result in results.items()}
    ratio = rates["intake"] / rates["bare"]
    print(f"\n{title} (load average {os.getloadavg()[0]:.1f})")
    for name, result in results.items():
        spent = ", ".join(f"{of} {each * 1e6 / messages:.0f}" for of, each in result.processor.items())
        print(f"  {name:7} {rates[name]:9,.0f} messages/s   peak {result.peak_mb:4.0f} MB")
        print(f"          on a processor, µs a message: {spent}")
    counts = results["intake"].counts
    print(f"  ratio   {ratio:9.2f}")
    stages = ", ".join(f"{stage} {counts[f'{stage}_us']:.1f}" for stage in STAGES)
    print(f"  intake, µs a message by stage: {stages}; {messages / counts['batches']:.0f} messages a batch")
    return ratio


def spread(figures: Sequence[float]) -> str:
    """The middle one of several figures, with the least and the most."""
    return f"{statistics.median(figures):,.2f} ({min(figures):,.2f} to {max(figures):,.2f})"


CONSUMERS = {"bare": drain_bare, "intake": drain_intake}
SESSIONS = {"bare": "bench-bare", "intake": "bench-intake-ordinary-1"}


def main() -> int:
    """Measure and print; 1 when less than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=60_000)
    parser.add_argument("--devices", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    children = Children(folder / "logs", Event())
    ratios, live_ratios, gains = [], [], []
    try:
        place = prepare(folder, children, wanted.messages, wanted.devices)
        parted = replace(place, mqtt=serve(Broker(folder / "parted", 0, parts=2), children))
        for number in range(wanted.rounds):
            # Each time its own: what was stored by one way would be a repetition by the next.
            one, two, three = (
                replace(each, began=place.began + timedelta(milliseconds=60 * number + 20 * way))
                for way, each in enumerate((place, place, parted), 1)
            )
            drained = backlog(one)
            ratios.append(say(f"Round {number + 1}: messages waiting at the broker", drained, one.messages))
            live_ratios.append(say("Messages while they are published", live(two), two.messages))
            rate, stored = two_workers(three)
            gains.append(rate * drained["intake"].seconds / one.messages)
            each = " and ".join(f"{count / 2:,.0f}" for count in stored)
            print(f"\nTwo workers: {rate:,.0f} messages/s, {each} of them; {gains[-1]:.2f} of one worker")
        print(f"\nWaiting, of the bare client's rate: {spread(ratios)}; at least {PROMISED} is promised")
        print(f"While they are published: {spread(live_ratios)}")
        print(f"Two workers, of one worker's rate: {spread(gains)}, on {os.cpu_count()} processors")
        kept = statistics.median(ratios) >= PROMISED
        print(f"The promise was {'kept' if kept else 'missed'}.")
        return 0 if kept else 1
    finally:
        children.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
