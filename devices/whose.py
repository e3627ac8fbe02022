"""Whose series of readings are, and when they were: found through dated assignments, each time anew."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    CTE,
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    TableClause,
    Text,
    case,
    cast,
    column,
    func,
    literal,
    null,
    or_,
    select,
    table,
    text,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE, TSTZRANGE
from sqlalchemy.sql.selectable import LateralFromClause

from devices.measurement import Flags
from devices.models import Device, Reading
from devices.shared_kit_models import ReadingOwner
from devices.subjects import Subject
from people.models.homes import Residency

HELD = table(
    "held_series",
    column("person_id", BigInteger),
    column("home_id", BigInteger),
    column("series_id", BigInteger),
    column("kind", Text),
    column("channel", Text),
    column("device_id", BigInteger),
    column("period", TSTZRANGE),
    column("split", Boolean),
    column("checked", TSTZMULTIRANGE),
)
"""Whose every series is and when: by assignments, user numbers and answers (migration 0040)."""


def series_of(
    subjects: Collection[Subject], kinds: Collection[str] | None = None, *, with_homes: bool = False
) -> CTE:
    """The series of subjects, each with the time it was theirs; a person's with their homes' where wanted.

    `checked` are the times in which kit of somebody's own was checked; NULL for any other.
    """
    people = [subject.id for subject in subjects if subject.about == "person"]
    homes = [subject.id for subject in subjects if subject.about == "home"]
    held = HELD.c
    source = func.coalesce(Device.room, Device.name) + case(
        (held.channel == "", ""), else_=literal(" ") + held.channel
    )
    of_kit = (
        held.series_id,
        held.kind,
        held.channel,
        held.device_id,
        case((held.device_id.is_(None), ""), else_=source).label("source"),
        held.split,
        held.checked,
    )
    own = select(held.person_id, held.home_id, held.period, *of_kit).outerjoin(
        Device, Device.id == held.device_id
    )
    of_people, of_homes = own.where(held.person_id.in_(people)), own.where(held.home_id.in_(homes))
    lived_in = (
        select(null(), held.home_id, held.period.op("*")(Residency.period), *of_kit)
        .join(Residency, Residency.home_id == held.home_id)
        .outerjoin(Device, Device.id == held.device_id)
        .where(Residency.person_id.in_(people), Residency.period.op("&&")(held.period))
    )
    parts = [of_people, of_homes, *([lived_in] if with_homes else [])]
    if kinds is not None:
        parts = [part.where(held.kind.in_(kinds)) for part in parts]
    return union_all(*parts).cte("theirs")


def flags_of(theirs: CTE) -> ColumnElement[int]:
    """The flags of readings of `theirs`, with UNCHECKED where that is so."""
    checked = theirs.c.checked
    return case(
        (or_(checked.is_(None), checked.contains(Reading.measured_at)), Reading.flags),
        else_=Reading.flags.op("|")(cast(int(Flags.UNCHECKED), Integer)),
    )


def newest_of(
    theirs: CTE,
    end: datetime | None,
    limit: int,
    *,
    start: datetime | None = None,
    cursor: tuple[datetime, int] | None = None,
) -> LateralFromClause:
    """The newest readings of each of `theirs`: the index gives them without reading the rest."""
    since, until = func.lower(theirs.c.period), func.upper(theirs.c.period)
    newest = (
        select(
            Reading.measured_at.label("at"), Reading.value, flags_of(theirs).label("flags"), Reading.batch_id
        )
        .where(
            Reading.series_id == theirs.c.series_id,
            Reading.measured_at >= func.coalesce(since, start, text("'-infinity'")),
            Reading.measured_at < func.coalesce(until, end, text("'infinity'")),
            not_given_away(theirs),
        )
        .order_by(Reading.measured_at.desc())
        .limit(limit)
    )
    if start is not None:
        newest = newest.where(Reading.measured_at >= start)
    if end is not None:
        newest = newest.where(Reading.measured_at < end)
    if cursor is not None:
        newest = newest.where(tuple_(Reading.measured_at, theirs.c.series_id) < cursor)
    return newest.lateral("newest")


def not_given_away(theirs: CTE | TableClause) -> ColumnElement[bool]:
    """Leaves out the moments of each of `theirs` that were said to be another's, or are still asked about."""
    given = (
        select(literal(1))
        .where(
            ReadingOwner.device_id == theirs.c.device_id,
            ReadingOwner.channel == theirs.c.channel,
            ReadingOwner.measured_at == Reading.measured_at,
        )
        .correlate(theirs, Reading)
        .exists()
    )
    return or_(~theirs.c.split, ~given)
