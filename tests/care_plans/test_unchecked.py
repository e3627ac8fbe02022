"""What people's own kit says before anybody has checked it: it may raise, and never clears (H3)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from care_plans.judging.rules import (
    ONLY_UNCHECKED,
    UNCHECKED_SAID,
    Finding,
    Nothing,
    Severity,
    Track,
    Unknown,
    Verdict,
    disbelief,
)
from devices import kinds
from devices.measurement import Flags
from tests.care_plans.making import HOUR, MINUTE, NOW, oxygen, rule, verdict

OURS, THEIRS = 0, int(Flags.UNCHECKED)
Said = tuple[float, float, int]


def spo2(*readings: Said) -> Track:
    """Readings as (seconds before now, value, flags)."""
    start = NOW.timestamp()
    return Track(
        "spo2", [start - ago for ago, _, _ in readings], [value for _, value, _ in readings],
        [flags for *_, flags in readings],
    )  # fmt: skip


def judged(*readings: Said) -> Verdict:
    return verdict(oxygen(), spo2(*readings))


def test_it_raises_as_bad_as_the_rule_says_unconfirmed_and_with_what_to_do() -> None:
    found = judged((7 * MINUTE, 84, THEIRS), (MINUTE, 84, THEIRS))
    assert isinstance(found, Finding)
    assert found.severity is Severity.RED
    assert found.unconfirmed
    assert found.words.endswith(UNCHECKED_SAID)


def test_it_never_clears_what_checked_kit_showed() -> None:
    found = judged((HOUR, 84, OURS), (MINUTE, 97, THEIRS))
    assert isinstance(found, Finding)
    assert not found.unconfirmed


def test_it_never_clears_what_it_showed_itself() -> None:
    assert isinstance(judged((HOUR, 84, THEIRS), (MINUTE, 97, THEIRS)), Finding)


def test_a_later_reading_of_checked_kit_clears_it() -> None:
    assert judged((HOUR, 84, THEIRS), (MINUTE, 97, OURS)) == Nothing(cleared=True)


def test_what_it_shows_after_a_good_reading_of_checked_kit_still_raises() -> None:
    found = judged((HOUR, 97, OURS), (MINUTE, 84, THEIRS))
    assert isinstance(found, Finding)
    assert found.unconfirmed


def test_where_it_alone_says_that_all_is_well_nothing_is_known() -> None:
    unknown = judged((MINUTE, 97, THEIRS))
    assert isinstance(unknown, Unknown)
    assert unknown.words.endswith(ONLY_UNCHECKED)


def test_a_press_of_it_is_as_red_as_any() -> None:
    pendant = rule(("red", {"kind": "pendant", "happened_within": "24 h"}), **{"class": "life_safety"})
    found = verdict(pendant, Track("pendant", [NOW.timestamp() - MINUTE], [1], [THEIRS]))
    assert isinstance(found, Finding)
    assert found.severity is Severity.RED


def test_it_ends_no_disbelief_of_checked_kit() -> None:
    track = spo2((HOUR, 12, int(Flags.BEYOND_ABSOLUTE)), (MINUTE, 96, THEIRS))
    assert isinstance(disbelief(track, kinds.get("spo2"), NOW), Finding)


READINGS = st.lists(st.tuples(st.integers(1, 20 * HOUR), st.integers(75, 99)), max_size=6)


def weight(said: Verdict) -> int:
    return 10 + said.severity.rank if isinstance(said, Finding) else 0


@settings(max_examples=60, deadline=None)
@given(ours=READINGS, theirs=READINGS)
def test_whatever_it_adds_no_verdict_becomes_lesser(
    ours: list[tuple[int, int]], theirs: list[tuple[int, int]]
) -> None:
    firm = [(at, value, OURS) for at, value in ours]
    more = [(at, value, THEIRS) for at, value in theirs]
    alone, together = judged(*firm), judged(*firm, *more)
    assert weight(together) >= weight(alone)
    if isinstance(together, Nothing):
        assert isinstance(alone, Nothing)
