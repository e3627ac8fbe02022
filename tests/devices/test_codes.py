"""Check digits of clinical codes."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from devices.codes import is_loinc, is_snomed

LOINC = [
    "85354-9",
    "8480-6",
    "8462-4",
    "8867-4",
    "2708-6",
    "59408-5",
    "29463-7",
    "8310-5",
    "15074-8",
    "9279-1",
]
SNOMED = ["75367002", "271649006", "431314004", "27113001", "1104051000000101", "997671000000106"]


@pytest.mark.parametrize("code", LOINC)
def test_it_knows_a_loinc_code(code: str) -> None:
    assert is_loinc(code)


@pytest.mark.parametrize("code", SNOMED)
def test_it_knows_a_snomed_code(code: str) -> None:
    assert is_snomed(code)


@pytest.mark.parametrize("code", ["", "8480-7", "8480", "08480-6", "8480-6 ", "８480-6", "loinc"])
def test_it_refuses_what_is_no_loinc_code(code: str) -> None:
    assert not is_loinc(code)


@pytest.mark.parametrize("code", ["", "27113002", "2711300", "027113001", "27113001 ", "1" * 19, "snomed"])
def test_it_refuses_what_is_no_snomed_code(code: str) -> None:
    assert not is_snomed(code)


@settings(deadline=None)
@given(code=st.sampled_from(SNOMED), place=st.integers(0, 15), digit=st.sampled_from("0123456789"))
def test_it_sees_every_single_wrong_digit(code: str, place: int, digit: str) -> None:
    assume(place < len(code) and code[place] != digit)

    assert not is_snomed(code[:place] + digit + code[place + 1 :])


@settings(deadline=None)
@given(code=st.sampled_from(SNOMED), place=st.integers(0, 14))
def test_it_sees_two_neighbours_swapped(code: str, place: int) -> None:
    assume(place + 1 < len(code) and code[place] != code[place + 1])

    assert not is_snomed(code[:place] + code[place + 1] + code[place] + code[place + 2 :])
