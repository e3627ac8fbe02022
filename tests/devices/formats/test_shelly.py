"""Shelly: partial overlays, events, and the difference between no battery and an empty one."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from devices.formats import shelly
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Status, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


def read(body: Any, rest: str = "events/rpc", *, retained: bool = False) -> Decoded:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return shelly.decode(rest, payload, Arrival(NOW, retained, "Europe/London", {}))


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


@pytest.mark.parametrize("ts", [None, 0])
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
