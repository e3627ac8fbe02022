import re

import pytest

from devices import kinds
from devices.simulator.kit import Format, climate, motion, oximeter, pendant
from devices.topics import is_device_key
from tests.devices.simulator.made import home


def test_every_kind_of_every_piece_of_kit_is_in_the_catalogue() -> None:
    for spec in home().kit:
        assert [kind for kind in spec.kinds if kinds.find(kind) is None] == []


def test_every_device_key_is_one_that_topics_take() -> None:
    made = home()
    assert [spec.key_suffix for spec in made.kit if not is_device_key(made.device_key(spec))] == []


def test_a_sensor_speaks_through_the_hub_at_an_address_of_its_own() -> None:
    made = home()
    sensors = [spec for spec in made.kit if spec.format is Format.ZIGBEE]
    assert {made.device_key(spec) for spec in sensors} == {"t005-hub"}
    assert len({spec.address for spec in sensors}) == len(sensors)
    assert all(re.fullmatch(r"0x[0-9a-f]{16}", spec.address or "") for spec in sensors)


@pytest.mark.parametrize("seeds", [(1, 2)])
def test_two_homes_have_no_address_in_common(seeds: tuple[int, int]) -> None:
    first, second = seeds
    assert climate("bedroom", first).address != climate("bedroom", second).address


def test_a_second_resident_has_kit_of_their_own() -> None:
    assert (oximeter(0).key_suffix, oximeter(1).key_suffix) == ("oximeter", "oximeter-2")
    assert oximeter(1).resident == 1


def test_only_the_pendant_is_life_safety() -> None:
    assert [spec.key_suffix for spec in home().kit if spec.life_safety] == ["pendant"]
    assert pendant().life_safety
    assert not motion("hall", 1).life_safety
