"""How much of the time kit was heard."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from devices import hearing
from devices.hearing import Heard, Span, Times
from tests.conftest import NOW
from tests.devices.kit import DAY, HOUR

WEEK = [(NOW - 7 * DAY, NOW)]


def ago(start: float, end: float) -> Span:
    """From so many hours ago to so many."""
    return NOW - start * HOUR, NOW - end * HOUR


def reckon(**times: list[Span]) -> Heard:
    return hearing.reckon(Times(**{"expected": WEEK, **times}), NOW - 7 * DAY, NOW)


def test_kit_that_was_never_unheard_was_heard_all_the_time() -> None:
    assert reckon().percent == 100
    assert reckon() == Heard(expected=7 * DAY)


def test_a_day_of_silence_in_a_week_is_a_seventh_of_it() -> None:
    assert reckon(silent=[ago(48, 24)]).percent == 85


def test_a_minute_of_silence_is_never_rounded_up_to_all_the_time() -> None:
    assert reckon(silent=[(NOW - timedelta(minutes=1), NOW)]).percent == 99


def test_what_was_never_expected_has_no_percentage() -> None:
    assert reckon(expected=[]).percent is None


def test_only_the_time_since_it_was_installed_counts() -> None:
    assert reckon(expected=[ago(24, 0)], silent=[ago(12, 0)]).percent == 50


def test_silence_while_we_did_not_listen_is_not_held_against_kit() -> None:
    found = reckon(silent=[ago(48, 24)], deaf=[ago(48, 24)])
    assert (found.percent, found.deaf, found.expected) == (100, DAY, 6 * DAY)


def test_silence_while_it_was_worked_on_or_its_owner_was_away_is_told_apart() -> None:
    found = reckon(silent=[ago(72, 0)], work=[ago(72, 64)], away=[ago(64, 24)])
    assert (found.work, found.away, found.unheard) == (8 * HOUR, 40 * HOUR, DAY)


def test_what_was_heard_while_its_owner_was_away_counts_as_heard() -> None:
    assert reckon(away=[ago(72, 0)]) == Heard(expected=7 * DAY)


def test_several_pieces_come_together_by_their_time() -> None:
    both = reckon(silent=WEEK) + reckon()
    assert (both.percent, both.expected) == (50, 14 * DAY)


def test_between_two_stretches_of_listening_we_did_not_listen() -> None:
    assert hearing.gaps([ago(20, 10), ago(8, 4)], NOW) == [ago(10, 8), ago(4, 0)]


def test_before_the_first_stretch_it_is_not_known_that_we_did_not_listen() -> None:
    assert hearing.gaps([], NOW) == []


spans = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 200)).map(lambda pair: ago(max(pair), min(pair))),
    max_size=5,
)


@given(expected=spans, silent=spans, work=spans, away=spans, deaf=spans)
def test_all_time_is_accounted_for_once_however_spans_overlap(
    expected: list[Span], silent: list[Span], work: list[Span], away: list[Span], deaf: list[Span]
) -> None:
    found = reckon(expected=expected, silent=silent, work=work, away=away, deaf=deaf)
    whole = hearing.length(hearing.both(expected, WEEK))
    assert found.expected + found.deaf + found.work + found.away == whole
    assert timedelta(0) <= found.unheard <= found.expected
    assert found == reckon(
        expected=expected[::-1], silent=silent * 2, work=work[::-1], away=away, deaf=deaf * 2
    )
