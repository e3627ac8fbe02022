"""Numbers for people and places are checked and kept in one form."""

import pytest

from core.errors import Invalid
from people.identity import (
    email,
    nhs_number,
    postcode,
    practice_code,
    spaced_nhs_number,
    spaced_telephone,
    telephone,
    uprn,
)


@pytest.mark.parametrize("digits", ["9434765919", "6541003238", "4010232137", "9990000018"])
def test_it_takes_numbers_with_a_right_check_digit(digits: str) -> None:
    assert nhs_number(digits) == digits
    assert nhs_number(f" {digits[:3]}-{digits[3:6]} {digits[6:]} ") == digits


@pytest.mark.parametrize("digit", "0123456789")
def test_it_refuses_all_same_digits_though_they_pass_the_sum(digit: str) -> None:
    with pytest.raises(Invalid) as refused:
        nhs_number(digit * 10)
    assert list(refused.value.fields) == ["nhs_number"]


@pytest.mark.parametrize(
    "wrong", ["9434765910", "9434765918", "943476591", "94347659190", "", "943476591X", "٩٤٣٤٧٦٥٩١٩"]
)
def test_it_refuses_numbers_that_are_wrong(wrong: str) -> None:
    with pytest.raises(Invalid):
        nhs_number(wrong)


@pytest.mark.parametrize("last", "0123456789")
def test_it_refuses_every_last_digit_where_the_check_would_be_ten(last: str) -> None:
    # a sum that leaves 1 asks for a check digit of 10, which does not exist: such numbers are never issued
    stem = next(
        f"99900{n:04d}"
        for n in range(10000)
        if sum(int(d) * w for d, w in zip(f"99900{n:04d}", range(10, 1, -1), strict=True)) % 11 == 1
    )
    with pytest.raises(Invalid):
        nhs_number(stem + last)


def test_it_notices_any_one_wrong_digit() -> None:
    right = "9434765919"
    for place in range(10):
        for digit in set("0123456789") - {right[place]}:
            with pytest.raises(Invalid):
                nhs_number(right[:place] + digit + right[place + 1 :])


def test_it_prints_an_nhs_number_in_three_parts() -> None:
    assert spaced_nhs_number("9990000018") == "999 000 0018"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("100023336956", "100023336956"),
        ("000000199356", "199356"),
        ("1000 2333 6956", "100023336956"),
        ("1", "1"),
    ],
)
def test_it_keeps_a_uprn_without_padding(typed: str, kept: str) -> None:
    assert uprn(typed) == kept


@pytest.mark.parametrize("wrong", ["", "0000", "1234567890123", "12a4", "-", "１２３"])
def test_it_refuses_what_is_no_uprn(wrong: str) -> None:
    with pytest.raises(Invalid):
        uprn(wrong)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sw1a1aa", "SW1A 1AA"),
        ("M1 1AE", "M1 1AE"),
        (" b338th ", "B33 8TH"),
        ("W1A  0AX", "W1A 0AX"),
        ("gir0aa", "GIR 0AA"),
    ],
)
def test_it_writes_a_postcode_with_one_space(typed: str, kept: str) -> None:
    assert postcode(typed) == kept


@pytest.mark.parametrize("wrong", ["", "SW1A", "SW1A 1A", "1AA SW1", "SW1A 1CA", "SWA1 1AA"])
def test_it_refuses_part_of_a_postcode(wrong: str) -> None:
    with pytest.raises(Invalid):
        postcode(wrong)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("01632 960 114", "+441632960114"),
        ("(01632) 960114", "+441632960114"),
        ("+44 1632 960114", "+441632960114"),
        ("+44 (0)1632 960114", "+441632960114"),
        ("+4401632960114", "+441632960114"),
        ("0044 1632-960-114", "+441632960114"),
        ("07700 900123", "+447700900123"),
        ("020 7946 0018", "+442079460018"),
        ("+353 1 555 0123", "+35315550123"),
    ],
)
def test_it_keeps_a_telephone_number_in_one_form(typed: str, kept: str) -> None:
    assert telephone(typed) == kept


@pytest.mark.parametrize(
    "wrong", ["", "999", "960114", "01632 960", "0163296011455", "01632 960114 x3", "+44", "04632960114"]
)
def test_it_refuses_what_cannot_be_dialled(wrong: str) -> None:
    with pytest.raises(Invalid):
        telephone(wrong)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("+441632960114", "01632 960 114"),
        ("+442079460018", "020 7946 0018"),
        ("+441134960018", "0113 496 0018"),
        ("+441214960018", "0121 496 0018"),
        ("+447700900123", "07700 900 123"),
        ("+448081570192", "0808 157 0192"),
        ("+35315550123", "+35315550123"),
    ],
)
def test_it_shows_a_telephone_number_as_people_write_it(kept: str, shown: str) -> None:
    assert spaced_telephone(kept) == shown
    assert telephone(shown) == kept


@pytest.mark.parametrize("address", ["cora@westmere.example", " Cora.Wren+night@hub.westmere.nhs.uk "])
def test_it_takes_an_email_address_as_typed(address: str) -> None:
    assert email(address) == address.strip()


@pytest.mark.parametrize(
    "wrong", ["", "cora", "cora@", "@westmere.example", "a@b", "a b@c.example", "a@b@c.example",
              "a@b..example",
              "cora@westmere.example\nBcc: all@westmere.example", "x" * 250 + "@b.example"]
)  # fmt: skip
def test_it_refuses_what_no_email_address_looks_like(wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        email(wrong)
    assert list(refused.value.fields) == ["email"]


@pytest.mark.parametrize(
    ("typed", "kept"), [("a81001", "A81001"), (" Y0 2345 ", "Y02345"), ("12345", "12345")]
)
def test_it_takes_a_practices_code(typed: str, kept: str) -> None:
    assert practice_code(typed) == kept


@pytest.mark.parametrize("wrong", ["", "A8100", "A810011", "8A1001", "RA7", "Ａ81001"])
def test_it_refuses_what_is_no_practices_code(wrong: str) -> None:
    with pytest.raises(Invalid):
        practice_code(wrong)
