"""How many readings a second one evaluator judges, each of four kinds held to five rules of their plan.

A reading is judged once it is stored, whoever it is about was claimed after that, and all rules of their plan
were held against all they have, the new with the old: what is counted are the new ones.
"""

import argparse
import multiprocessing
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.synchronize import Event as SharedEvent
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.running.evaluate import IDLE
from bench import caseload, crowd, database, own_plan
from bench.caseload import Member
from bench.database import Database
from bench.own_plan import KINDS, RULES, RULES_A_KIND
from bench.system import cpu_seconds, machine, pause, quantile
from care_plans.evaluating.evaluate import Evaluator
from core import worker
from core.db import Db
from devices import rows, series
from devices import unread as waking
from devices.rows import Row
from devices.series import SeriesKey

PROMISED = 5_000
"""Readings a second that one evaluator is to judge."""
PROMISED_AT = 8
"""Readings of each person that wait when that is held: two checks of four kinds, as after an outage."""
AT_ONCE = (1, 2, 4, 8, 12)
"""Readings of one person that wait, in the rows of the table."""
UNWELL = 50
"""One in so many people is far beyond a limit each time: theirs are alerts, raised once and told anew."""
BATCH = 500
"""Messages that are stored in one transaction."""
STORE_EVERY = 0.05
HEAD = "  readings   wake-ups   readings/s   a CPU second   people/s evaluator  database"
APART = timedelta(minutes=1)
"""Between two checks of one person that wait."""


