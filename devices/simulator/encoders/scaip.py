"""Alarm telephones as they call by SCAIP (SS 91100, CLC/TS 50134-9): a request in XML, without a time."""

from xml.sax.saxutils import escape

from devices.simulator.encoders.said import Said, Wire
from devices.simulator.kit import FALL, PENDANT

NAME = "scaip"

# kind: device type, status code (SS 91100 tables; caruhome/scaip-gateway spec.py)
_CODES = {
    PENDANT: ("0003", "0010"),
    FALL: ("0005", "0009"),
    "smoke": ("0023", "0009"),
    "property_exit": ("0015", "0009"),
    "battery_low": ("0003", "0016"),
}
_TEST = ("0002", "0102")


def address_of(number: int) -> str:
    """The controller's identity."""
    return f"{number % 10**8:08d}"


def messages(said: Said) -> list[Wire]:
    """A request for each alarm; the unit's periodic test where there is none."""
    codes = [_CODES[kind] for kind, value in said.values.items() if value and kind in _CODES] or [_TEST]
    return [said.wire(NAME, said.address, _request(said, n, *each)) for n, each in enumerate(codes)]


def _request(said: Said, number: int, device_type: str, status: str) -> bytes:
    fields = {
        "ref": f"{said.count * 10 + number:08d}",
        "ver": "01.00",
        "mty": "ME",
        "cid": said.address,
        "dty": device_type,
        "did": "001",
        "stc": status,
        "pri": "0" if device_type != _TEST[0] else "9",
        "lco": "021",
        "ico": "101",
    }
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return f'<?xml version="1.0" encoding="UTF-8"?><mrq>{inner}</mrq>'.encode()
