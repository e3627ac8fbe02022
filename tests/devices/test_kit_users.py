"""Who uses kit that tells its users apart by a number."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from devices import assignments, charted, kit_users, readings, subjects
from devices.daily import Asked, daily
from devices.models import Device
from devices.readings import Want
from people.access import Viewer
from people.models.homes import Residency
from people.models.people import Person
from people.signing_in import viewer_of
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit, shared
from tests.devices.kit import CORA, DAY, HOUR, MINUTE
from tests.devices.shared import weighs


@pytest.fixture
def scale(session: Session, cast: Cast) -> Device:
    return shared.scale(session, cast)


@pytest.fixture
def cora(session: Session, cast: Cast) -> Viewer:
    session.flush()
    return viewer_of(session, cast.cora, NOW)


def set_down(
    session: Session, scale: Device, number: int, who: Person, start: datetime | None = None
) -> None:
    kit_users.set_down(session, scale, number, who.id, now=NOW, actor=CORA, start=start)


def weights(session: Session, who: Person) -> list[float]:
    """What is judged of somebody."""
    found = readings.tracks(session, [Want(subjects.person(who.id), "weight", NOW - 30 * DAY)], NOW)
    return [value for columns in found.values() for value in columns.values]


def test_a_reading_is_of_whoever_has_its_number(session: Session, cast: Cast, scale: Device) -> None:
    set_down(session, scale, 1, cast.ada)
    set_down(session, scale, 2, cast.ben)
    weighs(session, 61.0, 1)
    weighs(session, 92.4, 2)
    assert (weights(session, cast.ada), weights(session, cast.ben)) == ([61.0], [92.4])


def test_every_way_to_read_them_tells_them_apart(session: Session, cast: Cast, scale: Device) -> None:
    set_down(session, scale, 1, cast.ada)
    set_down(session, scale, 2, cast.ben)
    weighs(session, 61.0, 1)
    weighs(session, 92.4, 2)
    weighs(session, 75.0)
    ada = subjects.person(cast.ada.id)
    (latest,) = readings.latest(session, [ada], NOW)
    (line,) = charted.span(session, ada, ["weight"], NOW - DAY, NOW, 100, "UTC")
    (listed,) = readings.list_for_person(session, cast.ada.id, kinds=["weight"])
    ((day,),) = daily(session, [Asked(ada, "weight", NOW - DAY, "Europe/London")], NOW)
    assert (latest.value, line.points[0].value, listed.value, day.mean) == (61.0, 61.0, 61.0, 61.0)
    assert readings.latest(session, [subjects.home(cast.ada_home.id)], NOW) == []


def test_what_is_measured_of_a_body_without_a_number_is_nobodys(
    session: Session, cast: Cast, scale: Device
) -> None:
    set_down(session, scale, 1, cast.ada)
    weighs(session, 75.0)
    weighs(session, 76.0, 3)
    assert (weights(session, cast.ada), weights(session, cast.ben)) == ([], [])


def test_whoever_is_set_down_is_woken_and_has_what_was_measured_before(
    session: Session, cast: Cast, scale: Device
) -> None:
    weighs(session, 61.0, 1)
    kit.woken(session)
    set_down(session, scale, 1, cast.ada)
    assert subjects.person(cast.ada.id).number in kit.woken(session)
    assert weights(session, cast.ada) == [61.0]


def test_a_reading_wakes_whoever_has_its_number(session: Session, cast: Cast, scale: Device) -> None:
    set_down(session, scale, 1, cast.ada)
    kit.woken(session)
    weighs(session, 61.0, 1)
    assert subjects.person(cast.ada.id).number in kit.woken(session)


def test_a_correction_gives_history_to_another_at_once(session: Session, cast: Cast, scale: Device) -> None:
    set_down(session, scale, 1, cast.ada)
    weighs(session, 92.0, 1, NOW - 3 * DAY)
    weighs(session, 92.4, 1)
    set_down(session, scale, 1, cast.ben, NOW - DAY)
    assert (weights(session, cast.ada), weights(session, cast.ben)) == ([92.0], [92.4])
    set_down(session, scale, 1, cast.ben)
    assert (weights(session, cast.ada), weights(session, cast.ben)) == ([], [92.0, 92.4])


def test_whoever_moves_out_is_let_go_of_and_keeps_what_was_theirs(
    session: Session, cast: Cast, scale: Device
) -> None:
    set_down(session, scale, 1, cast.ben)
    weighs(session, 92.0, 1, NOW - 3 * DAY)
    row = session.scalars(
        select(Residency).where(Residency.person_id == cast.ben.id, Residency.home_id == cast.ada_home.id)
    ).one()
    row.period = Range(row.period.lower, NOW - DAY)
    session.flush()
    weighs(session, 70.0, 1)
    assert weights(session, cast.ben) == [92.0]


def test_whoever_has_died_is_let_go_of(session: Session, cast: Cast, scale: Device) -> None:
    set_down(session, scale, 1, cast.ben)
    weighs(session, 92.0, 1, NOW - 5 * DAY)
    cast.ben.died_on = (NOW - 3 * DAY).date()
    session.flush()
    weighs(session, 70.0, 1)
    assert weights(session, cast.ben) == [92.0]


def test_taking_the_kit_back_ends_its_numbers(
    session: Session, cast: Cast, scale: Device, cora: Viewer
) -> None:
    set_down(session, scale, 1, cast.ada)
    held = assignments.find(session, scale.id, NOW)
    assert held is not None
    assignments.end(session, held, at=NOW - HOUR, now=NOW, actor=CORA)
    assert kit_users.list_of(session, cora, scale, NOW) == []


@pytest.mark.parametrize(
    ("number", "who", "start", "field"),
    [
        (255, "ada", None, "number"),
        (-1, "ada", None, "number"),
        (1, "ben", None, "person"),
        (1, "ada", NOW + HOUR, "start"),
    ],
)
def test_what_cannot_be_set_down_is_said_at_its_field(
    session: Session, cast: Cast, number: int, who: str, start: datetime | None, field: str
) -> None:
    cuff = kit.device(session, "cuff-1")
    kit.give(session, cuff, home_id=cast.ada_home.id)
    with pytest.raises(Invalid) as fault:
        set_down(session, cuff, number, getattr(cast, who), start)
    assert list(fault.value.fields) == [field]


def test_nobody_is_set_down_for_kit_that_nobody_has(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict, match="with nobody"):
        set_down(session, kit.device(session), 1, cast.ada)


def test_kit_of_one_person_is_theirs_alone(session: Session, cast: Cast) -> None:
    cuff = kit.device(session, "cuff-1")
    shared.move_in(session, cast)
    kit.give(session, cuff, person_id=cast.ada.id)
    with pytest.raises(Invalid, match="one person’s alone"):
        set_down(session, cuff, 2, cast.ben)


def test_the_first_number_of_somebodys_own_kit_is_theirs_and_the_second_is_not(
    session: Session, cast: Cast
) -> None:
    kit.give(session, kit.device(session, "scale-1"), person_id=cast.ada.id)
    weighs(session, 61.0, 1)
    weighs(session, 92.4, 2)
    weighs(session, 61.2, None, NOW - 2 * MINUTE)
    assert sorted(weights(session, cast.ada)) == [61.0, 61.2]


def test_kit_that_counts_from_nought_has_its_second_user_under_one(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session, "scale-1"), person_id=cast.ada.id)
    weighs(session, 61.0, 0)
    weighs(session, 92.4, 1)
    assert weights(session, cast.ada) == [61.0]


def test_another_number_of_ones_own_kit_can_be_said_to_be_ones_own(session: Session, cast: Cast) -> None:
    own = kit.device(session, "scale-1")
    kit.give(session, own, person_id=cast.ada.id)
    weighs(session, 61.0, 2)
    set_down(session, own, 2, cast.ada)
    assert weights(session, cast.ada) == [61.0]


def test_an_end_leaves_what_was_theirs_and_gives_them_nothing_more(
    session: Session, cast: Cast, scale: Device, cora: Viewer
) -> None:
    set_down(session, scale, 1, cast.ada)
    weighs(session, 61.0, 1, NOW - DAY)
    weighs(session, 64.0, 1)
    (user,) = kit_users.list_of(session, cora, scale, NOW)
    row = kit_users.get(session, cora, scale, user.row.uuid, NOW)
    kit_users.end(session, row, now=NOW, actor=CORA, at=NOW - HOUR)
    assert weights(session, cast.ada) == [61.0]
    with pytest.raises(Conflict):
        kit_users.end(session, row, now=NOW, actor=CORA)


def test_an_end_does_not_lie_ahead(session: Session, cast: Cast, scale: Device, cora: Viewer) -> None:
    set_down(session, scale, 1, cast.ada)
    (user,) = kit_users.list_of(session, cora, scale, NOW)
    with pytest.raises(Invalid):
        kit_users.end(session, user.row, now=NOW, actor=CORA, at=NOW + timedelta(hours=1))


def test_it_lists_who_is_in_sight_and_whether_they_still_live_there(
    session: Session, cast: Cast, scale: Device, cora: Viewer
) -> None:
    set_down(session, scale, 1, cast.ada)
    set_down(session, scale, 2, cast.ben)
    row = session.scalars(
        select(Residency).where(Residency.person_id == cast.ben.id, Residency.home_id == cast.ada_home.id)
    ).one()
    row.period = Range(row.period.lower, NOW - DAY)
    session.flush()
    found = [
        (each.row.number, each.person.id, each.here) for each in kit_users.list_of(session, cora, scale, NOW)
    ]
    assert found == [(1, cast.ada.id, True), (2, cast.ben.id, False)]
    mallory = viewer_of(session, cast.mallory, NOW)
    assert kit_users.list_of(session, mallory, scale, NOW) == []
    with pytest.raises(NotFound):
        kit_users.get(session, mallory, scale, scale.uuid, NOW)


def test_it_is_written_down_for_both_whose_it_is_and_whose_it_was(
    session: Session, cast: Cast, scale: Device
) -> None:
    set_down(session, scale, 1, cast.ada)
    set_down(session, scale, 1, cast.ben)
    rows = session.scalars(
        select(JournalEntry).where(JournalEntry.subject == "kit user").order_by(JournalEntry.id)
    )
    assert [(row.what, row.person_id) for row in rows] == [
        ("set down as user", cast.ada.id),
        ("ended as user", cast.ada.id),
        ("set down as user", cast.ben.id),
    ]
