"""What a handful of messages says, decoded and laid out for storing; nothing here touches the database."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from devices import decode
from devices.inbox import Message
from devices.measurement import Decoded, Status, Undecodable
from devices.series import SeriesKey
from devices.speakers import Nobody, Said

UNKNOWN_SENSOR = Undecodable(
    "unknown_sensor", "The hub speaks for a sensor that is not registered behind it.", "address"
)


MILLISECOND = timedelta(milliseconds=1)


class Spoken(NamedTuple):
    """One measurement with its series and the time to store it by."""

    series: SeriesKey
    at: datetime
    value: float
    flags: int
    original: datetime | None


class Claim(NamedTuple):
    """The id that a device gave a message, and which of the batch's measurements came in it."""

    device_id: int
    message_id: str
    payload_hash: bytes
    first: int
    beyond: int


class Refusal(NamedTuple):
    """A message that can't be stored, or not all of it, and why."""

    message: Message
    device_id: int | None
    code: str
    reason: str
    where: str = ""


@dataclass(slots=True)
class Word:
    """What kit let us know of itself in this batch; None is always "not said"."""

    heard_at: datetime | None = None
    online: bool | None = None
    battery: float | None = None
    firmware: str | None = None


@dataclass(slots=True)
class Batch:
    """All that a handful of messages says."""

    received_at: datetime
    spoken: list[Spoken] = field(default_factory=list)
    words: dict[int, Word] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    nothing: int = 0


class Arrivals:
    """Gives readings without a time of their own the time they arrived, each of a series a later one.

    A backlog arrives at once; without this, a door that opened and shut in it would have done both in one
    millisecond, and the second would contradict the first.
    """

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._last: dict[SeriesKey, datetime] = {}

    def after(self, series: SeriesKey, at: datetime) -> datetime:
        """`at`, or the first millisecond after the last time given to this series."""
        last = self._last.get(series)
        if last is not None and at <= last:
            at = last + MILLISECOND
        if len(self._last) >= self._most:
            self._last.clear()
        self._last[series] = at
        return at


def gather(
    messages: Iterable[Message],
    said_of: Callable[[str], Said | Nobody],
    arrivals: Arrivals,
    retention_start: datetime,
) -> Batch | None:
    """Decode `messages`, which came in this order; None if there are none.

    `said_of` tells who speaks under a topic. A message that can't be read becomes a refusal and stops none.
    """
    batch = None
    for message in messages:
        batch = batch or Batch(message.received_at)
        said = said_of(message.topic)
        if isinstance(said, Nobody):
            batch.refusals.append(Refusal(message, said.device_id, said.code, said.reason))
            continue
        try:
            decoded = decode.decode(
                said.format,
                said.rest,
                message.payload,
                retained=message.retained,
                received_at=message.received_at,
                zone=said.speaker.zone,
                models=said.speaker.models,
            )
        except Undecodable as fault:
            _refuse(batch, message, said, fault)
            continue
        _add(batch, message, said, decoded, arrivals, retention_start)
    return batch


def _refuse(batch: Batch, message: Message, said: Said, fault: Undecodable) -> None:
    batch.refusals.append(Refusal(message, said.speaker.device_id, fault.code, fault.reason, fault.where))
    if not message.retained:
        _heard(batch, said.speaker.device_id, message.received_at)


def _add(
    batch: Batch,
    message: Message,
    said: Said,
    decoded: Decoded,
    arrivals: Arrivals,
    retention_start: datetime,
) -> None:
    device_id, sensors = said.speaker.device_id, said.speaker.sensors
    received_at, spoken, first = message.received_at, batch.spoken, len(batch.spoken)
    unclocked = False
    unknown = False
    heard = {device_id}
    for measurement in decoded.measurements:
        source = device_id
        if measurement.address is not None:
            found = sensors.get(measurement.address)
            if found is None:
                unknown = True
                continue
            source = found
            heard.add(found)
        at, more, original = decode.resolve_time(measurement.at, received_at, retention_start)
        flags = measurement.flags
        key = SeriesKey(source, measurement.channel, measurement.kind)
        if more:
            unclocked = True
            flags |= more
            at = arrivals.after(key, at)
        spoken.append(Spoken(key, at, measurement.value, int(flags), original))
    if unknown:
        _refuse(batch, message, said, UNKNOWN_SENSOR)
    for status in decoded.statuses:
        _note(batch, status, device_id if status.address is None else sensors.get(status.address))
    if decoded.message_id is not None and unclocked:
        _claim(batch, message, device_id, decoded.message_id, first)
    batch.nothing += decoded.nothing is not None
    # "Offline" is the broker's word, spoken in the device's place.
    if not message.retained and not any(status.online is False for status in decoded.statuses):
        for each in heard:
            _heard(batch, each, received_at)


def _claim(batch: Batch, message: Message, device_id: int, message_id: str, first: int) -> None:
    """Note the id of a message whose readings have no time of their own.

    Only there an id tells a repetition: readings with a time are told apart by it, and need none.
    """
    payload_hash = hashlib.sha256(message.payload).digest()
    claim = Claim(device_id, message_id, payload_hash, first, len(batch.spoken))
    if any(claim[:3] == earlier[:3] for earlier in batch.claims):
        del batch.spoken[first:]
    else:
        batch.claims.append(claim)


def _note(batch: Batch, status: Status, device_id: int | None) -> None:
    if device_id is None:
        return
    word = batch.words.setdefault(device_id, Word())
    word.online = word.online if status.online is None else status.online
    word.battery = word.battery if status.battery is None else status.battery
    word.firmware = word.firmware if status.firmware is None else status.firmware


def _heard(batch: Batch, device_id: int, at: datetime) -> None:
    word = batch.words.get(device_id)
    if word is None:
        batch.words[device_id] = Word(heard_at=at)
    elif word.heard_at is None or word.heard_at < at:
        word.heard_at = at
