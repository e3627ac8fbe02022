"""Whether every reading is stored once and every due alert raised once while processes are killed."""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bench import caseload, crowd
from bench.caseload import Member, Speaker, said
from bench.system import WholeSystem, machine, pause
from core.db import Db

KILLS = ("intake", "intake", "evaluate", "intake", "postgres", "intake", "evaluate", "intake")
"""Who is killed outright, in this order; the database's supervisor starts it again, as it does the others."""
AGAIN = 20
"""One in so many messages is sent twice."""
UNWELL = 2
"""One in so many people has two low readings at the end: theirs are the alerts that are due."""
PATIENCE = 120.0
"""Seconds after which what has not come is called lost."""

LOOK_EVERY = 0.2
RULE = "copd.oxygen_low"

READINGS = "SELECT count(*) FROM readings r JOIN series s ON s.id = r.series_id WHERE s.device_id = ANY(:kit)"
ALERTS = """
SELECT person_id, rule_key, count(*) AS alerts, max(times_raised) AS times, max(severity) AS severity
FROM alerts GROUP BY person_id, rule_key
"""
COUNTS = {
    "conflicts": "SELECT count(*) FROM reading_conflicts",
    "rejected": "SELECT count(*) FROM rejected",
    "waiting": "SELECT count(*) FROM unread",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """What was sent and what came of it."""

    messages: int
    readings: int
    stored: int
    conflicts: int
    rejected: int
    due: int
    raised_once: int
    raised_again: int
    undue: int
    waiting: int
    killed: int

    @property
    def clean(self) -> bool:
        """Whether every reading was stored once and every due alert raised once, and nothing else."""
        return (
            self.stored == self.readings
            and self.raised_once == self.due
            and not (self.conflicts or self.rejected or self.raised_again or self.undue or self.waiting)
        )


class Course:
    """Who says what: each person for half of the course, one after the other beginning and ending."""

    def __init__(self, members: Sequence[Member], messages: int, start: datetime) -> None:
        self.members = members
        self.each = messages // len(members)
        self._start = start

    @property
    def due(self) -> set[int]:
        """The people for whom an alert is due."""
        return {member.person_id for member in self.members[::UNWELL]}

    @property
    def messages(self) -> int:
        """How many messages are sent, without those that are sent twice."""
        return self.each * len(self.members)

    def sayings(self) -> Iterator[tuple[int, bytes]]:
        """Who (by place) says what, in the order of the course."""
        several = len(self.members)
        order = sorted(
            (who / several + number / self.each, who, number)
            for who in range(several)
            for number in range(self.each)
        )
        for _, who, number in order:
            low = who % UNWELL == 0 and number >= self.each - 2
            at = self._start + timedelta(seconds=number)
            yield who, said(("spo2", 84 if low else 93, at), ("pulse", 70 + number % 9, at))


def publish(course: Course, speakers: Sequence[Speaker], messages_a_second: float) -> None:
    """Say all of it at this pace, some of it twice, and wait until the broker has it."""
    began, sent = time.monotonic(), []
    for number, (who, body) in enumerate(course.sayings()):
        while number > (time.monotonic() - began) * messages_a_second:
            pause(0.01)
        times = 2 if number % AGAIN == 0 else 1
        sent += [speakers[who].say(body) for _ in range(times)]
    for each in sent:
        each.wait_for_publish(PATIENCE)


class Witness:
    """Counts what is in the database, also while that is being started again."""

    def __init__(self, db: Db, course: Course) -> None:
        self._db = db
        self._course = course
        self._kit = [member.device_id for member in course.members]
        self._last = 0

    def stored(self) -> int:
        """How many readings are stored; while the database is away, as many as when last seen."""
        try:
            with self._db.transaction() as session:
                self._last = session.scalars(text(READINGS), {"kit": self._kit}).one()
        except OperationalError:
            pause(LOOK_EVERY)
        return self._last

    def tally(self, killed: int) -> Tally:
        """What there is now."""
        with self._db.transaction() as session:
            one = {name: int(session.scalars(text(query)).one()) for name, query in COUNTS.items()}
            alerts = list(session.execute(text(ALERTS)))
            stored = int(session.scalars(text(READINGS), {"kit": self._kit}).one())
        due = self._course.due
        expected = [row for row in alerts if row.person_id in due and row.rule_key == RULE]
        once = [row for row in expected if (row.alerts, row.times, row.severity) == (1, 1, "red")]
        return Tally(
            messages=self._course.messages,
            readings=self._course.messages * 2,
            stored=stored,
            due=len(due),
            raised_once=len(once),
            raised_again=len(expected) - len(once),
            undue=sum(row.alerts for row in alerts if row not in expected),
            killed=killed,
            **one,
        )


def kill_one_after_the_other(system: WholeSystem, witness: Witness, course: Course) -> int:
    """Kill each of KILLS when its share of the course is stored, so that all die at work; how many."""
    for number, name in enumerate(KILLS, start=1):
        share = course.messages * 2 * number // (len(KILLS) + 1)
        _wait(lambda share=share: witness.stored() >= share)  # type: ignore[misc]
        system.await_restart(name, system.kill(name))
    return len(KILLS)


def _wait(so: Callable[[], bool]) -> None:
    """Wait until it is so; not for ever, as the tally says what is missing."""
    deadline = time.monotonic() + PATIENCE
    while not so() and time.monotonic() < deadline:
        pause(LOOK_EVERY)


def run(folder: Path, messages: int, people: int, messages_a_second: float) -> Tally:
    """Start a system, send, kill, wait until all has settled, and count."""
    with WholeSystem(folder, "--seed", "none") as system, ThreadPoolExecutor(1) as apart:
        db, owner = system.open_db(), system.owner_engine()
        first = caseload.take_on(db, 1)[0]
        with Session(owner) as session, session.begin():
            members = crowd.multiply(session, first, people)
        owner.dispose()
        each = timedelta(seconds=messages // people)
        course = Course(members, messages, db.clock.now() - each)
        speakers = [Speaker(system.mqtt("", ""), member) for member in members]
        for speaker in speakers:
            speaker.open()
        witness = Witness(db, course)
        published = apart.submit(publish, course, speakers, messages_a_second)
        killed = kill_one_after_the_other(system, witness, course)
        published.result()
        _wait(lambda: witness.tally(killed).clean)
        tally = witness.tally(killed)
        for speaker in speakers:
            speaker.close()
        db.engine.dispose()
        return tally


def tell(tally: Tally, seconds: float) -> None:
    """Print what was found."""
    print(f"\n{tally.messages:,} messages in {seconds:.0f} s, one in {AGAIN} sent twice; {machine()}")
    print(f"  killed outright: {', '.join(f'{name} {n} times' for name, n in Counter(KILLS).items())}")
    otherwise = tally.raised_again
    print(f"  readings  {tally.readings:7,} sent  {tally.stored:7,} stored once, {tally.conflicts} conflicts")
    print(f"  alerts    {tally.due:7,} due   {tally.raised_once:7,} raised once, {otherwise} otherwise")
    print(
        f"  not due: {tally.undue} alerts; rejected: {tally.rejected}; waiting to be judged: {tally.waiting}"
    )
    print(f"  {'kept' if tally.clean else 'missed'}: every reading once and every due alert once is promised")


def main() -> int:
    """Run it all and print the tally; 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--rate", type=float, default=250.0, help="messages a second")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    began = time.monotonic()
    try:
        tally = run(folder, wanted.messages, wanted.people, wanted.rate)
        tell(tally, time.monotonic() - began)
        return 0 if tally.clean else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
