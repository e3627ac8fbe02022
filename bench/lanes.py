"""How soon a press of a pendant is stored while a flood of meters' messages comes in."""

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as SharedEvent
from pathlib import Path
from threading import Event, Thread

import orjson
from sqlalchemy import create_engine, text

from bench.flood import SECRET, Place, apart, client, publish
from bench.throughput import prepare
from core import installation
from core.children import Children
from core.clock import real_time
from core.db import make_engine
from core.vault import Vault
from devices.intake import Intake

PROMISED = 0.5
EVERY = 0.05
LOOK = 0.003
PENDANT = "bench-000001"
CALM = 100
CLOCK = real_time()
PRESSED = text(
    """
    SELECT r.measured_at FROM readings r JOIN series s ON s.id = r.series_id
    WHERE s.kind = 'pendant' AND r.measured_at > :after
    """
)


def take_in(place: Place, out: Connection, stop: SharedEvent) -> None:
    """Be the product's intake until told to stop; tell at the end how much was stored."""
    db = installation.open_db(make_engine(place.database, name="bench-intake"), Vault(SECRET))
    intake, over = Intake(db, place.mqtt, "bench-intake"), Event()
    thread = Thread(target=intake.run, args=(over,))
    thread.start()
    told = False
    while not stop.wait(0.05):
        if intake.listening and not told:
            out.send("listening")
            told = True
    out.send(intake.counts()["stored"])
    over.set()
    thread.join()


class Presses:
    """Presses a button again and again, and looks when each press is there for others to see."""

    def __init__(self, place: Place) -> None:
        self._engine = create_engine(place.database)
        self._client = client(place, "bench-pendant")
        self._client.loop_start()
        self.sent: dict[datetime, float] = {}
        self.seen: dict[datetime, float] = {}
        self._over = Event()
        self._looking = Thread(target=self._look)
        self._looking.start()

    def press(self) -> None:
        """Press once, now."""
        at = CLOCK.now()
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        body = {"readings": [{"kind": "pendant", "value": True, "at": at.isoformat()}]}
        self.sent[at] = time.monotonic()
        self._client.publish(f"hearth/v1/{PENDANT}/urgent", orjson.dumps(body), 1)

    def _look(self) -> None:
        last = CLOCK.now()
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not self._over.wait(LOOK):
                for at in connection.execute(PRESSED, {"after": last}).scalars():
                    self.seen.setdefault(at.astimezone(UTC), time.monotonic())
                waiting = [at for at in self.sent if at not in self.seen]
                last = max([last, *(at for at in self.seen if not waiting or at < min(waiting))])

    def end(self) -> None:
        """Wait for the last presses, and stop looking."""
        until = time.monotonic() + 30
        while len(self.seen) < len(self.sent) and time.monotonic() < until:
            self._over.wait(0.05)
        self._over.set()
        self._looking.join()
        self._client.disconnect()
        self._client.loop_stop()
        self._engine.dispose()

    def took(self, among: Sequence[datetime]) -> list[float]:
        """How long each of these presses took until it was there, in order of size."""
        return sorted(self.seen[at] - self.sent[at] for at in among if at in self.seen)


def say(title: str, took: Sequence[float], sent: int) -> None:
    """Print how long presses took."""
    p50, p99 = took[len(took) // 2], took[max(0, int(len(took) * 0.99) - 1)]
    print(
        f"{title:24} {sent:5} presses, {len(took)} stored: "
        f"p50 {p50 * 1000:4.0f} ms, p99 {p99 * 1000:4.0f} ms, longest {took[-1] * 1000:4.0f} ms"
    )


def measure(place: Place) -> bool:
    """Press in calm and in the flood; whether the promise was kept."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    stop = context.Event()
    worker = context.Process(target=take_in, args=(place, theirs, stop))
    worker.start()
    ours.recv()
    presses, pause = Presses(place), Event()
    for _ in range(CALM):
        presses.press()
        pause.wait(EVERY)
    calm = list(presses.sent)
    flood, _ = apart(publish, place)
    while flood.is_alive():
        presses.press()
        pause.wait(EVERY)
    flooded = [at for at in presses.sent if at not in set(calm)]
    presses.end()
    stop.set()
    stored = ours.recv()
    worker.join()
    say("calm", presses.took(calm), len(calm))
    took = presses.took(flooded)
    say(f"{place.messages:,} in the flood", took, len(flooded))
    print(f"{stored:,.0f} readings stored; load average {os.getloadavg()[0]:.1f}")
    lost = len(presses.sent) - len(presses.seen)
    p99 = took[max(0, int(len(took) * 0.99) - 1)]
    kept = lost == 0 and p99 <= PROMISED
    print(f"p99 of {PROMISED * 1000:.0f} ms is promised, and no press lost: {'kept' if kept else 'MISSED'}")
    return kept


def main() -> int:
    """Measure and print; 1 when less than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--devices", type=int, default=5_000)
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    children = Children(folder / "logs", Event())
    try:
        return 0 if measure(prepare(folder, children, wanted.messages, wanted.devices)) else 1
    finally:
        children.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
