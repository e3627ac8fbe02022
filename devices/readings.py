"""Readings out: tracks for judging, the latest, lists; and history in."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from psycopg import Connection
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from devices import kinds, last_word, rows, series, whose
from devices.formats.wire import limits
from devices.gather import Word
from devices.measurement import Flags
from devices.models import Batch, Device, ReadingOriginalTime
from devices.rows import Row
from devices.series import SeriesKey
from devices.subjects import Subject

AHEAD = timedelta(days=1)
"""How far ahead of us the clock of a device may be."""
PART = 20_000
"""Readings of history that are stored at once."""


@dataclass(frozen=True, slots=True)
class Want:
    """The readings of one kind about a subject, measured from `since` on."""

    subject: Subject
    kind: str
    since: datetime


@dataclass(slots=True)
class Columns:
    """Readings of one kind, ascending in time within each series; all four lists are of one length.

    Times are unix seconds. A source is the device's room, or else its name, with the channel; "" is what
    somebody typed in.
    """

    times: list[float]
    values: list[float]
    flags: list[int]
    sources: list[str]


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest reading of one series."""

    subject: Subject
    kind: str
    channel: str
    source: str
    value: float
    at: datetime
    flags: int
    device_id: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A reading with all that is known of it."""

    series_id: int
    kind: str
    channel: str
    value: float
    at: datetime
    flags: int
    device: UUID | None
    received_at: datetime | None
    stored_at: datetime | None
    original_at: datetime | None


# One row a series, its readings folded into arrays: fetching them one by one costs five times as much.
_TRACKS = """
SELECT x.n, x.source, f.times, f.readings, f.flags
FROM unnest(%b::int8[], %b::int8[], %b::text[], %b::timestamptz[])
  WITH ORDINALITY AS w (person_id, home_id, kind, since, n)