ILL_IN = "spo2"
DUE = ("far", "twice", "moved", "unusual")
TALLY = """
WITH raised AS (
  SELECT person_id, rule_key, count(*) = 1 AND max(times_raised) = 1 AS once,
    person_id = ANY(:unwell) AND rule_key = ANY(:due) AS due,
    person_id = ANY(:unwell) AND rule_key = :mean AS may_be
  FROM alerts WHERE person_id = ANY(:people) AND rule_key LIKE 'own.%' GROUP BY person_id, rule_key
)
SELECT
  (SELECT count(*) FROM judgements j WHERE j.rule_key LIKE 'own.%' AND j.subject / 2 = ANY(:people))
    AS verdicts,
  (SELECT count(*) FROM judgements j WHERE j.verdict = 'unknown' OR j.rule_key = '*') AS faults,
  (SELECT count(*) FROM unread) AS waiting,
  cardinality(CAST(:unwell AS bigint[])) * cardinality(CAST(:due AS text[])) AS due,
  (SELECT count(*) FROM raised WHERE due AND once) AS raised_once,
  (SELECT count(*) FROM raised WHERE NOT due AND NOT may_be) AS undue
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a backlog took: seconds by the clock, and of processors, of the evaluator and of the database."""

    readings: int
    people: int
    wake_ups: int
    wall: float
    own: float
    database: float

    @property
    def rate(self) -> float:
        """Readings judged a second by the clock."""
        return self.readings / self.wall

    def row(self) -> str:
        """As the table shows it."""
        return (
            f"  {self.readings / self.people:8.0f} {self.wake_ups / self.people:10.0f} {self.rate:12,.0f}"
            f" {self.readings / self.own:14,.0f} {self.people / self.wall:10,.0f}"
            f" {self.own / self.wall:9.0%} {self.database / self.wall:9.0%}"
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """What the database says after judging."""

    verdicts: int
    faults: int
    waiting: int
    due: int
    raised_once: int
    undue: int

    def is_right(self, people: int) -> bool:
        """Whether all was judged, with no fault, and each alert raised once that is due, and no other."""
        told = self.verdicts == people * RULES and self.raised_once == self.due
        return told and not (self.faults or self.waiting or self.undue)


class Crowd:
    """People whose kit speaks straight into the database, as intake would store it."""

    def __init__(self, db: Db, members: Sequence[Member]) -> None:
        self._db = db
        self._members = members
        keys = [SeriesKey(member.device_id, "", kind) for member in members for kind in KINDS]
        with db.transaction() as session:
            self._series = series.ensure(session, keys)
        self._chance = random.Random(7)

    def speak(self, numbers: Sequence[int], at: datetime, kinds: Sequence[str]) -> int:
        """A message of each of these people, of one reading of each kind; how many readings were stored."""
        stored = 0
        for start in range(0, len(numbers), BATCH):
            part = numbers[start : start + BATCH]
            spoken = [
                Row(
                    self._series[SeriesKey(self._members[number].device_id, "", kind)],
                    at + timedelta(milliseconds=number % 997),
                    self._value(kind, unwell=number % UNWELL == 0),
                    0,
                )
                for number in part
                for kind in kinds
            ]
            now = self._db.clock.now()
            with self._db.transaction() as session:
                stored += rows.put(session, spoken, now, now).stored
                spans = {self._members[number].device_id: (at, at) for number in part}
                waking.wake_by_devices(session, spans, now)
        return stored

    def _value(self, code: str, *, unwell: bool) -> float:
        kind = KINDS[code]
        if unwell and code == ILL_IN:
            return kind.far - 1
        return kind.calm + kind.step * self._chance.randrange(own_plan.STEPS)


def prepare(found: Database, people: int) -> list[Member]:
    """So many people on plans of their own, with a week of readings."""
    db, owner = found.open("prepare"), found.owner()
    first = caseload.take_on(db, 1)[0]
    own_plan.give(db, first)
    with Session(owner) as session, session.begin():
        members = crowd.multiply(session, first, people)
        own_plan.make_each_their_own(session)
        calm = {code: (kind.calm, kind.step) for code, kind in KINDS.items()}
        crowd.lay_history(session, days=8, a_day=3, calm=calm)
        session.execute(text("DELETE FROM unread"))
    found.settle()
    db.engine.dispose()
    owner.dispose()
    return members


def lay(speaking: Crowd, db: Db, people: int, each: int) -> tuple[int, int]:
    """Let so many readings of each person wait, of all kinds by turns; how many, in how many wake-ups."""
    kinds = tuple(KINDS)
    checks = [kinds[: each - start] for start in range(0, each, len(kinds))]
    now, stored = db.clock.now(), 0
    for number, check in enumerate(checks):
        stored += speaking.speak(range(people), now - APART * (len(checks) - 1 - number), check)
    return stored, people * len(checks)


def judge_all(evaluator: Evaluator) -> None:
    """Judge until nobody waits."""
    while evaluator.step():
        pass


def clear_up(evaluator: Evaluator, laid: tuple[int, int], people: int, database_pid: int) -> Spent:
    """Judge what waits, and what that took."""
    readings, wake_ups = laid
    before = cpu_seconds(database_pid)
    wall, own = time.perf_counter(), time.process_time()
    judge_all(evaluator)
    took, used = time.perf_counter() - wall, time.process_time() - own
    return Spent(readings, people, wake_ups, took, used, cpu_seconds(database_pid) - before)


def tally(db: Db, members: Sequence[Member]) -> Tally:
    """Whether every rule was held for everybody, and whoever is unwell has each alert that is due once."""
    asked = {
        "people": [member.person_id for member in members],
        "unwell": [member.person_id for member in members[::UNWELL]],
        "due": [f"own.{ILL_IN}_{name}" for name in DUE],
        "mean": f"own.{ILL_IN}_mean",
    }
    with db.transaction() as session:
        return Tally(**session.execute(text(TALLY), asked).mappings().one())


def stream(
    found: Database, members: Sequence[Member], readings_a_second: int, stop: SharedEvent, stored: Any
) -> None:
    """Store checks of all kinds, one person after the other, at a steady pace until told to stop."""
    db = found.open("stream")
    speaking = Crowd(db, members)
    began, sent = time.monotonic(), 0
    while not stop.is_set():
        due = int((time.monotonic() - began) * readings_a_second / len(KINDS))
        numbers = [number % len(members) for number in range(sent, min(due, sent + len(members)))]
        speaking.speak(numbers, db.clock.now(), tuple(KINDS))
        sent += len(numbers)
        stored.value = sent * len(KINDS)
        pause(STORE_EVERY)
    db.engine.dispose()


def judge_stream(
    found: Database, members: Sequence[Member], evaluator: Evaluator, readings_a_second: int, seconds: float
) -> None:
    """Judge while readings stream in, and print whether the evaluator kept up."""
    context = multiprocessing.get_context("spawn")
    stop, stored = context.Event(), context.Value("q", 0)
    asked = (found, members, readings_a_second, stop, stored)
    other = context.Process(target=stream, args=asked, daemon=True)
    other.start()
    while not stored.value:
        pause(STORE_EVERY)
    waited: list[float] = []
    judged, came = evaluator.counts.judged, stored.value
    wall, own = time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < seconds:
        waited.append(evaluator.oldest_waiting() or 0.0)
        if not evaluator.step():
            pause(IDLE)
    took, used = time.perf_counter() - wall, time.process_time() - own
    came, judged = stored.value - came, evaluator.counts.judged - judged
    stop.set()
    other.join()
    judge_all(evaluator)
    print(f"\na stream of checks of {len(KINDS)} kinds, {seconds:.0f} s; {machine()}")
    print(f"  stored {came / took:,.0f} readings/s; judged {judged / took:,.0f} people/s")
    p50, p95, most = quantile(waited, 0.5), quantile(waited, 0.95), max(waited)
    print(f"  oldest unread: p50 {p50:.2f} s, p95 {p95:.2f} s, most {most:.2f} s")
    print(f"  processor: the evaluator {used / took:.0%}")


def told(db: Db, members: Sequence[Member]) -> bool:
    """Print whether all was judged as it should be; whether it was."""
    found = tally(db, members)
    right = found.is_right(len(members))
    print(
        f"\n{found.verdicts:,} verdicts of {len(members) * RULES:,} rules, {found.faults} unknown or faults"
    )
    print(f"  alerts: {found.due:,} due, {found.raised_once:,} raised once, {found.undue} not due")
    print(f"  {'all' if right else 'NOT all'} judged as is due")
    return right


def measure(found: Database, database_pid: int, people: int, at_once: Sequence[int], seconds: float) -> bool:
    """Judge backlogs, print the table and judge a stream; whether the promise was kept and all was right."""
    members = prepare(found, people)
    db = found.open("evaluate")
    evaluator, speaking = Evaluator(db), Crowd(db, members)
    print(f"{people:,} people on plans of their own, {RULES_A_KIND} rules for each of {len(KINDS)} kinds")
    print("  a reading judged: new, and all of its person's rules were held against all that they have")
    print(f"{HEAD}")
    first = clear_up(evaluator, lay(speaking, db, people, len(KINDS)), people, database_pid)
    print(f"{first.row()}  everybody met for the first time")
    kept = True
    for each in at_once:
        spent = clear_up(evaluator, lay(speaking, db, people, each), people, database_pid)
        word = ""
        if each == PROMISED_AT:
            kept = spent.rate >= PROMISED
            word = f"  {'kept' if kept else 'missed'}: {PROMISED:,} readings/s are promised"
        print(f"{spent.row()}{word}")
    print(f"  one evaluator; {machine()}")
    judge_stream(found, members, evaluator, PROMISED, seconds)
    right = told(db, members)
    db.engine.dispose()
    return kept and right


def main() -> int:
    """Measure and print; 1 when slower than promised, or judged otherwise than is due."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=4_000)
    parser.add_argument("--at-once", type=int, nargs="*", default=AT_ONCE)
    parser.add_argument("--seconds", type=float, default=30.0)
    wanted = parser.parse_args()
    worker.collect_seldom()
    with database.alone() as (found, children):
        pid = children.pids()["postgres"]
        return 0 if measure(found, pid, wanted.people, wanted.at_once, wanted.seconds) else 1


if __name__ == "__main__":
    sys.exit(main())
