"""A gateway that a mapping file describes: its messages read by what the file says."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from devices import kinds, topics
from devices.formats import wire
from devices.formats.mapping import UNSAID, Condition, Mapping, Path, Time, Value, same
from devices.formats.wire import Arrival
from devices.kinds import Shape
from devices.measurement import Decoded, Flags, Measurement, Status, Undecodable

MOST_ITEMS = 500


def decode(mapping: Mapping, rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one message as `mapping` says; what it doesn't accept, or holds none of, says nothing."""
    if mapping.topic is not None and not topics.matches(mapping.topic, rest):
        return Decoded(nothing="Not a topic that the mapping reads.")
    if not payload:
        return Decoded(nothing="A retained message was removed.")
    message = _Message(mapping, wire.load(payload), rest.split("/"), arrival)
    if not message.all_hold(mapping.accept, None):
        return Decoded(nothing="Not a message that the mapping accepts.")
    measurements = tuple(message.measurements())
    statuses = tuple(message.statuses())
    fault = wire.unreadable_alarm(message.unreadable, measurements) if message.unreadable else None
    said = message.find(mapping.message_id, None)
    return Decoded(
        measurements,
        statuses,
        message_id=wire.short_text(str(said)) if isinstance(said, int | str) else None,
        nothing=None if measurements or statuses else "The message holds nothing that the mapping reads.",
        fault=fault,
    )


class _Message:
    """One message while it is read."""

    def __init__(self, mapping: Mapping, body: Any, levels: list[str], arrival: Arrival) -> None:
        self.mapping = mapping
        self.body = body
        self.levels = levels
        self.arrival = arrival
        self.unreadable = ""

    def find(self, path: Path | None, item: Any) -> Any:
        return UNSAID if path is None else path.find(self.body, item, self.levels)

    def all_hold(self, conditions: Iterable[Condition], item: Any) -> bool:
        return all(each.holds(self.find(each.path, item)) for each in conditions)

    def measurements(self) -> Iterator[Measurement]:
        for item in self._items():
            at, flags = self._at(item)
            flags |= self.arrival.flags
            if self.mapping.stored and self.all_hold(self.mapping.stored, item):
                flags |= Flags.FROM_STORAGE
            if self.mapping.test and self.all_hold(self.mapping.test, item):
                flags |= Flags.TEST
            for value in self.mapping.readings:
                if self.all_hold(value.when, item):
                    yield from self._one(value, item, at, flags)

    def statuses(self) -> Iterator[Status]:
        mapping = self.mapping
        battery = wire.percent(_plain(self.find(mapping.battery, None)))
        firmware = wire.short_text(self.find(mapping.firmware, None))
        online = None
        if mapping.online is not None and self.all_hold(mapping.online.when, None):
            online = _state(self.find(mapping.online.path, None), mapping.online)
        if battery is not None or firmware is not None or online is not None:
            yield Status(online, battery, firmware, self._address(None))

    def _items(self) -> list[Any]:
        if self.mapping.each is None:
            return [None]
        found = self.find(self.mapping.each, None)
        if type(found) is not list:
            return []
        if len(found) > MOST_ITEMS:
            raise Undecodable(
                "too_many", f"A message holds {MOST_ITEMS} items at most; send fewer at a time."
            )
        return found

    def _address(self, item: Any) -> str | None:
        said = _plain(self.find(self.mapping.address, item))
        found = wire.short_text(str(said)) if said is not None else None
        return found.replace("/", "_").replace(" ", "_") if found is not None else None

    def _one(self, value: Value, item: Any, at: datetime | None, flags: Flags) -> Iterator[Measurement]:
        said = self.find(value.path, item)
        kind = kinds.get(value.kind)
        number = self._number(value, said, binary=kind.is_binary)
        if number is None:
            if kind.life_safety and said is not UNSAID and said is not None:
                self.unreadable = value.kind
            return
        if kind.shape is Shape.EVENT and not number:
            return
        user = self.find(self.mapping.user, item)
        yield wire.measurement(
            value.kind,
            number,
            at,
            flags=flags | (Flags.DOUBTED if value.doubted else Flags.NONE),
            channel=value.channel,
            address=self._address(item),
            unit=value.unit,
            user=user if type(user) is int and 0 <= user < 1000 else None,
        )

    def _number(self, value: Value, said: Any, *, binary: bool) -> float | None:
        if binary:
            state = _state(said, value)
            return None if state is None else float(state)
        found = wire.number(_plain(said))
        return None if found is None else wire.number(found * value.factor)

    def _at(self, item: Any) -> tuple[datetime | None, Flags]:
        time = self.mapping.time
        if time is None:
            return None, Flags.NONE
        said = _plain(self.find(time.path, item))
        zone = time.zone or self.arrival.zone
        if time.form in ("iso", "epoch", "epoch_ms") or said is None:
            return wire.any_time(_epoch(said, time), zone)
        return _by_pattern(said, time.form, zone)


def _epoch(said: Any, time: Time) -> Any:
    """An epoch may come as text; ISO text stays as it is."""
    return wire.number(said) if time.form != "iso" else said


def _by_pattern(said: Any, pattern: str, zone: str) -> tuple[datetime | None, Flags]:
    try:
        found = datetime.strptime(str(said)[: wire.MAX_TEXT], pattern)  # noqa: DTZ007 - its zone comes next
    except ValueError:
        return None, Flags.CLOCK_CORRECTED
    if found.tzinfo is None:
        return wire.iso_time(found.isoformat(), zone) or (None, Flags.CLOCK_CORRECTED)
    try:
        return wire.cut(found.astimezone(UTC)), Flags.NONE
    except OverflowError:
        return None, Flags.CLOCK_CORRECTED


def _state(said: Any, value: Value) -> bool | None:
    """Whether it is on, by what the mapping says of on and off, else by any usual word for them."""
    if value.on or value.off:
        if any(same(said, each) for each in value.on):
            return True
        return False if any(same(said, each) for each in value.off) else None
    return wire.truth(said)


def _plain(said: Any) -> Any:
    return said if isinstance(said, bool | int | float | str) else None


def is_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
