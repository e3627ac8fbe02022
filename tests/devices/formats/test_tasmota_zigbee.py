"""Tasmota's Zigbee sensors: named states, zone bits where the bridge knows no name, and calls for help."""

from datetime import UTC, datetime
from typing import Any

import pytest

from devices.formats.tasmota_zigbee import ZigbeeSensor
from devices.formats.wire import Arrival
from devices.measurement import Flags

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)


def sensor(
    said: dict[str, Any], key: str = "0x5FA7", *, model: str = "", cached: bool = False
) -> ZigbeeSensor:
    return ZigbeeSensor(key, said, Arrival(NOW, False, "Europe/London", {"0x5FA7": model}), cached=cached)


def values(said: dict[str, Any], model: str = "") -> dict[str, float]:
    return {one.kind: one.value for one in sensor(said, model=model).measurements()}


@pytest.mark.parametrize(
    ("key", "said", "address"),
    [
        ("0x5fa7", {}, "0x5FA7"),
        ("Kitchen", {"Device": "0x5FA7"}, "0x5FA7"),
        ("Kitchen", {}, ""),
        ("Kitchen", {"Device": 7}, ""),
        ("Kitchen", {"Device": "0x00124B000DEF503F"}, ""),
    ],
)
def test_its_address_is_the_short_one_under_which_it_speaks(key: str, said: Any, address: str) -> None:
    assert sensor(said, key).address == address


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"Contact": 1}, {"door_open": 1.0}),
        ({"Contact": 0}, {"door_open": 0.0}),
        ({"Occupancy": 1, "ZoneStatusChange": 1}, {"motion": 1.0}),
        ({"Fire": 1}, {"smoke": 1.0}),
        ({"CO": 1, "ZoneStatusChange": 9}, {"carbon_monoxide_alarm": 1.0, "battery_low": 1.0}),
        ({"Water": 0}, {"water_leak": 0.0}),
        ({"Movement": 1, "ZoneStatusChange": 5}, {"tamper": 1.0}),
        ({"PersonalAlarm": 1, "ZoneStatusChange": 1}, {"pendant": 1.0}),
        ({"PersonalAlarm": 0, "ZoneStatusChange": 0}, {}),
        ({"Temperature": 21.5, "Pressure": 1001}, {"room_temperature": 21.5, "air_pressure": 1001.0}),
        ({"RMSVoltage": 231, "ActivePower": 4}, {"appliance_power": 4.0, "mains_voltage": 231.0}),
        ({"Illuminance": 21493}, {}),
        ({"Power": 1}, {"appliance_on": 1.0}),
        ({"Power": 2, "0006!02": ""}, {}),
    ],
)
def test_it_reads_what_the_bridge_names(said: dict[str, Any], expected: dict[str, float]) -> None:
    assert values(said) == expected


@pytest.mark.parametrize(
    ("status", "model", "expected"),
    [
        (1, "SJCGQ11LM", {"water_leak": 1.0}),
        (0, "SJCGQ11LM", {"water_leak": 0.0}),
        (1, "", {"unnamed_alarm": 1.0}),
        (1, "TS0215A_SOS", {}),
    ],
)
def test_where_the_bridge_knows_no_name_the_registered_model_does(
    status: int, model: str, expected: dict[str, float]
) -> None:
    assert values({"ZoneStatusChange": status, "0500<00": "0100"}, model) == expected


def test_an_alarm_it_cannot_read_is_no_all_clear_by_another_name() -> None:
    one = sensor({"Fire": "perhaps", "ZoneStatusChange": 0})

    assert list(one.measurements()) == []
    assert one.unreadable == "Fire"


def test_a_test_of_the_zone_is_a_test() -> None:
    [one] = sensor({"ZoneStatusChange": 0x101}).measurements()

    assert (one.value, one.flags) == (1.0, Flags.TEST)


@pytest.mark.parametrize(
    ("said", "model", "presses"),
    [({"0501!02": ""}, "", 1), ({"0006!01": "", "Power": 1}, "SOS button", 1), ({"0006!01": ""}, "", 0)],
)
def test_a_command_calls_for_help_by_itself_or_by_its_model(
    said: dict[str, Any], model: str, presses: int
) -> None:
    assert [one.kind for one in sensor(said, model=model).measurements()] == ["pendant"] * presses


def test_what_the_bridge_remembers_is_a_replay() -> None:
    [one] = sensor({"Contact": 0, "LastSeenEpoch": NOW.timestamp()}, cached=True).measurements()

    assert (one.at, one.flags) == (NOW, Flags.REPLAYED)
