"""ChirpStack: its event tells what a body is; only what a device sent, and its battery, say anything."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.decode import decode
from devices.formats import chirpstack
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Sensor, Undecodable
from devices.models_of_kit import MODELS
from devices.redact import redacted

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
AT = datetime(2026, 11, 22, 10, 0, 0, 123000, tzinfo=UTC)
EUI = "24e124ffff000001"
TOPIC = f"application/a/device/{EUI}/event/"


def read(rest: str, retained: bool = False, models: dict[str, str] | None = None, **body: Any) -> Decoded:
    whole = {"time": "2026-11-22T10:00:00.123456789+00:00", "deviceInfo": {"devEui": EUI}, **body}
    return chirpstack.decode(
        rest, json.dumps(whole).encode(), Arrival(NOW, retained, "Europe/London", models or {})
    )


@pytest.mark.parametrize("rest", [TOPIC + "up", "event/up", ""])
def test_it_reads_what_a_device_sent(rest: str) -> None:
    decoded = read(rest, deduplicationId="3ac7", data="AQ==", object={"humidity": 49.0})

    [one] = decoded.measurements
    assert (one.kind, one.value, one.at, one.address) == ("room_humidity", 49.0, AT, EUI)
    assert decoded.message_id == "3ac7"


@pytest.mark.parametrize("event", ["ack", "txack", "log", "location", "integration", "down"])
def test_other_events_say_nothing(event: str) -> None:
    decoded = read(TOPIC + event, object={"humidity": 49.0}, location={"latitude": 51.5})

    assert decoded.nothing
    assert decoded.sensors == ()


def test_a_device_that_joins_is_told_of_by_its_profile_and_no_name() -> None:
    said = {"devEui": EUI, "deviceName": "May, hall", "deviceProfileName": "AM103"}
    decoded = read(TOPIC + "join", deviceInfo=said, devAddr="78000024")

    assert decoded.nothing
    assert decoded.sensors == (Sensor(EUI, "AM103"),)


def test_the_name_of_its_profile_is_enough_to_read_the_bytes() -> None:
    [one] = read(
        TOPIC + "up", deviceInfo={"devEui": EUI, "deviceProfileName": "WS303"}, data="AwAB"
    ).measurements

    assert (one.kind, one.value) == ("water_leak", 1.0)


@pytest.mark.parametrize("rest", ["application/a/device/b/command/down", "up", "myevent/up"])
def test_other_topics_say_nothing(rest: str) -> None:
    assert read(rest, data="AQ==", object={"humidity": 49.0}).nothing


@pytest.mark.parametrize(
    ("body", "mains", "battery"),
    [
        ({"margin": 10, "batteryLevel": 88.3}, None, 88.3),
        ({"batteryLevel": 100, "externalPowerSource": False}, 0.0, 100.0),
        ({"batteryLevel": 0, "externalPowerSource": True}, 1.0, None),
        ({"externalPowerSource": True}, 1.0, None),
        ({"batteryLevel": 0, "externalPowerSource": False, "batteryLevelUnavailable": True}, None, None),
        ({"margin": 10}, None, None),
        ({"batteryLevel": "full"}, None, None),
    ],
)
def test_it_reads_the_battery_and_makes_none_up(
    body: dict[str, Any], mains: float | None, battery: float | None
) -> None:
    decoded = read(TOPIC + "status", **body)

    assert [one.value for one in decoded.measurements] == ([mains] if mains is not None else [])
    assert [status.battery for status in decoded.statuses] == ([battery] if battery is not None else [])
    assert bool(decoded.nothing) is (mains is None and battery is None)


def test_a_route_that_leaves_nothing_of_the_topic_reads_a_status_too() -> None:
    assert [status.battery for status in read("", batteryLevel=73.6).statuses] == [73.6]
    assert read("", devAddr="78000024").nothing


def test_a_retained_message_says_nothing_about_now() -> None:
    [one] = read(TOPIC + "up", retained=True, object={"smoke": True}).measurements

    assert one.flags == Flags.REPLAYED
    assert chirpstack.decode(TOPIC + "up", b"", Arrival(NOW, True, "Europe/London", {})).nothing


@pytest.mark.parametrize("said", [{}, {"devEui": None}, None, "EM300"])
def test_a_message_of_no_device_is_refused(said: object) -> None:
    with pytest.raises(Undecodable) as caught:
        read(TOPIC + "up", deviceInfo=said, object={"humidity": 49.0})
    assert (caught.value.code, caught.value.where) == ("no_device", "deviceInfo.devEui")


def test_a_redacted_message_decodes_to_the_same() -> None:
    body = {
        "deviceInfo": {"devEui": EUI, "deviceName": "May Smith, hall", "tenantName": "Hall House"},
        "time": "2026-11-22T10:00:00Z",
        "object": {"humidity": 49.0, "lat": 51.5},
        "rxInfo": [{"metadata": {"gateway_lat": "51.99", "gateway_long": "4.35"}}],
    }
    raw = json.dumps(body).encode()
    cleaned = redacted(raw)

    assert not any(word in cleaned for word in (b"May", b"House", b"51.", b"4.35"))
    before = decode("chirpstack", "event/up", raw, retained=False, received_at=NOW)
    assert decode("chirpstack", "event/up", cleaned, retained=False, received_at=NOW) == before


def test_the_longest_message_is_read_in_time() -> None:
    most = {"history": [{"timestamp": 1665561758 + n, "pir": 1, "co2": 700, "door": 0} for n in range(500)]}
    began = time.thread_time()

    assert len(read(TOPIC + "up", object=most).measurements) == 1500
    assert time.thread_time() - began < 0.05


def refusal(reading: Callable[[], Decoded]) -> Undecodable | Decoded:
    """What was decoded, or why not; anything else that is raised fails the test."""
    try:
        return reading()
    except Undecodable as fault:
        return fault


KEYS = st.sampled_from(["object", "data", "time", "deduplicationId", "batteryLevel", "externalPowerSource"])
INSIDE = st.sampled_from(
    ["history", "events", "timestamp", "smoke", "press", "battery", "motion", "alarm_type"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=16)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(INSIDE, inner, max_size=4),
    max_leaves=15,
)


@settings(deadline=None, max_examples=200)
@given(
    body=st.dictionaries(KEYS, VALUES, max_size=5),
    event=st.sampled_from(["up", "status", "join"]),
    model=st.sampled_from(["", *sorted(MODELS)]),
)
def test_it_gives_a_result_or_a_reason_for_any_event(body: dict[str, Any], event: str, model: str) -> None:
    decoded = refusal(lambda: read(TOPIC + event, models={EUI: model}, **body))

    assert isinstance(decoded, Undecodable) or decoded.measurements or decoded.statuses or decoded.nothing


@settings(deadline=None, max_examples=200)
@given(payload=st.binary(max_size=300), rest=st.sampled_from([TOPIC + "up", "", "x/event/status"]))
def test_it_gives_a_result_or_a_reason_for_any_bytes(payload: bytes, rest: str) -> None:
    decoded = refusal(lambda: chirpstack.decode(rest, payload, Arrival(NOW, False, "Europe/London", {})))

    assert isinstance(decoded, Undecodable) or decoded.nothing
