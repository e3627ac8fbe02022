"""What a handful of messages says, decoded and laid out for storing; nothing here touches the database."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from devices import decode, kinds
from devices.echoes import Echoes, Uttered
from devices.enrolment import Mark
from devices.formats import wire
from devices.found import Found
from devices.inbox import Message
from devices.measurement import Decoded, Flags, Measurement, Status, Undecodable
from devices.series import SeriesKey
from devices.speakers import Nobody, Said, Speaker

UNCLOCKED = Flags.NO_CLOCK | Flags.CLOCK_CORRECTED
# As plain numbers: each message is marked, and an IntFlag takes a microsecond for every "or".
FRESH, RETAINED, SPACE = int(Mark.FRESH), int(Mark.RETAINED), int(Mark.SPACE)
MEASURED, SAID_STATE = int(Mark.MEASURED), int(Mark.SAID_STATE)
NO_CLOCK, WRONG_CLOCK = int(Mark.NO_CLOCK), int(Mark.WRONG_CLOCK)
UNKNOWN_SENSOR = "unknown_sensor"
WHY_UNKNOWN_SENSOR = "The hub speaks for a sensor that is not registered behind it."

MILLISECOND = timedelta(milliseconds=1)
DANGER_BELIEVED = timedelta(days=6)
"""How long ago a fresh call for help may say it was. Nobody looks for one much older; a clock that stopped
while the battery was changed is far likelier than a line that was down so long."""
REPEATED_WITHIN = timedelta(minutes=1)
"""How soon a call for help comes again when it is the message that is sent again. A button that counts its
messages from one at each waking gives every press the same id: later, it is another press."""


class Spoken(NamedTuple):
    """One measurement with its series and the time to store it by."""

    series: SeriesKey
    at: datetime
    value: float
    flags: int
    original: datetime | None


class Claim(NamedTuple):
    """The id that a device gave a message, and which of the batch's measurements came in it.

    It is a repetition of the same one seen `since` then, or ever.
    """

    device_id: int
    message_id: str
    payload_hash: bytes
    first: int
    beyond: int
    since: datetime | None = None


class Refusal(NamedTuple):
    """A message that can't be stored, or not all of it, and why."""

    message: Message
    device_id: int | None
    code: str
    reason: str
    where: str = ""
    danger: bool = False
    """Whether what can be read of it is a danger to life."""


@dataclass(slots=True)
class Word:
    """What kit let us know of itself in this batch; None is always "not said"."""

    heard_at: datetime | None = None
    online: bool | None = None
    battery: float | None = None
    firmware: str | None = None
    speaks_every: float | None = None


@dataclass(slots=True)
class Batch:
    """All that a handful of messages says.

    `found` are sensors by hub and address; `announced` are documents by device and topic, an empty one where
    it was taken back; `ways` are when each device spoke in which format, with marks (enrolment.Mark);
    `echoes` is how many measurements were left out because another hub had brought them.
    """

    received_at: datetime
    spoken: list[Spoken] = field(default_factory=list)
    words: dict[int, Word] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    found: dict[tuple[int, str], Found] = field(default_factory=dict)
    announced: dict[tuple[int, str], bytes] = field(default_factory=dict)
    ways: dict[tuple[int, str], tuple[datetime, int]] = field(default_factory=dict)
    nothing: int = 0
    echoes: int = 0


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


class _Earlier(NamedTuple):
    """What is remembered from message to message, and the earliest time that is believed."""

    arrivals: Arrivals
    echoes: Echoes | None
    retention_start: datetime

    def is_echo(self, decoded: Decoded, series: SeriesKey, hub: Speaker, said: Uttered) -> bool:
        """Whether another hub brought it already; one with an id may be a repetition that is not stored."""
        if self.echoes is None or decoded.message_id is not None:
            return False
        return self.echoes.is_echo(series, hub.device_id, said)


