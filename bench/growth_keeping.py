"""What readings weigh on the disk, and how a month of them goes when it has been kept for long enough."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import psutil
from sqlalchemy import text

from bench.growth_place import Site
from bench.growth_report import said_of_size
from bench.system import pause
from core.db import Db
from devices import partitions

Done = TypeVar("Done")

SIZES = """
SELECT sum(pg_table_size(inhrelid)) FILTER (WHERE inhparent = 'readings'::regclass) AS rows,
  sum(pg_indexes_size(inhrelid)) FILTER (WHERE inhparent = 'readings'::regclass) AS indexes,
  sum(pg_total_relation_size(inhrelid)) FILTER (WHERE inhparent = 'reading_hours'::regclass) AS summaries
FROM pg_inherits WHERE inhparent IN ('readings'::regclass, 'reading_hours'::regclass)
"""
OLDEST = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'readings'::regclass AND c.reltuples > 0 ORDER BY c.relname LIMIT 1
"""
LAST_BATCH = "SELECT max(id) FROM batches"
LONGEST = """
SELECT max(after - before) FROM (
  SELECT stored_at AS after, lag(stored_at) OVER (ORDER BY stored_at) AS before FROM batches WHERE id > :last
) AS stored
"""


def said_of(site: Site, readings: int) -> str:
    """How much room the readings take, and the database in memory."""
    owner = site.database.owner()
    with owner.connect() as connection:
        sizes = {name: int(size) for name, size in connection.execute(text(SIZES)).mappings().one().items()}
    owner.dispose()
    return said_of_size(readings, sizes, memory(site))


def memory(site: Site) -> int:
    """Bytes of memory that the processes of the database have between them; what they share counts once."""
    server = psutil.Process(site.children.pids()["postgres"])
    return sum(int(each.memory_full_info().pss) for each in (server, *server.children(recursive=True)))


def drop_month(site: Site, meanwhile: Callable[[], Done]) -> tuple[Done, str]:
    """Make months ahead and drop the oldest while something goes on; what that gave, and what was seen."""
    db, owner = site.database.open("months"), site.database.owner()
    with db.transaction() as session:
        last: int = session.execute(text(LAST_BATCH)).scalar_one()
    with ThreadPoolExecutor(1) as pool:
        going_on = pool.submit(meanwhile)
        await_stored(db, last, going_on)
        began = time.perf_counter()
        with db.transaction() as session:
            made = partitions.make_ahead(session, db.clock.now() + timedelta(days=32))
        ahead = time.perf_counter()
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            month: str = connection.execute(text(OLDEST)).scalar_one()
            for whole in ("readings", "reading_hours"):
                part = month.replace("readings", whole, 1)
                connection.execute(text(f"ALTER TABLE {whole} DETACH PARTITION {part} CONCURRENTLY"))
                connection.execute(text(f"DROP TABLE {part}"))
        gone = time.perf_counter()
        done = going_on.result()
    with db.transaction() as session:
        longest: timedelta = session.execute(text(LONGEST), {"last": last}).scalar_one()
    db.engine.dispose()
    owner.dispose()
    return done, (
        f"months made ahead ({made}) in {ahead - began:.2f} s and {month} dropped in {gone - ahead:.2f} s;"
        f" no two commits of intake were more than {longest.total_seconds():.2f} s apart"
    )


def await_stored(db: Db, last: int, going_on: Future[Done]) -> None:
    """Wait until intake has stored a batch after `last`; no longer than it goes on."""
    stored = last
    while stored == last and not going_on.done():
        pause(0.05)
        with db.transaction() as session:
            stored = session.execute(text(LAST_BATCH)).scalar_one()
