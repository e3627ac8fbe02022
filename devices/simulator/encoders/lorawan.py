"""LoRaWAN sensors through the two network servers that homes meet: ChirpStack v4 and The Things Stack v3.

A Milesight speaks in channels of type, number and value, an ELSYS in types and values; the server wraps the
bytes, and what its codec made of them, in JSON. Sources: Milesight-IoT/SensorDecoders (em300), elsys.se
payload description, chirpstack.io event types, thethingsindustries.com uplink format.
"""

import base64
from typing import Any
from uuid import UUID

from devices.simulator.encoders.said import Said, Wire
from devices.simulator.kit import DOOR, HUMIDITY, MOTION, TEMPERATURE

CHIRPSTACK = "chirpstack"
TTS = "tts"
APPLICATION = "6f3ad0e1-3b5c-4cdd-8a08-5f4d0f7a9a11"


def address_of(number: int) -> str:
    """The DevEUI of the sensor of that number."""
    return f"24e124{number % 2**40:010x}"


def chirpstack(said: Said) -> list[Wire]:
    """A Milesight through ChirpStack v4, with the codec set; a time of nanoseconds, no zero left in."""
    raw, decoded = milesight(said)
    body: dict[str, Any] = {
        "deduplicationId": str(UUID(int=(int(said.address, 16) << 64 | said.count) % 2**128)),
        "time": said.nanoseconds.replace("Z", "+00:00"),
        "deviceInfo": {
            "tenantId": "52f14cd4-c6f1-4fbd-8f87-4025e1d49242",
            "tenantName": "Homes",
            "applicationId": APPLICATION,
            "applicationName": "homes",
            "deviceProfileId": "14855bf7-d10d-4aee-b618-ebfcb64dc7ad",
            "deviceProfileName": "EM300",
            "deviceName": f"EM300 {said.room}".strip(),
            "devEui": said.address,
            "tags": {},
        },
        "devAddr": said.address[-8:],
        "adr": True,
        "dr": 5,
        "fCnt": said.count,
        "fPort": 85,
        "confirmed": False,
        "data": base64.b64encode(raw).decode(),
        "object": decoded,
        "rxInfo": [{"gatewayId": "0016c001f153a14c", "uplinkId": said.count + 1, "rssi": -86, "snr": 8.2}],
        "txInfo": {"frequency": 868100000},
    }
    if not said.count:  # protobuf's JSON leaves zeros out
        del body["fCnt"]
    return [said.wire(CHIRPSTACK, f"application/{APPLICATION}/device/{said.address}/event/up", body)]


def tts(said: Said) -> list[Wire]:
    """An ELSYS through The Things Stack v3; an empty text, 0 and false are left out."""
    raw, decoded = elsys(said)
    name = f"eui-{said.address}"
    uplink: dict[str, Any] = {
        "f_port": 5,
        "f_cnt": said.count,
        "frm_payload": base64.b64encode(raw).decode(),
        "decoded_payload": decoded,
        "rx_metadata": [
            {
                "gateway_ids": {"gateway_id": "roof", "eui": "0016C001F153A14C"},
                "time": said.nanoseconds,
                "timestamp": 1_000_000 + said.count,  # of the concentrator, not of this world
                "rssi": -78,
                "snr": 9.5,
            }
        ],
        "settings": {"data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 7}}},
        "received_at": said.nanoseconds,
        "consumed_airtime": "0.061696s",
    }
    if not said.count:
        del uplink["f_cnt"]
    ids = {"application_ids": {"application_id": "homes"}, "dev_eui": said.address.upper()}
    body = {
        "end_device_ids": {"device_id": name, **ids},
        "received_at": said.nanoseconds,
        "uplink_message": uplink,
    }
    return [said.wire(TTS, f"v3/homes@ttn/devices/{name}/up", body)]


def milesight(said: Said) -> tuple[bytes, dict[str, Any]]:
    """The bytes of an EM300, and what Milesight's codec makes of them."""
    raw, decoded = bytes((0x01, 0x75, said.battery)), dict[str, Any](battery=said.battery)
    if TEMPERATURE in said.values:
        tenths = round(said.values[TEMPERATURE] * 10)
        raw += b"\x03\x67" + tenths.to_bytes(2, "little", signed=True)
        decoded["temperature"] = tenths / 10
    if HUMIDITY in said.values:
        halves = round(said.values[HUMIDITY] * 2)
        raw += bytes((0x04, 0x68, halves))
        decoded["humidity"] = halves / 2
    if DOOR in said.values:
        raw += bytes((0x06, 0x00, int(said.values[DOOR])))
        decoded["magnet_status"] = "open" if said.values[DOOR] else "close"
    return raw, decoded


def elsys(said: Said) -> tuple[bytes, dict[str, Any]]:
    """The bytes of an ERS, and what the codec makes of them; motion is how often somebody moved."""
    raw, decoded = b"", dict[str, Any]()
    if TEMPERATURE in said.values:
        tenths = round(said.values[TEMPERATURE] * 10)
        raw += b"\x01" + tenths.to_bytes(2, "big", signed=True)
        decoded["temperature"] = tenths / 10
    if HUMIDITY in said.values:
        raw += bytes((0x02, round(said.values[HUMIDITY])))
        decoded["humidity"] = round(said.values[HUMIDITY])
    if MOTION in said.values:
        raw += bytes((0x05, round(said.values[MOTION])))
        decoded["motion"] = round(said.values[MOTION])
    millivolts = 3000 + 6 * said.battery
    raw += b"\x07" + millivolts.to_bytes(2, "big")
    decoded["vdd"] = millivolts
    return raw, decoded
