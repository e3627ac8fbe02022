"""Whose series of readings are, and when they were: found through dated assignments, each time anew."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    text,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE, TSTZRANGE
from sqlalchemy.sql.selectable import LateralFromClause

from devices.joining_models import OwnKit
from devices.measurement import Flags
from devices.models import Assignment, Device, Reading, Series
from devices.subjects import Subject
from people.models.homes import Residency


def series_of(
    subjects: Collection[Subject], kinds: Collection[str] | None = None, *, with_homes: bool = False
) -> CTE:
    """The series of subjects, each with the time it was theirs; a person's with their homes' where wanted.

    `checked` are the times in which kit of somebody's own was checked; NULL for any other.
    """
    people = [subject.id for subject in subjects if subject.about == "person"]
    homes = [subject.id for subject in subjects if subject.about == "home"]
    source = func.coalesce(Device.room, Device.name) + case(
        (Series.channel == "", ""), else_=literal(" ") + Series.channel
    )
    of_kit = (Series.id.label("series_id"), Series.kind, Series.channel, Series.device_id)
    period = Assignment.period
    kit = (
        select(
            Assignment.person_id,
            Assignment.home_id,
            *of_kit,
            source.label("source"),
            period.label("period"),
            OwnKit.checked.label("checked"),
        )
        .join(Device, Device.id == Assignment.device_id)
        .outerjoin(OwnKit, OwnKit.device_id == Assignment.device_id)
        .join(Series, Series.device_id == Assignment.device_id)
        .where(
            or_(Assignment.person_id.in_(people), Assignment.home_id.in_(homes)),
            Assignment.deleted_at.is_(None),
        )
    )
    always = cast(literal("(,)"), TSTZRANGE)
    unasked = cast(null(), TSTZMULTIRANGE)
    typed = select(Series.person_id, cast(null(), BigInteger), *of_kit, literal(""), always, unasked).where(
        Series.person_id.in_(people)
    )
    lived_in = (
        select(Assignment.person_id, Assignment.home_id, *of_kit, source, period * Residency.period, unasked)
        .join(Residency, Residency.home_id == Assignment.home_id)
        .join(Device, Device.id == Assignment.device_id)
        .join(Series, Series.device_id == Assignment.device_id)
        .where(
            Residency.person_id.in_(people),
            Residency.period.overlaps(period),
            Assignment.deleted_at.is_(None),
        )
    )
    parts = [kit, typed, lived_in] if with_homes else [kit, typed]
    if kinds is not None:
        parts = [part.where(Series.kind.in_(kinds)) for part in parts]
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
