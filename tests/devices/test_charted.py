"""What charts draw: readings, or what they come to."""

import random
from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from devices import charted, entry, hours, rows, series, stretches, subjects
from devices.charted import Line, Point
from devices.measurement import UNFIT, Flags
from devices.models import Assignment, Device, Reading, Series
from devices.models_of_hours import ReadingHour, Summing
from devices.rows import Row
from devices.series import SeriesKey
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, DAY, HOUR, MINUTE, says, spo2

TODAY = NOW.replace(hour=0, minute=0)
FLAGS = (0, 0, 0, 0, int(Flags.LATE), int(Flags.STAFF), 2, 512, int(Flags.REPLAYED))


def test_a_chart_shows_each_reading_while_they_are_few(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session, room="hall"), person_id=cast.ada.id)
    kit.take_in(session, says("oximeter-1", *(spo2(90 + n, NOW - n * HOUR) for n in range(5))))
    ada = subjects.person(cast.ada.id)
    (line,) = charted.span(session, ada, ["spo2", "pulse"], NOW - 3 * HOUR, NOW, 100, "UTC")
    assert (line.kind, line.source) == ("spo2", "hall")
    assert [(point.at, point.value) for point in line.points] == [
        (NOW - 3 * HOUR, 93),
        (NOW - 2 * HOUR, 92),
        (NOW - HOUR, 91),
    ]


def test_a_chart_of_many_readings_folds_them_and_keeps_the_lowest_and_highest(
    session: Session, cast: Cast
) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    kit.take_in(session, says("oximeter-1", *(spo2(80 + n % 10, NOW - n * MINUTE) for n in range(1, 61))))
    (line,) = charted.span(session, subjects.person(cast.ada.id), ["spo2"], NOW - HOUR, NOW, 6, "UTC")
    assert [point.at for point in line.points] == [NOW - HOUR + n * 10 * MINUTE for n in range(6)]
    assert {(point.low, point.value, point.high) for point in line.points} == {(80, 84.5, 89)}


def start_at(session: Session, at: datetime) -> None:
    """As if all before had been summed."""
    session.execute(update(Summing).values(closed_until=at, summed_until=at))


def year(session: Session, person_id: int, points: int = 20, zone: str = "UTC") -> list[Line]:
    ada = subjects.person(person_id)
    return charted.span(session, ada, ["spo2"], NOW - 365 * DAY, NOW + HOUR, points, zone)


def hourly(session: Session, days: int) -> None:
    """A reading each hour of so many days, up to now, summed up to today."""
    start_at(session, NOW.replace(hour=0, minute=0) - days * DAY)
    said = (spo2(80 + n % 10, NOW - n * HOUR) for n in range(days * 24))
    kit.take_in(session, says("oximeter-1", *said))
    hours.lay(session, TODAY - days * DAY, TODAY)


