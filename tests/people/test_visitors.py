from datetime import date, timedelta

import pytest

from people.access import RecordClass
from people.visitors import GRANTED, OWN, USUAL, WORDS, classes

TODAY = date(2026, 11, 22)


def parts(**more: object) -> object:
    given: dict[str, object] = {"ended": False, "expires_on": TODAY, "restricted": False, "moved": False}
    return classes(["plan", "vitals"], today=TODAY, **(given | more))  # type: ignore[arg-type]


def test_what_is_restricted_comes_to_nobodys_page() -> None:
    assert RecordClass.RESTRICTED not in OWN
    assert RecordClass.RESTRICTED not in GRANTED
    assert classes(["restricted", "notes"], ended=False, expires_on=TODAY, restricted=False, moved=False,
                   today=TODAY) == (frozenset(), frozenset())  # fmt: skip


def test_activity_is_out_unless_it_is_asked_for_by_name() -> None:
    assert RecordClass.ACTIVITY not in USUAL
    assert set(WORDS) == set(GRANTED)


def test_a_page_has_the_parts_that_were_granted() -> None:
    assert parts() == ({RecordClass.PLAN, RecordClass.VITALS}, {RecordClass.PLAN, RecordClass.VITALS})


@pytest.mark.parametrize("how", ["restricted", "moved"])
def test_made_smaller_it_keeps_its_parts_and_shows_nothing_in_them(how: str) -> None:
    assert parts(**{how: True}) == ({RecordClass.PLAN, RecordClass.VITALS}, frozenset())


def test_it_ends_by_its_date_and_by_a_word() -> None:
    assert parts(expires_on=TODAY - timedelta(days=1)) is None
    assert parts(ended=True) is None
