"""Charts of kit that Ada and Ben share: each draws what is of that person, also where hours are summed."""

from datetime import datetime

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from devices import charted, hours, kit_users, subjects
from devices.charted import Point
from devices.models import Device, Reading
from devices.models_of_hours import ReadingHour, Summing
from devices.shared_kit_models import Owner, ReadingOwner
from people.models.caring import CareTeam
from people.models.people import Person
from tests.app.test_row_security import as_web, viewer
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import shared
from tests.devices.kit import CORA, DAY, HOUR, MINUTE
from tests.devices.shared import weighs

START = NOW.replace(hour=0, minute=0) - 20 * DAY
AT = START + 5 * DAY + 7 * HOUR + 30 * MINUTE
"""When Ben stood on it under Ada's number, half an hour after her."""


@pytest.fixture
def scale(session: Session, cast: Cast) -> Device:
    """Ada is user one and weighs 61 each morning at seven; all of it is summed."""
    made = shared.scale(session, cast)
    kit_users.set_down(session, made, 1, cast.ada.id, now=NOW, actor=CORA)
    session.execute(update(Summing).values(closed_until=START, summed_until=START))
    for day in range(20):
        weighs(session, 61.0, 1, START + day * DAY + 7 * HOUR)
    weighs(session, 92.0, 1, AT)
    hours.lay(session, START, START + 20 * DAY)
    return made


def answer(session: Session, scale: Device, who: Person | None) -> None:
    """It was of `who`, or is doubted (None)."""
    row = ReadingOwner(device_id=scale.id, channel="user 1", measured_at=AT, doubted_from=61.0)
    if who is not None:
        row.owner, row.person_id, row.answered_at, row.answered_by = Owner.PERSON, who.id, NOW, "Cora"
    session.add(row)
    session.flush()


def points(session: Session, who: Person, most: int = 5) -> list[Point]:
    """A year of somebody's weights."""
    of_them = subjects.person(who.id)
    return [
        point
        for line in charted.span(session, of_them, ["weight"], NOW - 365 * DAY, NOW, most, "UTC")
        for point in line.points
    ]


@pytest.mark.parametrize("most", [5, 100])
def test_a_moment_that_was_answered_as_anothers_is_in_theirs_and_not_in_the_first_ones(
    session: Session, cast: Cast, scale: Device, most: int
) -> None:
    assert max(each.high for each in points(session, cast.ada, most)) == 92.0
    answer(session, scale, cast.ben)
    assert {(each.low, each.high) for each in points(session, cast.ada, most)} == {(61.0, 61.0)}
    assert [each.value for each in points(session, cast.ben, most)] == [92.0]


def test_a_doubted_moment_is_in_nobodys_chart(session: Session, cast: Cast, scale: Device) -> None:
    answer(session, scale, None)
    assert {each.high for each in points(session, cast.ada)} == {61.0}
    assert points(session, cast.ben) == []


def test_a_moment_that_was_said_to_be_theirs_after_all_counts_once(
    session: Session, cast: Cast, scale: Device
) -> None:
    answer(session, scale, cast.ada)
    assert sorted(each.value for each in points(session, cast.ada, 100)) == [*[61.0] * 20, 92.0]


def test_only_the_hour_of_that_moment_is_read_by_its_readings(
    session: Session, cast: Cast, scale: Device
) -> None:
    answer(session, scale, cast.ben)
    session.execute(update(ReadingHour).values(total=ReadingHour.count * 5, low=5, high=5))
    assert sorted({each.high for each in points(session, cast.ada, 19)}) == [5, 61]


def test_who_sees_ada_alone_is_charted_hers_whole_and_shown_no_sum_of_that_hour(
    session: Session, cast: Cast, scale: Device, now: datetime
) -> None:
    answer(session, scale, cast.ben)
    before = points(session, cast.ada)
    session.execute(
        delete(CareTeam).where(CareTeam.person_id == cast.ben.id, CareTeam.team_id == cast.nurses.id)
    )
    with as_web(session, viewer(session, cast.dev, now), now):
        assert points(session, cast.ada) == before
        assert session.scalars(select(ReadingHour.count)).all() == [1] * 19
        assert set(session.scalars(select(Reading.value))) == {61.0}
