"""The score by the chart, held against the chart itself, published cases and a second implementation."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.judging import news2
from care_plans.judging.conditions import About, Rule, Step, Threshold
from care_plans.judging.news2 import INPUTS, Input, Risk, Scale
from care_plans.judging.rules import judge
from care_plans.judging.track import AT_LEAST, Track
from care_plans.judging.verdicts import Finding, Nothing
from care_plans.severity import Class, Severity
from devices.measurement import Flags

DATA = Path(__file__).parent.parent / "data"
WELL = {
    "respiratory_rate": 16.0,
    "spo2": 97.0,
    "on_oxygen": 0.0,
    "systolic": 120.0,
    "pulse": 70.0,
    "consciousness_alert": 1.0,
    "body_temperature": 37.0,
}

# The chart once more, value by value (RCP 2017, chart 1): (first, last, points), both inside.
CHART = {
    "respiratory_rate": [(3, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, 60, 3)],
    "systolic": [(40, 90, 3), (91, 100, 2), (101, 110, 1), (111, 219, 0), (220, 260, 3)],
    "pulse": [(20, 40, 3), (41, 50, 1), (51, 90, 0), (91, 110, 1), (111, 130, 2), (131, 220, 3)],
}
SCALES = {
    ("1", 0): [(60, 91, 3), (92, 93, 2), (94, 95, 1), (96, 100, 0)],
    ("1", 1): [(60, 91, 3), (92, 93, 2), (94, 95, 1), (96, 100, 0)],
    ("2", 0): [(60, 83, 3), (84, 85, 2), (86, 87, 1), (88, 100, 0)],
    ("2", 1): [(60, 83, 3), (84, 85, 2), (86, 87, 1), (88, 92, 0), (93, 94, 1), (95, 96, 2), (97, 100, 3)],
}
TENTHS = [(320, 350, 3), (351, 360, 1), (361, 380, 0), (381, 390, 1), (391, 420, 2)]


def scored(scale: Scale = Scale.ONE, **values: float | None) -> news2.Score:
    taken = WELL | values
    return news2.score({kind: Input(value, 0.0) for kind, value in taken.items() if value is not None}, scale)


def points(found: news2.Score, kind: str) -> int | None:
    return next(part.points for part in found.parts if part.kind == kind)


def each(bands: list[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    for first, last, worth in bands:
        for value in range(first, last + 1):
            yield value, worth


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / name).read_text("utf-8").splitlines()))


def second_opinion(row: dict[str, str], scale: str) -> int:
    """The score as a plain reading of the chart, sharing nothing with the code that is tested."""
    on_oxygen = row["sup"] == "1"
    total = 2 if on_oxygen else 0
    total += 3 if row["alert"] != "0" else 0
    for kind, column in (("respiratory_rate", "resp"), ("systolic", "syst"), ("pulse", "pulse")):
        value = int(row[column])
        total += next(worth for first, last, worth in CHART[kind] if first <= value <= last)
    saturation = int(row["sat"])
    total += next(
        worth for first, last, worth in SCALES[scale, int(on_oxygen)] if first <= saturation <= last
    )
    tenths = round(float(row["temp"]) * 10)
    return total + next(worth for first, last, worth in TENTHS if first <= tenths <= last)


def test_every_value_of_the_chart_gives_its_points() -> None:
    rows = 0
    for kind, bands in CHART.items():
        for value, worth in each(bands):
            assert points(scored(**{kind: value}), kind) == worth, (kind, value)
            rows += 1
    for (scale, oxygen), bands in SCALES.items():
        for value, worth in each(bands):
            assert points(scored(Scale(scale), spo2=value, on_oxygen=oxygen), "spo2") == worth, (scale, value)
            rows += 1
    for tenths, worth in each(TENTHS):
        assert points(scored(body_temperature=tenths / 10), "body_temperature") == worth, tenths
        rows += 1
    assert rows == 58 + 221 + 201 + 4 * 41 + 101


def test_all_edges_of_all_seven_together_add_up() -> None:
    """Each side of each edge with each of the others: thousands of sets, against the chart read by itself."""
    breathing, systolic, pulse = ([edge for band in CHART[kind] for edge in band[:2]] for kind in CHART)
    rows = 0
    for scale, oxygen, alert in product("12", (0, 1), (0, 3)):
        saturations = [edge for band in SCALES[scale, oxygen] for edge in band[:2]]
        for resp, syst, beat, sat in product(
            breathing[1:-1], systolic[1:-1], pulse[1:-1], saturations[1:-1:2]
        ):
            temp = TENTHS[rows % 5][rows % 2] / 10
            row = {
                "sup": oxygen,
                "alert": alert,
                "resp": resp,
                "syst": syst,
                "pulse": beat,
                "sat": sat,
                "temp": temp,
            }
            found = scored(
                Scale(scale), respiratory_rate=resp, systolic=syst, pulse=beat, spo2=sat, on_oxygen=oxygen,
                consciousness_alert=0 if alert else 1, body_temperature=temp,
            )  # fmt: skip
            assert found.total == second_opinion({key: str(one) for key, one in row.items()}, scale), row
            rows += 1
    assert rows > 10_000


@pytest.mark.parametrize("case", rows_of("news2_cases.csv"), ids=lambda case: case["case"])
def test_the_published_cases(case: dict[str, str]) -> None:
    found = scored(
        Scale(case["scale"]), respiratory_rate=float(case["resp"]), spo2=float(case["sat"]),
        on_oxygen=float(case["oxygen"]), systolic=float(case["syst"]), pulse=float(case["pulse"]),
        consciousness_alert=float(case["alert"]), body_temperature=float(case["temp"]),
    )  # fmt: skip
    assert (found.total, found.risk.value, found.complete) == (int(case["total"]), case["risk"], True)


@pytest.mark.parametrize("scale", ["1", "2"])
def test_a_thousand_sets_of_vital_signs_agree_with_a_second_implementation(scale: str) -> None:
    rows = rows_of("news2_vitals.csv")
    assert len(rows) == 1000
    for row in rows:
        found = scored(
            Scale(scale), respiratory_rate=float(row["resp"]), spo2=float(row["sat"]),
            on_oxygen=float(row["sup"]), systolic=float(row["syst"]), pulse=float(row["pulse"]),
            consciousness_alert=0.0 if row["alert"] != "0" else 1.0, body_temperature=float(row["temp"]),
        )  # fmt: skip
        assert found.total == second_opinion(row, scale), row


@pytest.mark.parametrize(
    ("kind", "value", "worth"),
    [
        ("body_temperature", 35.0, 3),
        ("body_temperature", 35.05, 1),
        ("body_temperature", 38.05, 1),
        ("body_temperature", 39.01, 2),
        ("spo2", 91.4, 3),
        ("spo2", 91.5, 3),
        ("spo2", 91.6, 2),
        ("spo2", 95.5, 1),
        ("respiratory_rate", 20.4, 0),
        ("respiratory_rate", 20.5, 2),
        ("pulse", 130.5, 3),
        ("pulse", 40.5, 3),
        ("systolic", 219.5, 3),
    ],
)
def test_between_two_numbers_of_the_chart(kind: str, value: float, worth: int) -> None:
    assert points(scored(**{kind: value}), kind) == worth


@pytest.mark.parametrize(
    ("total", "highest", "band"),
    [
        (0, 0, Risk.LOW),
        (4, 2, Risk.LOW),
        (3, 3, Risk.LOW_MEDIUM),
        (4, 3, Risk.LOW_MEDIUM),
        (5, 2, Risk.MEDIUM),
        (6, 3, Risk.MEDIUM),
        (7, 2, Risk.HIGH),
        (20, 3, Risk.HIGH),
    ],
)
def test_bands_of_risk(total: int, highest: int, band: Risk) -> None:
    assert news2.risk(total, highest) is band


@given(
    st.fixed_dictionaries(
        {
            "respiratory_rate": st.floats(2, 90),
            "spo2": st.floats(35, 100),
            "on_oxygen": st.sampled_from([0.0, 1.0]),
            "systolic": st.floats(30, 300),
            "pulse": st.floats(15, 300),
            "consciousness_alert": st.sampled_from([0.0, 1.0]),
            "body_temperature": st.floats(25, 45),
        }
    ),
    st.sets(st.sampled_from(INPUTS)),
    st.sampled_from(Scale),
)
def test_what_is_not_known_is_never_guessed(
    values: dict[str, float], unknown: set[str], scale: Scale
) -> None:
    """The whole score lies between what an incomplete one proves and the most that it allows."""
    whole = scored(scale, **values)
    part = scored(scale, **(values | dict.fromkeys(unknown)))
    assert whole.complete
    assert whole.total == whole.most <= 20
    assert part.complete is (not part.missing)
    assert set(unknown) <= set(part.missing)
    assert part.total <= whole.total <= part.most


def test_on_the_second_scale_a_high_saturation_is_unknown_without_knowing_of_oxygen() -> None:
    found = scored(Scale.TWO, spo2=97, on_oxygen=None)
    assert found.missing == ("spo2", "on_oxygen")
    assert (found.total, found.most) == (0, 5)
    assert points(scored(Scale.TWO, spo2=90, on_oxygen=None), "spo2") == 0
    assert points(scored(Scale.TWO, spo2=84, on_oxygen=None), "spo2") == 2


def test_it_says_in_words_what_gives_points_and_what_is_not_known() -> None:
    found = scored(respiratory_rate=22, spo2=91, on_oxygen=1, consciousness_alert=None, body_temperature=None)
    assert found.words == "NEWS2 at least 7, incomplete"
    assert (
        found.breakdown == "breathing rate 22 breaths/min (2), oxygen 91 % (3), on oxygen (2). "
        "Not known: consciousness, temperature"
    )
    assert scored().words == "NEWS2 0"
    assert scored().breakdown == "nothing that is known gives points"


AGAIN = int(Flags.REPLAYED)


def tracks(**rows: list[tuple[float, float]]) -> dict[str, Track]:
    return {
        kind: Track(kind, [at for at, _ in found], [value for _, value in found], [0] * len(found))
        for kind, found in rows.items()
    }


def a_set(at: float, **values: float) -> dict[str, list[tuple[float, float]]]:
    return {kind: [(at, value)] for kind, value in (WELL | values).items()}


def test_over_time_there_is_a_point_wherever_something_was_measured() -> None:
    rows = a_set(1000, pulse=115)
    rows["spo2"] += [(1600, 93), (9000, 91)]
    made = news2.over_time(tracks(**rows), Scale.ONE, 3600)
    assert made["news2"].times == [1000, 1600, 9000]
    assert made["news2"].values == [2, 4, 3]
    assert made["news2"].flags == [0, 0, AT_LEAST]
    assert made["news2_highest"].values == [2, 2, 3]


def test_what_is_older_than_the_time_it_may_be_is_not_known_any_more() -> None:
    rows = a_set(0) | {"pulse": [(0, 70), (3600, 70), (3601, 70)]}
    made = news2.over_time(tracks(**rows), Scale.ONE, 3600)
    assert made["news2"].flags == [0, 0, AT_LEAST]
    assert news2.at(tracks(**rows), 3600, Scale.ONE, 3600).complete
    assert news2.at(tracks(**rows), 3601, Scale.ONE, 3600).missing == tuple(k for k in INPUTS if k != "pulse")


def test_what_cannot_be_believed_or_was_taken_back_does_not_count_and_what_was_replayed_says_so() -> None:
    given_ = tracks(**a_set(0))
    for flag in (Flags.BEYOND_ABSOLUTE, Flags.ENTERED_IN_ERROR, Flags.TEST):
        given_["pulse"] = Track("pulse", [0], [190], [int(flag)])
        assert news2.over_time(given_, Scale.ONE, 3600)["news2"].values == [0]
        assert news2.at(given_, 0, Scale.ONE, 3600).missing == ("pulse",)
    given_["pulse"] = Track("pulse", [0], [190], [AGAIN])
    made = news2.over_time(given_, Scale.ONE, 3600)
    assert made["news2"].values == [0, 3]
    assert made["news2"].flags == [AT_LEAST, AGAIN]
    assert made["news2_highest"].values == [0, 3]


@pytest.mark.parametrize("again", [60.0, 0.0], ids=["later", "at the same time"])
def test_what_was_replayed_hides_nothing_that_was_measured(again: float) -> None:
    """A hub repeats 97 % out of its cache just after 85 % was measured (H2)."""
    given_ = tracks(**a_set(0, spo2=85, pulse=135))
    given_["spo2"] = Track("spo2", [0, again], [85, 97], [0, AGAIN])
    given_["pulse"] = Track("pulse", [0, again], [135, 75], [0, AGAIN])
    made = news2.over_time(given_, Scale.ONE, 3600)["news2"]
    assert (made.times, made.values, made.flags) == ([0], [6], [0])
    assert news2.at(given_, 60, Scale.ONE, 3600).total == 6


def test_what_was_replayed_may_show_more_than_what_was_measured_and_is_not_confirmed() -> None:
    given_ = tracks(**a_set(0))
    given_["spo2"] = Track("spo2", [0, 0], [97, 85], [0, AGAIN])
    made = news2.over_time(given_, Scale.ONE, 3600)["news2"]
    assert (made.times, made.values, made.flags) == ([0, 0], [0, 3], [0, AGAIN])
    assert news2.at(given_, 0, Scale.ONE, 3600).total == 3
    assert news2.at(given_, 0, Scale.ONE, 3600, confirmed=True).total == 0


NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def judged(*rows: tuple[int, float, int]) -> object:
    """What a rule says of scores so many minutes ago: (minutes, points, flags)."""
    rule = Rule(
        "ward.score", "Score", Class.CLINICAL, About.PERSON,
        (Step(Severity.AMBER, Threshold("spo2", at_or_above=5)),), "The chart",
    )  # fmt: skip
    track = Track(
        "spo2",
        [NOW.timestamp() - minutes * 60 for minutes, _, _ in rows],
        [value for _, value, _ in rows],
        [flag for _, _, flag in rows],
    )
    return judge(rule, {"spo2": track}, NOW).verdict


def test_an_incomplete_score_raises_and_is_not_unconfirmed() -> None:
    found = judged((60, 2, 0), (5, 6, AT_LEAST))
    assert isinstance(found, Finding)
    assert (found.value, found.unconfirmed) == (6, False)


def test_an_incomplete_score_never_lowers_or_clears() -> None:
    assert isinstance(judged((60, 6, 0), (5, 1, AT_LEAST)), Finding)
    assert isinstance(judged((60, 2, 0), (30, 6, AT_LEAST), (5, 1, AT_LEAST)), Finding)
    assert judged((60, 2, 0), (5, 1, AT_LEAST)) == Nothing(cleared=False)


def test_what_was_replayed_ends_nothing_that_a_replayed_reading_showed() -> None:
    found = judged((60, 2, 0), (30, 6, AGAIN), (5, 1, AGAIN))
    assert isinstance(found, Finding)
    assert (found.value, found.unconfirmed) == (6, True)
    assert judged((60, 6, 0), (30, 2, 0), (5, 1, AGAIN)) == Nothing(cleared=True)


def test_a_whole_score_clears_what_an_incomplete_one_raised() -> None:
    assert judged((30, 6, AT_LEAST), (5, 2, 0)) == Nothing(cleared=True)


def test_of_two_measurements_at_one_time_the_worse_counts_whichever_came_first() -> None:
    for values in ([97.0, 91.0], [91.0, 97.0]):
        track = Track("spo2", [100.0, 100.0], values, [0, 0])
        assert news2.at({"spo2": track}, 100.0, Scale.ONE, 60).total == 3
        assert news2.over_time({"spo2": track}, Scale.ONE, 60)["news2"].values == [3]


def test_of_two_that_differ_about_oxygen_being_on_it_counts_on_both_scales() -> None:
    tracks = {
        "on_oxygen": Track("on_oxygen", [100.0, 100.0], [0.0, 1.0], [0, 0]),
        "spo2": Track("spo2", [100.0], [97.0], [0]),
    }
    assert news2.at(tracks, 100.0, Scale.ONE, 60).total == 2
    assert news2.at(tracks, 100.0, Scale.TWO, 60).total == 5
    assert news2.over_time(tracks, Scale.TWO, 60)["news2"].values == [5]
