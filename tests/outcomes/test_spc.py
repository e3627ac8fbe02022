"""XmR charts give the published figures and flags."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from outcomes.spc import (
    Assurance,
    Chart,
    Direction,
    Rule,
    Special,
    Variation,
    assurance,
    part_of_two_in_three,
    shift_ends,
    trend_ends,
    two_in_three,
    whole_runs,
    xmr,
)

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "spc_rule_vectors.json").read_text())["rules"]

ONE_PEAK = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]

# R: set.seed(123); rnorm(20), as in the snapshots of NHSRplotthedots
NORMAL = [
    -0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123,
    -0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314,
    0.49785048, -1.96661716, 0.70135590, -0.47279141,
]  # fmt: skip


def chart(values: list[float], **given_: Any) -> Chart:
    return xmr(values, **{"improvement": Direction.INCREASE, **given_})


def limits(drawn: Chart, segment: int = 0) -> tuple[float, float | None, float | None]:
    of = drawn.segments[segment]
    return of.mean, of.lower, of.upper


@pytest.mark.parametrize("vector", VECTORS["seven_point_one_side_mean"])
def test_it_ends_a_shift_where_the_published_vectors_do(vector: dict[str, list[int]]) -> None:
    assert shift_ends(vector["relative_to_mean"]) == vector["flag"]


@pytest.mark.parametrize("vector", VECTORS["seven_point_trend"])
def test_it_ends_a_trend_where_the_published_vectors_do(vector: dict[str, list[int]]) -> None:
    assert trend_ends(vector["y"]) == vector["flag"]


@pytest.mark.parametrize("vector", VECTORS["two_in_three_close_to_limits"])
def test_it_finds_two_in_three_where_the_published_vectors_do(vector: dict[str, list[int]]) -> None:
    assert two_in_three(vector["close"], [1] * len(vector["close"])) == vector["flag"]


@pytest.mark.parametrize("vector", VECTORS["part_of_two_in_three"])
def test_it_flags_only_the_near_points_of_two_in_three(vector: dict[str, list[int]]) -> None:
    near = vector["flag_and_close"]
    assert part_of_two_in_three(two_in_three(near, [1] * len(near)), near) == vector["flag"]


def test_it_does_not_count_two_in_three_across_the_mean() -> None:
    assert two_in_three([1, 0, 1], [1, -1, 1]) == [0, 0, 0]


def test_it_flags_a_whole_run_looking_back() -> None:
    assert whole_runs([0, 0, 0, 0, 0, 0, 0, 1, 0]) == [0, 1, 1, 1, 1, 1, 1, 1, 0]
    assert whole_runs([0, 0, 0, 0, 0, 0, -1, 0]) == [-1, -1, -1, -1, -1, -1, -1, 0]


@pytest.mark.parametrize(("screen", "lower", "upper"), [(True, -0.7156, 4.6044), (False, -3.0626, 6.9515)])
def test_it_gives_the_published_limits_of_one_peak(screen: bool, lower: float, upper: float) -> None:
    drawn = chart(list(ONE_PEAK), screen=screen)
    assert limits(drawn) == pytest.approx((1.9444, lower, upper), abs=5e-5)
    assert drawn.screened is screen
    assert drawn.points[4].flag is Rule.OUTSIDE
    assert drawn.points[4].label == "Above UCL"


@pytest.mark.parametrize(
    ("values", "screen", "expected"),
    [
        (NORMAL, True, (0.1416238, -3.01138, 3.294627)),
        ([*NORMAL[:14], 10.0, *NORMAL[15:]], True, (0.6694159, -2.383666, 3.722497)),
        ([*NORMAL[:14], 10.0, *NORMAL[15:]], False, (0.6694159, -4.596625, 5.935457)),
    ],
)
def test_it_gives_the_published_limits_of_twenty_normal_values(
    values: list[float], screen: bool, expected: tuple[float, float, float]
) -> None:
    assert limits(chart(values, screen=screen)) == pytest.approx(expected, abs=5e-6)


def test_it_gives_the_published_limits_when_rebased() -> None:
    drawn = chart(NORMAL, rebase_at=[10])
    assert limits(drawn, 0) == pytest.approx((0.0746, -2.60, 2.75), abs=5e-3)
    assert limits(drawn, 1) == pytest.approx((0.209, -3.28, 3.70), abs=5e-3)
    assert drawn.points[9].upper == drawn.segments[0].upper
    assert drawn.points[10].upper == drawn.segments[1].upper


def test_it_leaves_two_near_points_on_opposite_sides_as_common_cause() -> None:
    values = [1.0, -1.0] * 8
    values[-2:] = [5.5, -5.5]
    assert [point.special for point in chart(values, screen=True).points[-2:]] == [Special.COMMON] * 2


@pytest.mark.parametrize(
    ("lower", "upper", "target", "rising", "falling"),
    [
        (1, 3, 4, Assurance.MISSES, Assurance.MEETS),
        (5, 7, 4, Assurance.MEETS, Assurance.MISSES),
        (1, 5, 4, Assurance.HIT_AND_MISS, Assurance.HIT_AND_MISS),
    ],
)
def test_it_gives_the_published_assurance(
    lower: float, upper: float, target: float, rising: Assurance, falling: Assurance
) -> None:
    assert assurance(lower, upper, target, Direction.INCREASE) is rising
    assert assurance(lower, upper, target, Direction.DECREASE) is falling
    assert assurance(lower, upper, target, Direction.NEUTRAL) is None
    assert assurance(lower, upper, None, Direction.INCREASE) is None


def test_it_prefers_outside_to_trend_to_two_in_three_to_shift() -> None:
    quiet = [0.0, 1.0] * 10
    drawn = chart([*quiet, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 60.0], fix_after=20)
    assert drawn.points[-1].flag is Rule.OUTSIDE
    assert drawn.points[20].flag is Rule.TREND
    near = chart([*quiet, *[2.9, 2.8, 2.9, 1.2, 1.3, 1.2, 1.4]], fix_after=20)
    assert [point.flag for point in near.points[20:]] == [Rule.TWO_IN_THREE] * 3 + [Rule.SHIFT] * 4


def test_it_points_a_trend_the_way_it_goes_on_both_sides_of_the_mean() -> None:
    drawn = chart([float(n) for n in range(8)], run=7, fix_after=None)
    inside = [point for point in drawn.points if point.flag is Rule.TREND]
    assert {point.relative for point in inside} == {-1, 1}
    assert {point.special for point in inside} == {Special.IMPROVEMENT}
    assert {point.label for point in inside} == {"Trend, increasing"}


@pytest.mark.parametrize(
    ("improvement", "last", "expected"),
    [
        (Direction.INCREASE, 50.0, Variation.IMPROVEMENT_HIGH),
        (Direction.INCREASE, -50.0, Variation.CONCERN_LOW),
        (Direction.DECREASE, 50.0, Variation.CONCERN_HIGH),
        (Direction.DECREASE, -50.0, Variation.IMPROVEMENT_LOW),
        (Direction.NEUTRAL, 50.0, Variation.NEUTRAL_HIGH),
        (Direction.NEUTRAL, -50.0, Variation.NEUTRAL_LOW),
        (Direction.INCREASE, 0.0, Variation.COMMON),
    ],
)
def test_it_names_the_variation_after_the_last_point(
    improvement: Direction, last: float, expected: Variation
) -> None:
    drawn = xmr([*([0.0, 1.0] * 10), last], improvement=improvement, fix_after=20)
    assert drawn.variation is expected


def test_it_says_when_limits_are_on_trial() -> None:
    assert chart(NORMAL[:12]).trial
    assert not chart(NORMAL[:13]).trial
    assert chart(NORMAL, rebase_at=[10]).trial
    assert chart(NORMAL, fix_after=10).trial


def test_it_finds_nothing_special_in_values_that_never_change() -> None:
    drawn = chart([0.1] * 20, screen=True)
    assert {point.special for point in drawn.points} == {Special.COMMON}


def test_it_gives_a_lone_point_a_mean_and_no_limits() -> None:
    drawn = chart([4.0], target=3.0)
    assert limits(drawn) == (4.0, None, None)
    assert drawn.assurance is None
    assert drawn.variation is Variation.COMMON


def test_it_gives_an_empty_chart_for_no_values() -> None:
    assert chart([]).points == ()


@pytest.mark.parametrize(
    ("field", "given_"),
    [
        ("values", {"values": [1.0, float("nan")]}),
        ("run", {"run": 2}),
        ("fix_after", {"fix_after": 1}),
        ("rebase_at", {"rebase_at": [0]}),
        ("rebase_at", {"rebase_at": [3]}),
        ("rebase_at", {"rebase_at": [2, 1]}),
    ],
)
def test_it_refuses_what_cannot_be_charted(field: str, given_: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        chart(given_.pop("values", [1.0, 2.0, 3.0]), **given_)
    assert list(refused.value.fields) == [field]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40))
def test_it_mirrors_when_the_values_do(values: list[float]) -> None:
    up, down = chart(values), chart([-value for value in values])
    assert [point.side for point in up.points] == [-point.side for point in down.points]
    assert [point.flag for point in up.points] == [point.flag for point in down.points]
