"""Hours of readings are summed once they are over, and anew where something changes in them later."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from devices.measurement import UNFIT
from devices.models_of_hours import StaleHour, Summing

DAY = timedelta(days=1)
SETTLED = timedelta(hours=6)
"""How long after a day its hours are summed: what comes late by less is not summed twice."""
AT_ONCE = timedelta(days=7)
"""How far one walk over all series reaches, where much is to be caught up with."""
HOURS = 20_000
"""Hours of series that one step sums at most, when it walks."""
STALE = 2_000
"""Stale hours that one step sums anew at most."""

_CLOSED = "SELECT closed_until FROM summing"
_MARK = """
INSERT INTO stale_hours (series_id, hour, at)
SELECT DISTINCT t.series_id, date_trunc('hour', t.at, 'UTC'), %b::timestamptz
FROM unnest(%b::int8[], %b::timestamptz[]) AS t (series_id, at)
"""
_SUM = """
INSERT INTO reading_hours (series_id, hour, count, left_out, total, low, high, flags)
SELECT r.series_id, date_trunc('hour', r.measured_at, 'UTC'),
  count(*) FILTER (WHERE r.flags & :unfit = 0), count(*) FILTER (WHERE r.flags & :unfit <> 0),
  sum(r.value) FILTER (WHERE r.flags & :unfit = 0), min(r.value) FILTER (WHERE r.flags & :unfit = 0),
  max(r.value) FILTER (WHERE r.flags & :unfit = 0),
  coalesce(bit_or(r.flags) FILTER (WHERE r.flags & :unfit = 0), 0)
{wanted}
GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (series_id, hour) DO UPDATE SET
  count = excluded.count, left_out = excluded.left_out, total = excluded.total,
  low = excluded.low, high = excluded.high, flags = excluded.flags
"""
_SUM_ALL = text(_SUM.format(wanted="FROM readings r WHERE r.measured_at >= :start AND r.measured_at < :end"))
_SUM_SERIES = text(
    _SUM.format(
        wanted="""FROM readings r
WHERE r.series_id = ANY(:series) AND r.measured_at >= :start AND r.measured_at < :end"""
    )
)
_SUM_HOURS = text(
    _SUM.format(
        wanted="""FROM unnest(CAST(:series AS int8[]), CAST(:hours AS timestamptz[])) AS k (series_id, hour)
JOIN readings r ON r.series_id = k.series_id
  AND r.measured_at >= k.hour AND r.measured_at < k.hour + interval '1 hour'"""
    )
)
_CLEAR = text("""
DELETE FROM reading_hours h
USING unnest(CAST(:series AS int8[]), CAST(:hours AS timestamptz[])) AS k (series_id, hour)
WHERE h.series_id = k.series_id AND h.hour = k.hour
""")
_CLAIM = text("""
WITH oldest AS (SELECT id FROM stale_hours ORDER BY id LIMIT :most)
DELETE FROM stale_hours USING oldest WHERE stale_hours.id = oldest.id
RETURNING stale_hours.series_id, stale_hours.hour
""")
_SETTLE = text("DELETE FROM stale_hours WHERE hour >= :start AND hour < :end")
_SERIES = text("SELECT id FROM series WHERE id > :after ORDER BY id LIMIT :most")
_UP_TO_NOW = text("UPDATE summing SET waits_for = pg_snapshot_xmax(pg_current_snapshot())")
_ALONE = text(
    "SELECT waits_for IS NOT NULL, pg_snapshot_xmin(pg_current_snapshot()) >= waits_for FROM summing"
)


def mark(session: Session, changed: Sequence[tuple[Any, ...]], now: datetime) -> None:
    """Say that readings (series, measured at, …) were stored or changed, in the transaction that did so.

    Call it after the write. Only those of hours that are summed, or about to be, leave a row.
    """
    run = session.connection().exec_driver_sql
    closed_until = run(_CLOSED).scalar_one()
    late = [row[:2] for row in changed if row[1] < closed_until]
    if late:
        series_ids, times = zip(*late, strict=True)
        run(_MARK, (now, list(series_ids), list(times)))


def step(session: Session, now: datetime) -> bool:
    """Sum anew what is stale, and go on to days that are over; whether there was anything to do.

    One at a time: who finds another at it does nothing. An hour that two summed at once, one of them before
    and one after a reading came, could keep the figures of the first.
    """
    ours = session.execute(
        select(Summing.closed_until, Summing.summed_until, Summing.after_series).with_for_update(
            skip_locked=True
        )
    ).one_or_none()
    if ours is None:
        return False
    renewed = _renew(session)
    if ours.closed_until == ours.summed_until:
        return _close(session, ours.summed_until, now) or renewed
    return _walk(session, *ours) or renewed


def lay(session: Session, start: datetime, end: datetime) -> None:
    """Sum all hours from `start` to before `end` (whole hours) in one go, for history laid down in bulk.

    Nobody may store meanwhile. Where all before `start` was summed, all before `end` is now.
    """
    session.execute(_SUM_ALL, {"start": start, "end": end, "unfit": UNFIT})
    session.execute(_SETTLE, {"start": start, "end": end})
    session.execute(
        update(Summing)
        .where(Summing.summed_until >= start, Summing.summed_until < end)
        .values(summed_until=end, closed_until=func.greatest(Summing.closed_until, end), after_series=0)
    )


def oldest_waiting(session: Session, now: datetime) -> float | None:
    """Domain seconds that the oldest hour has waited to be summed, or summed anew; None when none waits."""
    stale_at = session.scalar(select(StaleHour.at).order_by(StaleHour.id).limit(1))
    due_at = session.scalars(select(Summing.summed_until)).one() + DAY + SETTLED
    waiting = [at for at in (stale_at, due_at) if at is not None and at <= now]
    return max((now - at).total_seconds() for at in waiting) if waiting else None


def _renew(session: Session) -> bool:
    """Sum stale hours whole, each once however often it was marked."""
    claimed = sorted(set(session.execute(_CLAIM, {"most": STALE}).all()))
    if not claimed:
        return False
    series_ids, hours = zip(*claimed, strict=True)
    asked = {"series": list(series_ids), "hours": list(hours)}
    session.execute(_CLEAR, asked)
    session.execute(_SUM_HOURS, {**asked, "unfit": UNFIT})
    return True


def _close(session: Session, summed_until: datetime, now: datetime) -> bool:
    """Let whoever stores mark what is of before the next days' end; whether such days are over."""
    over = (now - SETTLED).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    until = min(over, summed_until + AT_ONCE)
    if until <= summed_until:
        return False
    session.execute(update(Summing).values(closed_until=until, after_series=0, waits_for=None))
    return True


def _walk(session: Session, closed_until: datetime, summed_until: datetime, after: int) -> bool:
    """Sum the closed days of the next series; whether there was anything to do.

    Not before everybody has ended who may have stored without having seen that they are closed: a
    transaction has its number before it asks (`mark`), so none of those before `waits_for` may be running.
    """
    told, alone = session.execute(_ALONE).one()
    if not told:
        session.execute(_UP_TO_NOW)
        return True
    if not alone:
        return False
    most = max(HOURS // ((closed_until - summed_until) // timedelta(hours=1)), 1)
    ids = session.scalars(_SERIES, {"after": after, "most": most}).all()
    if ids:
        days = {"start": summed_until, "end": closed_until}
        session.execute(_SUM_SERIES, {"series": ids, **days, "unfit": UNFIT})
        session.execute(update(Summing).values(after_series=ids[-1]))
    else:
        session.execute(update(Summing).values(summed_until=closed_until, after_series=0))
    return True
