import json
from random import Random
from typing import Any

import pytest

from devices.simulator.faulty_clocks import CLOCKS
from devices.simulator.speaking import Emission
from tests.devices.simulator.fleets import fleet, message

SENSOR = message(b'{"temperature":20.1,"last_seen":"2026-11-22T07:46:00.000Z"}', "zigbee2mqtt/0x1")
FRAME = message(bytes.fromhex("027837ea070b16072e00"), "gatt/00:00:5E:00:53:01/2A9D")


def befallen(name: str, said: Emission, times: int = 1) -> Emission:
    befall = CLOCKS[name].of(Random(3))
    for _ in range(times):
        (found,) = befall(fleet(1)[0], [said])
    assert isinstance(found, Emission)
    return found


def seen(name: str, times: int = 1) -> Any:
    return json.loads(befallen(name, SENSOR, times).payload)["last_seen"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("clock-1970", "1970-01-01T07:46:00.000Z"),
        ("clock-null", None),
        ("clock-no-zone", "2026-11-22T07:46:00"),
        ("clock-day-first", "22/11/2026 07:46:00"),
        ("clock-dst", "2026-11-22T08:46:00.000Z"),
    ],
)
def test_a_time_is_shown_as_the_clock_has_it(name: str, expected: str | None) -> None:
    assert seen(name) == expected


def test_a_clock_that_drifts_goes_further_wrong_with_each_message() -> None:
    assert seen("clock-drifts") != seen("clock-drifts", 2) != seen("clock-drifts", 3)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("clock-1970", "b2070101082e00"),  # the clocks of London stood at summer time all that winter
        ("clock-null", "00000000000000"),
        ("clock-dst", "ea070b16082e00"),
        ("clock-no-zone", "ea070b16072e00"),
    ],
)
def test_bluetooth_kit_has_a_clock_as_well(name: str, expected: str) -> None:
    assert befallen(name, FRAME).payload.hex()[6:] == expected


def test_a_message_of_a_shelly_has_its_seconds() -> None:
    said = message(b'{"params":{"ts":1795333560.00}}', "shelly/a/events/rpc")
    assert befallen("clock-dst", said).payload == b'{"params":{"ts":1795337160.00}}'
    assert befallen("clock-1970", said).payload == b'{"params":{"ts":27960.00}}'
