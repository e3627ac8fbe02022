"""Which of many expected readings were not heard in time: one question to the readings for all of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger, DateTime

from devices import subjects
from devices.daily import UNFIT
from devices.models import Assignment, Series
from devices.subjects import Subject
from outcomes.occasions import Expected
from outcomes.ties import EVER, NEVER

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A series of readings while it was somebody's."""

    series_id: int
    start: datetime
    end: datetime


# LIMIT 1 keeps it to one look into the index for each reading expected, and never a join over all readings.
# Intervals are made of seconds alone, so that no time zone of the server makes a day longer.
_MISSED = text("""
SELECT w.number, array_agg(until)
FROM unnest(:numbers, :series, :first, :last, :every, :reach, :start, :end)
  AS w (number, series_id, first, last, every, reach, start, "end")
CROSS JOIN LATERAL generate_series(w.first, w.last, make_interval(secs => w.every)) AS until
LEFT JOIN LATERAL (
  SELECT true AS heard FROM readings r
  WHERE r.series_id = w.series_id
    AND r.measured_at > until - make_interval(secs => w.reach) AND r.measured_at <= until
    AND r.measured_at >= w.start AND r.measured_at < w."end"
    AND (r.flags & :unfit) = 0
  LIMIT 1
) hit ON true
WHERE hit.heard IS NULL
GROUP BY w.number, w.series_id, w.start
""").bindparams(
    *(bindparam(name, type_=ARRAY(BigInteger)) for name in ("numbers", "series", "every", "reach")),
    *(bindparam(name, type_=ARRAY(DateTime(timezone=True))) for name in ("first", "last", "start", "end")),
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


def missed(
    session: Session, expected: Sequence[tuple[Expected, Sequence[Line]]]
) -> list[frozenset[datetime]]:
    """Of each entry's readings in a row, by the lines that could bring them, those not heard: until when.

    Only readings fit to be judged count.
    """
    asked = [
        (number, line, one)
        for number, (one, of_whom) in enumerate(expected)
        for line in of_whom
        if line.start <= one.last_until and line.end > one.until - one.reach
    ]
    silent: dict[int, list[set[datetime]]] = {number: [] for number, *_ in asked}
    if asked:
        for number, untils in session.execute(_MISSED, _columns(asked)):
            silent[number].append(set(untils))
    lines_of = Counter(number for number, *_ in asked)
    found = []
    for number, (one, _) in enumerate(expected):
        # A reading was missed where no line brought it; a line that missed nothing is not in the answer.
        whole = lines_of[number] == len(silent.get(number, ()))
        found.append(frozenset(one.untils()).intersection(*silent.get(number, ())) if whole else frozenset())
    return found


def _columns(asked: Sequence[tuple[int, Line, Expected]]) -> dict[str, object]:
    return {
        "numbers": [number for number, _, _ in asked],
        "series": [line.series_id for _, line, _ in asked],
        "first": [one.until for _, _, one in asked],
        "last": [one.last_until for _, _, one in asked],
        "every": [one.watch.every // SECOND for _, _, one in asked],
        "reach": [one.reach // SECOND for _, _, one in asked],
        "start": [line.start for _, line, _ in asked],
        "end": [line.end for _, line, _ in asked],
        "unfit": UNFIT,
    }
