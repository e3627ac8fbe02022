"""Tasmota: recognised by the last level; its own sensors by their names, those it hears by addresses."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import tasmota
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Sensor, Status, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
TIME = "2026-11-22T10:00:00"
REST = "tele/plug/SENSOR"


def read(body: Any, rest: str = REST, *, retained: bool = False, **models: str) -> Decoded:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {key.strip("_"): model for key, model in models.items()}
    return tasmota.decode(rest, payload, Arrival(NOW, retained, "Europe/London", named))


def values(decoded: Decoded) -> dict[str, float]:
    return {f"{one.kind} {one.channel}".strip(): one.value for one in decoded.measurements}


@pytest.mark.parametrize("rest", ["tele/plug/SENSOR", "plug/tele/SENSOR", "home/a/b/SENSOR", "SENSOR"])
def test_the_order_of_the_topic_does_not_matter(rest: str) -> None:
    energy = {"Total": 1.5, "Power": 20, "Voltage": 230}
    decoded = read({"Time": TIME, "ENERGY": energy}, rest)

    assert values(decoded) == {"appliance_power": 20.0, "appliance_energy": 1.5, "mains_voltage": 230.0}
    assert {(one.at, one.flags) for one in decoded.measurements} == {(AT, Flags.CLOCK_CORRECTED)}


@pytest.mark.parametrize("said", ["1970-01-01T00:00:12", None, 0])
def test_a_clock_not_set_is_no_time(said: object) -> None:
    [one] = read({"Time": said, "AM2301": {"Temperature": 20}}).measurements

    assert (one.at, one.flags) == (None, Flags.NONE)


def test_its_own_sensors_are_channels_also_when_one_fails() -> None:
    both = {"DS18B20-1": {"Temperature": 20}, "DS18B20-2": {"Temperature": 21}}

    assert values(read(both)) == {"room_temperature DS18B20-1": 20.0, "room_temperature DS18B20-2": 21.0}
    assert values(read({"DS18B20-2": both["DS18B20-2"]})) == {"room_temperature DS18B20-2": 21.0}


def test_it_takes_a_pressure_only_in_hectopascals() -> None:
    assert values(read({"BMP280": {"Pressure": 1013.2}})) == {"air_pressure BMP280": 1013.2}
    assert read({"BMP280": {"Pressure": 29.9}, "PressureUnit": "inHg"}).nothing


def test_it_reads_fahrenheit() -> None:
    assert values(read({"SI7021": {"Temperature": 68}, "TempUnit": "F"})) == {"room_temperature SI7021": 20.0}


def test_a_sensor_asked_for_is_read_as_one_that_spoke() -> None:
    body = {"StatusSNS": {"Time": TIME, "AM2301": {"Humidity": 40}}}
    assert values(read(body, "stat/plug/STATUS8")) == {"room_humidity AM2301": 40.0}


@pytest.mark.parametrize(
    "body",
    [
        {"LYWSD03-52680f": {"Temperature": 21.1}},
        {"ATC52680f": {"mac": "a4c13852680f", "Temperature": 21.1}},
        {"Somebody's room": {"mac": "a4c13852680f", "Temperature": 21.1, "RSSI": -70}},
        {"Somebody's room": {"Temperature": 21.1, "RSSI": -70}},
        {"IBEACON_DEAABC788BC1": {"RSSI": -60}},
    ],
)
def test_a_bluetooth_sensor_nobody_registered_is_left_out(body: dict[str, Any]) -> None:
    assert read(body, _="").nothing


def test_a_named_bluetooth_sensor_is_known_by_its_mac() -> None:
    body = {"Bedroom": {"mac": "a4c13852680f", "Temperature": 21.1, "Door": 1, "Battery": 99}}
    decoded = read(body, A4C13852680F="LYWSD03MMC")

    assert {(one.kind, one.address, one.channel) for one in decoded.measurements} == {
        ("room_temperature", "A4C13852680F", ""),
        ("door_open", "A4C13852680F", ""),
    }
    assert decoded.statuses == (Status(battery=99.0, address="A4C13852680F"),)


@pytest.mark.parametrize(("name", "level"), [("LYWSD02-52680f", None), ("ATC52680f", 99.0)])
def test_a_battery_built_in_at_99_says_nothing(name: str, level: float | None) -> None:
    decoded = read({name: {"Temperature": 21.1, "Battery": 99}}, **{"52680F": ""})

    assert [status.battery for status in decoded.statuses] == ([] if level is None else [level])


@pytest.mark.parametrize(
    ("rest", "payload", "expected"),
    [
        ("stat/plug/RESULT", {"POWER": "ON"}, {"appliance_on": 1.0}),
        ("stat/plug/POWER2", b"OFF", {"appliance_on 2": 0.0}),
        ("tele/plug/STATE", {"Time": TIME, "POWER1": "OFF"}, {"appliance_on 1": 0.0}),
        ("stat/plug/POWER", {"POWER": "ON"}, {"appliance_on": 1.0}),
        ("stat/plug/RESULT", {"Switch1": {"Action": "ON"}}, {}),
        ("stat/plug/POWER", b"TOGGLE", {}),
    ],
)
def test_it_reads_relays_and_not_switches(rest: str, payload: Any, expected: dict[str, float]) -> None:
    assert values(read(payload, rest)) == expected


def test_a_button_calls_for_help_if_it_was_given_for_that() -> None:
    body = {"Button1": {"Action": "SINGLE"}}

    assert values(read(body, "stat/b/RESULT", _="SOS button")) == {"pendant Button1": 1.0}
    assert read(body, "stat/b/RESULT", _="Sonoff Basic").nothing


@pytest.mark.parametrize(("word", "online"), [(b"Online", True), (b"OFFLINE", False), (b"offline", False)])
def test_it_reads_whether_it_is_online(word: bytes, online: bool) -> None:
    assert read(word, "tele/plug/LWT", retained=True).statuses == (Status(online=online),)


def test_it_refuses_another_word_for_online() -> None:
    with pytest.raises(Undecodable):
        read(b"perhaps", "tele/plug/LWT")


@pytest.mark.parametrize("body", [{"Info1": {"Version": "13.4.0"}}, {"Version": "13.4.0"}])
def test_it_reads_the_firmware_in_both_layouts(body: dict[str, Any]) -> None:
    assert read(body, "tele/plug/INFO1").statuses == (Status(firmware="13.4.0"),)


@pytest.mark.parametrize(
    ("rest", "body"),
    [
        (REST, b""),
        (REST, {"Time": TIME, "ESP32": {"Temperature": 50}}),
        (REST, {"StatusSNS": 3}),
        (REST, {"ZbReceived": {"Kitchen": {"Temperature": 20}}}),
        (REST, {"ZbReceived": {"Kitchen": 3}}),
        ("tele/plug/INFO2", {"Info2": {"Hostname": "x"}}),
        ("tele/plug/INFO1", {"Info1": 3}),
        ("tele/plug/BLE", {"BLEDevices": {"F80000000000": {"r": -90}}}),
        ("stat/plug/LOGGING", b"10:00:00 MQT: not JSON"),
    ],
)
def test_there_may_be_nothing_to_store(rest: str, body: Any) -> None:
    assert read(body, rest).nothing


def test_a_bridge_lists_its_sensors_out_of_its_memory() -> None:
    hall = {"Device": "0x4659", "Name": "Hall", "ModelId": "SNZB-02D", "Temperature": 20.7}
    decoded = read({"ZbInfo": {"Hall": {**hall, "LastSeenEpoch": AT.timestamp(), "BatteryPercentage": 90}}})

    [one] = decoded.measurements
    assert (one.at, one.flags, one.address) == (AT, Flags.REPLAYED, "0x4659")
    assert decoded.sensors == (Sensor("0x4659", "SNZB-02D", "Hall"),)
    assert decoded.statuses == (Status(battery=90.0, address="0x4659"),)


def test_smoke_is_taken_though_another_alarm_is_unreadable() -> None:
    decoded = read({"ZbReceived": {"0x0001": {"Fire": "perhaps"}, "0x0002": {"Fire": 1}}})

    assert [(one.kind, one.address) for one in decoded.measurements] == [("smoke", "0x0002")]
    assert decoded.fault is not None


KEYS = st.sampled_from(
    [
        "Time",
        "ENERGY",
        "Power",
        "Total",
        "Voltage",
        "POWER1",
        "ZbReceived",
        "ZbInfo",
        "0x1234",
        "Temperature",
        "Device",
        "Fire",
        "ZoneStatusChange",
        "LYWSD03-52680f",
        "Battery",
        "StatusSNS",
        "AM2301",
        "TempUnit",
        "0501!02",
        "LastSeenEpoch",
        "mac",
        "RSSI",
        "Action",
        "Contact",
        "Info1",
        "Version",
        "Pressure",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
BODIES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@settings(deadline=None, max_examples=200)
@given(
    body=st.dictionaries(KEYS, BODIES, max_size=6) | st.binary(max_size=100),
    last=st.sampled_from(["SENSOR", "STATE", "RESULT", "POWER1", "LWT", "INFO1", "STATUS8", "", "else"]),
)
def test_any_message_is_read_or_refused(body: Any, last: str) -> None:
    try:
        decoded = read(body, f"tele/x/{last}", **{"52680F": "", "_": "SOS button"})
    except Undecodable:
        return
    assert decoded.measurements or decoded.statuses or decoded.nothing
