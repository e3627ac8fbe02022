"""An ESPHome node says each sensor on a topic of its own, with an announcement or by its name."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import esphome
from devices.formats.announced import Announced
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Status, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)


def read(rest: str, payload: bytes, announced: Announced | None = None) -> Decoded:
    return esphome.decode(rest, payload, Arrival(NOW, False, "Europe/London", {}, announced))


@pytest.mark.parametrize(
    ("rest", "payload", "kind", "value", "channel"),
    [
        ("hall/sensor/room_temperature/state", b"21.3", "room_temperature", 21.3, ""),
        ("hall/sensor/attic_temperature/state", b"21.3", "room_temperature", 21.3, "attic_temperature"),
        ("hall/binary_sensor/bed_occupied/state", b"ON", "bed_occupied", 1.0, ""),
        ("hall/binary_sensor/sos/state", b"ON", "pendant", 1.0, ""),
        ("hall/switch/kettle/state", b"OFF", "appliance_on", 0.0, "kettle"),
    ],
)  # fmt: skip
def test_a_sensor_called_after_a_kind_is_of_it(
    rest: str, payload: bytes, kind: str, value: float, channel: str
) -> None:
    [one] = read(rest, payload).measurements

    assert (one.kind, one.value, one.channel) == (kind, value, channel)
    assert (one.address, one.at) == (None, None)


def test_an_announced_sensor_is_the_nodes_own() -> None:
    announced = Announced()
    config = b'{"dev_cla":"temperature","unit_of_meas":"F","stat_t":"hall/sensor/t/state","dev":{"ids":"a0"}}'
    assert read("homeassistant/sensor/hall/t/config", config, announced).sensors == ()

    [one] = read("hall/sensor/t/state", b"68", announced).measurements

    assert (one.kind, one.value, one.address) == ("room_temperature", 20.0, None)


def test_its_last_will_says_that_it_is_gone() -> None:
    assert read("hall/status", b"offline").statuses == (Status(online=False),)


@pytest.mark.parametrize(
    ("rest", "payload"),
    [
        ("hall/sensor/room_temperature/state", b"nan"),
        ("hall/sensor/room_temperature/state", b""),
        ("hall/debug", b"[D] something"),
        ("hall/switch/kettle/command", b"ON"),
        ("hall/status", b"odd"),
    ],
)
def test_what_says_nothing_is_nothing(rest: str, payload: bytes) -> None:
    assert read(rest, payload).nothing is not None


@pytest.mark.parametrize(
    ("rest", "payload", "code"),
    [
        ("hall/sensor/wetness1/state", b"21.77", "not_announced"),
        ("hall/binary_sensor/smoke/state", b"maybe", "unreadable_alarm"),
    ],
)
def test_what_it_cannot_read_is_refused(rest: str, payload: bytes, code: str) -> None:
    with pytest.raises(Undecodable) as fault:
        read(rest, payload)
    assert fault.value.code == code


@given(st.text(max_size=40), st.binary(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_message_is_read_or_refused(rest: str, payload: bytes) -> None:
    try:
        read(rest, payload)
    except Undecodable:
        return