CROSS JOIN LATERAL (
  SELECT w.n, h.series_id AS id, h.device_id, h.channel, h.split, h.checked,
    greatest(w.since, lower(h.period)) AS since, upper(h.period) AS until,
    coalesce(coalesce(d.room, d.name) || CASE WHEN h.channel = '' THEN '' ELSE ' ' || h.channel END, '')
      AS source
  FROM (
    SELECT h.* FROM held_series h WHERE h.person_id = w.person_id AND h.kind = w.kind
    UNION ALL
    SELECT h.* FROM held_series h WHERE h.home_id = w.home_id AND h.kind = w.kind
  ) AS h LEFT JOIN devices d ON d.id = h.device_id
) AS x
CROSS JOIN LATERAL (
  SELECT array_agg(date_part('epoch', r.measured_at)) AS times,
    array_agg(r.value) AS readings, array_agg(r.flags) AS flags
  FROM (
    SELECT r.measured_at, r.value,
      CASE WHEN x.checked IS NULL OR x.checked @> r.measured_at THEN r.flags ELSE r.flags | %b END AS flags
    FROM readings r
    WHERE r.series_id = x.id AND r.measured_at >= x.since
      AND r.measured_at < coalesce(x.until, 'infinity') AND r.measured_at <= %b
      AND (NOT x.split OR NOT EXISTS (
        SELECT FROM reading_owners o
        WHERE o.device_id = x.device_id AND o.channel = x.channel AND o.measured_at = r.measured_at))
    ORDER BY r.measured_at
  ) AS r
) AS f
WHERE f.times IS NOT NULL
"""


def tracks(session: Session, wants: Sequence[Want], until: datetime) -> dict[tuple[Subject, str], Columns]:
    """The readings of every want up to `until`, in one statement; a want without any is left out.

    A person's are those of the devices they had when these measured, and what was typed in about them; a
    home's those of the devices that stood in it. A person's home is asked for as a subject of its own.
    """
    if not wants:
        return {}
    person_ids = [want.subject.id if want.subject.about == "person" else None for want in wants]
    home_ids = [want.subject.id if want.subject.about == "home" else None for want in wants]
    asked = (
        person_ids, home_ids, [want.kind for want in wants], [want.since for want in wants],
        int(Flags.UNCHECKED), until,
    )  # fmt: skip
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, Connection)  # noqa: S101 - narrows the type; we only speak psycopg
    with driver.cursor(binary=True) as cursor:  # arrays come faster so than as text
        found_rows = cursor.execute(_TRACKS, asked).fetchall()
    found: dict[tuple[Subject, str], Columns] = {}
    for number, source, times, values, flags in found_rows:
        want = wants[number - 1]
        sources = [source] * len(times)
        columns = found.get((want.subject, want.kind))
        if columns is None:
            found[want.subject, want.kind] = Columns(times, values, flags, sources)
        else:
            columns.times += times
            columns.values += values
            columns.flags += flags
            columns.sources += sources
    return found


def latest(session: Session, subjects: Collection[Subject], now: datetime) -> list[Latest]:
    """The newest reading of each series of these subjects, of the times it was theirs."""
    theirs = whose.series_of(subjects)
    newest = whose.newest_of(theirs, now + AHEAD, 1)
    rows = session.execute(
        select(theirs, newest.c.value, newest.c.at, newest.c.flags)
        .join(newest, true())
        .order_by(theirs.c.kind, newest.c.at.desc())
    )
    found: dict[tuple[int | None, int | None, int], Latest] = {}
    for row in rows:
        found.setdefault(
            (row.person_id, row.home_id, row.series_id),
            Latest(
                subject=_subject(row.person_id, row.home_id),
                kind=row.kind,
                channel=row.channel,
                source=row.source,
                value=row.value,
                at=row.at,
                flags=row.flags,
                device_id=row.device_id,
            ),
        )
    return list(found.values())


def list_for_person(
    session: Session,
    person_id: int,
    *,
    kinds: Collection[str] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    cursor: tuple[datetime, int] | None = None,
    limit: int = 100,
) -> list[Listed]:
    """A person's readings, newest first, from `start` to before `end`.

    They are those of their kit, those of the homes they lived in while they did, and what was typed in.
    `cursor` is the time and the series of the last one of the page before.
    """
    theirs = whose.series_of(
        [Subject("person", person_id)], None if kinds is None else list(kinds), with_homes=True
    )
    newest = whose.newest_of(theirs, end, limit, start=start, cursor=cursor)
    originals = (
        select(ReadingOriginalTime.original)
        .where(
            ReadingOriginalTime.series_id == theirs.c.series_id,
            ReadingOriginalTime.measured_at == newest.c.at,
        )
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(theirs, newest, Device.uuid, Batch.received_at, Batch.stored_at, originals.label("original"))
        .select_from(theirs)
        .join(newest, true())
        .outerjoin(Device, Device.id == theirs.c.device_id)
        .outerjoin(Batch, Batch.id == newest.c.batch_id)
        .order_by(newest.c.at.desc(), theirs.c.series_id.desc())
        .limit(limit)
    )
    return [
        Listed(
            series_id=row.series_id,
            kind=row.kind,
            channel=row.channel,
            value=row.value,
            at=row.at,
            flags=row.flags,
            device=row.uuid,
            received_at=row.received_at,
            stored_at=row.stored_at,
            original_at=row.original,
        )
        for row in rows
    ]


def store_history(
    session: Session, device_id: int, history: Iterable[tuple[str, str, datetime, float]], now: datetime
) -> int:
    """Store what a device said in the past, as (kind, channel, time, value); how many were not there yet.

    Nobody is woken: history is laid down before anyone watches it. Months that are missing are not made.
    """
    known: dict[SeriesKey, int] = {}
    stored = 0
    last: datetime | None = None
    source = iter(history)
    while part := list(islice(source, PART)):
        keys = {SeriesKey(device_id, channel, kind) for kind, channel, _, _ in part}
        known |= series.ensure(session, keys - known.keys())
        put = rows.put(
            session,
            (
                Row(
                    known[SeriesKey(device_id, channel, kind)], at, value, int(limits(kinds.get(kind), value))
                )
                for kind, channel, at, value in part
            ),
            now,
            now,
        )
        stored += put.stored
        newest = max(at for _, _, at, _ in part)
        last = newest if last is None else max(last, newest)
    if last is not None:
        last_word.write(session, {device_id: Word(heard_at=last)}, now)
    return stored


def _subject(person_id: int | None, home_id: int | None) -> Subject:
    return Subject("person", person_id) if person_id is not None else Subject("home", home_id or 0)
