"""What was measured of a body and is nobody's yet."""

import pytest
from sqlalchemy.orm import Session

from devices import unclaimed
from devices.models import Device
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit, shared
from tests.devices.kit import DAY, MINUTE
from tests.devices.shared import weighs
from tests.devices.test_kit_users import set_down


@pytest.fixture
def scale(session: Session, cast: Cast) -> Device:
    return shared.scale(session, cast)


def waiting(session: Session, scale: Device) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    return [(each.channel, each.values) for each in unclaimed.list_of(session, [scale.id], NOW)]


def test_it_waits_without_a_number_and_under_one_that_is_nobodys(
    session: Session, cast: Cast, scale: Device
) -> None:
    set_down(session, scale, 1, cast.ada)
    weighs(session, 61.0, 1)
    weighs(session, 75.0)
    weighs(session, 92.4, 2, NOW - 2 * MINUTE)
    assert waiting(session, scale) == [("", (("weight", 75.0),)), ("user 2", (("weight", 92.4),))]


def test_another_number_of_ones_own_kit_waits(session: Session, cast: Cast) -> None:
    own = kit.device(session, "scale-1")
    kit.give(session, own, person_id=cast.ada.id)
    weighs(session, 61.0, 1)
    weighs(session, 92.4, 2)
    assert waiting(session, own) == [("user 2", (("weight", 92.4),))]


def test_what_is_of_no_body_is_not_asked_about(session: Session, cast: Cast, scale: Device) -> None:
    weighs(session, 18.5, kind="room_temperature")
    assert waiting(session, scale) == []


def test_what_is_too_old_is_not_asked_about(session: Session, cast: Cast, scale: Device) -> None:
    weighs(session, 75.0, None, NOW - 15 * DAY)
    assert waiting(session, scale) == []


def test_without_kit_nothing_waits(session: Session) -> None:
    assert unclaimed.list_of(session, [], NOW) == []
