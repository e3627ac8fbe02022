"""How long a look for silence takes among a million expectations, of which few, or some thousand, are due."""

import argparse
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bench import caseload, crowd, database
from bench.database import Database
from bench.system import cpu_seconds, machine
from care_plans.plan import expecting
from care_plans.work import recurrence
from care_plans.work.recurrence import Recurrence
from core.db import Db
from core.zones import UK
from devices import silence

PROMISED = 1.0
"""Seconds within which all that is due has been looked at."""
WITH_KIT = 5_000
"""People whose kit has spoken: theirs are the expectations that fall due."""
KINDS = (
    "spo2", "systolic", "pulse", "body_temperature", "respiratory_rate", "diastolic", "weight", "glucose",
    "peak_flow", "pain",
)  # fmt: skip
"""What is expected of everybody; their oximeters spoke of the first, and nothing of the second."""
DAY = 86400

STAND = """
INSERT INTO expectations
  (person_id, kind, source, calendar, every_seconds, grace_seconds, expected_by, state, state_since)
SELECT p.id, k.kind, 'plan:bench', CASE WHEN p.id % 2 = 0 THEN CAST(:calendar AS jsonb) END,
  CASE WHEN p.id % 2 = 1 THEN 86400 END, 7200, now() + interval '2 hours' + random() * interval '22 hours',
  'heard', now()
FROM people p CROSS JOIN unnest(CAST(:kinds AS text[])) AS k (kind)
ORDER BY random()
"""
END_OTHERS = "UPDATE expectations SET ended_at = now() WHERE source <> 'plan:bench'"
FALL_DUE = """
UPDATE expectations SET expected_by = :at, state = 'heard', last_heard_at = NULL,
  calendar = CASE WHEN calendar IS NOT NULL THEN CAST(:calendar AS jsonb) END
WHERE id IN (
  SELECT id FROM expectations WHERE source = 'plan:bench' AND person_id = ANY(:people) AND kind = ANY(:kinds)
  ORDER BY person_id, kind LIMIT :count
)
"""
STANDING = """
SELECT count(*) FILTER (WHERE expected_by <= :now), count(*) FILTER (WHERE state = 'late'), count(*)
FROM expectations WHERE ended_at IS NULL
"""
PLAN = """
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)
SELECT id FROM expectations WHERE ended_at IS NULL AND expected_by <= now() ORDER BY expected_by LIMIT 500
FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class Look:
    """What looking at all that was due took, and how many expectations were late afterwards."""

    due: int
    late: int
    still_due: int
    among: int
    steps: int
    wall: float
    own: float
    database: float


def prepare(found: Database, expectations: int, with_kit: int) -> list[int]:
    """So many expectations of people, of whom some have kit that has spoken; these people's ids."""
    db, owner = found.open("prepare"), found.owner()
    first = caseload.take_on(db, 1)[0]
    with Session(owner) as session, session.begin():
        members = crowd.multiply(session, first, with_kit)
        crowd.lay_history(session, days=2, a_day=3)
        crowd.add_people(session, first, expectations // len(KINDS) - with_kit - 1)
        session.execute(text(STAND), {"kinds": list(KINDS), "calendar": calendar(db.clock.now())})
        session.execute(text(END_OTHERS))
    found.settle()
    db.engine.dispose()
    owner.dispose()
    return [member.person_id for member in members]


def calendar(at: datetime) -> str:
    """Every day at that time, to the minute."""
    local = at.astimezone(ZoneInfo(UK))
    return orjson.dumps(
        recurrence.to_document(Recurrence((local.time().replace(second=0, microsecond=0),)))
    ).decode()


def let_fall_due(owner: Engine, people: list[int], count: int, now: datetime) -> None:
    """Let so many be due since the last minute; of every second one was heard."""
    at = now.replace(second=0, microsecond=0) - timedelta(minutes=1)
    asked = {"at": at, "calendar": calendar(at), "people": people, "kinds": list(KINDS[:2]), "count": count}
    with Session(owner) as session, session.begin():
        session.execute(text(FALL_DUE), asked)


def look(db: Db, due: int, database_pid: int) -> Look:
    """Look at all that is due, as the timetable does: again and again while there is any."""
    before = cpu_seconds(database_pid)
    wall, own, steps, more = time.perf_counter(), time.process_time(), 0, True
    while more:
        with db.transaction() as session:
            more = silence.step(session, db.clock.now(), next_window=expecting.next_window)
        steps += 1
    took, used = time.perf_counter() - wall, time.process_time() - own
    spent = cpu_seconds(database_pid) - before
    with db.transaction() as session:
        still, late, among = session.execute(text(STANDING), {"now": db.clock.now()}).one()
    return Look(due, late, still, among, steps, took, used, spent)


def tell(found: Look) -> bool:
    """Print what was found; whether it took less than is promised and all was looked at."""
    kept = found.wall < PROMISED
    print(
        f"  {found.due:7,} due of {found.among:,}: {found.wall:.3f} s in {found.steps} steps"
        f" ({'kept' if kept else 'missed'}: under {PROMISED:.0f} s is promised); {found.late:,} late"
    )
    print(
        f"          processor: {found.own:.3f} s of the timetable's, {found.database:.3f} s of the database's"
    )
    return kept and not found.still_due


def main() -> int:
    """Measure and print; 1 when slower than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--expectations", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, nargs="*", default=[0, 25, 1_000, 5_000])
    wanted = parser.parse_args()
    with database.alone() as (found, children):
        people = prepare(found, wanted.expectations, WITH_KIT)
        db, owner, pid = found.open("look"), found.owner(), children.pids()["postgres"]
        look(db, 0, pid)
        print(f"looking for silence; {machine()}")
        kept = []
        for due in wanted.due:
            let_fall_due(owner, people, due, db.clock.now())
            kept.append(tell(look(db, due, pid)))
        with owner.connect() as connection:
            print("  how the database finds them:")
            for (line,) in connection.execute(text(PLAN)):
                print(f"    {line}")
        db.engine.dispose()
        owner.dispose()
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
