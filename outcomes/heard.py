"""Which of many expected readings were heard in time: one question to the readings for all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger, DateTime

from devices import subjects
from devices.daily import UNFIT
from devices.models import Assignment, Series
from devices.subjects import Subject
from outcomes.ties import EVER, NEVER


@dataclass(frozen=True, slots=True)
class Line:
    """A series of readings while it was somebody's."""

    series_id: int
    start: datetime
    end: datetime


# LIMIT 1 keeps it one look into the index for each window, and never a join over all readings.
_HEARD = text("""
SELECT DISTINCT w.number
FROM unnest(:numbers, :series, :after, :until, :start, :end)
  AS w (number, series_id, after, until, start, "end")
CROSS JOIN LATERAL (
  SELECT 1 FROM readings r
  WHERE r.series_id = w.series_id
    AND r.measured_at > w.after AND r.measured_at <= w.until
    AND r.measured_at >= w.start AND r.measured_at < w."end"
    AND (r.flags & :unfit) = 0
  LIMIT 1
) hit
""").bindparams(
    bindparam("numbers", type_=ARRAY(BigInteger)),
    bindparam("series", type_=ARRAY(BigInteger)),
    *(bindparam(name, type_=ARRAY(DateTime(timezone=True))) for name in ("after", "until", "start", "end")),
)


def lines(session: Session, kinds: Iterable[str]) -> dict[tuple[str, Subject], list[Line]]:
    """The series by kind and whose they were: kit's by its assignments, entries by their person."""
    found: dict[tuple[str, Subject], list[Line]] = {}
    wanted = list(kinds)
    lent = (
        select(Series.id, Series.kind, Assignment.person_id, Assignment.home_id, Assignment.period)
        .join(Assignment, Assignment.device_id == Series.device_id)
        .where(Series.kind.in_(wanted))
        .order_by(Series.id, Assignment.id)
    )
    for row in session.execute(lent):
        whose = subjects.person(row.person_id) if row.person_id else subjects.home(row.home_id)
        line = Line(row.id, row.period.lower or EVER, row.period.upper or NEVER)
        found.setdefault((row.kind, whose), []).append(line)
    entered = select(Series.id, Series.kind, Series.person_id).where(
        Series.kind.in_(wanted), Series.person_id.is_not(None)
    )
    for id_, kind, person_id in session.execute(entered):
        found.setdefault((kind, subjects.person(person_id or 0)), []).append(Line(id_, EVER, NEVER))
    return found


def heard(session: Session, windows: Sequence[tuple[Sequence[Line], datetime, datetime]]) -> frozenset[int]:
    """Positions of the windows (whose lines, after, until] in which a reading fit to judge was measured."""
    numbers, series, afters, untils, starts, ends = [], [], [], [], [], []
    for number, (of_whom, after, until) in enumerate(windows):
        for line in of_whom:
            if line.start <= until and line.end > after:
                numbers.append(number)
                series.append(line.series_id)
                afters.append(after)
                untils.append(until)
                starts.append(line.start)
                ends.append(line.end)
    if not numbers:
        return frozenset()
    asked = {
        "numbers": numbers,
        "series": series,
        "after": afters,
        "until": untils,
        "start": starts,
        "end": ends,
        "unfit": UNFIT,
    }
    return frozenset(session.scalars(_HEARD, asked))
