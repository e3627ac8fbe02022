"""Numbers and times as health kit writes them: the floats of ISO/IEEE 11073-20601, Bluetooth's Date Time."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType


class Special(StrEnum):
    """What stands in the place of a number."""

    NAN = "NaN"
    """The measurement failed."""
    NRES = "NRes"
    """The number can't be written at this resolution."""
    ABOVE = "+Inf"
    """More than the kit can measure."""
    BELOW = "-Inf"
    """Less than the kit can measure."""
    RESERVED = "reserved"


Number = Decimal | Special

SFLOATS: Mapping[int, Special] = MappingProxyType(
    {
        0x07FF: Special.NAN,
        0x0800: Special.NRES,
        0x07FE: Special.ABOVE,
        0x0802: Special.BELOW,
        0x0801: Special.RESERVED,
    }
)
FLOATS: Mapping[int, Special] = MappingProxyType(
    {
        0x007FFFFF: Special.NAN,
        0x00800000: Special.NRES,
        0x007FFFFE: Special.ABOVE,
        0x00800002: Special.BELOW,
        0x00800001: Special.RESERVED,
    }
)


def sfloat(two: bytes) -> Number:
    """Return the number in 2 bytes, the least first: an exponent of 4 bits over a mantissa of 12."""
    return _number(int.from_bytes(two, "little"), 12, 4, SFLOATS)


def float32(four: bytes) -> Number:
    """Return the number in 4 bytes, the least first: an exponent of 8 bits over a mantissa of 24."""
    return _number(int.from_bytes(four, "little"), 24, 8, FLOATS)


def _number(raw: int, mantissa: int, exponent: int, specials: Mapping[int, Special]) -> Number:
    """Return mantissa × 10^exponent, exact: both are plain two's complement, without a bias."""
    special = specials.get(raw)
    if special is not None:
        return special
    return Decimal(_signed(raw & (1 << mantissa) - 1, mantissa)).scaleb(_signed(raw >> mantissa, exponent))


def _signed(raw: int, bits: int) -> int:
    return raw - (1 << bits) if raw >> (bits - 1) else raw


def date_time(seven: bytes) -> datetime | None:
    """Return the time on the wall in 7 bytes: year, month, day, hour, minute, second; it has no zone.

    None where the year, month or day is 0, which means "not known", and where no calendar has such a time.
    """
    year = int.from_bytes(seven[:2], "little")
    try:
        return datetime(year, *seven[2:7])  # noqa: DTZ001 (it has none)
    except ValueError:
        return None
