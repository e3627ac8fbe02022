"""Bluetooth health characteristics whose bytes a gateway forwards as they came: raw, as hex, or in JSON."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from devices.formats import gatt_glucose, gatt_layouts, gatt_oximeter, wire
from devices.formats.gatt_frame import Frame
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Undecodable

LONGEST = 512
"""The most bytes that a Bluetooth attribute can hold."""

LAYOUTS: Mapping[str, Callable[[Frame], str]] = MappingProxyType(
    {
        "2A18": gatt_glucose.glucose,
        "2A1C": gatt_layouts.temperature,
        "2A34": gatt_glucose.context,
        "2A35": gatt_layouts.blood_pressure,
        "2A37": gatt_layouts.heart_rate,
        "2A5E": gatt_oximeter.spot_check,
        "2A5F": gatt_oximeter.continuous,
        "2A9D": gatt_layouts.weight,
    }
)

_SHORT = re.compile(r"[0-9A-F]{4}")
_LONG = re.compile(r"[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}")
_TEXT = re.compile(rb"[ -~][\t\r\n -~]*")
_BLUETOOTH = "-0000-1000-8000-00805F9B34FB"
"""How every UUID ends that Bluetooth itself has given out."""


def decode(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one value. `rest` is "{address}/{characteristic}" for bytes, with "/hex" behind it for hex text.

    At "{address}" alone it is JSON: `characteristic`, `hex`, and perhaps `at`, when the gateway heard it.
    """
    address, *levels = rest.split("/")
    if not address or len(levels) > 2 or (len(levels) == 2 and levels[1] != "hex"):
        raise Undecodable(
            "bad_topic",
            "The topic is not the sensor's address, alone or with a characteristic and hex behind it.",
        )
    if not payload:
        return Decoded(nothing="A retained message was removed.")
    if not levels:
        return _told(address, payload, arrival)
    number = _number(levels[0])
    value = _bytes(payload.decode("latin-1")) if len(levels) == 2 else _raw(number, payload)
    return _read(number, value, address, arrival, None, Flags.NONE)


def _told(address: str, payload: bytes, arrival: Arrival) -> Decoded:
    body = wire.load_object(payload)
    at, clock = wire.any_time(body.get("at"), arrival.zone)
    characteristic, text = body.get("characteristic"), body.get("hex")
    if type(characteristic) is not str:
        raise Undecodable("bad_characteristic", _NOT_A_CHARACTERISTIC, "characteristic")
    if type(text) is not str:
        raise Undecodable("not_hex", _NOT_HEX, "hex")
    return _read(_number(characteristic), _bytes(text), address, arrival, at, clock)


def _read(
    number: str, value: bytes, address: str, arrival: Arrival, at: datetime | None, clock: Flags
) -> Decoded:
    if len(value) > LONGEST:
        raise Undecodable("too_large", "A Bluetooth value has 512 bytes at most.")
    layout = LAYOUTS.get(number)
    if layout is None:
        return Decoded(nothing="Not a characteristic that Hearthline reads.")
    frame = Frame(value, address, arrival.zone, at, clock, arrival.flags)
    return frame.decoded(nothing=layout(frame))


_NOT_A_CHARACTERISTIC = "A characteristic is 4 hex digits (2A35) or a whole UUID."
_NOT_HEX = "The value is not hex text: two digits a byte, with nothing but spaces between."


def _number(text: str) -> str:
    """Return the 4 digits of a characteristic, or the whole UUID of one that isn't Bluetooth's own."""
    upper = text.upper()
    if _SHORT.fullmatch(upper):
        return upper
    if not _LONG.fullmatch(upper):
        raise Undecodable("bad_characteristic", _NOT_A_CHARACTERISTIC, "characteristic")
    return upper[4:8] if upper.startswith("0000") and upper.endswith(_BLUETOOTH) else upper


def _raw(number: str, payload: bytes) -> bytes:
    """Return the payload, unless it is text: hex read as bytes, "0648" would be a heart rate of 54.

    No layout begins with a printable character, unless bits are set that are reserved.
    """
    if number in LAYOUTS and _TEXT.fullmatch(payload):
        raise Undecodable("not_raw", "The value is text; hex text is published one level deeper, under /hex.")
    return payload


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Undecodable("not_hex", _NOT_HEX, "hex") from None
