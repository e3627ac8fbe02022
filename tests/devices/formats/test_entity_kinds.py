"""Classes, units and names of Home Assistant stand for the kinds they measure, and for no others."""

import pytest

from devices import kinds
from devices.formats import entity_kinds
from devices.formats.entity_kinds import BATTERY, NUMBERS, ONLINE, STATES, is_plain, kind_of


@pytest.mark.parametrize(
    ("component", "device_class", "unit", "name", "kind"),
    [
        ("binary_sensor", "battery", None, "battery_low", "battery_low"),
        ("binary_sensor", "moisture", None, "leak", "water_leak"),
        ("binary_sensor", "safety", None, "x", "unnamed_alarm"),
        ("binary_sensor", "connectivity", None, "x", ONLINE),
        ("binary_sensor", "vibration", None, "smoke", None),
        ("binary_sensor", None, None, "Bed presence", "bed_occupied"),
        ("binary_sensor", None, None, "hall_sos", "pendant"),
        ("binary_sensor", None, None, "temperature", None),
        ("sensor", "temperature", "°C", "bedroom_temperature", "room_temperature"),
        ("sensor", "temperature", "°C", "body_temperature", "body_temperature"),
        ("sensor", "temperature", "°C", "device_temperature", None),
        ("sensor", "temperature", "°C", "esp32_temp", None),
        ("sensor", "battery", "%", "battery", BATTERY),
        ("sensor", "voltage", "mV", "voltage", "battery_voltage"),
        ("sensor", "voltage", "V", "voltage", "mains_voltage"),
        ("sensor", "voltage", None, "voltage", None),
        ("sensor", None, "bpm", "polar_heart_rate", "pulse"),
        ("sensor", None, None, "uptime", None),
        ("sensor", None, None, "news2", None),
        ("switch", None, None, "kettle", "appliance_on"),
        ("light", None, None, "smoke", None),
    ],
)
def test_an_entity_is_of_the_kind_that_it_measures(
    component: str, device_class: str | None, unit: str | None, name: str, kind: str | None
) -> None:
    assert kind_of(component, device_class, unit, name) == kind


def test_every_class_stands_for_a_kind_that_is_known() -> None:
    known = {kind.code for kind in kinds.all_kinds()} | {ONLINE, BATTERY}

    assert set(STATES.values()) | set(NUMBERS.values()) <= known
    assert set(entity_kinds._NAMES.values()) <= known


def test_a_name_that_says_no_more_than_the_kind_makes_no_line_of_its_own() -> None:
    assert is_plain("Temperature", "temperature", "room_temperature")
    assert is_plain("room_temperature", None, "room_temperature")
    assert not is_plain("probe_2", "temperature", "room_temperature")
