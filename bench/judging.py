"""How long people wait to be judged while readings stream in, with one evaluator and with two."""

import argparse
import multiprocessing
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as SharedEvent
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.running.evaluate import IDLE
from bench import caseload, crowd, database
from bench.database import Database
from bench.system import CpuShares, machine, pause, quantile
from care_plans.evaluating import unread
from care_plans.evaluating.evaluate import STAGES, Evaluator
from care_plans.models.alerts import Alert
from core import worker
from core.children import Children
from core.clock import real_time
from core.db import Db
from core.embedded.broker import Broker
from core.embedded.broker_users import write_users
from devices.intake import Intake
from devices.lanes import MqttAddress

PROMISED = 2.0
"""Seconds that the oldest subject may wait."""
WARM_UP = 15.0
"""Seconds in which processes start and everybody is met for the first time."""
LOOK_EVERY = 0.1
TICK = 0.02
UNWELL = 200
"""One in so many people has a low reading each time: theirs are open alerts, brought up to date."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is while it is measured."""

    mqtt: MqttAddress
    database: Database
    keys: tuple[str, ...]
    pids: Mapping[str, int]


def intake(place: Place, stop: SharedEvent, out: Connection) -> None:
    """Take readings in with the product's own intake until told to stop."""
    taking = Intake(place.database.open("intake"), place.mqtt, "bench-intake")
    taking.run(_as_thread_event(stop))
    out.send({**taking.counts(), "peak_mb": peak()})


def evaluate(place: Place, stop: SharedEvent, out: Connection) -> None:
    """Judge with the product's own evaluator until told to stop."""
    worker.collect_seldom()
    evaluator = Evaluator(place.database.open("evaluate"))
    worker.run(evaluator.step, name="evaluate", idle=IDLE, stop=_as_thread_event(stop))
    out.send({**evaluator.counts.said(), "peak_mb": peak()})


def generate(place: Place, stop: SharedEvent, out: Connection, messages_a_second: float) -> None:
    """Publish messages of two readings, one person after the other, at a steady pace until told to stop."""
    client = Client(CallbackAPIVersion.VERSION2, client_id="bench-generator")
    client.max_inflight_messages = 1000
    client.username_pw_set(place.mqtt.user, place.mqtt.password)
    client.connect(place.mqtt.host, place.mqtt.port, 60)
    client.loop_start()
    clock, began, sent = real_time(), time.monotonic(), 0
    while not stop.is_set():
        due = int((time.monotonic() - began) * messages_a_second)
        for number in range(sent, due):
            who = number % len(place.keys)
            oxygen = 86 if who % UNWELL == 0 else 92 + number // len(place.keys) % 4
            at = clock.now()
            body = caseload.said(("spo2", oxygen, at), ("pulse", 68 + number % 9, at))
            client.publish(f"hearth/v1/{place.keys[who]}/readings", body, 1)
        sent = max(sent, due)
        pause(TICK)
    client.disconnect()
    client.loop_stop()
    out.send({"published": sent, "seconds": time.monotonic() - began})


