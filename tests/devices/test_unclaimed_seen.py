"""Which measurements that are nobody's somebody is shown."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from devices import subjects, unclaimed_seen
from devices.models import Device
from devices.unclaimed_seen import Waiting
from people.models.agencies import Staff
from people.signing_in import viewer_of
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit, shared
from tests.devices.shared import weighs


@pytest.fixture
def scale(session: Session, cast: Cast) -> Device:
    made = shared.scale(session, cast)
    weighs(session, 75.0)
    return made


def seen(session: Session, who: Staff, device: Device) -> Waiting:
    session.flush()
    return unclaimed_seen.of(session, viewer_of(session, who, NOW), device, NOW)


def test_who_sees_everybody_there_in_full_is_shown_it(session: Session, cast: Cast, scale: Device) -> None:
    found = seen(session, cast.cora, scale)
    assert [each.values for each in found.shown] == [(("weight", 75.0),)]
    assert found.hidden == 0


def test_who_sees_one_of_them_is_told_only_that_something_waits(
    session: Session, cast: Cast, scale: Device
) -> None:
    session.execute(
        text("DELETE FROM care_teams WHERE person_id = :ben AND team_id = :team"),
        {"ben": cast.ben.id, "team": cast.nurses.id},
    )
    assert seen(session, cast.dev, scale) == Waiting((), 1)


def test_who_is_not_shown_vital_signs_is_not_shown_it(session: Session, cast: Cast, scale: Device) -> None:
    assert seen(session, cast.hana, scale) == Waiting((), 1)


def test_of_ones_own_kit_who_sees_them_is_shown_it(session: Session, cast: Cast) -> None:
    own = kit.device(session, "scale-1")
    kit.give(session, own, person_id=cast.ada.id)
    weighs(session, 92.4, 2)
    assert len(seen(session, cast.dev, own).shown) == 1


def test_of_kit_that_nobody_has_nothing_waits(session: Session, cast: Cast) -> None:
    assert seen(session, cast.cora, kit.device(session)) == Waiting((), 0)


def test_how_many_wait_is_told_by_kit_of_a_home(session: Session, cast: Cast, scale: Device) -> None:
    home, nobody = subjects.home(cast.ada_home.id), subjects.home(cast.ben_home.id)
    session.flush()
    cora = viewer_of(session, cast.cora, NOW)
    assert unclaimed_seen.count_of(session, cora, [home], NOW) == [(scale, 1)]
    assert unclaimed_seen.count_of(session, cora, [nobody], NOW) == []
    assert unclaimed_seen.count_of(session, viewer_of(session, cast.mallory, NOW), [home], NOW) == []
