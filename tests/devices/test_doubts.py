"""What a numbered user of shared kit cannot have measured."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from devices import doubts, kit_users, owners, subjects
from devices.joining_models import OwnKit, Way
from devices.models import Device
from devices.shared_kit_models import Owner, ReadingOwner
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit, shared
from tests.devices.kit import CORA, DAY, HOUR, MINUTE
from tests.devices.shared import weighs
from tests.devices.test_kit_users import set_down, weights


@pytest.fixture
def scale(session: Session, cast: Cast) -> Device:
    """Ada's number is one, and she has weighed about sixty-one for days."""
    made = shared.scale(session, cast)
    set_down(session, made, 1, cast.ada)
    for day in (1, 2, 3):
        weighs(session, 61.0, 1, NOW - day * DAY)
    return made


def note(session: Session, cast: Cast) -> bool:
    return doubts.note(session, [], [cast.ada.id], NOW)


def test_an_impossible_jump_is_nobodys_until_somebody_says(
    session: Session, cast: Cast, scale: Device
) -> None:
    weighs(session, 92.4, 1)
    kit.woken(session)
    assert note(session, cast) is True
    assert weights(session, cast.ada) == [61.0] * 3
    row = session.scalars(select(ReadingOwner)).one()
    assert (row.measured_at, row.doubted_from, row.owner) == (NOW - MINUTE, 61.0, None)
    assert subjects.home(cast.ada_home.id).number in kit.woken(session)


def test_it_is_doubted_once(session: Session, cast: Cast, scale: Device) -> None:
    weighs(session, 92.4, 1)
    assert doubts.note(session, [scale.id], [], NOW) is True
    assert note(session, cast) is False


def test_what_can_be_stays_theirs(session: Session, cast: Cast, scale: Device) -> None:
    weighs(session, 63.1, 1)
    assert note(session, cast) is False
    assert weights(session, cast.ada)[-1] == 63.1


def test_what_was_confirmed_is_not_doubted_again(session: Session, cast: Cast, scale: Device) -> None:
    weighs(session, 67.0, 1)
    note(session, cast)
    say(session, scale, cast.ada.id, NOW - MINUTE)
    weighs(session, 67.2, 1, NOW)
    assert note(session, cast) is False
    assert sorted(weights(session, cast.ada)) == [61.0, 61.0, 61.0, 67.0, 67.2]


def test_a_correction_of_the_number_doubts_afresh(session: Session, cast: Cast, scale: Device) -> None:
    weighs(session, 92.4, 1)
    note(session, cast)
    kit_users.set_down(session, scale, 1, cast.ben.id, now=NOW, actor=CORA, start=NOW - MINUTE)
    assert doubts.note(session, [scale.id], [], NOW) is False
    assert weights(session, cast.ben) == [92.4]


def test_their_own_scale_that_nobody_has_checked_makes_no_other_reading_doubted(
    session: Session, cast: Cast, scale: Device
) -> None:
    own = kit.device(session, "own-scale")
    kit.give(session, own, person_id=cast.ada.id)
    row = OwnKit(device_id=own.id, sort="scale", way=Way.BY_ITSELF, added_at=NOW, added_by="Ada", checked=[])
    session.add(row)
    for hours in (1, 2, 3, 4):
        weighs(session, 92.0, None, NOW - hours * HOUR, key="own-scale")
    weighs(session, 61.2, 1)
    assert note(session, cast) is False
    row.checked = [Range(NOW - 5 * HOUR, None)]
    assert note(session, cast) is True


def test_where_nobody_is_set_down_nothing_is_doubted(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session, "scale-1"), person_id=cast.ada.id)
    for day in (1, 2, 3):
        weighs(session, 61.0, None, NOW - day * DAY)
    weighs(session, 92.4)
    assert note(session, cast) is False


def say(session: Session, scale: Device, person_id: int, at: datetime) -> None:
    owners.say(session, scale, "user 1", at, Owner.PERSON, now=NOW, actor=CORA, person_id=person_id)
