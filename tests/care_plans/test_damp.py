import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.judging import damp
from care_plans.judging.damp import Material
from care_plans.judging.track import Track
from devices.measurement import Flags

HOUR = 3600.0


def track(kind: str, rows: list[tuple[float, float, str]], flags: int = 0) -> Track:
    return Track(
        kind, [at for at, *_ in rows], [value for _, value, _ in rows], [flags] * len(rows),
        [room for *_, room in rows],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("inside", "humidity", "outside", "factor", "surface", "expected"),
    [
        (20, 60, 5, 0.75, 16.25, 75.94),
        (18, 65, 0, 0.75, 13.50, 86.69),
        (16, 70, 2, 0.6, 10.40, 100),
        (21, 50, 5, 0.9, 19.40, 55.20),
    ],
)
def test_the_surface_of_a_wall(
    inside: float, humidity: float, outside: float, factor: float, surface: float, expected: float
) -> None:
    reckoned = damp.surface_temperature(inside, outside, factor)
    assert reckoned == pytest.approx(surface)
    assert damp.surface_humidity(inside, humidity, reckoned) == pytest.approx(expected, abs=0.005)


def test_over_ice_the_air_holds_less_and_both_formulas_meet_at_freezing() -> None:
    assert damp.saturation(-1e-9) == pytest.approx(damp.saturation(0.0))
    assert damp.saturation(-10) == pytest.approx(259.7, abs=0.5)


@pytest.mark.parametrize(
    ("material", "temperature", "humidity", "days", "expected"),
    [
        (Material.VERY_SENSITIVE, 20, 79, 30, 0),
        (Material.VERY_SENSITIVE, 20, 90, 30, 1.038),
        (Material.VERY_SENSITIVE, 20, 95, 30, 3.318),
        (Material.VERY_SENSITIVE, 20, 97, 90, 5.504),
        (Material.VERY_SENSITIVE, 12, 95, 30, 2.054),
        (Material.VERY_SENSITIVE, 5, 95, 60, 2.365),
        (Material.SENSITIVE, 20, 90, 30, 0.588),
        (Material.SENSITIVE, 20, 95, 30, 1.167),
        (Material.SENSITIVE, 20, 97, 90, 3.637),
    ],
)
def test_the_mould_index_in_a_constant_climate(
    material: Material, temperature: float, humidity: float, days: int, expected: float
) -> None:
    hours = [(float(temperature), float(humidity))] * (days * 24)
    assert damp.mould_index(hours, material) == pytest.approx(expected, abs=0.0006)


def test_it_falls_at_first_then_rests_then_falls_slowly() -> None:
    damp_weeks = [(20.0, 97.0)] * (60 * 24)
    grown = damp.mould_index(damp_weeks)
    after = [damp.mould_index([*damp_weeks, *[(20.0, 50.0)] * hours]) for hours in (6, 24, 48)]
    assert grown - after[0] == pytest.approx(0.032 * 6 / 24)
    assert after[1] == after[0]
    assert after[1] - after[2] == pytest.approx(0.016)


@given(
    st.lists(st.tuples(st.floats(-30, 60), st.floats(0, 100)), max_size=200),
    st.sampled_from(Material),
)
def test_it_never_leaves_its_scale(hours: list[tuple[float, float]], material: Material) -> None:
    assert 0 <= damp.mould_index(hours, material) <= 6


def rooms_of_a_home() -> dict[str, Track]:
    return {
        "room_temperature": track("room_temperature", [(0, 20, "Bedroom"), (0, 16, "Hall")]),
        "room_humidity": track("room_humidity", [(60, 60, "Bedroom"), (60, 70, "Hall")]),
        "outdoor_temperature": track("outdoor_temperature", [(0, 5, "Outside")]),
    }


def test_each_room_has_its_own_and_the_weather_is_for_all() -> None:
    made = damp.over_time(rooms_of_a_home())
    assert made is not None
    assert dict(zip(made.sources, made.values, strict=True)) == {
        "Bedroom": pytest.approx(75.94, abs=0.005),
        "Hall": pytest.approx(damp.surface_humidity(16, 70, 13.25)),
    }


def test_a_sensor_on_the_wall_is_believed_over_what_is_reckoned() -> None:
    tracks = rooms_of_a_home() | {"surface_temperature": track("surface_temperature", [(0, 12, "Bedroom")])}
    made = damp.over_time(tracks)
    assert made is not None
    bedroom = dict(zip(made.sources, made.values, strict=True))["Bedroom"]
    assert bedroom == pytest.approx(damp.surface_humidity(20, 60, 12))


def test_without_a_wall_and_without_the_weather_nothing_is_said() -> None:
    tracks = rooms_of_a_home()
    del tracks["outdoor_temperature"]
    assert damp.over_time(tracks) is None
    assert damp.by_hour(tracks, "Bedroom") == []
    assert damp.over_time({}) is None


def test_old_weather_and_an_old_temperature_are_not_stretched() -> None:
    late = {"room_humidity": track("room_humidity", [(4 * HOUR, 60, "Bedroom")])}
    assert damp.over_time(rooms_of_a_home() | late) is None
    warm = {"room_temperature": track("room_temperature", [(4 * HOUR, 20, "Bedroom")])}
    assert damp.over_time(rooms_of_a_home() | late | warm) is None


def test_what_a_hub_repeats_is_not_reckoned_with() -> None:
    repeated = track("room_humidity", [(60, 60, "Bedroom")], int(Flags.REPLAYED))
    assert damp.over_time(rooms_of_a_home() | {"room_humidity": repeated}) is None


def test_the_hours_of_a_room_are_means_and_hours_without_anything_are_left_out() -> None:
    tracks = {
        "room_temperature": track("room_temperature", [(0, 20, "Hall"), (5 * HOUR, 20, "Hall")]),
        "room_humidity": track(
            "room_humidity", [(60, 60, "Hall"), (120, 70, "Hall"), (5 * HOUR + 60, 50, "Hall")]
        ),
        "surface_temperature": track("surface_temperature", [(0, 20, "Hall"), (5 * HOUR, 20, "Hall")]),
    }
    assert damp.by_hour(tracks, "Hall") == [(20, pytest.approx(65)), (20, pytest.approx(50))]
