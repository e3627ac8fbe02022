"""The last day of a reading in a few points, for many alerts at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Integer, Text, cast, column, extract, func, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.orm import Session

from devices.measurement import UNFIT
from devices.models import Reading
from devices.whose import HELD, not_given_away

LASTS = timedelta(hours=24)
POINTS = 40


@dataclass(frozen=True, slots=True)
class Want:
    """The readings of one kind for one alert: of a person, of a home, or of either."""

    alert_id: int
    kind: str
    person_id: int | None
    home_id: int | None


Spark = tuple[tuple[datetime, float], ...]


def read(session: Session, wanted: Sequence[Want], now: datetime) -> dict[int, Spark]:
    """By alert at most 40 points of the last 24 hours, oldest first: the last reading of each 36 minutes.

    Whose a reading was is decided by who had the device, or its number, when it was measured.
    """
    if not wanted:
        return {}
    since = now - LASTS
    want = (
        func.unnest(
            cast([each.alert_id for each in wanted], ARRAY(BigInteger)),
            cast([each.kind for each in wanted], ARRAY(Text)),
            cast([each.person_id for each in wanted], ARRAY(BigInteger)),
            cast([each.home_id for each in wanted], ARRAY(BigInteger)),
        )
        .table_valued(
            column("alert_id", BigInteger),
            column("kind", Text),
            column("person_id", BigInteger),
            column("home_id", BigInteger),
            name="want",
        )
        .render_derived()
    )
    fit = (Reading.measured_at.between(since, now), Reading.flags.op("&")(UNFIT) == 0)
    held = HELD.c
    theirs = (
        select(want.c.alert_id, Reading.measured_at, Reading.value)
        .select_from(want)
        .join(HELD, held.kind == want.c.kind)
        .join(Reading, Reading.series_id == held.series_id)
        .where(held.period.contains(Reading.measured_at), not_given_away(HELD), *fit)
    )
    found = union_all(
        theirs.where(held.person_id == want.c.person_id), theirs.where(held.home_id == want.c.home_id)
    ).subquery()
    width = LASTS.total_seconds() / POINTS
    bucket = cast(func.floor(extract("epoch", found.c.measured_at - since) / width), Integer)
    points = (
        select(found.c.alert_id, found.c.measured_at, found.c.value)
        .ext(distinct_on(found.c.alert_id, bucket))
        .order_by(found.c.alert_id, bucket, found.c.measured_at.desc())
    )
    sparks: dict[int, list[tuple[datetime, float]]] = {}
    for alert_id, at, value in session.execute(points):
        sparks.setdefault(alert_id, []).append((at, value))
    return {alert_id: tuple(line[-POINTS:]) for alert_id, line in sparks.items()}
