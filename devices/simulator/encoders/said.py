"""What a piece of kit is to say, whatever the words: the same for every encoder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from core.zones import UK
from devices.topics import ROOT


class Wire(NamedTuple):
    """A message as it goes out."""

    topic: str
    payload: bytes
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What kit at `address` behind the device `key` measured at one moment, as kinds and their values.

    `count` is the kit's own number of the message, `battery` in percent, `room` where it stands.
    """

    key: str
    address: str
    at: datetime
    values: Mapping[str, float]
    battery: int = 100
    room: str = ""
    zone: str = UK
    count: int = 0

    def wire(self, format_name: str, rest: str, body: Any, *, retained: bool = False) -> Wire:
        """A message of this device in a format; `body` is sent as JSON unless it is bytes."""
        payload = body if isinstance(body, bytes) else orjson.dumps(body)
        return Wire(f"{ROOT}{self.key}/{format_name}/{rest}", payload, retained)

    @property
    def utc(self) -> str:
        """The time as RFC 3339 in UTC, to the millisecond."""
        return self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @property
    def nanoseconds(self) -> str:
        """The time as LoRaWAN network servers write it: UTC, to the nanosecond."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"

    @property
    def local(self) -> str:
        """The time as RFC 3339 with the offset of the home."""
        return self.at.astimezone(ZoneInfo(self.zone)).isoformat(timespec="seconds")

    @property
    def wall(self) -> datetime:
        """The time on the wall of the home, as kit shows it that knows no zones."""
        return self.at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
