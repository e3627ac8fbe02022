"""How long it takes to try three rules on 1,000 years of people's hourly oxygen, pulse and weight."""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import caseload, crowd, database
from bench.database import Database
from bench.system import machine
from care_plans.evaluating import past
from care_plans.judging.replay import replay
from care_plans.judging.rules import Rule, from_document
from devices import subjects

PROMISED = 60.0
"""Seconds for 1,000 person-years."""
PEOPLE = 1_000
AT_ONCE = 10
"""People whose readings are read in one statement, as trying a rule does."""

LONG_THEIRS = "UPDATE assignments SET period = tstzrange(now() - interval '13 months', NULL)"
MONTHS = "SELECT ensure_readings_partitions((now() - interval '13 months')::date, now()::date)"
SERIES = """
INSERT INTO series (device_id, channel, kind)
SELECT d.id, '', k.kind FROM devices d, (VALUES ('spo2'), ('pulse'), ('weight')) AS k (kind)
"""
# Calm and a little noisy; each kind is off on two days of a hundred, not the same days for everybody.
READINGS = """
INSERT INTO readings (series_id, measured_at, value, flags, batch_id)
SELECT s.id, t.at,
  round((k.usual + k.noise * (random() + random() + random() - 1.5)
    + CASE WHEN (s.id * 31 + extract(doy FROM t.at)::int) % 100 < 2 THEN k.off ELSE 0 END
  )::numeric, 1)::float8,
  0, b.id
FROM series s
JOIN (VALUES ('spo2', 94, 2.0, -8), ('pulse', 74, 8.0, 45), ('weight', 78, 0.3, 3))
  AS k (kind, usual, noise, off) USING (kind),
  (VALUES (CAST(:batch AS bigint))) AS b (id),
  generate_series(now() - make_interval(days => :days), now() - interval '1 hour', interval '1 hour')
    AS t (at)
ORDER BY s.id, t.at
"""
BATCH = "INSERT INTO batches (received_at, stored_at) VALUES (now(), now()) RETURNING id"


def rule(key: str, kind: str, *steps: tuple[str, dict[str, object]], clear: dict[str, object]) -> Rule:
    """A clinical rule of one kind."""
    said = [{"severity": severity, "when": {"kind": kind, **when}} for severity, when in steps]
    return from_document(
        {
            "key": f"copd.{key}", "name": key, "class": "clinical", "about": "person", "source": "A bench.",
            "steps": said, "clear": {"kind": kind, **clear},
        }
    )  # fmt: skip


RULES = (
    rule(
        "oxygen", "spo2", ("red", {"below": 85, "times": 2, "within": "2 h"}), ("amber", {"below": 88}),
        clear={"at_or_above": 90},
    ),
    rule("pulse", "pulse", ("amber", {"above": 110, "for": "3 h"}), clear={"at_or_below": 100}),
    rule("weight", "weight", ("amber", {"rises_by": 2, "over": "3 days"}), clear={"below": 80}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Took:
    """What one process read and found, and the seconds it spent on either."""

    readings: int
    episodes: int
    reading: float
    judging: float


def prepare(found: Database, people: int, days: int) -> list[int]:
    """So many people with a past, and their ids."""
    db, owner = found.open("prepare"), found.owner()
    first = caseload.take_on(db, 1)[0]
    with Session(owner) as session, session.begin():
        members = [first, *crowd.multiply(session, first, people - 1)]
        session.execute(text(LONG_THEIRS))
        session.execute(text(MONTHS))
        session.execute(text(SERIES))
        batch = session.execute(text(BATCH)).scalar_one()
        session.execute(text(READINGS), {"days": days, "batch": batch})
    found.settle()
    db.engine.dispose()
    owner.dispose()
    return [member.person_id for member in members]


def try_rules(given: tuple[Database, Sequence[int], int]) -> Took:
    """Read the past of these people, a few at a time, and hold every rule against it."""
    found, people, days = given
    db = found.open("replay")
    readings = episodes = 0
    reading = judging = 0.0
    with db.transaction() as session:
        now = db.clock.now()
        start = now - timedelta(days=days)
        for first in range(0, len(people), AT_ONCE):
            those = [subjects.person(key) for key in people[first : first + AT_ONCE]]
            began = time.perf_counter()
            given_ = list(past.tracks(session, RULES, those, start, now))
            read = time.perf_counter()
            for _, tracks in given_:
                readings += sum(len(track.times) for track in tracks.values())
                episodes += sum(len(replay(each, tracks, start, now)) for each in RULES)
            reading += read - began
            judging += time.perf_counter() - read
    db.engine.dispose()
    return Took(readings, episodes, reading, judging)


def main() -> int:
    """Measure and print; 1 when slower than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--processes", type=int, default=2)
    wanted = parser.parse_args()
    with database.alone() as (found, _):
        people = prepare(found, wanted.people, wanted.days)
        parts = [people[number :: wanted.processes] for number in range(wanted.processes)]
        print(f"trying {len(RULES)} rules; {wanted.processes} processes; {machine()}")
        began = time.perf_counter()
        with multiprocessing.get_context("spawn").Pool(wanted.processes) as pool:
            took = pool.map(try_rules, [(found, part, wanted.days) for part in parts])
        wall = time.perf_counter() - began
    years = wanted.people * wanted.days / 365
    promised = PROMISED * years / PEOPLE
    kept = wall < promised
    print(f"  {sum(one.readings for one in took):,} readings of {years:,.0f} person-years")
    print(f"  {sum(one.episodes for one in took):,} findings")
    reading, judging = sum(one.reading for one in took), sum(one.judging for one in took)
    print(f"  reading {reading:.1f} s, judging {judging:.1f} s, all processes together")
    print(f"  {wall:.1f} s ({'kept' if kept else 'missed'}: under {promised:.0f} s is promised)")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
