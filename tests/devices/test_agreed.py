from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict
from devices import agreed, assignments
from devices.models import Device
from people import agreements
from people.watching import Watched
from tests.agreeing import BY, agree
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import DAY, HOUR, says
from tests.housemates import moves_in_with


def motion(session: Session) -> Device:
    return kit.device(session, "motion-1", name="Motion, hall", model="SNZB-03")


def give(session: Session, device: Device, **whose: int) -> None:
    assignments.assign(session, device, start=NOW, now=NOW, actor=kit.CORA, **whose)  # type: ignore[arg-type]


def test_kit_that_watches_is_refused_without_an_agreement(session: Session, cast: Cast) -> None:
    device = motion(session)
    with pytest.raises(Conflict) as refused:
        give(session, device, person_id=cast.ada.id)
    assert str(cast.ada.uuid) in refused.value.fields["person_id"]
    assert "movement" in str(refused.value)
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=NOW)
    give(session, device, person_id=cast.ada.id)


def test_an_agreement_is_for_its_own_sort_of_kit(session: Session, cast: Cast) -> None:
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=NOW)
    door = kit.device(session, "door-1", name="Front door", model="SNZB-04")
    with pytest.raises(Conflict, match="social care review"):
        give(session, door, person_id=cast.ada.id)
    agree(session, cast.ada, Watched.DOORS, by=cast.sol, now=NOW)
    give(session, door, person_id=cast.ada.id)


def test_kit_of_a_home_needs_the_agreement_of_each_who_lives_there(session: Session, cast: Cast) -> None:
    moves_in_with(session, cast.ben, cast.ada_home, NOW)
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=NOW)
    device = motion(session)
    with pytest.raises(Conflict) as refused:
        give(session, device, home_id=cast.ada_home.id)
    assert "1 of those who live there has not" in refused.value.fields["home_id"]
    assert "Ben" not in str(refused.value)
    agree(session, cast.ben, Watched.MOVEMENT, by=cast.sol, now=NOW)
    give(session, device, home_id=cast.ada_home.id)


def test_readings_from_before_the_agreement_can_t_be_given_to_them(session: Session, cast: Cast) -> None:
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=NOW)
    with pytest.raises(Conflict):
        assignments.assign(
            session, motion(session), start=NOW - DAY, now=NOW, actor=kit.CORA, person_id=cast.ada.id
        )


def test_kit_is_refused_once_its_agreement_has_ended(session: Session, cast: Cast) -> None:
    [row] = agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=NOW - HOUR)
    agreements.end(session, row, said_by="Ada", why="No more", actor=BY, now=NOW - timedelta(minutes=1))
    with pytest.raises(Conflict):
        give(session, motion(session), person_id=cast.ada.id)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("Oximeter", "HL-OX2"),
        ("Scale", "HL-S1"),
        ("Cuff", "HL-BP3"),
        ("Thermometer", "HL-T1"),
        ("Smoke alarm", "HS1SA-E-PLUS"),
        ("Climate, bedroom", "SNZB-02D"),
        ("Hub", "HL-H1"),
    ],
)
def test_kit_that_watches_nobody_needs_none(name: str, model: str, session: Session, cast: Cast) -> None:
    give(session, kit.device(session, "ordinary-1", name=name, model=model), person_id=cast.ada.id)


def test_life_safety_kit_is_never_held_up(session: Session, cast: Cast) -> None:
    pendant = kit.device(
        session, "pendant-9", name="GPS pendant", model="P9", life_safety=True, watches=["location"]
    )
    give(session, pendant, person_id=cast.ada.id)


def test_what_it_has_measured_tells_that_it_watches(session: Session, cast: Cast) -> None:
    device = kit.device(session, "box-1", name="Box", model="?")
    assert agreed.watched_by(session, [device]) == {device.id: frozenset()}
    kit.take_in(session, says("box-1", {"kind": "motion", "value": 1, "at": NOW.isoformat()}))
    assert agreed.watched_by(session, [device]) == {device.id: {Watched.MOVEMENT}}
    with pytest.raises(Conflict):
        give(session, device, person_id=cast.ada.id)
