"""A week of a hundred simulated homes with the faults on: loads, precision and what was missed, by tuning."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from threading import Event

from app import migrate
from bench.system import machine
from bench.week_figures import Figures, count
from bench.week_homes import Place, places
from bench.week_laying import Laid, lay
from bench.week_report import said, verdict
from bench.week_running import Lived, live
from bench.week_truth import Knower
from bench.week_tuning import Tuned, tune
from core import installation
from core.children import Children
from core.clock import Clock
from core.db import Db, make_engine
from core.embedded.postgres import Postgres
from core.embedded.secrets import Secrets
from core.vault import Vault
from devices import kind_classes

START = datetime(2026, 11, 9, tzinfo=UTC)
"""A Monday, in the time of year in which the simulated homes are cold."""
ARMS = ("as first shipped", "after the shipped tuning")


@dataclass(frozen=True, slots=True)
class Ran:
    """One week as it was lived, with its figures."""

    figures: Figures
    lived: Lived
    tuned: Tuned
    seconds: float


def run(
    db: Db,
    chosen: Sequence[Place],
    seed: int,
    start: datetime,
    days: float,
    *,
    tuned: bool,
    tell: Callable[[datetime], None] = lambda _day: None,
) -> Ran:
    """Live a week in an empty installation; `tuned` as the product ships today, else as it first shipped."""
    began = time.monotonic()
    end = start + timedelta(days=days)
    laid: list[Laid] = lay(db, chosen, start, first_versions=not tuned)
    limits = tune(db, laid, start) if tuned else Tuned()
    knowers = [Knower(one.place, start, end) for one in laid]
    lived = live(db, laid, knowers, seed, start, end, tell)
    figures = count(db, laid, knowers, lived.shifts, start, end)
    return Ran(figures, lived, limits, time.monotonic() - began)


def one_arm(arm: str, homes: int, days: int, seed: int) -> Ran:
    """One week on a database server of its own, which is gone afterwards."""

    def tell(day: datetime) -> None:
        print(f"{arm}: lived through {day:%A}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="hearth-week-") as folder, _database(Path(folder)) as db:
        chosen = places(homes, START, days, seed)
        return run(db, chosen, seed, START, days, tuned=arm == ARMS[1], tell=tell)


@contextmanager
def _database(folder: Path) -> Iterator[Db]:
    """An installation of our own; nothing of it outlives the run, so no commit waits for the disk."""
    postgres, children = Postgres(folder), Children(folder / "logs", Event())
    postgres.prepare()
    try:
        children.start(postgres.child())
        migrate.upgrade(postgres.url("owner"))
        vault = Vault(Secrets(folder / "secrets").keep("secret_key"))
        engine = make_engine(postgres.url("app"), name="hearthline week", durable=False)
        db = Db(engine, Clock(START, START, 0.0), vault)
        with db.transaction() as session:
            installation.found(session, vault, start=START)
            kind_classes.lay(session)
        yield db
        engine.dispose()
    finally:
        children.stop_all()


def main() -> int:
    """Live the same week twice, side by side, and print both; 1 where a red truth was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--homes", type=int, default=100)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    with ProcessPoolExecutor(len(ARMS), mp_context=get_context("spawn")) as pool:
        running = [pool.submit(one_arm, arm, asked.homes, asked.days, asked.seed) for arm in ARMS]
        ran = [each.result() for each in running]
    chosen = places(asked.homes, START, asked.days, asked.seed)
    print(f"{asked.homes} homes, {asked.days} days from {START:%d %B %Y}, seed {asked.seed}; {machine()}")
    for arm, one in zip(ARMS, ran, strict=True):
        print(said(arm, chosen, one.figures, one.lived, one.tuned, one.seconds))
    words, kept = verdict([one.figures for one in ran], [one.lived for one in ran])
    print(f"{words}\nTook {(time.monotonic() - began) / 60:.1f} minutes.")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
