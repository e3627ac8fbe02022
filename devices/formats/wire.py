"""What every format needs: JSON read safely, times and numbers in their many forms, values held to limits."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from devices import kinds
from devices.formats.announced import Announced
from devices.kinds import Kind
from devices.measurement import Flags, Measurement, Source, Undecodable

MAX_BYTES = 65_536
"""The longest message that is read: 500 readings need about 50,000 bytes."""

MAX_TEXT = 128
"""The longest name, id or version that is taken over."""

SOURCE_FLAGS: Mapping[Source, Flags] = {
    Source.SENSED: Flags.NONE,
    Source.SELF_REPORTED: Flags.SELF_REPORTED,
    Source.STAFF: Flags.STAFF,
}

FIRST_YEAR = 2000
"""No kit that is read here is older."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNFLAGGED, _REPLAYED = Flags.NONE, Flags.REPLAYED
_BEYOND = tuple(timedelta(microseconds=number) for number in range(1000))
_EPOCH_MS_FROM = 1e11
"""Epoch numbers from here on are milliseconds: as seconds they would be the year 5138."""


class Arrival(NamedTuple):
    """What is known of a message beyond its bytes.

    `zone` is the home's time zone, for times written without one. `models` gives the model registered for a
    sensor's address ("" is the publishing device itself); `announced` is what the publishing device has
    announced of its messages, which a decoder may add to; `listening` that somebody looks for new sensors.
    """

    received_at: datetime
    retained: bool
    zone: str
    models: Mapping[str, str]
    announced: Announced | None = None
    listening: bool = False

    def hears(self, address: str) -> bool:
        """Whether what a radio heard from this address may be read.

        Radio comes through walls: of any sensor that is not registered nothing may be kept, but for the
        minutes in which somebody looks for new ones.
        """
        return self.listening or address in self.models

    @property
    def flags(self) -> Flags:
        """The flags every measurement of this message carries."""
        return _REPLAYED if self.retained else _UNFLAGGED


def load(payload: bytes, most: int = MAX_BYTES) -> Any:
    """Return the JSON in `payload`, of `most` bytes; Undecodable says what is wrong with it otherwise.

    The parser itself stops at 1,024 levels, refuses NaN and Infinity, numbers beyond a double (1e400), and
    bytes that are not UTF-8. Of a key given twice in one object the last counts.
    """
    if len(payload) > most:
        raise Undecodable("too_large", "The message is longer than 64 KiB; send fewer readings at a time.")
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError as fault:
        raise _fault(payload, fault) from None


def load_object(payload: bytes) -> dict[str, Any]:
    """Return the JSON object in `payload`; Undecodable if it is anything else."""
    body = load(payload)
    if type(body) is not dict:
        raise Undecodable("not_an_object", "The message is JSON, but not an object in braces.")
    return body


def _fault(payload: bytes, fault: orjson.JSONDecodeError) -> Undecodable:
    if not payload.strip():
        return Undecodable("empty", "The message is empty.")
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        return Undecodable("not_utf8", "The message has bytes that are not UTF-8 text.")
    if "depth limit" in fault.msg:
        return Undecodable("too_deep", "The message nests lists or objects too deeply.")
    if "infinity" in fault.msg:
        return Undecodable("number_too_large", "A number in the message is too large, such as 1e400.")
    return Undecodable("not_json", "The message is not JSON (NaN and Infinity are not JSON either).")


def iso_time(text: str, zone: str) -> tuple[datetime, Flags] | None:
    """Return the UTC instant an ISO 8601 text means, cut to milliseconds, or None if it isn't one.

    A time without a zone is read as local to `zone` and flagged CLOCK_CORRECTED.
    """
    if len(text) < 16 or text[10] not in "Tt ":
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        # A leap second and a small z are legal in RFC 3339 and unknown to datetime.
        mended = text.upper() if text[16:19] != ":60" else f"{text[:16]}:59{text[19:]}"
        return iso_time(mended, zone) if mended != text else None
    if parsed.tzinfo is UTC:
        return cut(parsed), _UNFLAGGED
    flags = Flags.NONE
    if parsed.tzinfo is None:
        parsed, flags = parsed.replace(tzinfo=ZoneInfo(zone)), Flags.CLOCK_CORRECTED
    try:
        return cut(parsed.astimezone(UTC)), flags
    except OverflowError:
        # Only year 1 or 9999 gets here; the clock is wrong whatever the zone, and is corrected as such.
        return cut(parsed.replace(tzinfo=UTC)), flags


