"""What a piece of kit says in the tests of the encoders, and how its message reads."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from devices.simulator.encoders.said import Said, Wire

AT = datetime(2026, 11, 22, 7, 44, 10, tzinfo=UTC)
KEY = "fleet-0001"


def said(address: str, values: Mapping[str, float], *, count: int = 3, battery: int = 87) -> Said:
    return Said(KEY, address, AT, values, battery, "bedroom", count=count)


def rest(wire: Wire) -> str:
    """The topic after the device."""
    return wire.topic.removeprefix(f"hearth/v1/{KEY}/")


def body(wire: Wire) -> Any:
    return json.loads(wire.payload)
