import itertools
from datetime import timedelta

from devices.simulator.fleet_homes import PATTERNS, FleetHome, key_of
from devices.simulator.speaking import Emission
from devices.topics import is_device_key, parse
from tests.devices.simulator.fleets import ALL, fleet
from tests.devices.simulator.made import NOW


def said(home: FleetHome, times: int) -> list[Emission]:
    return [each for n in range(times) for each in home.say(NOW + timedelta(seconds=n))]


def test_the_same_seed_makes_the_same_homes_and_another_makes_others() -> None:
    first, again, other = fleet(2), fleet(2), fleet(2, seed=8)
    words = said(first[1], 50)
    assert words == said(again[1], 50)
    assert words != said(other[1], 50)


def test_a_home_is_the_same_in_a_fleet_of_any_size() -> None:
    small, large = fleet(5), fleet(PATTERNS + 40)
    assert said(small[3], 40) == said(large[3], 40)
    assert small[3].sensors() == large[3].sensors()


def test_each_home_speaks_under_a_key_of_its_own() -> None:
    homes = fleet(PATTERNS + 10)
    assert len({home.key for home in homes}) == len(homes)
    assert all(is_device_key(home.key) for home in homes)
    for home in homes:
        topics = [parse(each.topic) for each in said(home, 20)]
        assert {topic.device_key for topic in topics if topic is not None} == {home.key}
        assert None not in topics


def test_the_last_home_s_neighbour_is_the_first() -> None:
    assert [home.neighbour for home in fleet(3)] == [key_of(1), key_of(2), key_of(0)]


def test_homes_that_are_cut_from_one_pattern_differ_in_addresses_and_in_their_place_in_the_day() -> None:
    homes = fleet(PATTERNS + 1)
    one, other = homes[0], homes[PATTERNS]
    assert {each.spec.key_suffix for _, each in one.sensors()} == {
        each.spec.key_suffix for _, each in other.sensors()
    }
    assert not {address for address, _ in one.sensors()} & {address for address, _ in other.sensors()}
    assert [each.topic.split("/", 3)[3] for each in said(one, 10)] != [
        each.topic.split("/", 3)[3] for each in said(other, 10)
    ]


def test_what_is_said_tells_of_the_moment_it_is_said() -> None:
    home = fleet(1, formats=frozenset({"readings"}))[0]
    for n in range(20):
        for each in home.say(NOW + timedelta(hours=n)):
            assert (NOW + timedelta(hours=n)).isoformat()[:19].encode() in each.payload
            assert each.at == NOW + timedelta(hours=n)


def test_a_fleet_speaks_every_format_and_only_those_it_is_given() -> None:
    homes = fleet(PATTERNS)
    spoken = {each.topic.split("/")[3] for home in homes for each in said(home, 150)}
    # Alarms are too rare to be heard in this time: that there is kit for them is enough.
    with_kit = {each.family.name for home in homes for _, each in home.sensors()}
    assert spoken | with_kit >= ALL
    assert spoken - ALL <= {"urgent"}
    few = frozenset({"readings", "shelly"})
    found = {each.topic.split("/")[3] for home in fleet(12, formats=few) for each in said(home, 60)}
    assert found <= few | {"urgent"}


def test_only_sensors_behind_the_hub_have_an_address_of_their_own() -> None:
    home = fleet(1)[0]
    assert all(each.family.behind for _, each in home.sensors())
    addresses = [address for address, _ in home.sensors()]
    assert len(set(addresses)) == len(addresses)


def test_kit_announces_itself_once_and_before_its_first_word() -> None:
    home = fleet(1, formats=frozenset({"homeassistant"}))[0]
    words = said(home, 300)
    announced = [each.topic for each in words if each.topic.endswith("/config")]
    assert len(announced) == len(set(announced))
    first = {}
    for number, each in enumerate(words):
        address = each.topic.split("/")[-3] if each.topic.endswith("/config") else each.topic.split("/")[-2]
        first.setdefault(address, each.topic)
        assert number < 1000
    assert all(topic.endswith("/config") for topic in first.values())


def test_what_a_home_says_has_no_end() -> None:
    home = fleet(1)[0]
    assert len(list(itertools.islice((each for _ in range(1000) for each in home.say(NOW)), 1000))) == 1000
