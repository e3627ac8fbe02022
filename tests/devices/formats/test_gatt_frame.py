"""A value is read from its first byte to its last, and whatever it can't say is left unsaid."""

from decimal import Decimal

import pytest

from devices.formats.gatt_frame import Frame, amount, mask, reading
from devices.formats.ieee11073 import Special
from devices.measurement import Flags, Undecodable
from tests.devices.formats.gatt_kit import MAC


def frame(text: str) -> Frame:
    return Frame(bytes.fromhex(text), MAC, "Europe/London", None, Flags.NONE, Flags.NONE)


def test_it_reads_field_after_field() -> None:
    value = frame("0102036cf1")

    assert (value.uint(1), value.uint(2), value.sfloat()) == (1, 0x0302, Decimal("36.4"))
    assert value.decoded("why").nothing == "why"


def test_it_refuses_to_read_beyond_the_end() -> None:
    with pytest.raises(Undecodable, match="shorter"):
        frame("01").uint(2)


def test_it_refuses_to_leave_bytes_unread() -> None:
    with pytest.raises(Undecodable, match="longer"):
        frame("01").decoded("why")


def test_an_unknown_user_is_nobody_and_says_so() -> None:
    value = frame("")
    value.measured_by(255)

    assert (value.user, value.flags) == (None, Flags.WHOSE)


def test_it_adds_no_reading_of_nothing() -> None:
    value = frame("")
    value.add("pulse", None)

    assert value.decoded("why").measurements == ()


@pytest.mark.parametrize("number", [Special.NAN, Special.NRES, Special.RESERVED])
def test_a_special_value_is_no_reading(number: Special) -> None:
    assert reading(number) is None
    assert amount(number) is None


@pytest.mark.parametrize("number", [Special.ABOVE, Special.BELOW])
def test_more_or_less_than_kit_can_measure_is_refused_and_not_lost(number: Special) -> None:
    with pytest.raises(Undecodable) as caught:
        amount(number)

    assert caught.value.code == "beyond_range"


def test_of_what_there_is_always_some_nothing_and_less_is_no_reading() -> None:
    assert [amount(Decimal(number)) for number in ("1", "0", "-0.1")] == [1, None, None]
    assert reading(Decimal("-0.5")) == Decimal("-0.5")


def test_a_mask_has_the_bits_it_names() -> None:
    assert mask(0, 5, 15) == 0x8021
