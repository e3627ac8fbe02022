"""One sensor that several hubs hear."""

from datetime import datetime, timedelta

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.models import JournalEntry
from devices import found, partitions, placing, rejected, speakers, storing, twins
from devices.echoes import Echoes
from devices.found import Found
from devices.gather import Arrivals, Refusal, gather
from devices.hearing_models import AlsoHeard
from devices.inbox import Message
from devices.models import Device, DeviceState
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, SECOND

MAC = "A4C138777C52"
Hubs = tuple[Device, Device]


@pytest.fixture
def hubs(session: Session, cast: Cast) -> Hubs:
    """Ada's own gateway, and one that stands in her home."""
    first, second = kit.device(session, "hub-1"), kit.device(session, "hub-2")
    kit.give(session, first, person_id=cast.ada.id)
    kit.give(session, second, home_id=cast.ada_home.id)
    return first, second


def hears(session: Session, hub: Device, address: str = MAC) -> None:
    found.write(session, {(hub.id, address): Found(heard_at=NOW, kinds={"door_open"})}, NOW)


def says(hub: str, at: datetime, value: bool = True) -> Message:
    body = orjson.dumps({"id": MAC, "open": value})
    return kit.message(f"hearth/v1/{hub}/theengs/OMG/BTtoMQTT/{MAC}", body, at=at)


def proposed(session: Session, hub: Device) -> dict[str, int]:
    return {address: device.id for address, device in twins.list_proposed(session, hub, NOW).items()}


def test_a_sensor_that_another_hub_of_the_home_has_is_proposed_as_the_same(
    session: Session, hubs: Hubs
) -> None:
    door = kit.sensor(session, hubs[0], "a4:c1:38:77:7c:52")
    hears(session, hubs[1])
    assert proposed(session, hubs[1]) == {MAC: door.id}
    assert proposed(session, hubs[0]) == {}


def test_one_of_another_home_or_one_that_is_retired_is_not(session: Session, cast: Cast, hubs: Hubs) -> None:
    far = kit.device(session, "hub-3")
    kit.give(session, far, person_id=cast.ben.id)
    kit.sensor(session, far, MAC)
    kit.sensor(session, hubs[0], MAC, state=DeviceState.RETIRED)
    hears(session, hubs[1])
    assert proposed(session, hubs[1]) == {}


@pytest.mark.parametrize("address", ["0x5FA7", "bthomedevice:200", "17"])
def test_a_number_that_a_hub_gave_out_itself_proves_nothing(
    session: Session, hubs: Hubs, address: str
) -> None:
    kit.sensor(session, hubs[0], address)
    hears(session, hubs[1], address)
    assert proposed(session, hubs[1]) == {}
    assert not twins.is_its_own(address)


def test_once_joined_both_hubs_feed_one_line_of_readings(session: Session, hubs: Hubs) -> None:
    door = kit.sensor(session, hubs[0], MAC)
    hears(session, hubs[1])
    assert twins.join(session, hubs[1], MAC, now=NOW, actor=CORA) is door
    echoes, arrivals = Echoes(), Arrivals()
    for message in (
        says("hub-1", NOW),
        says("hub-2", NOW + SECOND),
        says("hub-2", NOW + 2 * SECOND, value=False),
        says("hub-1", NOW + 3 * SECOND, value=False),
    ):
        batch = gather(
            [message],
            lambda topic: speakers.find(session, topic, NOW),
            arrivals,
            partitions.retention_start(NOW),
            echoes,
        )
        assert batch is not None
        assert door.id in batch.words, "it was heard, whoever heard it"
        storing.store(session, batch, {}, NOW)
    assert [(at, value) for _, at, value, _ in kit.stored(session)] == [(NOW, 1), (NOW + 2 * SECOND, 0)]


def test_what_was_kept_of_it_is_read_once_it_is_known(session: Session, hubs: Hubs) -> None:
    kit.sensor(session, hubs[0], MAC)
    message = kit.message(f"hearth/v1/hub-2/zigbee2mqtt/{MAC}", orjson.dumps({"contact": False}), at=NOW)
    rejected.keep(session, [Refusal(message, hubs[1].id, "unknown_sensor", "unknown", MAC)])
    hears(session, hubs[1])
    twins.join(session, hubs[1], MAC, now=NOW, actor=CORA)
    assert [(kind, value) for kind, _, value, _ in kit.stored(session)] == [("door_open", 1)]


def test_one_that_was_registered_twice_becomes_one_and_protects_if_either_did(
    session: Session, cast: Cast, hubs: Hubs
) -> None:
    first = kit.sensor(session, hubs[0], MAC)
    second = kit.sensor(session, hubs[1], MAC, life_safety=True, state=DeviceState.INSTALLED)
    held = kit.give(session, second, person_id=cast.ada.id)
    hears(session, hubs[1])
    assert twins.join(session, hubs[1], MAC, now=NOW, actor=CORA) is first
    assert (second.state, held.period.upper, first.life_safety) == (DeviceState.RETIRED, NOW, True)
    said = speakers.find(session, f"hearth/v1/hub-2/theengs/{MAC}", NOW)
    assert isinstance(said, speakers.Said)
    assert said.speaker.sensors == {MAC: first.id}
    assert placing.list_placed(session, hubs[1]) == []


def test_it_waits_for_a_room_no_more_until_it_is_said_to_be_another(session: Session, hubs: Hubs) -> None:
    door = kit.sensor(session, hubs[0], MAC)
    hears(session, hubs[1])
    twins.join(session, hubs[1], MAC, now=NOW, actor=CORA)
    assert [row.device for row in placing.list_found(session, hubs[1])] == [door]
    assert twins.list_joined(session, hubs[1]) == [(MAC, door)]
    twins.part(session, hubs[1], MAC, now=NOW, actor=CORA)
    assert [row.device for row in placing.list_found(session, hubs[1])] == [None]
    whats = session.scalars(select(JournalEntry.what).where(JournalEntry.subject_uuid == door.uuid)).all()
    assert set(whats) == {"heard by another hub", "no longer heard by another hub"}


def test_it_is_not_forgotten_with_what_nobody_placed(session: Session, hubs: Hubs) -> None:
    kit.sensor(session, hubs[0], MAC)
    hears(session, hubs[1])
    twins.join(session, hubs[1], MAC, now=NOW, actor=CORA)
    hubs[1].listens_until = NOW - placing.TO_PLACE - timedelta(hours=1)
    session.flush()
    placing.forget(session, NOW)
    assert [row.found.address for row in placing.list_found(session, hubs[1])] == [MAC]


def test_what_is_not_proposed_can_not_be_joined_or_parted(session: Session, hubs: Hubs) -> None:
    with pytest.raises(NotFound):
        twins.join(session, hubs[1], MAC, now=NOW, actor=CORA)
    with pytest.raises(NotFound):
        twins.part(session, hubs[1], MAC, now=NOW, actor=CORA)
    assert session.scalars(select(AlsoHeard)).all() == []


def test_it_tells_by_which_hubs_a_sensor_is_heard(session: Session, hubs: Hubs) -> None:
    door = kit.sensor(session, hubs[1], MAC)
    hears(session, hubs[0])
    twins.join(session, hubs[0], MAC, now=NOW, actor=CORA)
    ways = twins.list_ways(session, door)
    assert [(way.hub.key, way.heard_at) for way in ways] == [("hub-2", None), ("hub-1", NOW)]
    assert twins.list_ways(session, hubs[0]) == []
