"""A sensor that a hub was found to speak for is placed in two steps, and what it said meanwhile is kept."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from devices import found, placing, rejected
from devices.models import Assignment, Device, FoundSensor, Rejected
from people.watching import Watched
from tests.agreeing import agree
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, HOUR, MINUTE


@pytest.fixture
def hub(session: Session, cast: Cast) -> Device:
    """Ada's hub, at home since a month ago."""
    made = kit.device(session, "hub-0001", name="Hub", model="Z2M")
    kit.give(session, made, person_id=cast.ada.id)
    return made


def hear(session: Session, body: dict[str, object], address: str = "0xa1") -> None:
    """The hub speaks for a sensor, an hour ago, as intake takes it in."""
    message = kit.message(f"hearth/v1/hub-0001/zigbee2mqtt/{address}", body, at=NOW - HOUR)
    _, batch = kit.take_in(session, message)
    found.write(session, batch.found, NOW - HOUR)
    rejected.keep(session, batch.refusals)


def place(session: Session, hub: Device, address: str = "0xa1", **given: object) -> Device:
    return placing.place(session, hub, address, given, now=NOW, actor=CORA)


def test_a_sensor_appears_by_itself_with_what_it_measures(session: Session, hub: Device) -> None:
    hear(session, {"smoke": False, "battery": 90})

    [row] = placing.list_found(session, hub)

    assert (row.found.address, row.found.kinds, row.device, row.protects) == ("0xa1", ["smoke"], None, True)


def test_it_is_placed_for_whoever_has_the_hub_with_what_it_said_meanwhile(
    session: Session, hub: Device, cast: Cast
) -> None:
    hear(session, {"temperature": 18.5})

    device = place(session, hub, room="Bedroom")

    held = session.scalars(select(Assignment).where(Assignment.device_id == device.id)).one()
    assert (device.room, device.name, held.person_id) == ("Bedroom", "Room temperature sensor", cast.ada.id)
    assert [(kind, value) for kind, _, value, _ in kit.stored(session)] == [("room_temperature", 18.5)]
    assert session.scalars(select(Rejected.settled_how)).all() == ["stored"]


def test_what_watches_is_placed_only_where_they_have_agreed(session: Session, hub: Device) -> None:
    hear(session, {"contact": False})

    with pytest.raises(Conflict, match="nobody has agreed"):
        place(session, hub, room="Hall")


def test_it_is_read_as_what_it_stands_on(session: Session, hub: Device, cast: Cast) -> None:
    agree(session, cast.ada, Watched.DOORS, by=cast.cora, now=NOW)
    hear(session, {"contact": False})

    place(session, hub, room="Kitchen", reads_as="fridge_open")

    assert [(kind, value) for kind, _, value, _ in kit.stored(session)] == [("fridge_open", 1.0)]


def test_what_it_stands_on_is_something_it_can_tell_of(session: Session, hub: Device) -> None:
    hear(session, {"contact": False})

    with pytest.raises(Invalid) as fault:
        place(session, hub, reads_as="spo2")
    assert "reads_as" in fault.value.fields


def test_what_a_hub_never_named_and_what_is_placed_cannot_be(session: Session, hub: Device) -> None:
    hear(session, {"temperature": 18.5})
    with pytest.raises(NotFound):
        place(session, hub, "0xb2")

    place(session, hub)

    with pytest.raises(Conflict):
        place(session, hub)
    with pytest.raises(Conflict):
        placing.leave(session, hub, "0xa1", now=NOW, actor=CORA)


def test_behind_a_hub_in_stock_it_is_in_stock(session: Session) -> None:
    stock = kit.device(session, "hub-0001")
    hear(session, {"temperature": 18.5})

    device = place(session, stock)

    assert session.scalars(select(Assignment).where(Assignment.device_id == device.id)).all() == []


def test_a_neighbours_is_left_alone_and_its_messages_set_aside(session: Session, hub: Device) -> None:
    hear(session, {"temperature": 18.5})
    hear(session, {"temperature": 18.5}, "0xb2")

    placing.leave(session, hub, "0xa1", now=NOW, actor=CORA)

    settled = {row.where: row.settled_how for row in session.scalars(select(Rejected))}
    assert settled == {"0xa1": "set_aside", "0xb2": None}
    place(session, hub)
    assert session.scalars(select(FoundSensor.left_at)).all() == [None, None]


def test_a_sensor_only_listed_does_not_wait_for_a_room(session: Session, hub: Device) -> None:
    listed = [{"ieee_address": "0xa1", "friendly_name": "0xa1", "definition": {"model": "MCCGQ11LM"}}]
    message = kit.message("hearth/v1/hub-0001/zigbee2mqtt/bridge/devices", listed, at=NOW - MINUTE)
    found.write(session, kit.read(session, message).found, NOW)

    assert [row.found.model for row in placing.list_found(session, hub)] == ["MCCGQ11LM"]


def test_what_a_radio_hears_is_told_only_while_somebody_looks(session: Session, hub: Device) -> None:
    body: dict[str, object] = {"tempc": 19.2, "id": "4C:33:A6:60:3C:79"}
    message = kit.message("hearth/v1/hub-0001/theengs/gw/BTtoMQTT/4C33A6603C79", body, at=NOW)
    assert kit.read(session, message).found == {}
    assert kit.read(session, message).refusals == []

    placing.listen(session, hub, now=NOW - MINUTE, actor=CORA)

    assert set(kit.read(session, message).found) == {(hub.id, "4C33A6603C79")}
    later = kit.message(message.topic, body, at=NOW + HOUR)
    assert kit.read(session, later).found == {}


def test_what_was_heard_and_not_placed_is_forgotten(session: Session, hub: Device) -> None:
    placing.listen(session, hub, now=NOW, actor=CORA)
    hear(session, {"temperature": 18.5})
    hear(session, {"temperature": 18.5}, "0xb2")
    place(session, hub)
    assert not placing.forget(session, NOW + placing.TO_PLACE)

    assert placing.forget(session, NOW + placing.LISTENS + placing.TO_PLACE + MINUTE)

    assert session.scalars(select(FoundSensor.address)).all() == ["0xa1"]
    assert session.scalars(select(Rejected.where).where(Rejected.settled_at.is_(None))).all() == []
    assert hub.listens_until is None
