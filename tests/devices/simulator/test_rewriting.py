import json
from datetime import UTC, datetime, timedelta

import pytest

from devices.simulator import rewriting
from tests.devices.simulator.made import NOW

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "text",
    ["2026-11-22T07:46:00Z", "2026-11-22T07:46:00.000Z", "2026-11-22T08:46:00+01:00", "2026-11-22T07:46:00"],
)
def test_every_form_of_a_time_is_found(text: str) -> None:
    seen: list[datetime] = []

    def shown(at: datetime) -> bytes:
        seen.append(at)
        return b"null"

    assert rewriting.with_times(b'{"at":"%s","x":1}' % text.encode(), shown) == b'{"at":null,"x":1}'
    assert seen == [NOW]


def test_nanoseconds_are_a_time_and_an_identity_with_a_time_in_it_is_none() -> None:
    payload = b'{"time":"2026-11-22T07:46:00.000000000+00:00","id":"own-1-2026-11-22T07:46:00Z"}'
    assert rewriting.with_times(payload, lambda _at: b"0") == b'{"time":0,"id":"own-1-2026-11-22T07:46:00Z"}'


def test_the_seconds_of_a_shelly_move_with_its_clock() -> None:
    payload = b'{"ts":1762946040.25,"id":1762946040}'
    assert rewriting.with_epochs(payload, lambda at: at + HOUR) == b'{"ts":1762949640.25,"id":1762946040}'


def test_the_date_time_of_a_bluetooth_value_is_found_by_what_it_says() -> None:
    frame = bytes.fromhex("02 7837 ea070b16072e00 ff")
    later = rewriting.with_gatt_time(frame, NOW, NOW + HOUR)
    assert later.hex(" ") == "02 78 37 ea 07 0b 16 08 2e 00 ff"
    assert rewriting.with_gatt_time(frame, NOW, None).hex(" ") == "02 78 37 00 00 00 00 00 00 00 ff"
    assert rewriting.with_gatt_time(b"\x06\x48", NOW, None) == b"\x06\x48"


@pytest.mark.parametrize("key", ["battery", "Battery", "batt", "percent"])
def test_a_charge_is_written_otherwise(key: str) -> None:
    payload = f'{{"{key}":87,"x":87}}'.encode()
    assert rewriting.with_battery(payload, b'"{}.00"') == f'{{"{key}":"87.00","x":87}}'.encode()
    assert rewriting.with_battery(payload, b"null") == f'{{"{key}":null,"x":87}}'.encode()


def test_a_number_that_is_none_is_written_as_the_kit_would() -> None:
    own = b'{"readings":[{"kind":"spo2","value":93.0},{"kind":"pulse","value":80}]}'
    expected = b'{"readings":[{"kind":"spo2","value":NaN},{"kind":"pulse","value":80}]}'
    assert rewriting.with_nan("hearth/v1/k/readings", own) == expected
    assert rewriting.with_nan("hearth/v1/k/esphome/n/sensor/t/state", b"20.0") == b"nan"
    assert rewriting.with_nan("hearth/v1/k/homeassistant/kit/r/state", b'{"temperature":-2.5}') == (
        b'{"temperature":NaN}'
    )
    assert rewriting.with_nan("hearth/v1/k/gatt/a/2A37", b"\x06\x48") == b"\x06\x48"


@pytest.mark.parametrize("key", ["cumulative", "Total", "energy"])
def test_a_counter_begins_at_nought_where_it_is_told_to(key: str) -> None:
    payload, start = rewriting.counted_from(f'{{"{key}":12003.5}}'.encode(), None)
    assert (payload, start) == (f'{{"{key}":0.0}}'.encode(), 12003.5)
    later, start = rewriting.counted_from(f'{{"{key}":12003.75}}'.encode(), start)
    assert (later, start) == (f'{{"{key}":0.25}}'.encode(), 12003.5)
    assert rewriting.counted_from(b'{"x":1}', None) == (b'{"x":1}', None)


def test_a_part_without_measures_keeps_what_stands_beside_them() -> None:
    sensor = b'{"temperature":20.1,"humidity":50,"battery":87,"last_seen":"2026-11-22T07:46:00Z"}'
    rest = rewriting.without_measures(sensor)
    assert rest is not None
    assert json.loads(rest) == {"battery": 87, "last_seen": "2026-11-22T07:46:00Z"}


@pytest.mark.parametrize("payload", [b"20.0", b"nan", b"\xff", b"[1]", b'{"battery":87}'])
def test_what_measures_nothing_or_is_no_object_has_no_such_part(payload: bytes) -> None:
    assert rewriting.without_measures(payload) is None


def test_nothing_else_of_a_message_is_touched() -> None:
    payload = b'{"word":"x","n":[1,2]}'
    assert rewriting.with_times(payload, lambda _at: b"!") == payload
    assert rewriting.with_epochs(payload, lambda _at: datetime(1970, 1, 1, tzinfo=UTC)) == payload
    assert rewriting.with_battery(payload, b"!") == payload
