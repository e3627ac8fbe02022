from datetime import timedelta

from sqlalchemy.orm import Session

from devices import assignments, readings, subjects, watching
from devices.models import Device
from people.watching import Watched
from tests.agreeing import BY, agree
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import HOUR, says
from tests.housemates import moves_in_with


def given(session: Session, cast: Cast) -> Device:
    device = kit.device(session, "motion-1", name="Motion, hall", model="SNZB-03")
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=NOW - HOUR)
    assignments.assign(
        session, device, start=NOW - HOUR, now=NOW - HOUR, actor=kit.CORA, home_id=cast.ada_home.id
    )
    return device


def motion_at(minutes: int) -> dict[str, object]:
    at = (NOW + timedelta(minutes=minutes)).isoformat()
    return {"kind": "motion", "value": 1, "at": at}


def test_it_finds_what_watches_somebody_and_who_has_not_agreed(session: Session, cast: Cast) -> None:
    device = given(session, cast)
    kit.give(session, kit.device(session, "oximeter-9"), person_id=cast.ada.id)
    [found] = watching.of_people(session, [cast.ada.id], NOW)
    assert (found.device, found.sorts) == (device, {Watched.MOVEMENT})
    assert (found.watched, found.lacking) == ((cast.ada.id,), ())
    moves_in_with(session, cast.ben, cast.ada_home, NOW)
    [found] = watching.everywhere(session, NOW)
    assert (set(found.watched), found.lacking) == ({cast.ada.id, cast.ben.id}, (cast.ben.id,))


def test_stopping_keeps_what_was_measured_and_takes_no_more(session: Session, cast: Cast) -> None:
    given(session, cast)
    kit.take_in(session, says("motion-1", motion_at(-5)))
    [ended] = watching.stop(session, cast.ada.id, [Watched.MOVEMENT], now=NOW, actor=BY)
    assert ended.assignment.period.upper == NOW
    kit.take_in(session, says("motion-1", motion_at(5)))
    home = subjects.home(cast.ada_home.id)
    [latest] = readings.latest(session, [home], NOW + HOUR)
    assert latest.at == NOW - timedelta(minutes=5)
    assert watching.of_people(session, [cast.ada.id], NOW) == []


def test_stopping_one_way_leaves_the_others_and_all_that_protects(session: Session, cast: Cast) -> None:
    given(session, cast)
    pendant = kit.device(session, "pendant-9", name="Pendant", model="P", life_safety=True)
    kit.give(session, pendant, person_id=cast.ada.id)
    assert watching.stop(session, cast.ada.id, [Watched.DOORS], now=NOW, actor=BY) == []
    watching.stop(session, cast.ada.id, list(Watched), now=NOW, actor=BY)
    assert assignments.find(session, pendant.id, NOW + HOUR) is not None
