"""Edges and presses come out the same whatever order and however often readings came."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from devices.edges import Edge, Press, edges, press_events
from devices.measurement import Flags

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def states(*pairs: tuple[float, int], before: bool | None = None, flags: int = 0) -> list[Edge]:
    return edges([at(when) for when, _ in pairs], [value for _, value in pairs], [flags] * len(pairs), before)


def presses(*seconds: float) -> list[Press]:
    return press_events([at(when) for when in seconds], [1] * len(seconds), [0] * len(seconds))


def test_it_finds_where_a_state_rises_and_falls() -> None:
    assert states((0, 0), (10, 1), (20, 1), (30, 0)) == [Edge(at(10), 1), Edge(at(30), 0)]


def test_a_first_danger_is_a_change_and_a_first_all_clear_is_not() -> None:
    assert states((0, 1)) == [Edge(at(0), 1)]
    assert states((0, 0)) == []


def test_it_goes_on_from_the_state_before() -> None:
    assert states((0, 1), before=True) == []
    assert states((0, 0), before=True) == [Edge(at(0), 0)]


def test_danger_is_not_outvoted_at_one_instant() -> None:
    assert states((0, 0), (10, 1), (10, 0)) == [Edge(at(10), 1)]


def test_a_repeated_state_is_no_event() -> None:
    assert states(*[(second / 10, 1) for second in range(100)]) == [Edge(at(0), 1)]


def test_what_only_a_replay_shows_is_unconfirmed() -> None:
    assert states((0, 1), flags=Flags.REPLAYED) == [Edge(at(0), 1, confirmed=False)]
    both = edges([at(0), at(0)], [1, 1], [Flags.REPLAYED, 0])
    assert both == [Edge(at(0), 1, confirmed=True)]


def test_it_leaves_out_what_must_not_be_judged() -> None:
    for flag in (Flags.TEST, Flags.ENTERED_IN_ERROR, Flags.BEYOND_ABSOLUTE):
        assert states((0, 1), flags=flag) == []


def test_presses_close_together_are_one() -> None:
    assert presses(0, 10, 25, 55, 86) == [Press(at(0), at(55), 4), Press(at(86), at(86), 1)]


def test_the_same_press_twice_counts_once() -> None:
    assert presses(5, 5, 5) == [Press(at(5), at(5), 1)]


def test_a_fresh_press_confirms_a_replayed_one() -> None:
    [press] = press_events([at(0), at(10)], [1, 1], [Flags.REPLAYED, 0])
    assert press.confirmed
    [press] = press_events([at(0), at(10)], [1, 1], [Flags.REPLAYED] * 2)
    assert not press.confirmed


def test_not_pressed_is_no_press() -> None:
    assert press_events([at(0), at(5)], [0, 0], [0, 0]) == []


ROWS = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 1), st.sampled_from([0, 16, 512])), max_size=12)


@settings(deadline=None)
@given(rows=ROWS, again=st.data())
def test_it_minds_neither_order_nor_doubles(rows: list[tuple[int, int, int]], again: st.DataObject) -> None:
    shuffled = again.draw(
        st.permutations(rows + again.draw(st.lists(st.sampled_from(rows or [(0, 0, 512)]))))
    )

    def both(some: list[tuple[int, int, int]]) -> tuple[list[Edge], list[Press]]:
        times, values, flags = (
            [at(row[0]) for row in some],
            [row[1] for row in some],
            [row[2] for row in some],
        )
        return edges(times, values, flags), press_events(times, values, flags)

    assert both(shuffled) == both(rows)


@settings(deadline=None)
@given(rows=ROWS)
def test_edges_rise_and_fall_by_turns(rows: list[tuple[int, int, int]]) -> None:
    found = edges([at(row[0]) for row in rows], [row[1] for row in rows], [row[2] for row in rows])

    assert [edge.value for edge in found] == [1 - place % 2 for place in range(len(found))]
    assert sorted(edge.at for edge in found) == [edge.at for edge in found]
