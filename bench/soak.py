"""How much memory intake and evaluator come to use while a demo place lives and others publish as well."""

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psutil
from sqlalchemy.orm import Session

from bench import caseload, crowd
from bench.latency import background
from bench.system import WholeSystem, machine, pause, quantile
from care_plans.evaluating import unread
from core.db import Db

PROMISED = 200.0
"""MB that intake, and the evaluator, may use at most."""
HELD = ("intake", "evaluate")
SHOWN = (*HELD, "schedule", "web", "simulate")
SPEAKERS = 100
"""Devices beside the demo place's, each on a connection of its own and somebody's on a plan."""
LOOK_EVERY = 1.0
TELL_EVERY = 60.0
MB = 1024 * 1024


class Peaks:
    """The most memory that each process has used, by name; a process that was started again counts on."""

    def __init__(self) -> None:
        self.most: dict[str, float] = {}
        self.pids: dict[str, set[int]] = {}

    def look(self, pids: Mapping[str, int]) -> None:
        """Look once at each."""
        for name in SHOWN:
            try:
                process = psutil.Process(pids[name])
                everybody = [process, *process.children(recursive=True)]
                now = sum(each.memory_info().rss for each in everybody) / MB
            except psutil.NoSuchProcess:
                continue
            self.most[name] = max(self.most.get(name, 0.0), now)
            self.pids.setdefault(name, set()).add(process.pid)

    def said(self) -> str:
        """MB by name."""
        return ", ".join(f"{name} {most:.0f} MB" for name, most in self.most.items())


def watch(system: WholeSystem, db: Db, minutes: float) -> tuple[Peaks, list[float]]:
    """Look every second for so many minutes, and tell every minute; the peaks and how long people waited."""
    peaks, waited = Peaks(), []
    began = told = time.monotonic()
    while time.monotonic() - began < minutes * 60:
        peaks.look(system.pids())
        with db.transaction() as session:
            waited.append(unread.oldest_waiting(session, db.clock.now()) or 0.0)
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            print(f"  after {(told - began) / 60:.0f} min: {peaks.said()}", flush=True)
        pause(LOOK_EVERY)
    return peaks, waited


def run(folder: Path, minutes: float, homes: int, load: int) -> bool:
    """Start a demo place, let others publish as well, watch, and tell; whether the promise was kept."""
    with WholeSystem(folder, "--seed", "demo", "--homes", str(homes)) as system:
        db, owner = system.open_db(), system.owner_engine()
        first = caseload.take_on(db, 1)[0]
        with Session(owner) as session, session.begin():
            members = crowd.multiply(session, first, SPEAKERS)
        owner.dispose()
        context = multiprocessing.get_context("spawn")
        stop = context.Event()
        others = context.Process(
            target=background, args=(system.mqtt("", ""), members, load, stop), daemon=True
        )
        others.start()
        print(f"{homes} demo homes and {load} readings/s of {SPEAKERS} other devices, {minutes:g} minutes")
        peaks, waited = watch(system, db, minutes)
        stop.set()
        others.join()
        db.engine.dispose()
    kept = all(peaks.most[name] < PROMISED for name in HELD)
    restarts = sum(len(pids) - 1 for pids in peaks.pids.values())
    print(f"\npeaks: {peaks.said()}; {restarts} restarts; {machine()}")
    print(f"  {'kept' if kept else 'missed'}: intake and evaluate under {PROMISED:.0f} MB each is promised")
    print(f"  oldest unread: p95 {quantile(waited, 0.95):.2f} s, most {max(waited):.2f} s")
    return kept


def main() -> int:
    """Measure and print; 1 when more than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--homes", type=int, default=12)
    parser.add_argument("--load", type=int, default=200, help="readings a second beside the demo place's")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    try:
        return 0 if run(folder, wanted.minutes, wanted.homes, wanted.load) else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
