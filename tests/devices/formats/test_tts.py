"""The Things Stack: the right one of its times, the right one of its ids, and only what a device sent."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import tts
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
EUI = "A81758FFFE000001"
TOPIC = "v3/app@tenant/devices/dev1/up"


def read(uplink: object, *, retained: bool = False, **body: Any) -> Decoded:
    ids = {"device_id": "dev1", "dev_eui": EUI}
    whole = {
        "end_device_ids": ids,
        "received_at": "2026-11-22T10:00:02Z",
        "uplink_message": uplink,
        **body,
    }
    return tts.decode(TOPIC, json.dumps(whole).encode(), Arrival(NOW, retained, "Europe/London", {}))


@pytest.mark.parametrize(
    ("received", "second"),
    [({"received_at": "2026-11-22T10:00:01.789585559Z"}, 1), ({}, 2)],
    ids=["of the network server", "of the application server"],
)
def test_it_takes_the_time_of_the_network_server(received: dict[str, str], second: int) -> None:
    gateway = {"timestamp": 1012011900, "time": "2026-11-22T09:12:00Z"}
    [one] = read({"decoded_payload": {"pir": 1}, "settings": gateway, **received}).measurements

    assert one.at is not None
    assert one.at.replace(microsecond=0) == datetime(2026, 11, 22, 10, 0, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ids", "address"),
    [
        ({"device_id": "dev1", "dev_eui": EUI}, EUI),
        ({"device_id": "leak-kitchen"}, "leak-kitchen"),
        ({"device_id": "leak-kitchen", "dev_eui": ""}, "leak-kitchen"),
    ],
)
def test_it_knows_a_device_by_its_eui_or_else_by_its_id(ids: dict[str, str], address: str) -> None:
    [one] = read({"decoded_payload": {"leakage_status": "leak"}}, end_device_ids=ids).measurements

    assert (one.kind, one.value, one.address) == ("water_leak", 1.0, address)


@pytest.mark.parametrize("ids", [None, {}, [], {"device_id": 7}])
def test_a_message_of_no_device_is_refused(ids: object) -> None:
    with pytest.raises(Undecodable) as caught:
        read({"decoded_payload": {"pir": 1}}, end_device_ids=ids)
    assert caught.value.code == "no_device"


def test_its_own_word_for_the_model_is_enough_to_read_the_bytes() -> None:
    uplink = {"frm_payload": "AikFAA==", "version_ids": {"brand_id": "elsys", "model_id": "ers-lite"}}

    assert {one.kind: one.value for one in read(uplink).measurements} == {
        "room_humidity": 41.0,
        "motion_count": 0.0,
    }


def test_without_codec_and_model_it_says_what_to_set() -> None:
    fault = read({"frm_payload": "AikFAA=="}).fault

    assert fault is not None
    assert fault.code == "no_codec"
    assert "set the model or a codec" in fault.reason


def test_a_device_that_joins_is_told_of() -> None:
    decoded = read(None, join_accept={"session_key_id": "AXBS", "received_at": "2026-11-22T10:00:00Z"})

    assert [sensor.address for sensor in decoded.sensors] == [EUI]
    assert decoded.nothing


@pytest.mark.parametrize("uplink", [None, [], "up", {}, {"f_cnt": 3}])
def test_what_no_device_sent_says_nothing(uplink: object) -> None:
    assert read(uplink).nothing


def test_what_somebody_simulated_is_a_test() -> None:
    [one] = read({"decoded_payload": {"smoke": True}}, simulated=True).measurements

    assert one.flags == Flags.TEST


def test_a_retained_message_says_nothing_about_now() -> None:
    [one] = read({"decoded_payload": {"smoke": True}}, retained=True).measurements

    assert one.flags == Flags.REPLAYED
    assert tts.decode(TOPIC, b"", Arrival(NOW, True, "Europe/London", {})).nothing


def test_where_anything_stands_is_never_taken() -> None:
    place = {"latitude": 51.5, "longitude": -0.1}
    decoded = read(
        {
            "decoded_payload": {"temperature": 21.0, **place},
            "locations": {"user": place},
            "rx_metadata": [{"gateway_ids": {"gateway_id": "gw"}, "location": place}],
        }
    )

    assert [one.kind for one in decoded.measurements] == ["room_temperature"]
    assert read(None, location_solved={"location": place}).nothing


def refusal(reading: Callable[[], Decoded]) -> Undecodable | Decoded:
    """What was decoded, or why not; anything else that is raised fails the test."""
    try:
        return reading()
    except Undecodable as fault:
        return fault


KEYS = st.sampled_from(
    ["decoded_payload", "frm_payload", "received_at", "version_ids", "last_battery_percentage", "value"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=16)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS | st.sampled_from(["smoke", "history", "timestamp", "sos"]), inner, max_size=4)
    ),
    max_leaves=15,
)


@settings(deadline=None, max_examples=200)
@given(uplink=st.dictionaries(KEYS, VALUES, max_size=5) | VALUES, ids=VALUES | st.just({"device_id": "d"}))
def test_it_gives_a_result_or_a_reason_for_any_message(uplink: object, ids: object) -> None:
    decoded = refusal(lambda: read(uplink, end_device_ids=ids))

    assert isinstance(decoded, Undecodable) or decoded.measurements or decoded.statuses or decoded.nothing


@settings(deadline=None, max_examples=200)
@given(payload=st.binary(max_size=300))
def test_it_gives_a_result_or_a_reason_for_any_bytes(payload: bytes) -> None:
    decoded = refusal(lambda: tts.decode(TOPIC, payload, Arrival(NOW, False, "Europe/London", {})))

    assert isinstance(decoded, Undecodable) or decoded.nothing
