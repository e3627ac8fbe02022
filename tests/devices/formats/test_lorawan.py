"""One message of a LoRaWAN sensor: what a codec made of it, else its own bytes, else a reason."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from devices.formats import lorawan
from devices.formats.lorawan import Uplink
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Sensor, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
EUI = "24e124ffff000001"


def read(keys: object = None, frame: object = None, registered: str = "", **more: Any) -> Decoded:
    arrival = Arrival(NOW, False, "Europe/London", {EUI: registered} if registered else {})
    return lorawan.decode(Uplink(EUI, arrival, AT, Flags.NONE, keys, frame, **more))


def text(frame: str) -> str:
    return base64.b64encode(bytes.fromhex(frame)).decode()


def values(decoded: Decoded) -> dict[str, float]:
    return {one.kind: one.value for one in decoded.measurements}


def refused(keys: object = None, frame: object = None, model: str = "Kitchen") -> str:
    with pytest.raises(Undecodable) as caught:
        read(keys, frame, model)
    return caught.value.code


def test_what_the_codec_made_of_it_is_read() -> None:
    decoded = read({"Temperature": 21.5, "battery": 88.0}, text("017510"), "EM300-TH", message_id="m-1")

    [one] = decoded.measurements
    assert (one.kind, one.value, one.at, one.address) == ("room_temperature", 21.5, AT, EUI)
    assert [status.battery for status in decoded.statuses] == [88.0]
    assert decoded.message_id == "m-1"


@pytest.mark.parametrize("keys", [None, {}, {"temperatuur": 19.2}, [], "none"])
@pytest.mark.parametrize(
    "model", ["EM300-TH", "em300-th", "EM300-TH-868M", "Milesight EM300-TH-915M", " Milesight EM300-TH"]
)
def test_its_bytes_are_read_where_the_codec_says_nothing_we_know(keys: object, model: str) -> None:
    assert values(read(keys, text("03673401"), model)) == {"room_temperature": 30.8}


def test_the_servers_word_for_the_model_counts_where_the_registered_one_is_unknown() -> None:
    assert values(read(None, text("0229"), "Kitchen", model="ers-eye")) == {"room_humidity": 41.0}


def test_without_any_codec_it_says_what_to_set() -> None:
    assert refused(None, text("0229")) == "no_codec"
    assert refused({}, text("0229")) == "no_codec"


def test_a_device_nobody_registered_is_told_of_whether_it_was_read_or_not() -> None:
    read_well = read({"pir": 1}, model="AM999")
    unread = read(None, text("0229"), model="AM999")

    assert read_well.sensors == unread.sensors == (Sensor(EUI, "AM999"),)
    assert unread.fault is not None
    assert unread.fault.code == "no_codec"
    assert unread.nothing
    assert read({"pir": 1}, registered="AM308").sensors == ()


def test_a_device_that_joins_is_told_of() -> None:
    arrival = Arrival(NOW, False, "Europe/London", {})

    assert lorawan.joined(EUI, None, arrival).sensors == (Sensor(EUI),)
    assert lorawan.joined(EUI, None, arrival).nothing


def test_a_button_registered_as_one_calls_for_help_whatever_it_is() -> None:
    assert values(read({"press": 1.0}, None, "ws101")) == {"pendant": 1.0}
    assert values(read({"press": 1.0}, None, "AM308")) == {}


def test_a_codec_that_says_nothing_we_know_is_no_fault() -> None:
    assert read({"gpio": 1.0}, text("0229")).nothing
    assert read(None, None, "EM300-TH").nothing
    assert read(None, "", "EM300-TH").nothing


@pytest.mark.parametrize("frame", ["no base64!", "ä", "AA", 17, True, {"a": 1}, "QUJD" * 100])
def test_bytes_that_cannot_be_a_frame_are_refused(frame: object) -> None:
    assert refused(None, frame, "EM300-TH") == "bad_frame"


def test_what_was_read_before_strange_bytes_stands() -> None:
    decoded = read(None, text("050001058E01"), "EM300-SLD")

    assert values(decoded) == {"water_leak": 1.0}
    assert decoded.fault is not None
    assert decoded.fault.code == "unread_frame"
    assert refused(None, text("058E01"), "EM300-SLD") == "unread_frame"


def test_a_danger_is_taken_though_another_cannot_be_read() -> None:
    decoded = read({"gas_status": "perhaps", "smoke": True})

    assert values(decoded) == {"smoke": 1.0}
    assert decoded.fault is not None
    assert decoded.fault.code == "unreadable_alarm"
    assert refused({"gas_status": "perhaps", "temperature": 21.0}) == "unreadable_alarm"


def test_what_is_left_out_or_null_clears_nothing() -> None:
    assert values(read({"temperature": 21.0, "smoke": None, "leakage_status": None})) == {
        "room_temperature": 21.0
    }


def test_a_stored_record_has_its_own_time_and_says_so() -> None:
    record = {"timestamp": 1665561758, "magnet_status": "open", "battery": 7}
    decoded = read({"history": [record, "x", {"pir": "idle"}, {"timestamp": "soon", "pir": 1}]})

    door, idle, unclear = decoded.measurements
    assert door.at == datetime(2022, 10, 12, 8, 2, 38, tzinfo=UTC)
    assert door.flags == Flags.FROM_STORAGE
    assert (idle.at, idle.flags) == (None, Flags.FROM_STORAGE)
    assert (unclear.at, unclear.flags) == (None, Flags.FROM_STORAGE | Flags.CLOCK_CORRECTED)


def test_a_stored_record_tells_no_battery_of_now() -> None:
    assert read({"history": [{"timestamp": 1665561758, "battery": 7}]}).statuses == ()


def test_more_stored_records_than_a_message_may_hold_are_refused() -> None:
    assert refused({"history": [{"pir": 1}] * 501}) == "too_many"
    assert len(read({"history": [{"pir": 1}] * 500}).measurements) == 500


@pytest.mark.parametrize(
    ("level", "expected"), [(1, 1.0), (4.0, 4.0), (3.98, None), (99.5, 99.5), (255, None)]
)
def test_volts_are_no_battery_level(level: float, expected: float | None) -> None:
    statuses = read({"battery": level, "temperature": 21.0}).statuses

    assert [status.battery for status in statuses] == ([expected] if expected is not None else [])


def test_the_level_the_server_asked_for_stands_in_for_none() -> None:
    assert [status.battery for status in read({"pir": 1}, battery=52.5).statuses] == [52.5]
    assert [status.battery for status in read({"battery": 53}, battery=52.5).statuses] == [53.0]


@pytest.mark.parametrize(("registered", "published"), [(EUI, EUI.upper()), (EUI.upper(), EUI), (EUI, EUI)])
def test_a_device_is_known_in_either_case(registered: str, published: str) -> None:
    arrival = Arrival(NOW, False, "Europe/London", {registered: "EM300-TH"})

    assert lorawan.address_of(published, arrival, "devEui") == registered


@pytest.mark.parametrize("published", [None, "", 7, "x" * 200, "a\x00b"])
def test_a_message_of_no_device_is_refused(published: object) -> None:
    with pytest.raises(Undecodable, match="which device"):
        lorawan.address_of(published, Arrival(NOW, False, "Europe/London", {}), "devEui")
