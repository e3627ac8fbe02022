"""Subjects as one number."""

from hypothesis import given
from hypothesis import strategies as st

from devices import subjects


@given(st.integers(1, 2**30))
def test_a_person_and_a_home_of_the_same_key_are_two_subjects_and_come_back(key: int) -> None:
    both = [subjects.person(key), subjects.home(key)]
    assert len({subject.number for subject in both}) == 2
    assert [subjects.of_number(subject.number) for subject in both] == both
