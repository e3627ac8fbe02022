"""Tables of what the readings of each hour come to, and of the hours that have to be summed anew."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Key
from core.models import Xid8


class ReadingHour(Base):
    """What one series says in one UTC hour. Partitioned by month, beside the readings it is made of.

    `count` readings are fit to be judged, and all figures are theirs (`devices.measurement.UNFIT`);
    `left_out` are not. `flags` are what has to be known of any that counts.
    """

    __tablename__ = "reading_hours"
    __table_args__ = ({"postgresql_partition_by": "RANGE (hour)"},)

    series_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
    left_out: Mapped[int]
    total: Mapped[float | None] = mapped_column(Float(53))
    low: Mapped[float | None] = mapped_column(Float(53))
    high: Mapped[float | None] = mapped_column(Float(53))
    flags: Mapped[int] = mapped_column(SmallInteger)


class StaleHour(Base):
    """An hour that was summed and has changed since: insert-only for whoever stores or takes back."""

    __tablename__ = "stale_hours"
    __table_args__ = (Index("ix_stale_hours_hour", "series_id", "hour"),)

    id: Mapped[Key]
    series_id: Mapped[int]
    hour: Mapped[datetime]
    at: Mapped[datetime]


class Summing(Base):
    """How far hours are summed: one row.

    Whoever stores a reading of before `closed_until` marks its hour as stale. All hours before `summed_until`
    are summed; from there to `closed_until` the series up to `after_series` are, once nobody who could have
    stored without knowing (a transaction before `waits_for`) is left.
    """

    __tablename__ = "summing"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closed_until: Mapped[datetime]
    summed_until: Mapped[datetime]
    after_series: Mapped[int]
    waits_for: Mapped[int | None] = mapped_column(Xid8)
