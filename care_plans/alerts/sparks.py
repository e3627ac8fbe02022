"""The last day of a reading in a few points, for many alerts at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Integer,
    Text,
    and_,
    cast,
    column,
    extract,
    func,
    or_,
    select,
    union_all,
    values,
)
from sqlalchemy.orm import Session

from devices import kinds
from devices.measurement import Flags
from devices.models import Assignment, Reading, Series
from people.models import Residency

LASTS = timedelta(hours=24)
POINTS = 40
UNFIT = int(Flags.BEYOND_ABSOLUTE | Flags.TEST | Flags.ENTERED_IN_ERROR)


@dataclass(frozen=True, slots=True)
class Want:
    """The readings of one kind, of a person or a home, for one alert."""

    alert_id: int
    kind: str
    person_id: int | None
    home_id: int | None


Spark = tuple[tuple[datetime, float], ...]


def read(session: Session, wanted: Iterable[Want], now: datetime) -> dict[int, Spark]:
    """By alert at most 40 points of the last 24 hours, oldest first: the last reading of each 36 minutes.

    Whose a reading was is decided by who had the device when it was measured; a kind of the home (a room's
    temperature) is looked up in the home where the person lives.
    """
    rows = [
        {"alert_id": each.alert_id, "kind": each.kind, "person_id": each.person_id, "home_id": each.home_id}
        for each in wanted
        if kinds.find(each.kind) is not None
    ]
    if not rows:
        return {}
    want = values(
        column("alert_id", BigInteger),
        column("kind", Text),
        column("person_id", BigInteger),
        column("home_id", BigInteger),
        name="want",
    ).data([tuple(row.values()) for row in rows])
    since = now - LASTS
    of_home = kinds_about_home()
    home_id = func.coalesce(want.c.home_id, Residency.home_id)
    devices = (
        select(want.c.alert_id, Reading.measured_at, Reading.value)
        .select_from(want)
        .outerjoin(
            Residency,
            and_(
                Residency.person_id == want.c.person_id,
                want.c.kind.in_(of_home),
                Residency.period.contains(now),
            ),
        )
        .join(Assignment, or_(Assignment.person_id == want.c.person_id, Assignment.home_id == home_id))
        .join(Series, (Series.device_id == Assignment.device_id) & (Series.kind == want.c.kind))
        .join(Reading, Reading.series_id == Series.id)
        .where(
            Reading.measured_at.between(since, now),
            Assignment.period.contains(Reading.measured_at),
            Reading.flags.op("&")(UNFIT) == 0,
        )
    )
    entered = (
        select(want.c.alert_id, Reading.measured_at, Reading.value)
        .select_from(want)
        .join(Series, (Series.person_id == want.c.person_id) & (Series.kind == want.c.kind))
        .join(Reading, Reading.series_id == Series.id)
        .where(Reading.measured_at.between(since, now), Reading.flags.op("&")(UNFIT) == 0)
    )
    found = union_all(devices, entered).subquery()
    width = LASTS.total_seconds() / POINTS
    bucket = cast(func.floor(extract("epoch", found.c.measured_at - since) / width), Integer)
    points = (
        select(found.c.alert_id, found.c.measured_at, found.c.value)
        .distinct(found.c.alert_id, bucket)
        .order_by(found.c.alert_id, bucket, found.c.measured_at.desc())
    )
    sparks: dict[int, list[tuple[datetime, float]]] = {}
    for alert_id, at, value in session.execute(points):
        sparks.setdefault(alert_id, []).append((at, value))
    return {alert_id: tuple(line[-POINTS:]) for alert_id, line in sparks.items()}


def kinds_about_home() -> list[str]:
    """The kinds that are measured of a home, not of a person."""
    return [kind.code for kind in kinds.all_kinds() if kind.about == "home"]
