"""What a message from a device says once it is decoded: measurements, states of kit, or why nothing."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag, StrEnum
from typing import NamedTuple

from core.errors import HearthlineError


class Source(StrEnum):
    """Who measured."""

    SENSED = "sensed"
    SELF_REPORTED = "self_reported"
    STAFF = "staff"


class Flags(IntFlag):
    """What has to be known about a reading beyond its value. Stored as one number, but for UNCHECKED."""

    NONE = 0
    IMPLAUSIBLE = 1
    BEYOND_ABSOLUTE = 2
    CLOCK_CORRECTED = 4
    LATE = 8
    REPLAYED = 16
    """Retained by the broker or repeated from a hub's cache: it says nothing about now."""
    SELF_REPORTED = 32
    STAFF = 64
    NO_CLOCK = 128
    FROM_STORAGE = 256
    TEST = 512
    ENTERED_IN_ERROR = 1024
    WHOSE = 2048
    """Kit that several people share did not say which of them, or said one that nobody is set down for."""
    COPY = 4096
    """A copy of a call that somebody else answers (an alarm-receiving centre): hazard H9."""
    DOUBTED = 8192
    """The kit itself doubts it: the arm moved, the cuff was loose, the signal was poor."""
    UNCHECKED = 1 << 16
    """It comes from kit of somebody's own that was not checked for that time. Laid on when readings are read
    (`devices.whose`) and never stored, so that a check can count for what was measured before it."""


UNFIT = int(Flags.BEYOND_ABSOLUTE | Flags.TEST | Flags.ENTERED_IN_ERROR)
"""What no figure is made of: it can't be, was a test (also of a meter's control solution), or a mistake."""


class Measurement(NamedTuple):
    """One value of one kind, in the kind's own unit.

    `at` is aware UTC cut to milliseconds, as the device said it (however odd), or None when the message has
    no usable time; `decode.resolve_time` makes it a time to store by. `address` is that of the sensor behind
    a hub; None is the publishing device itself. `user` is the number by which kit that several people share
    tells them apart; None is "not said".
    """

    kind: str
    value: float
    at: datetime | None
    channel: str = ""
    source: Source = Source.SENSED
    flags: Flags = Flags.NONE
    address: str | None = None
    user: int | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """What a message says of the kit itself. `battery` is in percent; None is always "not said".

    `speaks_every` is the seconds after which kit that sleeps in between says it will speak again. `spoke` is
    True where the message is the sensor's own, so that it was heard although it measured nothing.
    """

    online: bool | None = None
    battery: float | None = None
    firmware: str | None = None
    address: str | None = None
    speaks_every: float | None = None
    spoke: bool | None = None


@dataclass(frozen=True, slots=True)
class Sensor:
    """A sensor that a hub says it has. `model` and `name` are the hub's words for it; None is "not said"."""

    address: str
    model: str | None = None
    name: str | None = None


class Decoded(NamedTuple):
    """Everything one message says. `nothing` is why a well-formed message holds nothing to store.

    `sensors` are those a hub lists, whether they spoke or not; `announced` is a topic and what it announced
    about later messages, to be remembered (nothing takes it back). `fault` is why the rest of it can't be
    read, where a danger to life stands in what can.
    """

    measurements: tuple[Measurement, ...] = ()
    statuses: tuple[Status, ...] = ()
    message_id: str | None = None
    sent_at: datetime | None = None
    nothing: str | None = None
    fault: "Undecodable | None" = None
    sensors: tuple[Sensor, ...] = ()
    announced: tuple[str, bytes] | None = None


class Undecodable(HearthlineError):
    """The message can't be read."""

    def __init__(self, code: str, reason: str, where: str = "") -> None:
        """`code` is a stable slug, `reason` a sentence for a technician, `where` a path ("readings[3].at").

        None of them ever holds text of the payload, which may be personal.
        """
        super().__init__(f"{reason} ({where})" if where else reason)
        self.code = code
        self.reason = reason
        self.where = where
