"""What a sensor on LoRaWAN said: the keys of a codec, or of its own bytes, into measurements."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from devices import models_of_kit
from devices.formats import elsys, lorawan_keys, milesight, wire
from devices.formats.wire import Arrival
from devices.kinds import KINDS
from devices.measurement import Decoded, Flags, Measurement, Sensor, Status, Undecodable
from devices.models_of_kit import UNKNOWN, Model

LONGEST_FRAME = 255
"""The longest payload a frame has room for; beyond it, it's no frame."""
MOST_RECORDS = 500
"""How many stored records one message may hold, as in our own format."""

_NOTHING = "The message has no value that Hearthline stores."
_AROUND_A_NAME = re.compile(r"^(?:MILESIGHT|ELSYS)[ -]|[ -][0-9]{3}M$")


@dataclass(frozen=True, slots=True)
class Uplink:
    """What a network server says of one message from a sensor.

    `keys` is what its codec made of the bytes, `frame` the bytes in base64: whatever stood there. `model` is
    the server's word for it, where none is registered; `battery` the level the server last asked for.
    """

    address: str
    arrival: Arrival
    at: datetime | None
    flags: Flags
    keys: object
    frame: object
    model: str | None = None
    battery: float | None = None
    message_id: str | None = None


def address_of(published: object, arrival: Arrival, where: str) -> str:
    """Return the DevEUI as it is registered, which may be in the other case; Undecodable if there is none."""
    address = wire.short_text(published)
    if address is None:
        raise Undecodable("no_device", "The message doesn't say which device it is from.", where)
    spellings = (address, address.lower(), address.upper())
    return next((each for each in spellings if each in arrival.models), address)


def decode(uplink: Uplink) -> Decoded:
    """Decode what the server's codec made of a message; its bytes, where that is nothing we know.

    A key that is absent or null says nothing: servers leave out zeros and false, and kit sends one at a time.
    """
    reading = _Reading(uplink)
    if type(uplink.keys) is dict:
        reading.take(uplink.keys)
    fault = None
    if reading.empty and uplink.frame:
        fault = reading.take_frame(uplink.frame)
    measurements = tuple(reading.measurements)
    if reading.unreadable:
        fault = wire.unreadable_alarm(reading.unreadable, measurements)
    battery = reading.battery if reading.battery is not None else uplink.battery
    statuses = (Status(battery=battery, address=uplink.address),) if battery is not None else ()
    sensors = _found(uplink.address, uplink.model, uplink.arrival)
    if fault is not None and reading.empty and not sensors:
        raise fault
    nothing = fault.reason if fault is not None else _NOTHING
    return Decoded(
        measurements,
        statuses,
        message_id=uplink.message_id,
        nothing=None if measurements or statuses else nothing,
        fault=fault,
        sensors=sensors,
    )


def joined(address: str, model: str | None, arrival: Arrival) -> Decoded:
    """What it says that a device has joined the network: that it is there."""
    nothing = "A device has joined the network, and measured nothing yet."
    return Decoded(nothing=nothing, sensors=_found(address, model, arrival))


def _found(address: str, model: str | None, arrival: Arrival) -> tuple[Sensor, ...]:
    """A device that nobody has registered; what it is called may be a person's name, and is left out."""
    return () if address in arrival.models else (Sensor(address, model),)


class _Reading:
    """One message while it is read."""

    def __init__(self, uplink: Uplink) -> None:
        self.uplink = uplink
        self.name, self.model = _model(uplink)
        self.measurements: list[Measurement] = []
        self.battery: float | None = None
        self.unreadable = ""
        self.records = 0

    @property
    def empty(self) -> bool:
        """Whether nothing was found, readable or not."""
        return not self.measurements and self.battery is None and not self.unreadable

    def take_frame(self, text: object) -> Undecodable | None:
        """Read the bytes themselves; return why they were not read to their end, if they weren't."""
        if self.model.codec is None:
            if self.uplink.keys:
                return None
            return Undecodable(
                "no_codec",
                "The network server has no codec for this device, and Hearthline none for its model;"
                " set the model or a codec.",
            )
        frame = _bytes(text)
        keys, whole = (
            elsys.decode(frame) if self.model.codec == "elsys" else milesight.decode(frame, self.name)
        )
        self.take(keys)
        if whole:
            return None
        return Undecodable(
            "unread_frame", "The device sent bytes that its model isn't known to send.", "frame"
        )

    def take(self, keys: dict[str, Any]) -> None:
        """Take over the keys of a message, and those of the records in it."""
        self._one(keys, self.uplink.at, self.uplink.flags)
        for record in self._records(keys, "events"):
            self._one(record, self.uplink.at, self.uplink.flags)
        for record in self._records(keys, "history"):
            at, clock = wire.any_time(record.get("timestamp"), self.uplink.arrival.zone)
            self._one(record, at, self.uplink.flags | clock | Flags.FROM_STORAGE)

    def _records(self, keys: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
        records = keys.get(name)
        for record in records if type(records) is list else ():
            self.records += 1
            if self.records > MOST_RECORDS:
                raise Undecodable("too_many", "The message holds more than 500 stored records.", name)
            if type(record) is dict:
                yield record

    def _one(self, keys: dict[str, Any], at: datetime | None, flags: Flags) -> None:
        for key, value in keys.items():
            name = key.lower()
            if name == "battery" and not flags & Flags.FROM_STORAGE:
                self._battery(value)
            for code, number, unit in lorawan_keys.meaning(name, value, keys, self.model):
                if number is not None:
                    self.measurements.append(
                        wire.measurement(
                            code, number, at, flags=flags, address=self.uplink.address, unit=unit
                        )
                    )
                elif KINDS[code].life_safety:
                    self.unreadable = name

    def _battery(self, value: object) -> None:
        level = wire.percent(value)
        # Codecs of trackers and the like give volts under this name: 3.98 is no level.
        if level is not None and not (level < 5 and level % 1):
            self.battery = level


def _model(uplink: Uplink) -> tuple[str, Model]:
    """The name and the model that was registered; else, the server's word for it."""
    for said in (uplink.arrival.models.get(uplink.address), uplink.model):
        name = (said or "").strip().upper()
        for each in (name, _AROUND_A_NAME.sub("", name).replace(" ", "-")):
            model = models_of_kit.model_called(each)
            if model is not UNKNOWN:
                return each, model
    return "", UNKNOWN


def _bytes(text: object) -> bytes:
    try:
        frame = binascii.a2b_base64(text, strict_mode=True) if isinstance(text, str) else b""
    except ValueError:
        frame = b""
    if not 0 < len(frame) <= LONGEST_FRAME:
        raise Undecodable("bad_frame", "The bytes of the frame are not in base64, or too many.", "frame")
    return frame
