"""What was announced is read as it was announced; what was not is refused, and can be tried again."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import homeassistant
from devices.formats.announced import Announced
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Status, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
ADDRESS = "0x00158d000252acd4"
SMOKE: dict[str, Any] = {
    "device_class": "smoke",
    "state_topic": "z/smoke",
    "value_template": "{{ value_json.smoke }}",
    "payload_on": True,
    "payload_off": False,
    "device": {"identifiers": [ADDRESS]},
}


class Hub:
    """A hub that announces and says."""

    def __init__(self) -> None:
        self.announced = Announced()

    def announce(self, component: str, key: str, body: Any) -> Decoded:
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.says(f"homeassistant/{component}/{ADDRESS}/{key}/config", payload)

    def says(self, rest: str, body: Any, *, retained: bool = False) -> Decoded:
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        return homeassistant.decode(
            rest, payload, Arrival(NOW, retained, "Europe/London", {}, self.announced)
        )


@pytest.fixture
def hub() -> Hub:
    hub = Hub()
    hub.announce("binary_sensor", "smoke", SMOKE)
    return hub


def values(decoded: Decoded) -> list[tuple[str, float]]:
    return [(one.kind, one.value) for one in decoded.measurements]


def test_an_alarm_is_read_by_the_payloads_that_were_announced(hub: Hub) -> None:
    assert values(hub.says("z/smoke", {"smoke": True})) == [("smoke", 1.0)]
    assert values(hub.says("z/smoke", {"smoke": False})) == [("smoke", 0.0)]


def test_a_partial_message_clears_nothing(hub: Hub) -> None:
    assert hub.says("z/smoke", {"battery": 100}).measurements == ()
    assert hub.says("z/smoke", {"smoke": None}).measurements == ()


def test_an_alarm_neither_on_nor_off_is_refused(hub: Hub) -> None:
    with pytest.raises(Undecodable, match="neither true nor false"):
        hub.says("z/smoke", {"smoke": "perhaps"})


def test_a_retained_state_is_flagged_as_replayed(hub: Hub) -> None:
    [one] = hub.says("z/smoke", {"smoke": True}, retained=True).measurements

    assert one.flags & Flags.REPLAYED


def test_the_hubs_own_time_is_taken(hub: Hub) -> None:
    [one] = hub.says("z/smoke", {"smoke": True, "last_seen": "2026-11-22T10:00:04Z"}).measurements

    assert one.at == datetime(2026, 11, 22, 10, 0, 4, tzinfo=UTC)


def test_a_topic_that_nothing_announced_is_refused(hub: Hub) -> None:
    with pytest.raises(Undecodable) as fault:
        hub.says("z/other", {"smoke": True})

    assert fault.value.code == "not_announced"


def test_an_announcement_lists_the_sensor_and_is_remembered(hub: Hub) -> None:
    decoded = hub.announce("binary_sensor", "smoke", SMOKE)

    assert [each.address for each in decoded.sensors] == [ADDRESS]
    assert decoded.announced is not None


def test_an_empty_announcement_takes_it_back(hub: Hub) -> None:
    decoded = hub.announce("binary_sensor", "smoke", b"")

    assert decoded.announced == (f"homeassistant/binary_sensor/{ADDRESS}/smoke/config", b"")
    with pytest.raises(Undecodable):
        hub.says("z/smoke", {"smoke": True})


def test_a_battery_and_being_connected_stand_with_the_kit(hub: Hub) -> None:
    hub.announce(
        "sensor", "battery", {**SMOKE, "device_class": "battery", "value_template": "{{ value_json.b }}"}
    )
    connected = {**SMOKE, "device_class": "connectivity", "value_template": "{{ value_json.c }}"}
    hub.announce("binary_sensor", "there", connected)

    decoded = hub.says("z/smoke", {"b": "87", "c": False})

    assert set(decoded.statuses) == {
        Status(battery=87.0, address=ADDRESS),
        Status(online=False, address=ADDRESS),
    }


def test_a_unit_is_converted_and_an_unknown_one_refused(hub: Hub) -> None:
    meter = {**SMOKE, "device_class": "power", "value_template": "{{ value_json.p }}"}
    hub.announce("sensor", "power", {**meter, "unit_of_measurement": "kW"})
    assert values(hub.says("z/smoke", {"p": 1.2})) == [("appliance_power", 1200.0)]

    hub.announce("sensor", "power", {**meter, "unit_of_measurement": "horses"})
    with pytest.raises(Undecodable) as fault:
        hub.says("z/smoke", {"p": 1.2})
    assert fault.value.code == "unknown_unit"


@pytest.mark.parametrize("said", ["unknown", "unavailable", "None", "nan", "", "n/a"])
def test_a_sensor_with_nothing_to_say_says_nothing(hub: Hub, said: str) -> None:
    hub.announce("sensor", "temperature", {**SMOKE, "device_class": "temperature", "state_topic": "z/t",
                                           "value_template": None})  # fmt: skip

    assert hub.says("z/t", said.encode()).measurements == ()


def test_a_button_that_calls_for_help_presses_and_others_do_not(hub: Hub) -> None:
    trigger = {"topic": "z/b/action", "payload": "emergency", "type": "action", "subtype": "emergency",
               "device": {"ids": ADDRESS}}  # fmt: skip
    hub.announce("device_automation", "action_emergency", trigger)

    assert values(hub.says("z/b/action", b"emergency")) == [("pendant", 1.0)]
    assert hub.says("z/b/action", b"single").measurements == ()


def test_how_long_a_value_lasts_is_how_often_it_speaks(hub: Hub) -> None:
    hub.announce("sensor", "temperature", {"state_topic": "z/t", "device_class": "temperature",
                                           "expire_after": 300, "device": {"ids": ADDRESS}})  # fmt: skip

    assert hub.says("z/t", b"21.5").statuses == (Status(address=ADDRESS, speaks_every=300.0),)


@given(st.binary(max_size=60) | st.text(max_size=30).map(str.encode), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(payload: bytes, announce: bool) -> None:
    hub = Hub()
    hub.announce("binary_sensor", "smoke", {**SMOKE, "value_template": None})
    try:
        hub.says(f"homeassistant/sensor/{ADDRESS}/x/config" if announce else "z/smoke", payload)
    except Undecodable:
        return
