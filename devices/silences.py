"""The record of when kit was not heard, and how much of the time it was: for one piece, a hub, a home."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    and_,
    any_,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from devices import hearing
from devices.hearing import Heard, Span, Times
from devices.hearing_models import Listened, Silence, Why
from devices.models import Assignment, Device, Expectation
from people.models.absences import Absence

KIT = "kit"
"""The source of expectations about kit itself; all others are written by care plans."""
OVERS = (timedelta(days=7), timedelta(days=30), timedelta(days=90))
"""The stretches of time of which it is told how much kit was heard."""

# One statement for all: after an outage hundreds are heard again at once.
_END = """
UPDATE silences s SET until = greatest(s.since, t.at)
FROM unnest(%b::int8[], %b::timestamptz[]) AS t (device_id, at)
WHERE s.device_id = t.device_id AND s.until IS NULL AND s.why = %b
"""


def begin(session: Session, since: Mapping[int, datetime], why: Why = Why.UNHEARD) -> None:
    """These devices are not heard since then; one of which that is on record already stays as it is."""
    if since:
        rows = [{"device_id": id_, "since": at, "why": why} for id_, at in sorted(since.items())]
        session.execute(
            insert(Silence)
            .values(rows)
            .on_conflict_do_nothing(
                index_elements=[Silence.device_id, Silence.why], index_where=Silence.until.is_(None)
            )
        )


def end(session: Session, until: Mapping[int, datetime], why: Why = Why.UNHEARD) -> None:
    """These devices were heard again then; of one that was heard all along nothing changes."""
    if until:
        asked = (list(until), list(until.values()), why.value)
        session.connection().exec_driver_sql(_END, asked)


def listen(session: Session, now: datetime, within: timedelta) -> None:
    """Intake hears what kit publishes: the stretch goes on, or a new one begins after more than `within`."""
    last = select(func.max(Listened.id)).scalar_subquery()
    going_on = session.scalars(
        update(Listened)
        .where(Listened.id == last, Listened.until >= now - within)
        .values(until=func.greatest(Listened.until, now))
        .returning(Listened.id)
    ).all()
    if not going_on:
        session.add(Listened(since=now, until=now))
        session.flush()


def forget(session: Session, before: datetime, limit: int = 1000) -> int:
    """Forget silences, and stretches of our listening, that were over before then; how many."""
    gone = 0
    for table in (Silence, Listened):
        old = select(table.id).where(table.until < before).limit(limit)
        gone += len(session.execute(delete(table).where(table.id.in_(old)).returning(table.id)).all())
    return gone


def heard(
    session: Session, hubs: Mapping[int, int | None], now: datetime, over: timedelta
) -> dict[int, Heard]:
    """How much of the last time these devices were heard; `hubs` tells which hub each speaks through.

    Left out is what has no figure of silence, and whose hub has none either. A sensor is not heard while its
    hub is not. Kit is given the time that its figure allows to speak again after we did not listen.
    """
    since = now - over
    asked = {id_ for pair in hubs.items() for id_ in pair if id_ is not None}
    expected, paces = _expected(session, asked, since, now)
    silent = _silent(session, asked, since, now)
    away = _away(session, hubs, since, now)
    deaf = _deaf(session, since, now)
    found: dict[int, Heard] = {}
    for id_, hub_id in hubs.items():
        whose = id_ if id_ in expected else hub_id
        if whose is None or whose not in expected:
            continue
        times = Times(expected[whose], away=away.get(id_, []))
        for one in (id_, hub_id):
            times.silent += silent.get((one, Why.UNHEARD), [])
            times.work += silent.get((one, Why.WORK), [])
        times.deaf = [(start, end + paces[whose]) for start, end in deaf]
        found[id_] = hearing.reckon(times, since, now)
    return found


def in_homes(session: Session, home_ids: Collection[int], now: datetime, over: timedelta) -> dict[int, Heard]:
    """The same of all kit that stands in each of these homes; one where none is expected is left out."""
    rows = session.execute(
        select(Assignment.home_id, Device.id, Device.hub_id)
        .join(Device, Device.id == Assignment.device_id)
        .where(
            Assignment.home_id.in_(home_ids),
            Assignment.deleted_at.is_(None),
            Assignment.period.contains(now),
            Device.deleted_at.is_(None),
        )
    ).all()
    of_kit = heard(session, {row.id: row.hub_id for row in rows}, now, over)
    found: dict[int, Heard] = {}
    for home_id, device_id, _ in rows:
        if home_id is not None and device_id in of_kit:
            found[home_id] = found.get(home_id, Heard()) + of_kit[device_id]
    return found


def together(some: Iterable[Heard]) -> Heard:
    """All of these as one."""
    return sum(some, Heard())


def _expected(
    session: Session, device_ids: Collection[int], since: datetime, now: datetime
) -> tuple[dict[int, list[Span]], dict[int, timedelta]]:
    """When these were to be heard, and how soon after their last word, by what holds now or held last."""
    rows = session.execute(
        select(Expectation)
        .where(
            _among(Expectation.device_id, device_ids),
            Expectation.source == KIT,
            or_(Expectation.ended_at.is_(None), Expectation.ended_at > since),
        )
        .order_by(Expectation.id)
    ).scalars()
    spans: dict[int, list[Span]] = {}
    paces: dict[int, timedelta] = {}
    for row in rows:
        if row.device_id is not None:
            spans.setdefault(row.device_id, []).append((row.began_at or row.state_since, row.ended_at or now))
            paces[row.device_id] = timedelta(seconds=row.every_seconds or 0)
    return spans, paces


def _silent(
    session: Session, device_ids: Collection[int], since: datetime, now: datetime
) -> dict[tuple[int | None, Why], list[Span]]:
    rows = session.execute(
        select(Silence.device_id, Silence.why, Silence.since, Silence.until).where(
            _among(Silence.device_id, device_ids), or_(Silence.until.is_(None), Silence.until > since)
        )
    )
    found: dict[tuple[int | None, Why], list[Span]] = {}
    for device_id, why, start, until in rows:
        found.setdefault((device_id, why), []).append((start, until or now))
    working = select(Device.id, Device.work_starts).where(
        _among(Device.id, device_ids), Device.work_starts <= now, Device.work_ends > now
    )
    for device_id, began in session.execute(working):
        found.setdefault((device_id, Why.WORK), []).append((began or now, now))
    return found


def _away(
    session: Session, device_ids: Collection[int], since: datetime, now: datetime
) -> dict[int, list[Span]]:
    """When whoever has each of these was away from home; what stands in a home is nobody's in this."""
    ends = func.coalesce(Absence.ended_at, Absence.ends_at)
    rows = session.execute(
        select(Assignment.device_id, Absence.began_at, ends)
        .join(Absence, Absence.person_id == Assignment.person_id)
        .where(
            _among(Assignment.device_id, device_ids),
            Assignment.deleted_at.is_(None),
            Absence.deleted_at.is_(None),
            and_(Absence.begun_at.is_not(None), ends > since, Assignment.period.contains(Absence.began_at)),
        )
    )
    found: dict[int, list[Span]] = {}
    for device_id, start, end in rows:
        found.setdefault(device_id, []).append((start, min(end, now)))
    return found


def _deaf(session: Session, since: datetime, now: datetime) -> list[Span]:
    """When we did not listen; the first stretch that touches is read whole, for what came before it."""
    rows = session.execute(
        select(Listened.since, Listened.until)
        .where(Listened.until >= since - max(OVERS))
        .order_by(Listened.since)
    )
    return hearing.gaps([(start, until) for start, until in rows], now)


def _among(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], ids: Collection[int]
) -> ColumnElement[bool]:
    """That it is one of these, however many: to the database they are one value."""
    return column == any_(literal(sorted(ids), ARRAY(BigInteger)))
