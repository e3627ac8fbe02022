"""How long kit may be silent, and who says so."""

import pytest

from devices.silent_after import PROTECTS, By, Figure, figure

HOUR = 3600


def of(
    *, staff: int | None = None, model: int | None = None, said: float | None = None, protects: bool = False
) -> Figure | None:
    return figure(set_by_staff=staff, of_model=model, said=said, protects=protects)


def test_what_staff_set_comes_before_the_model_and_that_before_its_own_word() -> None:
    assert of(staff=7200, model=600, said=60) == Figure(7200, 720, By.STAFF)
    assert of(model=HOUR, said=60) == Figure(2 * HOUR, HOUR, By.MODEL)
    assert of(said=HOUR) == Figure(2 * HOUR, HOUR, By.SAID)


def test_kit_that_protects_is_expected_though_nobody_knows_how_often_it_speaks() -> None:
    assert of(protects=True) == Figure(PROTECTS, PROTECTS // 10, By.PROTECTS)


def test_other_kit_of_which_nothing_is_known_has_no_figure() -> None:
    assert of() is None
    assert of(said=0) is None


def test_it_is_late_after_two_words_are_missed_and_missing_after_three() -> None:
    found = of(said=2 * HOUR)
    assert found is not None
    assert (found.late_after, found.late_after + found.grace) == (4 * HOUR, 6 * HOUR)


def test_kit_that_speaks_every_few_seconds_is_not_late_within_minutes() -> None:
    assert of(said=5) == Figure(900, 300, By.SAID)


@pytest.mark.parametrize("said", [13 * HOUR, 24 * HOUR])
def test_kit_that_protects_and_speaks_once_a_day_is_late_after_one_day_and_not_after_two(said: int) -> None:
    found = of(said=said, protects=True)
    assert found is not None
    assert PROTECTS <= found.late_after < 27 * HOUR


def test_kit_that_protects_is_never_late_before_it_said_it_would_speak() -> None:
    found = of(said=48 * HOUR, protects=True)
    assert found is not None
    assert found.late_after > 48 * HOUR