def test_a_reading_that_can_not_be_believed_spoils_no_stretch(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    kit.take_in(
        session,
        says("oximeter-1", *(spo2(90, NOW - n * MINUTE) for n in range(1, 21)), spo2(140, NOW - 30 * MINUTE)),
    )
    (line,) = charted.span(session, subjects.person(cast.ada.id), ["spo2"], NOW - HOUR, NOW, 6, "UTC")
    assert {(point.low, point.value, point.high, point.flags & UNFIT) for point in line.points} == {
        (90, 90, 90, 0)
    }


def test_a_year_is_read_by_its_hours_and_what_is_not_summed_yet_by_its_readings(
    session: Session, cast: Cast
) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    hourly(session, 20)
    before = year(session, cast.ada.id, 400)
    session.execute(update(ReadingHour).values(total=ReadingHour.count * 5, low=5, high=5))
    (line,) = year(session, cast.ada.id, 400)
    assert line.points[0].high == 5, "the hours as they stand"
    assert line.points[-1].high == before[0].points[-1].high, "and what was measured today"


def test_the_day_of_a_chart_goes_by_the_homes_own_calendar(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    hourly(session, 20)
    for zone, minutes in (("Europe/London", 0), ("Asia/Kolkata", 18 * 60 + 30)):
        (line,) = year(session, cast.ada.id, 400, zone)
        began = {point.at - point.at.replace(hour=0, minute=0) for point in line.points[1:]}
        assert began == {minutes * MINUTE}


def test_whoever_has_no_readings_in_a_year_has_no_line(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    assert year(session, cast.ada.id) == []


class Life:
    """Two devices, and what was typed in, through whatever happens to readings."""

    def __init__(self, session: Session, cast: Cast, seed: int) -> None:
        self.session, self.chance = session, random.Random(seed)
        self.person_id, self.other_id = cast.ada.id, cast.ben.id
        self.devices = [kit.device(session, f"oximeter-{n}", room=f"room {n}") for n in (1, 2)]
        keys = [SeriesKey(device.id, "", "spo2") for device in self.devices]
        ids = series.ensure(session, keys)
        typed = series.of_person(session, self.person_id, "spo2")
        self.lines = [*(ids[key] for key in keys), typed]
        self.times = [self.moment() for _ in range(40)]
        self.summed = TODAY - 45 * DAY
        start_at(session, self.summed)
        for device in self.devices:
            self.assign(device)

    def moment(self) -> datetime:
        """Often in few hours, so that they have several readings, and anywhere else."""
        if self.chance.random() < 0.5:
            return NOW - self.chance.choice((3, 17, 40)) * DAY + self.chance.randrange(120) * MINUTE
        return NOW - self.chance.randrange(44 * 24 * 60) * MINUTE

    def assign(self, device: Device) -> None:
        """Whose it was: Ada's and Ben's by turns, changing hands in the middle of hours."""
        self.session.execute(delete(Assignment).where(Assignment.device_id == device.id))
        cuts = [NOW - 60 * DAY, *sorted(self.moment() for _ in range(self.chance.randrange(4))), None]
        for number, (start, end) in enumerate(pairwise(cuts)):
            if start != end:
                whose = self.person_id if number % 2 == 0 else self.other_id
                kit.give(self.session, device, person_id=whose, start=start or NOW, end=end)

    def store(self) -> None:
        """Readings in any order: new ones, the same again, others of the same moment."""
        said = [
            Row(
                self.chance.choice(self.lines),
                self.chance.choice((self.moment(), self.chance.choice(self.times))),
                float(self.chance.randrange(80, 100)),
                self.chance.choice(FLAGS),
                alarms=self.chance.random() < 0.1,
            )
            for _ in range(self.chance.randrange(1, 30))
        ]
        rows.put(self.session, said, NOW, NOW)

    def take_back(self) -> None:
        """Something that was typed in was a mistake."""
        typed = select(Reading.measured_at).where(Reading.series_id == self.lines[2])
        for at in self.session.scalars(typed.order_by(Reading.measured_at).limit(1)):
            entry.take_back(self.session, person_id=self.person_id, kind="spo2", at=at, now=NOW, actor=CORA)

    def sum_days(self) -> None:
        """The days go by."""
        until = min(self.summed + self.chance.randrange(1, 20) * DAY, TODAY)
        if until > self.summed:
            hours.lay(self.session, self.summed, until)
            self.summed = until

    def happens(self) -> None:
        """One thing or another."""
        device = self.chance.choice(self.devices)
        self.chance.choice(
            (self.store, self.store, self.store, self.take_back, self.sum_days,
             lambda: hours.step(self.session, NOW), lambda: self.assign(device))
        )()  # fmt: skip

    def drawn(self, start: datetime, end: datetime, most: int, zone: str) -> dict[int, list[Point]]:
        found = charted.span(self.session, subjects.person(self.person_id), ["spo2"], start, end, most, zone)
        return {line.series_id: line.points for line in found}

    def reckoned(self, start: datetime, end: datetime, most: int, zone: str) -> dict[int, list[Point]]:
        """The same from all readings, one by one."""
        starts = stretches.beginnings(start, end, most, zone)
        theirs = (
            select(Reading.series_id, Reading.measured_at, Reading.value, Reading.flags)
            .join(Series, Series.id == Reading.series_id)
            .outerjoin(Assignment, Assignment.device_id == Series.device_id)
            .where(
                Reading.measured_at >= start,
                Reading.measured_at < end,
                (Series.person_id == self.person_id)
                | (
                    (Assignment.person_id == self.person_id) & Assignment.period.contains(Reading.measured_at)
                ),
            )
            .order_by(Reading.measured_at)
        )
        found: dict[int, list[Point]] = {}
        for series_id, at, value, flags in self.session.execute(theirs):
            found.setdefault(series_id, []).append(Point(at, value, value, value, flags))
        return {
            series_id: points if len(points) <= most else folded(points, starts)
            for series_id, points in found.items()
        }


def folded(points: list[Point], starts: tuple[datetime, ...]) -> list[Point]:
    stretched: dict[datetime, list[Point]] = {}
    for point in points:
        if not point.flags & UNFIT:
            stretched.setdefault(starts[bisect_right(starts, point.at) - 1], []).append(point)
    return [
        Point(
            at,
            pytest.approx(sum(each.value for each in some) / len(some)),
            min(each.value for each in some),
            max(each.value for each in some),
            flags_of(some),
        )
        for at, some in sorted(stretched.items())
    ]


def flags_of(points: list[Point]) -> int:
    found = 0
    for point in points:
        found |= point.flags
    return found


@pytest.mark.parametrize("seed", range(16))
def test_a_chart_by_hours_says_what_its_readings_say_whatever_happened_to_them_in_whatever_order(
    session: Session, cast: Cast, seed: int
) -> None:
    life = Life(session, cast, seed)
    for _ in range(30):
        life.happens()
    for most in (5, 20, 400):
        for zone in ("Europe/London", "Asia/Kolkata"):
            start = NOW - timedelta(minutes=life.chance.randrange(11 * 24 * 60, 60 * 24 * 60))
            asked = (start, NOW + HOUR, most, zone)
            assert life.drawn(*asked) == life.reckoned(*asked)
