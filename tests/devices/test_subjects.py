"""Subjects as one number."""

from hypothesis import given
from hypothesis import strategies as st

from devices import subjects


@given(st.integers(1, 2**30))
def test_a_person_a_home_and_a_visit_of_the_same_key_are_three_subjects_and_come_back(key: int) -> None:
    some = [subjects.person(key), subjects.home(key), subjects.visit(key)]
    assert len({subject.number for subject in some}) == 3
    assert [subjects.of_number(subject.number) for subject in some] == some
