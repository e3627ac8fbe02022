"""Shelly: partial overlays, events, and the difference between no battery and an empty one."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import shelly
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Status, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


def read(body: Any, rest: str = "events/rpc", *, retained: bool = False, **models: str) -> Decoded:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {key.strip("_"): model for key, model in models.items()}
    return shelly.decode(rest, payload, Arrival(NOW, retained, "Europe/London", named))


def status(method: str = "NotifyStatus", **components: Any) -> Decoded:
    return read({"src": "shelly-1", "method": method, "params": {"ts": AT.timestamp(), **components}})


def values(decoded: Decoded) -> dict[str, float]:
    return {one.kind + one.channel: one.value for one in decoded.measurements}


def test_it_reads_a_plug() -> None:
    decoded = status(**{"switch:0": {"apower": 2104.5, "voltage": 241.2, "aenergy": {"total": 1234.5}}})

    assert values(decoded) == {
        "appliance_power": 2104.5,
        "mains_voltage": 241.2,
        "appliance_energy": 1.2345,
    }
    assert {one.at for one in decoded.measurements} == {AT}


def test_a_message_without_power_says_nothing_of_it() -> None:
    assert values(status(**{"switch:3": {"aenergy": {"total": 0.0}}})) == {"appliance_energy3": 0.0}


def test_it_reads_a_home_meter_with_power_given_back() -> None:
    decoded = status(
        **{"em:0": {"total_act_power": -812.4}, "emdata:0": {"total_act": 5000, "total_act_ret": 10}}
    )

    assert values(decoded) == {
        "electricity_power": -812.4,
        "electricity_energy": 5.0,
        "electricity_export_energy": 0.01,
    }


def test_zero_percent_on_external_power_is_no_battery() -> None:
    decoded = status(**{"devicepower:0": {"battery": {"percent": 0}, "external": {"present": True}}})

    assert values(decoded) == {"mains_power": 1.0}
    assert decoded.statuses == ()


def test_zero_percent_without_external_power_is_an_empty_battery() -> None:
    decoded = status(**{"devicepower:0": {"battery": {"percent": 0}, "external": {"present": False}}})

    assert decoded.statuses == (Status(battery=0.0),)


def test_a_full_status_without_errors_says_there_are_none() -> None:
    flood = {"flood:0": {"alarm": True, "mute": False}}

    assert values(status(**flood)) == {"water_leak": 1.0}
    assert values(status("NotifyFullStatus", **flood)) == {"water_leak": 1.0, "sensor_fault": 0.0}


def test_an_unplugged_cable_is_a_fault_and_no_all_clear() -> None:
    decoded = status("NotifyFullStatus", **{"flood:0": {"alarm": None, "errors": ["cable_unplugged"]}})

    assert values(decoded) == {"sensor_fault": 1.0}


@pytest.mark.parametrize(
    ("component", "word", "expected"),
    [
        ("flood:0", "flood.alarm", {"water_leak": 1.0}),
        ("flood:0", "alarm_off", {"water_leak": 0.0}),
        ("smoke:0", "smoke.alarm", {"smoke": 1.0}),
        ("flood:1", "flood.cable_unplugged", {"sensor_fault1": 1.0}),
        ("smoke:0", "smoke.mute", {}),
        ("sys", "sleep", {}),
        ("input:0", "single_push", {}),
    ],
)
def test_it_reads_events(component: str, word: str, expected: dict[str, float]) -> None:
    event = {"component": component, "event": word, "ts": AT.timestamp()}
    decoded = read({"method": "NotifyEvent", "params": {"ts": NOW.timestamp(), "events": [event, 3]}})

    assert values(decoded) == expected
    assert all(one.at == AT for one in decoded.measurements)


def test_an_event_without_a_time_has_that_of_its_message() -> None:
    events = [{"component": "smoke:0", "event": "alarm"}]
    [one] = read({"method": "NotifyEvent", "params": {"ts": AT.timestamp(), "events": events}}).measurements

    assert one.at == AT


def event(component: str, word: str, rest: str = "events/rpc", **more: Any) -> Decoded:
    events = [{"component": component, "event": word, "ts": AT.timestamp()}]
    return read({"method": "NotifyEvent", "params": {"ts": AT.timestamp(), "events": events}}, rest, **more)


def test_the_kits_own_test_alarms_as_a_test() -> None:
    [one] = event("smoke:0", "smoke.alarm_test").measurements

    assert (one.kind, one.value, one.flags) == ("smoke", 1.0, Flags.TEST)


@pytest.mark.parametrize("word", ["single_push", "double_push", "long_push"])
def test_a_push_calls_for_help_if_the_button_was_given_for_that(word: str) -> None:
    assert values(event("input:2", word, _="SOS button")) == {"pendant2": 1.0}
    assert values(event("input:2", word, _="SNSN-0024X")) == {}


@pytest.mark.parametrize("word", ["btn_down", "btn_up"])
def test_one_push_is_one_call(word: str) -> None:
    assert event("input:0", word, _="SOS button").nothing


def test_a_button_behind_an_address_calls_by_its_own_model() -> None:
    [press] = event("input:0", "single_push", "hall/events/rpc", hall="SOS button").measurements

    assert press.address == "hall"


def test_it_reads_whether_somebody_is_there() -> None:
    there = {"presencezone:200": {"value": True, "num_objects": 2}, "presencezone:201": {"value": None}}

    assert values(status(**there)) == {"presence200": 1.0}


def test_it_says_how_often_kit_that_sleeps_will_speak() -> None:
    awake = status("NotifyFullStatus", sys={"wakeup_period": 7200}, **{"humidity:0": {"rh": 40}})

    assert awake.statuses == (Status(speaks_every=7200.0),)
    assert status(sys={"wakeup_period": 0}).statuses == ()


@pytest.mark.parametrize("model", ["SNSN-0013A", "snsn-0031z", "S3SN-0U12A", "S4SN-0071A"])
def test_to_go_back_to_sleep_says_nothing(model: str) -> None:
    asleep = read(b"false", "online", _=model)

    assert (asleep.statuses, bool(asleep.nothing)) == ((), True)
    assert read(b"true", "online", _=model).statuses == (Status(online=True),)
    assert read(b"false", "hall/online", hall=model).nothing


def test_a_message_may_tell_of_bluetooth_sensors() -> None:
    decoded = status(**{"bthomedevice:200": {"battery": 90}, "temperature:0": {"tC": 20.0}})

    assert values(decoded) == {"room_temperature": 20.0}
    assert decoded.statuses == (Status(battery=90.0, address="bthomedevice:200"),)


@pytest.mark.parametrize("ts", [None, 0, 4.32])
def test_a_clock_not_set_is_no_time(ts: object) -> None:
    body = {"method": "NotifyStatus", "params": {"ts": ts, "temperature:0": {"tC": 19.8, "tF": 67.6}}}
    [one] = read(body).measurements

    assert (one.value, one.at, one.flags) == (19.8, None, Flags.NONE)


@pytest.mark.parametrize(
    ("rest", "payload", "expected"),
    [
        ("online", b"true", Status(online=True)),
        ("online", b"false", Status(online=False)),
        ("kitchen plug/online", b"true", Status(online=True, address="kitchen plug")),
    ],
)
def test_it_reads_whether_it_is_online(rest: str, payload: bytes, expected: Status) -> None:
    assert read(payload, rest, retained=True).statuses == (expected,)


def test_smoke_is_taken_though_another_alarm_is_unreadable() -> None:
    decoded = status(**{"smoke:0": {"alarm": "perhaps"}, "smoke:1": {"alarm": True}})
    assert values(decoded) == {"smoke1": 1.0}
    assert decoded.fault is not None
    assert decoded.fault.code == "unreadable_alarm"


def test_it_refuses_another_word_for_online() -> None:
    with pytest.raises(Undecodable):
        read(b"perhaps", "online")


def test_it_reads_a_component_published_by_itself() -> None:
    [one] = read({"id": 0, "rh": 42.2}, "bath/status/humidity:0").measurements

    assert (one.kind, one.value, one.at, one.address) == ("room_humidity", 42.2, None, "bath")


@pytest.mark.parametrize(
    ("rest", "body"),
    [
        ("events/rpc", b""),
        ("rpc", {"id": 1}),
        ("command", b"status_update"),
        ("events/rpc", {"method": "Shelly.GetStatus"}),
        ("events/rpc", {"method": "NotifyStatus", "params": {"ts": 1, "sys": {"unixtime": None}}}),
        ("events/rpc", {"method": "NotifyEvent", "params": {"events": "none"}}),
    ],
)
def test_there_may_be_nothing_to_store(rest: str, body: Any) -> None:
    assert read(body, rest).nothing


KEYS = st.sampled_from(
    [
        "alarm",
        "value",
        "button",
        "data",
        "addr",
        "address",
        "event",
        "component",
        "ts",
        "battery",
        "percent",
        "wakeup_period",
        "current_C",
        "errors",
        "switch:0",
        "flood:0",
        "smoke:1",
        "sys",
        "blu",
        "bthomedevice:200",
        "bthomesensor:1",
        "blutrv:200",
        "script:1",
        "input:0",
        "presencezone:200",
        "devicepower:0",
        "external",
        "present",
        "apower",
        "last_updated_ts",
        "device",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
WORDS = st.sampled_from(["bthomedevice:1", "script:1", "blu", "single_push", "alarm", "3C:2E:F5:AA:BB:CC"])
BODIES = st.recursive(
    LEAVES | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@settings(deadline=None, max_examples=200)
@given(
    method=st.sampled_from(["NotifyStatus", "NotifyFullStatus", "NotifyEvent"]),
    params=st.dictionaries(KEYS, BODIES, max_size=5),
    events=st.lists(st.dictionaries(KEYS, BODIES, max_size=5), max_size=3),
)
def test_any_message_is_read_or_refused(method: str, params: dict[str, Any], events: list[Any]) -> None:
    try:
        decoded = read(
            {"method": method, "params": {**params, "events": events}}, **{"3C2EF5AABBCC": "SOS button"}
        )
    except Undecodable:
        return
    assert decoded.measurements or decoded.statuses or decoded.nothing
