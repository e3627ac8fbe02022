"""Hours of the day in local time, and which readings were measured in them; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from care_plans.judging.track import Points

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Hours:
    """From `begins` to before `ends` by the clock on the wall, past midnight where that is not later.

    `days` are the weekdays (0 is Monday) on which they begin.
    """

    begins: time
    ends: time
    days: tuple[int, ...] = EVERY_DAY

    def holds(self, local: datetime) -> bool:
        """Whether a local time lies in them."""
        at, day = local.time(), local.weekday()
        if self.begins < self.ends:
            return self.begins <= at < self.ends and day in self.days
        if at >= self.begins:
            return day in self.days
        return at < self.ends and (day - 1) % 7 in self.days


def in_hours(points: Points, hours: Hours, zone: str) -> Points:
    """Those of the points that were measured in these hours, as the clock on the wall showed them."""
    rows = [n for n, local in enumerate(local_times(points.times, zone)) if hours.holds(local)]
    return Points([points.times[n] for n in rows], [points.values[n] for n in rows])


def local_times(times: Iterable[float], zone: str) -> Iterator[datetime]:
    """Unix seconds as local times."""
    where = ZoneInfo(zone)
    return (datetime.fromtimestamp(at, UTC).astimezone(where) for at in times)


def local_day(at: float, zone: str) -> date:
    """The local day of a moment in unix seconds."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).date()


def seconds_at(day: date, local: time, zone: str) -> float:
    """The unix seconds at which a clock on the wall shows `local` on `day`.

    A time that the clocks jump over is as long after midnight as it would have been; of one that comes
    twice it is the first.
    """
    return datetime.combine(day, local, ZoneInfo(zone)).timestamp()


def days_before(day: date, count: int) -> Iterator[date]:
    """So many days before a day, the earliest first."""
    return (day - timedelta(days=back) for back in range(count, 0, -1))
