"""Months of readings laid at once, in the order in which they would have come in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, select, text

from bench.growth_place import KIT, Site
from devices import hours
from devices.models_of_hours import Summing

DAY_MS = 86_400_000
AT_ONCE = 2
"""Months that are laid at the same time."""

# Every series with its own pace and its own moment; times are milliseconds since 1970.
LAID = """
DROP TABLE IF EXISTS bench_laid;
CREATE UNLOGGED TABLE bench_laid
  (id bigint PRIMARY KEY, every bigint, phase bigint, usual float8, spread float8, rise float8)
"""
LAY = """
INSERT INTO bench_laid
SELECT s.id, :every, abs(hashint8(s.id)::bigint) % :every, :usual, :spread, :rise
FROM series s JOIN devices d ON d.id = s.device_id
WHERE s.kind = :kind AND d.key LIKE :word || '-%'
"""
BATCH = "INSERT INTO batches (received_at, stored_at) VALUES (now(), now()) RETURNING id"
# A day at a time, each sorted by time: as they come in, so that neighbours of a series lie far apart.
READINGS = """
INSERT INTO {month} (series_id, measured_at, value, flags, batch_id)
SELECT r.id, to_timestamp(r.ms / 1000.0), r.value, 0, :batch
FROM generate_series(CAST(:since AS bigint), :until - 1, :day) AS d (since)
CROSS JOIN LATERAL (
  SELECT s.id, s.phase + g.n * s.every AS ms,
    round((s.usual + s.spread * (random() - 0.5) + s.rise * (g.n % 100000))::numeric, 1)::float8 AS value
  FROM bench_laid s
  CROSS JOIN LATERAL generate_series(
    (d.since - s.phase + s.every - 1) / s.every,
    (least(d.since + :day, :until) - s.phase - 1) / s.every
  ) AS g (n)
  ORDER BY ms
) AS r
"""
# What a month's table has besides its rows: the same is given back once they are in, which is far quicker.
KEY_OF = "SELECT conname FROM pg_constraint WHERE conrelid = CAST(:month AS regclass) AND contype = 'p'"
INDEXES_OF = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = CAST(:month AS regclass) AND NOT i.indisprimary
"""


@dataclass(frozen=True, slots=True)
class Month:
    """A stretch of readings within one UTC month: from `since` to before `until`."""

    since: datetime
    until: datetime

    @property
    def table(self) -> str:
        """The table that holds the month."""
        return f"readings_{self.since:%Y_%m}"


def months(since: datetime, until: datetime) -> Iterator[Month]:
    """The time from `since` to `until` in pieces of one UTC month."""
    start = since.astimezone(UTC)
    while start < until:
        first = start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        following = (first + timedelta(days=32)).replace(day=1)
        yield Month(start, min(following, until))
        start = following


def lay(site: Site, since: datetime, until: datetime, pace: float, seed: int) -> int:
    """Lay all that the kit of `site` says meanwhile; how many readings. `pace` 2 is half as many.

    What a database does by itself in time, it is asked to do at once: each month is vacuumed and analysed.
    """
    owner = site.database.owner()
    with owner.begin() as connection:
        connection.execute(text(LAID))
        for kit in KIT:
            for each in kit.measures:
                given = {"every": round(kit.every * 1000 * pace), "word": kit.word, "kind": each.kind}
                spread = {"usual": each.usual, "spread": each.spread, "rise": each.rise}
                connection.execute(text(LAY), given | spread)
        batch: int = connection.execute(text(BATCH)).scalar_one()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        laid = sum(pool.map(lambda each: _month(owner, each, batch, seed), months(since, until)))
    with owner.begin() as connection:
        connection.execute(text("DROP TABLE bench_laid"))
    owner.dispose()
    return laid


def sum_up(site: Site, until: datetime) -> None:
    """Sum all whole hours before `until` month by month, as the timetable has done by then."""
    db = site.database.open("sums")
    with db.transaction() as session:
        since = session.scalars(select(Summing.summed_until)).one()
    for month in months(since, until.replace(minute=0, second=0, microsecond=0)):
        with db.transaction() as session:
            hours.lay(session, month.since, month.until)
    db.engine.dispose()


def _month(owner: Engine, month: Month, batch: int, seed: int) -> int:
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("synchronous_commit = off", "work_mem = '256MB'", "maintenance_work_mem = '512MB'"):
            connection.execute(text(f"SET {setting}"))
        connection.execute(text("SELECT setseed(:seed)"), {"seed": seed % 1000 / 1000})
        given_back = _bare(connection, month)
        span = {"since": _ms(month.since), "until": _ms(month.until), "day": DAY_MS, "batch": batch}
        laid = connection.execute(text(READINGS.format(month=month.table)), span).rowcount
        for statement in given_back:
            connection.execute(text(statement))
        connection.execute(text(f"VACUUM ANALYZE {month.table}"))
    return int(laid)


def _bare(connection: Connection, month: Month) -> list[str]:
    """Take a month's table out of the whole with its indexes off; what puts all back as it was."""
    asked = {"month": month.table}
    key = connection.execute(text(KEY_OF), asked).scalar_one()
    indexes = connection.execute(text(INDEXES_OF), asked).all()
    first = month.since.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + timedelta(days=32)).replace(day=1)
    connection.execute(text(f"ALTER TABLE readings DETACH PARTITION {month.table}"))
    connection.execute(text(f"ALTER TABLE {month.table} DROP CONSTRAINT {key}"))
    for name, _ in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    return [
        f"ALTER TABLE {month.table} ADD CONSTRAINT {key} PRIMARY KEY (series_id, measured_at)",
        *(definition for _, definition in indexes),
        f"ALTER TABLE readings ATTACH PARTITION {month.table}"
        f" FOR VALUES FROM ('{first.isoformat()}') TO ('{following.isoformat()}')",
    ]


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