def gather(
    messages: Iterable[Message],
    said_of: Callable[[str], Said | Nobody],
    arrivals: Arrivals,
    retention_start: datetime,
    echoes: Echoes | None = None,
) -> Batch | None:
    """Decode `messages`, which came in this order; None if there are none.

    `said_of` tells who speaks under a topic. A message that can't be read becomes a refusal and stops none.
    `echoes` leaves out what another hub has brought of the same sensor already.
    """
    batch = None
    earlier = _Earlier(arrivals, echoes, retention_start)
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
                announced=said.speaker.announced,
                listening=said.speaker.listens_until is not None
                and message.received_at < said.speaker.listens_until,
            )
        except Undecodable as fault:
            _refuse(batch, message, said, fault)
            continue
        _add(batch, message, said, decoded, earlier)
    return batch


def _refuse(batch: Batch, message: Message, said: Said, fault: Undecodable, *, danger: bool = False) -> None:
    device_id = said.speaker.device_id
    batch.refusals.append(Refusal(message, device_id, fault.code, fault.reason, fault.where, danger))
    if decode.knows(said.format):
        _mark(batch, message, said, 0)
    if not message.retained:
        _heard(batch, said.speaker.device_id, message.received_at)


def _add(
    batch: Batch,
    message: Message,
    said: Said,
    decoded: Decoded,
    earlier: _Earlier,
) -> None:
    device_id, first = said.speaker.device_id, len(batch.spoken)
    heard = {device_id}
    if decoded.sensors or decoded.announced:
        _list(batch, device_id, decoded)
    unclocked, unknown = _speak(batch, message, said.speaker, decoded, earlier, heard)
    fault = decoded.fault
    if fault is None and unknown is not None:
        fault = Undecodable(UNKNOWN_SENSOR, WHY_UNKNOWN_SENSOR, unknown)
    if fault is not None:
        danger = any(kinds.alarms(each.kind, each.value) for each in decoded.measurements)
        _refuse(batch, message, said, fault, danger=danger)
    marks = MEASURED if decoded.measurements else 0
    if decoded.statuses and any(each.online is not None for each in decoded.statuses):
        marks |= SAID_STATE
    _mark(batch, message, said, marks | _clock(batch.spoken[first:]) if unclocked else marks)
    if decoded.message_id is not None and unclocked:
        _claim(batch, message, device_id, decoded.message_id, first)
    batch.nothing += decoded.nothing is not None
    if decoded.statuses:
        heard |= _note_all(batch, decoded.statuses, said)
    if _is_sign_of_life(message, decoded):
        for each in heard:
            _heard(batch, each, message.received_at)


def _speak(
    batch: Batch,
    message: Message,
    speaker: Speaker,
    decoded: Decoded,
    earlier: _Earlier,
    heard: set[int],
) -> tuple[bool, str | None]:
    """Lay out what was measured, and add to `heard` the sensors that did.

    Whether any of it had no clock to go by, and the address of a sensor that nobody registered, if one spoke.
    """
    received_at, spoken = message.received_at, batch.spoken
    since, until = decode.prompt(received_at)
    unclocked, unknown = False, None
    for measurement in decoded.measurements:
        kind, value, at, channel, _, flags, address, user = measurement
        source = speaker.device_id
        if address is not None:
            _find(batch, message, source, address, kind)
            behind = speaker.sensors.get(address)
            if behind is None:
                unknown = address
                continue
            heard.add(source := behind)
        if user is not None:
            channel = f"user {user}"  # whoever shares a scale has a line of readings of their own on it
        key = SeriesKey(source, channel, _read_as(speaker, address, kind))
        original = None
        if at is None or not since <= at <= until:
            at, more, original = decode.resolve_time(
                at, received_at, _earliest(measurement, received_at, earlier.retention_start), decoded.sent_at
            )
            flags |= more
            if more & UNCLOCKED:
                unclocked = True
                at = earlier.arrivals.after(key, at) if at == wire.cut(received_at) else at
        if source in speaker.shared and earlier.is_echo(
            decoded, key, speaker, Uttered(value, int(flags), at)
        ):
            batch.echoes += 1
            continue
        spoken.append(Spoken(key, at, value, int(flags), original))
    return unclocked, unknown


