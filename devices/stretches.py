"""Where the points of a chart begin: equal parts of a short time, whole hours or local days of a long one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

SHORT = timedelta(days=10)
"""Up to here readings themselves are read, beyond it what their hours come to."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOURS = (1, 2, 3, 4, 6, 8, 12)
"""How many hours a point may stand for: what divides a day."""
ENDS = 2
"""The first and the last stretch of a long time are cut short by it, so that there may be one more."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_long(start: datetime, end: datetime) -> bool:
    """Whether a time is read by its hours."""
    return end - start > SHORT


def beginnings(start: datetime, end: datetime, most: int, zone: str) -> tuple[datetime, ...]:
    """When each of at most `most` (three or more) stretches from `start` to `end` begins, in order.

    Stretches of a long time are whole hours, or days by the calendar of `zone`, whatever the clocks do. They
    lie where they lie whenever somebody looks, but for the first, which begins at `start`.
    """
    if not is_long(start, end):
        return tuple(start + (end - start) * number / most for number in range(most))
    for hours in HOURS:
        if (end - start) / (hours * HOUR) + ENDS <= most:
            return start, *_whole_hours(start, end, hours * HOUR)
    return _days(start, end, most, zone)


def _days(start: datetime, end: datetime, most: int, zone: str) -> tuple[datetime, ...]:
    every = ceil((end - start) / DAY / max(most - ENDS, 1))
    return start, *_local_days(start, end, every, ZoneInfo(zone))


def _whole_hours(start: datetime, end: datetime, width: timedelta) -> Iterator[datetime]:
    at = EPOCH + ((start - EPOCH) // width + 1) * width
    while at < end:
        yield at
        at += width


def _local_days(start: datetime, end: datetime, every: int, zone: ZoneInfo) -> Iterator[datetime]:
    day = start.astimezone(zone).date() + DAY
    while (at := _midnight(day, zone)) < end:
        if day.toordinal() % every == 0:
            yield at
        day += DAY


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def of_use(start: datetime, end: datetime, most: int, zone: str) -> tuple[datetime, ...]:
    """When each stretch begins by which use is told: hours of up to two days, else local days, or several."""
    if by_the_hour(start, end):
        return start, *_whole_hours(start, end, HOUR)
    return _days(start, end, most, zone)


def by_the_hour(start: datetime, end: datetime) -> bool:
    """Whether use in this time is told by the hour."""
    return end - start <= 2 * DAY


def cut_hours(starts: tuple[datetime, ...]) -> list[datetime]:
    """The UTC hours in which one stretch ends and the next begins, as in zones that are half an hour off."""
    floors = [EPOCH + (at - EPOCH) // HOUR * HOUR for at in starts[1:]]
    return [floor for floor, at in zip(floors, starts[1:], strict=True) if floor != at]
