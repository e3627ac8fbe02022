"""Whether two descriptions are of one person: what counts, what never does, and how often it is right."""

import sys
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.likenesses import Population
from bench.matching import THRESHOLDS, match
from people.matching import HOUSEHOLD, LIKELY, M_AND_U, SHARED, Described, Level, compare, keys

ADA = Described(
    given="Ada",
    family="Marsh",
    born=date(1948, 5, 4),
    sex="female",
    postcode="WM1 1AA",
    address_line="14 Orchard Row",
    telephone=b"one",
)
BIRTHDAYS = st.dates(min_value=date(1920, 1, 1), max_value=date(2005, 12, 31))
NAMES = st.sampled_from(
    ("Ada", "-", "A", "Betty", "Elizabeth", "Joan", "Jean", "O'Brien", "Siân", "Marsh-Dale", "Wei")
)
DESCRIBED = st.builds(
    Described,
    given=NAMES,
    family=NAMES,
    born=BIRTHDAYS,
    sex=st.sampled_from(("female", "male", None)),
    postcode=st.sampled_from(("WM1 1AA", "WM1 1AB", "WM2 5QQ", None)),
    address_line=st.sampled_from(("14 Orchard Row", "15 Orchard Row", None)),
    telephone=st.sampled_from((b"one", b"two", None)),
    nhs_number=st.sampled_from((b"n1", b"n2", None)),
)


def test_a_record_is_surely_like_itself() -> None:
    found = compare(ADA, ADA)
    assert found.sure
    assert found.likely


@pytest.mark.parametrize(
    ("changed", "level"),
    [
        ({"given": "ADA "}, Level.GIVEN_SAME),
        ({"given": "Adá"}, Level.GIVEN_SAME),
        ({"given": "A"}, Level.GIVEN_INITIAL),
        ({"given": "Marsh", "family": "Ada"}, Level.NAMES_SWAPPED),
        ({"family": "Marsh-Dale"}, Level.FAMILY_CLOSE),
        ({"family": "Marhs"}, Level.FAMILY_CLOSE),
        ({"family": "Okafor"}, Level.FAMILY_OTHER),
        ({"born": date(1948, 4, 5)}, Level.BORN_SWAPPED),
        ({"born": date(1949, 5, 4)}, Level.BORN_DIGIT),
        ({"born": date(1948, 5, 27)}, Level.BORN_YEAR),
        ({"born": date(1931, 12, 27)}, Level.BORN_OTHER),
        ({"address_line": "14 Orchard Rw"}, Level.HOME_SAME),
        ({"address_line": "15 Orchard Row"}, Level.POSTCODE_SAME),
        ({"postcode": "WM1 1QZ"}, Level.SECTOR_SAME),
        ({"postcode": "ES7 2AA"}, Level.HOME_OTHER),
        ({"telephone": b"two"}, Level.TELEPHONE_OTHER),
        ({"sex": "male"}, Level.SEX_OTHER),
    ],
)
def test_each_slip_has_its_level(changed: dict[str, object], level: Level) -> None:
    assert level in compare(ADA, replace(ADA, **changed)).reasons  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Betty", "Elizabeth", Level.GIVEN_FORM),
        ("Joan", "Jean", Level.GIVEN_OTHER),
        ("Margaret", "Margeret", Level.GIVEN_CLOSE),
        ("Margaret Ann", "Margaret", Level.GIVEN_SAME),
        ("Jhon", "John", Level.GIVEN_CLOSE),
    ],
)
def test_first_names_are_known_in_their_forms(one: str, other: str, level: Level) -> None:
    assert level in compare(replace(ADA, given=one), replace(ADA, given=other)).reasons


def test_what_somebody_is_called_counts_as_a_first_name() -> None:
    assert Level.GIVEN_SAME in compare(replace(ADA, given="Adelaide", preferred="Ada"), ADA).reasons


def test_twins_are_never_sure_and_not_even_proposed() -> None:
    found = compare(ADA, replace(ADA, given="Ivy"))
    assert not found.sure
    assert not found.likely


def test_a_father_and_a_son_of_one_name_are_never_sure_and_not_even_proposed() -> None:
    found = compare(
        replace(ADA, given="John", sex="male"), replace(ADA, given="John", sex="male", born=date(1975, 9, 21))
    )
    assert not found.sure
    assert not found.likely


def test_two_nhs_numbers_are_never_sure() -> None:
    assert not compare(replace(ADA, nhs_number=b"1"), replace(ADA, nhs_number=b"2")).sure


@given(DESCRIBED, DESCRIBED)
def test_the_order_of_two_records_says_nothing(one: Described, other: Described) -> None:
    assert compare(one, other) == compare(other, one)


@given(DESCRIBED, DESCRIBED)
def test_nobody_is_sure_with_another_birthday_or_first_name(one: Described, other: Described) -> None:
    found = compare(one, other)
    if found.sure:
        assert one.born == other.born
        assert Level.GIVEN_OTHER not in found.reasons


@given(DESCRIBED, DESCRIBED)
def test_what_a_household_shares_never_weighs_more_than_its_limit(one: Described, other: Described) -> None:
    found = compare(one, other)
    alone = compare(
        replace(one, postcode=None, telephone=None), replace(other, postcode=None, telephone=None)
    )
    family = [level for level in alone.reasons if level in SHARED]
    most = max(0.0, HOUSEHOLD + (3.4 if Level.FAMILY_OTHER in family else 0.0))
    assert round(found.score - alone.score, 2) <= most  # both scores are rounded to two places


@given(DESCRIBED)
def test_a_record_shares_every_key_with_itself_and_its_keys_name_no_number(of: Described) -> None:
    assert keys(of) == keys(replace(of))
    assert all(key for key in keys(of))


def test_every_level_has_a_likelihood_that_says_something() -> None:
    assert set(M_AND_U) == set(Level)
    assert all(0 < m <= 1 and 0 < u <= 1 for m, u in M_AND_U.values())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_a_thousand_people_with_slips_nearly_all_are_found_and_nearly_none_is_wrong(seed: int) -> None:
    found = match(Population(seed).records)
    told = [f"{each}: {found.precision(each):.3f}, {found.recall(each):.3f}" for each in THRESHOLDS]
    sys.stdout.write(f"\nseed {seed}; threshold: precision, recall\n" + "\n".join(told) + "\n")
    assert found.precision(LIKELY) >= 0.95
    assert found.recall(LIKELY) >= 0.9
    assert found.sure <= found.true
