"""What was announced is found by its topic, until it is taken back."""

from devices.formats.announced import Announced, Announcement, Availability, Entity
from devices.measurement import Sensor


def entity(topic: str, address: str) -> Entity:
    return Entity(topic, "room_temperature", "", address, None, None, "ON", "OFF", None)


def announcement(address: str, bridge: str = "bridge/state") -> Announcement:
    return Announcement(
        Sensor(address), (entity(f"z/{address}", address),), (Availability(bridge, address, None),)
    )


def test_an_entity_is_found_by_its_topic_until_it_is_taken_back() -> None:
    announced = Announced()
    announced.tell("a/config", announcement("0xa1"))
    assert [each.address for each in announced.entities("z/0xa1")] == ["0xa1"]

    announced.take_back("a/config")
    announced.take_back("b/config")

    assert announced.entities("z/0xa1") == []
    assert announced.availability("bridge/state") == []


def test_a_topic_that_several_share_tells_of_the_hub() -> None:
    announced = Announced()
    announced.tell("a/config", announcement("0xa1"))
    assert [each.address for each in announced.availability("bridge/state")] == ["0xa1"]

    announced.tell("b/config", announcement("0xa2"))

    assert [each.address for each in announced.availability("bridge/state")] == [None]


def test_what_is_announced_again_takes_the_place_of_what_was() -> None:
    announced = Announced()
    announced.tell("a/config", announcement("0xa1"))
    announced.tell("a/config", announcement("0xa2"))

    assert announced.entities("z/0xa1") == []
    assert len(announced.entities("z/0xa2")) == 1


def test_names_stand_for_addresses() -> None:
    announced = Announced()
    announced.name({"Hall": "0xa1"})

    assert announced.address_of("Hall") == "0xa1"
    assert announced.address_of("Kitchen") is None
