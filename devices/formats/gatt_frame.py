"""The bytes of one Bluetooth characteristic while they are read, and what has been taken from them."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from devices.formats import ieee11073, wire
from devices.formats.ieee11073 import Number, Special
from devices.measurement import Decoded, Flags, Measurement, Undecodable

NOBODY = 255
"""The user index of somebody the kit doesn't know."""


@dataclass(slots=True)
class Frame:
    """`at` and `clock` are the gateway's time and its flags until the kit's own are read.

    `flags` is what has to be known of every reading of it; `user` None is "not said".
    """

    value: bytes
    address: str
    zone: str
    at: datetime | None
    clock: Flags
    flags: Flags
    own_time: bool = False
    user: int | None = None
    place: int = 0
    measurements: list[Measurement] = field(default_factory=list)
    message_id: str | None = None

    def take(self, length: int) -> bytes:
        """Return the next `length` bytes; Undecodable if there are fewer."""
        taken = self.value[self.place : self.place + length]
        if len(taken) < length:
            raise Undecodable("truncated", "The value is shorter than its first byte says.")
        self.place += length
        return taken

    def uint(self, length: int) -> int:
        """Return the next whole number of `length` bytes, the least first."""
        return int.from_bytes(self.take(length), "little")

    def sfloat(self) -> Number:
        """Return the next number of 2 bytes."""
        return ieee11073.sfloat(self.take(2))

    def local_time(self) -> datetime | None:
        """Return the next 7 bytes as a time on the wall, or None where that is unknown."""
        return ieee11073.date_time(self.take(7))

    def measured_at(self, local: datetime | None) -> None:
        """Take over the kit's own time, which wins over the gateway's as far as it is one."""
        own = wire.iso_time(local.isoformat(), self.zone) if local is not None else None
        if own is not None:
            self.at, self.clock = own
            self.own_time = True

    def measured_before(self) -> None:
        """Take over that it was measured earlier than it was heard: the gateway's time is not its time."""
        if not self.own_time:
            self.at, self.clock = None, Flags.NONE

    def measured_by(self, user: int) -> None:
        """Take over by which number the kit tells its users apart."""
        if user == NOBODY:
            self.flags |= Flags.WHOSE
        else:
            self.user = user

    def add(self, code: str, value: Decimal | int | None, unit: str | None = None) -> None:
        """Take over a reading of the kind `code`; None is none."""
        if value is None:
            return
        flags = self.flags | self.clock
        self.measurements.append(
            wire.measurement(
                code, float(value), self.at, flags=flags, address=self.address, unit=unit, user=self.user
            )
        )

    def decoded(self, nothing: str) -> Decoded:
        """Return all that was taken over; `nothing` is why it may be none. Every byte has to be read."""
        if self.place < len(self.value):
            raise Undecodable("surplus_bytes", "The value is longer than its first byte says.")
        return Decoded(
            tuple(self.measurements),
            message_id=self.message_id,
            nothing=None if self.measurements else nothing,
        )


def mask(*bits: int) -> int:
    """Return the number in which `bits` are set, the least being bit 0."""
    return sum(1 << bit for bit in bits)


def amount(number: Number) -> Decimal | None:
    """Return how much there is, or None where none was measured: kit fills in NaN, or 0, or less.

    An amount beyond what the kit can measure may be a danger, and its size is not known: Undecodable.
    """
    found = reading(number)
    return found if found is not None and found > 0 else None


def reading(number: Number) -> Decimal | None:
    """Return the number, 0 and less as well, or None where nothing was measured."""
    if number in (Special.ABOVE, Special.BELOW):
        raise beyond_range()
    return None if isinstance(number, Special) else number


def beyond_range() -> Undecodable:
    """Return the refusal of a measurement of which only is known that it is too high or too low."""
    return Undecodable(
        "beyond_range", "The kit says only that it is more or less than it can measure: ask the person."
    )
