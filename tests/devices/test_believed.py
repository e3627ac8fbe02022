"""How far kit is believed."""

import pytest

from devices.believed import FLAGS, Mark, Tally, Verdict, marks_of, verdict
from devices.measurement import Flags


@pytest.mark.parametrize(
    ("readings", "marks", "found"),
    [
        (0, {}, Verdict.NOTHING),
        (100, {}, Verdict.BELIEVED),
        (100, {Mark.LATE: 100, Mark.NO_CLOCK: 100, Mark.TEST: 3}, Verdict.BELIEVED),
        (100, {Mark.BEYOND: 1}, Verdict.SELDOM_WRONG),
        (4, {Mark.BEYOND: 1}, Verdict.SELDOM_WRONG),
        (100, {Mark.BEYOND: 5}, Verdict.DOUBTFUL),
        (100, {Mark.BEYOND: 2, Mark.CONFLICT: 2, Mark.DOUBTED: 2}, Verdict.DOUBTFUL),
    ],
)
def test_kit_is_believed_by_what_speaks_against_its_values(
    readings: int, marks: dict[Mark, int], found: Verdict
) -> None:
    assert verdict(Tally(readings, marks)) is found


def test_a_mark_is_no_chance_from_one_reading_in_twenty_on() -> None:
    assert Tally(100, {Mark.LATE: 5}).often(Mark.LATE)
    assert not Tally(100, {Mark.LATE: 4}).often(Mark.LATE)
    assert not Tally(0, {}).often(Mark.LATE)


def test_each_mark_but_a_conflict_is_a_flag_and_who_measured_is_none() -> None:
    assert set(FLAGS) == set(Mark) - {Mark.CONFLICT}
    assert set(FLAGS.values()) == set(Flags) - {Flags.SELF_REPORTED, Flags.STAFF, Flags.UNCHECKED}
    assert marks_of(int(Flags.LATE | Flags.NO_CLOCK | Flags.STAFF)) == [Mark.NO_CLOCK, Mark.LATE]
