"""Zigbee2MQTT: partial, cached, ambiguous messages say what they say and no more."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from devices.formats import zigbee2mqtt
from devices.formats.announced import Announced
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Sensor, Status, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
SEEN = "2026-11-22T10:00:04.250Z"
ADDRESS = "0x00158d000252acd4"


def read(
    body: Any,
    rest: str = ADDRESS,
    *,
    retained: bool = False,
    models: Mapping[str, str] | None = None,
    announced: Announced | None = None,
) -> Decoded:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    arrival = Arrival(NOW, retained, "Europe/London", models or {}, announced)
    return zigbee2mqtt.decode(rest, payload, arrival)


def values(decoded: Decoded) -> dict[str, float]:
    return {one.kind: one.value for one in decoded.measurements}


def test_every_measurement_carries_the_address_and_the_time_of_its_sensor() -> None:
    decoded = read({"temperature": 21.5, "humidity": 48, "last_seen": SEEN})

    assert {one.address for one in decoded.measurements} == {ADDRESS}
    assert {one.at for one in decoded.measurements} == {datetime(2026, 11, 22, 10, 0, 4, 250000, tzinfo=UTC)}


@pytest.mark.parametrize("last_seen", [1795341604250, "2026-11-22T11:00:04.250+01:00", SEEN])
def test_it_reads_every_form_of_last_seen(last_seen: object) -> None:
    [one] = read({"temperature": 21.5, "last_seen": last_seen}).measurements

    assert one.at == datetime(2026, 11, 22, 10, 0, 4, 250000, tzinfo=UTC)
    assert one.flags == Flags.NONE


def test_a_smoke_alarm_that_sends_only_its_battery_has_not_cleared() -> None:
    decoded = read({"battery": 100, "temperature": 23.5})

    assert "smoke" not in values(decoded)
    assert decoded.statuses == (Status(battery=100.0, address=ADDRESS),)


def test_null_is_neither_zero_nor_false() -> None:
    decoded = read({"smoke": None, "temperature": None, "battery": None, "action": None, "last_seen": None})

    assert decoded.nothing


def test_contact_false_is_open() -> None:
    assert values(read({"contact": False})) == {"door_open": 1.0}
    assert values(read({"contact": True})) == {"door_open": 0.0}


@pytest.mark.parametrize(
    ("body", "model", "expected"),
    [
        ({"voltage": 2985, "battery": 91}, None, {"battery_voltage": 2985.0}),
        ({"voltage": 241, "power": 3}, None, {"mains_voltage": 241.0, "appliance_power": 3.0}),
        ({"voltage": 241}, "TS011F", {"mains_voltage": 241.0}),
        ({"voltage": 3000}, "ts0215a_sos", {"battery_voltage": 3000.0}),
        ({"voltage": 241}, None, {}),
    ],
)
def test_voltage_means_what_the_model_says(
    body: dict[str, Any], model: str | None, expected: dict[str, float]
) -> None:
    assert values(read(body, models={ADDRESS: model} if model else {})) == expected


@pytest.mark.parametrize(
    ("body", "model", "expected"),
    [
        ({"alarm_1": True, "alarm_2": False}, "HS1SA-E-PLUS", {"smoke": 1.0, "unnamed_alarm": 0.0}),
        ({"alarm_1": True}, "S4SN-0071A", {"water_leak": 1.0}),
        ({"alarm_1": True}, None, {"unnamed_alarm": 1.0}),
        ({"alarm_1": False, "alarm_2": True}, None, {"unnamed_alarm": 1.0}),
        ({"alarm_1": False, "device": {"model": "S4SN-0071A"}}, None, {"water_leak": 0.0}),
    ],
)
def test_an_alarm_means_what_the_model_says_and_is_never_left_out(
    body: dict[str, Any], model: str | None, expected: dict[str, float]
) -> None:
    assert values(read(body, models={ADDRESS: model} if model else {})) == expected


@pytest.mark.parametrize("action", ["emergency", "panic", "SOS"])
def test_a_call_for_help_is_a_press_on_any_model(action: str) -> None:
    [press] = read({"action": action, "battery": 0, "last_seen": SEEN}).measurements

    assert (press.kind, press.value) == ("pendant", 1.0)


@pytest.mark.parametrize("action", [None, "", " ", 7, "single", "off"])
def test_other_actions_are_no_press(action: object) -> None:
    assert "pendant" not in values(read({"action": action, "battery": 90}))


def test_any_press_of_an_emergency_button_is_one() -> None:
    models = {ADDRESS: "HS1EB-E"}

    assert values(read({"action": "single"}, models=models)) == {"pendant": 1.0}
    assert read({"action": "off"}, models=models).nothing


def test_a_press_may_come_as_a_plain_word_beside_the_state() -> None:
    [press] = read(b"emergency", f"{ADDRESS}/action").measurements

    assert (press.kind, press.address, press.at) == ("pendant", ADDRESS, None)
    assert read(b"single", f"{ADDRESS}/action").nothing
    assert read(b"", f"{ADDRESS}/action").nothing


def test_a_replayed_press_is_kept_and_flagged() -> None:
    [press] = read({"action": "emergency", "last_seen": SEEN}, retained=True).measurements

    assert press.flags == Flags.REPLAYED


def test_a_repeat_from_the_cache_is_flagged() -> None:
    [fresh] = read({"smoke": True, "last_seen": "2026-11-22T09:50:05Z"}).measurements
    [stale] = read({"smoke": True, "last_seen": "2026-11-22T09:50:04Z"}).measurements

    assert fresh.flags == Flags.NONE
    assert stale.flags == Flags.REPLAYED


def test_the_end_of_movement_counts_from_its_arrival() -> None:
    [moving] = read({"occupancy": True, "last_seen": SEEN}).measurements
    [still] = read({"occupancy": False, "last_seen": SEEN}).measurements

    assert moving.at is not None
    assert still.at is None


def test_a_fall_counts_once_the_radar_is_sure() -> None:
    assert values(read({"fall_down_status": "fall"})) == {"fall": 1.0}
    assert read({"fall_down_status": "maybe_fall"}).nothing


def test_an_alarm_is_taken_though_another_key_is_broken() -> None:
    assert values(read({"smoke": True, "gas": "perhaps", "temperature": "warm"})) == {"smoke": 1.0}
    with pytest.raises(Undecodable, match="neither true nor false"):
        read({"smoke": "perhaps", "temperature": 20})


@pytest.mark.parametrize(
    ("rest", "payload", "expected"),
    [
        ("bridge/state", b'{"state":"offline"}', Status(online=False)),
        ("bridge/state", b"online", Status(online=True)),
        (f"{ADDRESS}/availability", b'{"state":"online"}', Status(online=True, address=ADDRESS)),
        ("hall/front door/availability", b"offline", Status(online=False, address="hall/front door")),
    ],
)
def test_it_reads_both_forms_of_availability(rest: str, payload: bytes, expected: Status) -> None:
    decoded = read(payload, rest, retained=True)

    assert decoded.statuses == (expected,)
    assert not decoded.measurements


@pytest.mark.parametrize("payload", [b"asleep", b"[]", b'{"state":1}'])
def test_it_refuses_another_availability(payload: bytes) -> None:
    with pytest.raises(Undecodable):
        read(payload, f"{ADDRESS}/availability")


@pytest.mark.parametrize(
    "rest", ["bridge/devices", "bridge/event", "bridge/state", f"{ADDRESS}/set", f"{ADDRESS}/get", ADDRESS]
)
def test_there_is_nothing_in_talk_commands_and_removals(rest: str) -> None:
    assert read(b"", rest).nothing


def test_the_hub_may_talk_about_itself_at_any_length() -> None:
    assert read(b"[" * 200_000, "bridge/info").nothing


@pytest.mark.parametrize("payload", [b"21.5", b"true", b'"2026"', b"2026-07-27T09:41:41+02:00"])
def test_it_tells_the_technician_to_publish_json(payload: bytes) -> None:
    with pytest.raises(Undecodable) as caught:
        read(payload, "kitchen/temperature")

    assert caught.value.code == "one_key_a_topic"


def test_a_hub_without_addresses_is_the_device_itself() -> None:
    [one] = read({"temperature": 20}, "").measurements

    assert one.address is None


LISTED = [
    {"ieee_address": "0x00124b0018e20ef0", "type": "Coordinator", "friendly_name": "Coordinator"},
    {
        "ieee_address": ADDRESS,
        "type": "EndDevice",
        "friendly_name": "Front door",
        "definition": {"model": "MCCGQ11LM", "vendor": "Xiaomi", "exposes": [{"type": "binary"}] * 50},
    },
    {"ieee_address": "0xa4c13899607febd1", "friendly_name": "0xa4c13899607febd1", "definition": None},
    {"friendly_name": "no address"},
    "no device",
]


def test_it_lists_what_is_paired_with_its_model_and_name() -> None:
    decoded = read(LISTED, "bridge/devices")

    assert decoded.sensors == (Sensor(ADDRESS, "MCCGQ11LM", "Front door"), Sensor("0xa4c13899607febd1"))
    assert decoded.announced == ("bridge/devices", b'{"Front door":"0x00158d000252acd4"}')


def test_a_sensor_that_publishes_under_a_name_is_known_by_its_address() -> None:
    announced = Announced()
    read(LISTED, "bridge/devices", announced=announced)

    [one] = read({"contact": False}, "Front door", announced=announced).measurements
    [there] = read(b"offline", "Front door/availability", announced=announced).statuses
    [registered] = read(
        {"contact": False}, "Front door", announced=announced, models={"Front door": "MCCGQ11LM"}
    ).measurements

    assert (one.address, there.address, registered.address) == (ADDRESS, ADDRESS, "Front door")


def test_a_list_may_be_longer_than_a_message_but_not_endless() -> None:
    assert len(json.dumps(LISTED * 200)) > 64 * 1024
    assert len(read(LISTED * 200, "bridge/devices").sensors) == 200

    with pytest.raises(Undecodable, match="longer"):
        read(LISTED * 5000, "bridge/devices")


@pytest.mark.parametrize("body", [{}, "text", 3])
def test_a_list_that_is_none_is_refused(body: object) -> None:
    with pytest.raises(Undecodable) as caught:
        read(body, "bridge/devices")

    assert caught.value.code == "not_a_list"


@pytest.mark.parametrize(
    ("body", "kind", "value"),
    [
        ({"state": "ON", "power": 3}, "appliance_on", 1.0),
        ({"state": "OFF", "energy": 3.5}, "appliance_on", 0.0),
        ({"running_state": "heat", "local_temperature": 19}, "heating_on", 1.0),
        ({"running_state": "idle"}, "heating_on", 0.0),
        ({"window": True}, "window_open", 1.0),
    ],
)
def test_it_reads_what_runs_and_what_stands_open(body: object, kind: str, value: float) -> None:
    assert values(read(body))[kind] == value


def test_a_lamp_that_is_on_is_no_appliance_that_is() -> None:
    assert read({"state": "ON", "brightness": 255}).measurements == ()