def epoch_time(seconds: float) -> datetime | None:
    """Return the UTC instant of an epoch in seconds or milliseconds; None where no calendar reaches."""
    if abs(seconds) >= _EPOCH_MS_FROM:
        seconds /= 1000
    try:
        return _EPOCH + timedelta(milliseconds=round(seconds * 1000))
    except OverflowError:
        return None


def any_time(value: object, zone: str) -> tuple[datetime | None, Flags]:
    """Return the instant kit means by `value`: ISO text, epoch seconds or milliseconds.

    Null, missing and zero are no time. Anything unreadable is no time either, flagged CLOCK_CORRECTED.
    """
    if value is None or value == "" or value == 0:
        return None, Flags.NONE
    if isinstance(value, str):
        return iso_time(value, zone) or (None, Flags.CLOCK_CORRECTED)
    seconds = number(value)
    at = epoch_time(seconds) if seconds is not None else None
    return at, (Flags.NONE if at is not None else Flags.CLOCK_CORRECTED)


def set_time(value: object, zone: str) -> tuple[datetime | None, Flags]:
    """Return the instant meant by kit that counts from 1970 until its clock is set; until then none."""
    at, flags = any_time(value, zone)
    return (None, Flags.NONE) if at is not None and at.year < FIRST_YEAR else (at, flags)


def cut(at: datetime) -> datetime:
    """Return `at` cut to milliseconds, by which readings are told apart."""
    beyond = at.microsecond % 1000
    return at - _BEYOND[beyond] if beyond else at


def number(value: object) -> float | None:
    """Return the finite number kit means by `value`, also as text ("80.00"); None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


_TRUE = frozenset({"true", "on", "1", "yes"})
_FALSE = frozenset({"false", "off", "0", "no"})


def truth(value: object) -> bool | None:
    """Return the yes or no kit means: true, 1, "ON" and their opposites; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return value == 1
    word = value.lower() if isinstance(value, str) else None
    return True if word in _TRUE else False if word in _FALSE else None


def short_text(value: object) -> str | None:
    """Return a text that can be stored as a name, id or version; None for anything else."""
    if type(value) is str and 0 < len(value) <= MAX_TEXT and "\x00" not in value:
        return value
    return None


def percent(value: object) -> float | None:
    """Return a battery level from 0 to 100, or None for what can't be one."""
    level = number(value)
    return level if level is not None and 0 <= level <= 100 else None


def unreadable_alarm(where: str, others: Iterable[Measurement]) -> Undecodable:
    """Return the fault of an alarm neither on nor off; raise it unless another danger stands beside it."""
    fault = Undecodable("unreadable_alarm", "The state of an alarm is neither true nor false.", where)
    if not any(kinds.alarms(each.kind, each.value) for each in others):
        raise fault
    return fault


def limits(kind: Kind, value: float) -> Flags:
    """Return how far out `value` is for its kind; it is stored all the same."""
    low, high = kind.plausible
    if low <= value <= high:
        return Flags.NONE
    lowest, highest = kind.absolute
    if lowest <= value <= highest:
        return Flags.IMPLAUSIBLE
    return Flags.IMPLAUSIBLE | Flags.BEYOND_ABSOLUTE


def measurement(
    code: str,
    value: float,
    at: datetime | None,
    *,
    flags: Flags = Flags.NONE,
    channel: str = "",
    address: str | None = None,
    unit: str | None = None,
    source: Source = Source.SENSED,
    user: int | None = None,
) -> Measurement:
    """Return a measurement of the kind `code`, converted from `unit` and flagged by the kind's limits."""
    kind = kinds.get(code)
    value = kinds.to_canonical(kind, value, unit)
    return Measurement(
        kind=code,
        value=value,
        at=at,
        channel=channel,
        source=source,
        flags=flags | limits(kind, value) | SOURCE_FLAGS[source],
        address=address,
        user=user,
    )