def _clock(spoken: Iterable[Spoken]) -> int:
    """What is noticed of a clock that could not be gone by."""
    wrong = any(each.flags & Flags.CLOCK_CORRECTED for each in spoken)
    return WRONG_CLOCK if wrong else NO_CLOCK


def _mark(batch: Batch, message: Message, said: Said, marks: int) -> None:
    """Note in which format it spoke, and how: for whoever watches whether it is heard."""
    marks |= RETAINED if message.retained else FRESH
    if " " in said.rest:
        marks |= SPACE
    key = said.speaker.device_id, said.format
    before = batch.ways.get(key)
    batch.ways[key] = (message.received_at, marks | (before[1] if before else 0))


def _read_as(speaker: Speaker, address: str | None, kind: str) -> str:
    """What it is read as where it stands: a contact on the fridge tells of the fridge."""
    if not speaker.reads_as:
        return kind
    return speaker.reads_as.get(address or "", {}).get(kind, kind)


def _list(batch: Batch, hub_id: int, decoded: Decoded) -> None:
    """Note the sensors that a hub lists, and what it announces."""
    for sensor in decoded.sensors:
        found = batch.found.setdefault((hub_id, sensor.address), Found())
        found.model, found.name = sensor.model or found.model, sensor.name or found.name
    if decoded.announced is not None:
        topic, document = decoded.announced
        batch.announced[hub_id, topic] = document


def _find(batch: Batch, message: Message, hub_id: int, address: str, kind: str) -> None:
    """Note that a sensor behind a hub has measured something."""
    if not message.retained:
        found = batch.found.setdefault((hub_id, address), Found())
        found.heard_at = message.received_at
        found.kinds.add(kind)


def _earliest(measurement: Measurement, received_at: datetime, retention_start: datetime) -> datetime:
    """The earliest time that is believed of a measurement."""
    if kinds.alarms(measurement.kind, measurement.value) and not measurement.flags & Flags.REPLAYED:
        return received_at - DANGER_BELIEVED
    return retention_start


def _is_sign_of_life(message: Message, decoded: Decoded) -> bool:
    """Whether the message tells that the device lives: "offline" is the broker's word, in its place.

    Not so where a sensor that spoke says it of another.
    """
    if message.retained:
        return False
    offline = any(status.online is False for status in decoded.statuses)
    return not offline or any(status.spoke for status in decoded.statuses)


def _claim(batch: Batch, message: Message, device_id: int, message_id: str, first: int) -> None:
    """Note the id of a message whose readings have no time of their own.

    Only there an id tells a repetition: readings with a time are told apart by it, and need none.
    """
    payload_hash = hashlib.sha256(message.payload).digest()
    calls = any(kinds.alarms(each.series.kind, each.value) for each in batch.spoken[first:])
    since = message.received_at - REPEATED_WITHIN if calls else None
    claim = Claim(device_id, message_id, payload_hash, first, len(batch.spoken), since)
    if any(claim[:3] == earlier[:3] for earlier in batch.claims):
        del batch.spoken[first:]
    else:
        batch.claims.append(claim)


def _note_all(batch: Batch, statuses: Iterable[Status], said: Said) -> set[int]:
    """Note what kit says of itself; which of it spoke for itself."""
    spoke = set()
    for status in statuses:
        speaker = said.speaker
        whose = speaker.device_id if status.address is None else speaker.sensors.get(status.address)
        if whose is not None:
            _note(batch, status, whose)
            if status.spoke:
                spoke.add(whose)
    return spoke


def _note(batch: Batch, status: Status, device_id: int) -> None:
    word = batch.words.setdefault(device_id, Word())
    word.online = word.online if status.online is None else status.online
    word.battery = word.battery if status.battery is None else status.battery
    word.firmware = word.firmware if status.firmware is None else status.firmware
    word.speaks_every = word.speaks_every if status.speaks_every is None else status.speaks_every


def _heard(batch: Batch, device_id: int, at: datetime) -> None:
    word = batch.words.get(device_id)
    if word is None:
        batch.words[device_id] = Word(heard_at=at)
    elif word.heard_at is None or word.heard_at < at:
        word.heard_at = at
