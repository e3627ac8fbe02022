import base64

from devices.simulator.encoders import lorawan
from devices.simulator.kit import DOOR, HUMIDITY, MOTION, TEMPERATURE
from tests.devices.simulator.encoders.saying import body, rest, said

EUI = "24e1240000000007"


def test_milesight_bytes_are_those_of_its_own_example() -> None:
    # Milesight-IoT/SensorDecoders em300-mcs: 01755C 03673401 046865 060001
    raw, decoded = lorawan.milesight(said(EUI, {TEMPERATURE: 30.8, HUMIDITY: 50.5, DOOR: 1.0}, battery=92))
    assert raw.hex().upper() == "01755C03673401046865060001"
    assert decoded == {"battery": 92, "temperature": 30.8, "humidity": 50.5, "magnet_status": "open"}


def test_elsys_bytes_are_those_of_its_own_example() -> None:
    # elsys.se payload description: 0100E2 0229 … 0506
    raw, decoded = lorawan.elsys(said(EUI, {TEMPERATURE: 22.6, HUMIDITY: 41, MOTION: 6}, battery=100))
    assert raw.hex().upper() == "0100E202290506070E10"
    assert decoded == {"temperature": 22.6, "humidity": 41, "motion": 6, "vdd": 3600}
    assert lorawan.elsys(said(EUI, {TEMPERATURE: -1.5}))[0][:3].hex() == "01fff1"


def test_chirpstack_wraps_the_bytes_and_what_its_codec_made_of_them() -> None:
    (wire,) = lorawan.chirpstack(said(EUI, {TEMPERATURE: 19.5, HUMIDITY: 60.0}))
    found = body(wire)
    assert rest(wire) == f"chirpstack/application/{lorawan.APPLICATION}/device/{EUI}/event/up"
    assert found["time"] == "2026-11-22T07:44:10.000000000+00:00"
    assert found["deviceInfo"]["devEui"] == EUI
    assert (found["fCnt"], found["fPort"]) == (3, 85)
    assert base64.b64decode(found["data"]).hex() == "017557" + "0367c300" + "046878"
    assert found["object"] == {"battery": 87, "temperature": 19.5, "humidity": 60.0}


def test_each_uplink_has_an_identity_of_its_own() -> None:
    ids = {
        body(lorawan.chirpstack(said(eui, {TEMPERATURE: 20.0}, count=count))[0])["deduplicationId"]
        for eui in (EUI, "24e1240000000008")
        for count in range(3)
    }
    assert len(ids) == 6


def test_the_first_frame_leaves_its_zero_out() -> None:
    first = {TEMPERATURE: 20.0}
    assert "fCnt" not in body(lorawan.chirpstack(said(EUI, first, count=0))[0])
    assert "f_cnt" not in body(lorawan.tts(said(EUI, first, count=0))[0])["uplink_message"]


def test_the_things_stack_has_three_times() -> None:
    (wire,) = lorawan.tts(said(EUI, {TEMPERATURE: 22.6, HUMIDITY: 41.0}))
    found = body(wire)
    assert rest(wire) == f"tts/v3/homes@ttn/devices/eui-{EUI}/up"
    assert found["end_device_ids"] == {
        "device_id": f"eui-{EUI}",
        "application_ids": {"application_id": "homes"},
        "dev_eui": EUI.upper(),
    }
    uplink = found["uplink_message"]
    times = (found["received_at"], uplink["received_at"], uplink["rx_metadata"][0]["time"])
    assert set(times) == {"2026-11-22T07:44:10.000000000Z"}
    assert base64.b64decode(uplink["frm_payload"]).hex() == "0100e20229070dc2"
    assert uplink["decoded_payload"] == {"temperature": 22.6, "humidity": 41, "vdd": 3522}


def test_an_address_is_a_dev_eui() -> None:
    assert lorawan.address_of(7) == EUI
