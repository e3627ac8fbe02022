"""Theengs: registered sensors are read, the neighbours' leave no trace, a weighing has the scale's time."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import theengs
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Status, Undecodable

NOW = datetime(2026, 7, 22, 10, 0, 5, tzinfo=UTC)
OURS = "A4C138777C52"
REST = f"home/gateway/BTtoMQTT/{OURS}"
KEYS = st.sampled_from(
    [
        "tempc",
        "tempf",
        "hum",
        "co2",
        "lux",
        "pres",
        "volt",
        "steps",
        "temperature_C",
        "temperature_F",
        "battery_ok",
        "open",
        "motion",
        "smoke",
        "leak",
        "id",
        "model",
        "value",
        "batt",
        "time",
        "contact",
        "weight",
        "unit",
        "weighing_mode",
        "servicedata",
        "packet",
        "button",
        "alarm",
        "closed",
        "type",
        "bpm",
        "event",
        "learn",
        "version",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30)
WORDS = st.sampled_from([OURS, "person", "kg", "open", "223e30e607020e10293a", "WCVR", "Smoke-1", "on"])


def read(
    body: Any, rest: str = REST, *, model: str = "", registered: str = OURS, retained: bool = False
) -> Decoded:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return theengs.decode(rest, payload, Arrival(NOW, retained, "Europe/London", {"": "", registered: model}))


def values(decoded: Decoded) -> dict[str, float]:
    return {one.kind: one.value for one in decoded.measurements}


@pytest.mark.parametrize(
    ("rest", "body"),
    [
        ("home/gateway/BTtoMQTT/5A0102030405", {"tempc": 20, "hum": 50, "batt": 3}),
        ("home/gateway/BTtoMQTT/5A0102030405", b'{"id":"5A:01:02:03:04:05", broken'),
        ("home/gateway/BTtoMQTT/undecoded", {"id": "5A:01:02:03:04:05", "manufacturerdata": "4c00"}),
        ("home/home_presence/gateway", {"id": "5a:01:02:03:04:05", "distance": 1.2}),
        ("home/gateway/BTtoMQTT", {"id": "1de4b189115e45f6b44e509352269977", "tempc": 20}),
        ("home/gateway/BTtoMQTT", {"tempc": 20}),
        ("home/gateway/RTL_433toMQTT/Nexus-T/9", {"model": "Nexus-T", "id": 9, "temperature_C": 20}),
        ("home/gateway/433toMQTT", {"value": 1234, "protocol": 1}),
        ("home/gateway/433toMQTT", {"protocol": 1, "id": True}),
        ("home/gateway/433toMQTT", {"id": ""}),
    ],
)
def test_of_what_nobody_registered_nothing_is_kept_not_even_a_refusal(rest: str, body: Any) -> None:
    decoded = read(body, rest)

    assert decoded.nothing is not None
    assert (decoded.measurements, decoded.statuses, decoded.sensors) == ((), (), ())


def test_it_reads_a_sensor_under_whatever_prefix() -> None:
    decoded = read({"tempc": 20.5, "hum": "51.2", "batt": 80}, f"a/b/c/{OURS.lower()}")

    assert values(decoded) == {"room_temperature": 20.5, "room_humidity": 51.2}
    assert {one.address for one in decoded.measurements} == {OURS}
    assert decoded.statuses == (Status(battery=80.0, address=OURS),)


def test_it_takes_fahrenheit_only_where_there_is_nothing_else() -> None:
    assert values(read({"tempf": 68})) == {"room_temperature": 20.0}
    assert values(read({"tempf": 68, "tempc": 21})) == {"room_temperature": 21.0}


@pytest.mark.parametrize("kind", ["TIRE", "ENRG", "BATT"])
def test_the_pressure_of_a_tyre_is_not_that_of_the_air(kind: str) -> None:
    assert values(read({"type": kind, "pres": 1.9, "volt": 13.1, "tempc": 15})) == {"room_temperature": 15.0}


@pytest.mark.parametrize(("raw", "pulses"), [(63, [63.0]), (0, []), (255, []), ("71", [71.0])])
def test_no_pulse_is_not_a_pulse_of_0(raw: object, pulses: list[float]) -> None:
    assert [one.value for one in read({"bpm": raw}).measurements] == pulses


def weighing(**changes: Any) -> dict[str, Any]:
    servicedata = "223e30ea070716" + "0a3b00"  # 2026-07-22 10:59:00, British summer time
    scale = {"weighing_mode": "person", "unit": "kg", "weight": 61.75, "servicedata": servicedata}
    return {**scale, **changes}


def test_a_weighing_has_the_time_of_the_scale() -> None:
    [weight] = read(weighing()).measurements

    assert (weight.kind, weight.value) == ("weight", 61.75)
    assert weight.at == datetime(2026, 7, 22, 9, 59, tzinfo=UTC)
    assert weight.flags == Flags.CLOCK_CORRECTED


def test_impedance_is_left_out_and_pounds_become_kilograms() -> None:
    [weight] = read(weighing(unit="lb", weight=150, impedance=500)).measurements

    assert weight.value == pytest.approx(68.04, abs=0.01)


@pytest.mark.parametrize(
    "raw", ["223e30e607020e10293a", "0224b2070113100c08fdff4a0b", "zz", "", 7, "00" * 10]
)
def test_a_scale_whose_clock_is_not_set_weighs_when_it_is_heard(raw: object) -> None:
    [weight] = read(weighing(servicedata=raw)).measurements

    assert (weight.at, weight.flags) == (None, Flags.NONE)


@pytest.mark.parametrize(
    "changes",
    [{"weighing_mode": "object"}, {"weighing_mode": None}, {"unit": "jin"}, {"unit": 3}, {"weight": ""}],
)
def test_what_may_be_nobodys_weight_is_none(changes: dict[str, Any]) -> None:
    assert read(weighing(**changes)).nothing


@pytest.mark.parametrize(
    ("body", "model", "presses"),
    [
        ({"button": 1, "packet": 7}, "SOS button", 1),
        ({"button": 254}, "SOS button", 1),
        ({"button1": 0, "button3": 1}, "SOS button", 1),
        ({"button": 0}, "SOS button", 0),
        ({"button": 1}, "SBBT-002C", 0),
    ],
)
def test_a_press_calls_for_help_if_the_button_was_given_for_that(
    body: dict[str, Any], model: str, presses: int
) -> None:
    assert [one.kind for one in read(body, model=model).measurements] == ["pendant"] * presses


def test_a_counter_of_packets_tells_presses_apart_and_nothing_else() -> None:
    assert read({"button": 1, "packet": 7}, model="SOS button").message_id == f"{OURS}-7"
    assert read({"tempc": 20, "packet": 7}).message_id is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"opened": 1}, {"door_open": 1.0}),
        ({"closed": 1}, {"door_open": 0.0}),
        ({"reed_open": 0, "tamper": 1}, {"door_open": 0.0, "tamper": 1.0}),
        ({"temperature_F": 68.0, "battery_mV": 2900}, {"room_temperature": 20.0, "battery_voltage": 2900.0}),
        ({"power_W": 410, "energy_kWh": 12.5}, {"electricity_power": 410.0, "electricity_energy": 12.5}),
        ({"event": "Button Press"}, {}),
        ({"alarm": 1}, {"unnamed_alarm": 1.0}),
        ({"battery_ok": 0}, {"battery_low": 1.0}),
    ],
)
def test_it_reads_the_common_keys_of_433_mhz(body: dict[str, Any], expected: dict[str, float]) -> None:
    rest = "home/gateway/RTL_433toMQTT/Some-Kit/7"
    assert values(read({"model": "Some Kit", "id": 7, **body}, rest, registered="Some-Kit-7")) == expected


def test_a_smoke_alarm_being_paired_does_not_alarm() -> None:
    body = {"model": "Smoke-GS558", "id": 7, "learn": 1}
    assert read(body, "x/RTL_433toMQTT", registered="Smoke-GS558-7").nothing


def test_an_alarm_neither_on_nor_off_is_refused() -> None:
    with pytest.raises(Undecodable) as caught:
        read({"smoke": "perhaps"})
    assert caught.value.code == "unreadable_alarm"


@pytest.mark.parametrize(("word", "online"), [(b"online", True), (b"Offline", False)])
def test_it_reads_whether_the_gateway_is_online(word: bytes, online: bool) -> None:
    assert read(word, "home/gateway/LWT", retained=True).statuses == (Status(online=online),)


def test_it_refuses_another_word_for_online() -> None:
    with pytest.raises(Undecodable):
        read(b"perhaps", "home/gateway/LWT")


@pytest.mark.parametrize(
    ("rest", "body"), [(REST, b""), ("home/gateway/commands/MQTTtoBT/config", {"id": 1}), ("x/SYStoMQTT", {})]
)
def test_there_may_be_nothing_to_store(rest: str, body: Any) -> None:
    assert read(body, rest).nothing


def test_what_is_retained_is_a_replay() -> None:
    assert all(one.flags == Flags.REPLAYED for one in read({"tempc": 20}, retained=True).measurements)


@settings(deadline=None, max_examples=200)
@given(
    body=st.dictionaries(KEYS, LEAVES | WORDS, max_size=8) | st.binary(max_size=100),
    rest=st.sampled_from([REST, "a/BTtoMQTT", "a/433toMQTT", "a/LWT", "a/SYStoMQTT", ""]),
    model=st.sampled_from(["", "SOS button", "SJCGQ11LM"]),
)
def test_any_message_is_read_or_refused(body: Any, rest: str, model: str) -> None:
    try:
        decoded = read(body, rest, model=model)
    except Undecodable:
        return
    assert decoded.measurements or decoded.statuses or decoded.nothing
