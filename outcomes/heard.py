"""Which of many expected readings were not heard in time: one question to the readings for all of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger, Boolean, DateTime

from devices import subjects
from devices.daily import UNFIT
from devices.subjects import Subject
from devices.whose import HELD
from outcomes.occasions import Expected
from outcomes.ties import EVER, NEVER

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A series of readings while it was somebody's."""

    series_id: int
    start: datetime
    end: datetime
    split: bool = False
    """Whether moments of it were said to be another's."""


# LIMIT 1 keeps it to one look into the index for each reading expected, and never a join over all readings.
# Intervals are made of seconds alone, so that no time zone of the server makes a day longer.
_MISSED = text("""
SELECT w.number, array_agg(until)
FROM unnest(:numbers, :series, :first, :last, :every, :reach, :start, :end, :split)
  AS w (number, series_id, first, last, every, reach, start, "end", split)
CROSS JOIN LATERAL generate_series(w.first, w.last, make_interval(secs => w.every)) AS until
LEFT JOIN LATERAL (
  SELECT true AS heard FROM readings r
  WHERE r.series_id = w.series_id
    AND r.measured_at > until - make_interval(secs => w.reach) AND r.measured_at <= until
    AND r.measured_at >= w.start AND r.measured_at < w."end"
    AND (r.flags & :unfit) = 0
    AND (NOT w.split OR NOT EXISTS (
      SELECT FROM reading_owners o JOIN series s USING (device_id, channel)
      WHERE s.id = r.series_id AND o.measured_at = r.measured_at))
  LIMIT 1
) hit ON true
WHERE hit.heard IS NULL
GROUP BY w.number, w.series_id, w.start
""").bindparams(
    *(bindparam(name, type_=ARRAY(BigInteger)) for name in ("numbers", "series", "every", "reach")),
    *(bindparam(name, type_=ARRAY(DateTime(timezone=True))) for name in ("first", "last", "start", "end")),
    bindparam("split", type_=ARRAY(Boolean)),
)


def lines(session: Session, kinds: Iterable[str]) -> dict[tuple[str, Subject], list[Line]]:
    """The series by kind and whose they were: kit's by its assignments, entries by their person."""
    found: dict[tuple[str, Subject], list[Line]] = {}
    held = HELD.c
    rows = session.execute(
        select(HELD).where(held.kind.in_(list(kinds))).order_by(held.series_id, func.lower(held.period))
    )
    for row in rows:
        whose = subjects.person(row.person_id) if row.person_id else subjects.home(row.home_id)
        line = Line(row.series_id, row.period.lower or EVER, row.period.upper or NEVER, row.split)
        found.setdefault((row.kind, whose), []).append(line)
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
        "split": [line.split for _, line, _ in asked],
        "unfit": UNFIT,
    }