def peak() -> float:
    """The most memory this process has used, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _as_thread_event(shared: SharedEvent) -> threading.Event:
    """An event of this process that is set when the shared one is."""
    event = threading.Event()

    def follow() -> None:
        shared.wait()
        event.set()

    threading.Thread(target=follow, daemon=True).start()
    return event


class Apart:
    """A function at work in a process of its own until it is told to stop."""

    def __init__(self, work: Any, place: Place, *more: object) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        self._said, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=work, args=(place, self._stop, theirs, *more), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """Its pid."""
        return self._process.pid or 0

    def finish(self) -> dict[str, float]:
        """Tell it to stop, and what it counted."""
        self._stop.set()
        counts: dict[str, float] = self._said.recv()
        self._process.join()
        return counts


def prepare(folder: Path, children: Children, people: int) -> Place:
    """Start the database and the broker, with so many people on the COPD plan and a week of readings."""
    broker = Broker(folder, 0)
    broker.prepare()
    write_users(broker.users_file, [broker.bench_user()])
    children.start(broker.child())
    found = database.start(folder, children)
    db, owner = found.open("prepare"), found.owner()
    first = caseload.take_on(db, 1)[0]
    with Session(owner) as session, session.begin():
        members = crowd.multiply(session, first, people)
        crowd.lay_history(session, days=8, a_day=3)
    found.settle()
    db.engine.dispose()
    owner.dispose()
    keys = tuple(member.key for member in members)
    return Place(MqttAddress.of_url(broker.bench_url()), found, keys, children.pids())


def measure(place: Place, evaluators: int, readings_a_second: int, seconds: float) -> float:
    """Let it all run and print how long subjects waited; the most, in seconds."""
    db = place.database.open("look")
    judging = [Apart(evaluate, place) for _ in range(evaluators)]
    taking = Apart(intake, place)
    speaking = Apart(generate, place, readings_a_second / 2)
    pause(WARM_UP)
    each_one = {f"evaluate {number}": process.pid for number, process in enumerate(judging, start=1)}
    shares = CpuShares({**place.pids, **each_one, "intake": taking.pid, "generator": speaking.pid})
    stored_before, began = _newest_batch(db), time.monotonic()
    waited: list[float] = []
    while time.monotonic() - began < seconds:
        with db.transaction() as session:
            waited.append(unread.oldest_waiting(session, db.clock.now()) or 0.0)
        pause(LOOK_EVERY)
    took, used = time.monotonic() - began, shares.said()
    stored = _stored_since(db, stored_before)
    published = speaking.finish()
    took_in = taking.finish()
    counts = [each.finish() for each in judging]
    with db.transaction() as session:
        alerts = session.scalars(select(func.count()).select_from(Alert)).one()
    db.engine.dispose()
    judged = sum(count["judged"] for count in counts)
    plural = "one evaluator" if evaluators == 1 else f"{evaluators} evaluators"
    print(f"\n{plural}, {seconds:.0f} s; {machine()}")
    print(f"  published {published['published'] * 2 / published['seconds']:9,.0f} readings/s")
    print(f"  stored    {stored / took:9,.0f} readings/s   {took_in['rejected']:.0f} rejected")
    print(f"  judged    {judged / published['seconds']:9,.0f} subjects/s   {alerts} alerts open")
    worst = max(waited)
    print(
        f"  oldest unread: p50 {quantile(waited, 0.5):.2f} s, p95 {quantile(waited, 0.95):.2f} s,"
        f" most {worst:.2f} s ({kept(worst)}: under {PROMISED:.0f} s is promised)"
    )
    stages = ", ".join(f"{stage} {_mean(counts, f'{stage}_us'):.0f}" for stage in STAGES)
    each = judged / max(sum(count["claims"] for count in counts), 1)
    print(f"  processor: {used}")
    most = max(count["peak_mb"] for count in counts)
    print(f"  peak memory: intake {took_in['peak_mb']:.0f} MB, evaluator {most:.0f} MB")
    print(f"  µs a subject by stage: {stages}; {each:.0f} subjects a claim")
    return worst


def kept(worst: float) -> str:
    """Whether the promise was kept, in a word."""
    return "kept" if worst < PROMISED else "missed"


def _mean(counts: list[dict[str, float]], name: str) -> float:
    return sum(count[name] * count["judged"] for count in counts) / max(sum(c["judged"] for c in counts), 1)


def _newest_batch(db: Db) -> int:
    with db.transaction() as session:
        return session.scalars(text("SELECT max(id) FROM batches")).one() or 0


def _stored_since(db: Db, batch: int) -> int:
    with db.transaction() as session:
        since = db.clock.now() - timedelta(hours=1)
        found = session.scalars(
            text("SELECT count(*) FROM readings WHERE batch_id > :batch AND measured_at > :since"),
            {"batch": batch, "since": since},
        )
        return int(found.one())


def main() -> int:
    """Measure and print; 1 when more than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--rate", type=int, default=2_000, help="readings a second, two in each message")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--evaluators", type=int, nargs="*", default=[1, 2])
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    children = Children(folder / "logs", threading.Event())
    try:
        place = prepare(folder, children, wanted.people)
        print(
            f"{wanted.people:,} people on the COPD plan; {wanted.rate:,} readings/s through MQTT and intake,"
            " two in each message"
        )
        worst = [measure(place, count, wanted.rate, wanted.seconds) for count in wanted.evaluators]
        return 0 if min(worst) < PROMISED else 1
    finally:
        children.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
