"""A whole simulated day of two hundred homes, faults and all: does memory stay level, and who waits."""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.commands import MOST_HOMES
from bench import day_homes, day_report
from bench.day_figures import LEAST, PROMISED, SHARE, Sample, late, longest_queues, memories
from bench.system import WholeSystem, machine, pause, quantile
from bench.week_report import table
from care_plans.evaluating import unread
from core import heartbeats
from core.db import Db

FAULTS = (
    "upload=0.05", "out-of-order=0.05", "dies=0.05", "flapping=0.05", "battery-zero=0.05",
    "battery-null=0.05", "clock-1970=0.05", "clock-null=0.05", "clock-no-zone=0.05", "clock-drifts=0.05",
    "sent-twice=0.1", "cache-replay=0.05", "retained=0.05", "broken=0.05", "nan=0.05", "oversized=0.02",
    "moved=0.02",
)  # fmt: skip
WARM_UP, WARM_UP_SHARE = 4.0, 1 / 3
"""Simulated hours until everybody has been met and what is kept at hand is full; of a short run, a third."""
LOOK_EVERY = 1.0
SEEDING = 900.0
"""Seconds that laying the demo place may take on a machine that others use as well."""
MB = 1024 * 1024
QUEUES = {
    "unread": "SELECT count(*) FROM unread",
    "messages": "SELECT count(*) FROM messages WHERE state = 'waiting'",
    "journal to seal": "SELECT count(*) FROM journal WHERE number IS NULL",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What kind of day."""

    hours: float
    homes: int
    speed: float
    seed: int
    faults: tuple[str, ...]


def private_memory(pids: Mapping[str, int]) -> dict[str, float]:
    """MB that each program with all it started has to itself: without what PostgreSQL's processes share."""
    found: dict[str, float] = {}
    for name, pid in pids.items():
        try:
            process = psutil.Process(pid)
            everybody = [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
        if name == "up":
            everybody = [process]
        found[name] = sum(map(_private, everybody)) / MB
    return found


def _private(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().uss)
    except psutil.NoSuchProcess:
        return 0


class Watch:
    """Looks at a system while it lives: memory, who waits, what waits, and who was started again."""

    def __init__(self, system: WholeSystem, db: Db) -> None:
        self.samples: list[Sample] = []
        self.pids: dict[str, set[int]] = {}
        self.away = 0
        self._system = system
        self._db = db

    def look(self, hour: float) -> None:
        """Look once; while the database does not answer, that is counted."""
        pids = self._system.pids()
        for name, pid in pids.items():
            self.pids.setdefault(name, set()).add(pid)
        try:
            with self._db.transaction() as session:
                waited = unread.oldest_waiting(session, self._db.clock.now()) or 0.0
                queues = {name: int(session.scalars(text(query)).one()) for name, query in QUEUES.items()}
        except OperationalError:
            self.away += 1
            return
        real = self._db.clock.real_seconds(waited)
        self.samples.append(Sample(hour, private_memory(pids), real, queues))

    def told(self, began: float, ended: float) -> str:
        """The hours between in one line."""
        part = [sample for sample in self.samples if began <= sample.hour < ended]
        if not part:
            return f"  hour {ended:4.0f}: no look, {self.away} without an answer of the database"
        memory = ", ".join(f"{name} {size:.0f}" for name, size in part[-1].memory.items())
        queues = ", ".join(f"{name} {number}" for name, number in longest_queues(part).items())
        return (
            f"  hour {ended:4.0f}: oldest unread {max(sample.waited for sample in part):.2f} s,"
            f" {late(part)} looks over {PROMISED:.0f} s; most waiting: {queues}; MB: {memory}"
        )

    @property
    def restarts(self) -> int:
        """How many processes were started again."""
        return sum(len(pids) - 1 for pids in self.pids.values())


def live(watch: Watch, db: Db, asked: Asked, homes: BaseProcess | None) -> None:
    """Watch for so many hours of the installation's clock, and tell each of them."""
    began, told = db.clock.now(), 0
    while (hour := (db.clock.now() - began).total_seconds() / 3600) < asked.hours:
        looked = time.monotonic()
        watch.look(hour)
        while told + 1 <= hour:
            print(watch.told(told, told + 1), flush=True)
            told += 1
        pause(max(0.0, LOOK_EVERY - (time.monotonic() - looked)))
    print(watch.told(told, asked.hours), flush=True)
    if homes is not None:
        homes.terminate()
        homes.join()


def run(folder: Path, asked: Asked) -> bool:
    """Start the place, let the homes live, watch, and tell; whether every promise was kept."""
    demo = min(asked.homes, MOST_HOMES)
    arguments = ("--seed", "demo", "--homes", str(demo), "--speed", str(asked.speed))
    system = WholeSystem(folder, *arguments)
    system.start(within=SEEDING)
    with_homes: BaseProcess | None = None
    try:
        db = system.open_db()
        since = db.clock.now()
        if asked.homes > demo:
            crowd = day_homes.lay(db, asked.homes - demo, asked.seed)
            with_homes = day_homes.begin(crowd, system.mqtt("", ""), db.clock, asked.hours, asked.faults)
        print(
            f"{asked.homes} homes, {demo} of them the demo place's, live {asked.hours:g} hours at"
            f" {asked.speed:g} times the speed; {machine()}",
            flush=True,
        )
        watch = Watch(system, db)
        live(watch, db, asked, with_homes)
        with db.transaction() as session:
            beat = {beat.name: beat for beat in heartbeats.list_all(session)}["intake"]
            found = day_report.read(session, since)
        print(f"\n{day_report.said(found, int(beat.counts['duplicates']))}\n")
        db.engine.dispose()
        return tell(watch, min(WARM_UP, asked.hours * WARM_UP_SHARE))
    finally:
        if with_homes is not None and with_homes.is_alive():
            with_homes.kill()
        system.stop()


def tell(watch: Watch, warm_up: float) -> bool:
    """Print what the looks found, and whether each promise was kept."""
    held = memories(watch.samples, warm_up)
    rows = [
        (each.name, each.first, each.last, each.most, each.slope, "level" if each.level else "GREW")
        for each in held
    ]
    print(table(("MB of its own", "first hour", "last hour", "most", "an hour", ""), rows))
    waited = [sample.waited for sample in watch.samples]
    over, level = late(watch.samples), bool(held) and all(each.level for each in held)
    print(
        f"\n{len(waited):,} looks, {watch.away} without an answer of the database; {watch.restarts} restarts;"
        f" {machine()}"
    )
    print(f"  oldest unread: p95 {quantile(waited, 0.95):.2f} s, most {max(waited):.2f} s, {over} looks over")
    print(f"  most waiting: {longest_queues(watch.samples)}")
    _promise(level, f"no process grows by more than {SHARE:.0%} or {LEAST:.0f} MB after {warm_up:.1f} h")
    _promise(not over, f"nobody waits {PROMISED:.0f} s to be judged")
    _promise(not watch.restarts, "no process has to be started again")
    return level and not over and not watch.restarts


def _promise(kept: bool, what: str) -> None:
    print(f"  {'kept' if kept else 'missed'}: {what}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Live the day and print what it found; 1 when a promise was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=24.0, help="of the installation's clock")
    parser.add_argument("--homes", type=int, default=200)
    parser.add_argument("--speed", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fault", action="append", help="NAME=SHARE of the homes beside the demo place's")
    wanted = parser.parse_args(arguments)
    faults = tuple(wanted.fault or FAULTS)
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    try:
        asked = Asked(wanted.hours, wanted.homes, wanted.speed, wanted.seed, faults)
        return 0 if run(folder, asked) else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
