"""What a pulse oximeter says of its own numbers decides whether they are readings."""

import pytest

from devices.measurement import Flags, Undecodable
from tests.devices.formats.gatt_kit import AT, TIME, flags, read, values

OXYGEN = "61004800"
"""97 % and 72 beats."""


def bit(number: int, length: int = 2) -> str:
    return (1 << number).to_bytes(length, "little").hex()


def spot(*, status: int | None = None, sensor: int | None = None) -> str:
    has = (2 if status is not None else 0) | (4 if sensor is not None else 0)
    return (
        f"{has:02x}{OXYGEN}{'' if status is None else bit(status)}{'' if sensor is None else bit(sensor, 3)}"
    )


@pytest.mark.parametrize("status", [0, 1, 2, 3, 4, 7, 8])
def test_validated_qualified_and_reserved_are_plain_readings(status: int) -> None:
    decoded = read("2A5E", spot(status=status))

    assert (values(decoded), flags(decoded)) == ({"spo2": 97.0, "pulse": 72.0}, Flags.NONE)


@pytest.mark.parametrize(
    ("status", "flag"),
    [(9, Flags.FROM_STORAGE), (10, Flags.TEST), (11, Flags.TEST), (12, Flags.TEST), (14, Flags.DOUBTED)],
)
def test_what_the_oximeter_says_of_a_measurement_is_flagged(status: int, flag: Flags) -> None:
    assert flags(read("2A5E", spot(status=status))) == flag


@pytest.mark.parametrize("status", [5, 6, 13, 15])
def test_what_is_not_finished_or_not_valid_is_no_reading(status: int) -> None:
    assert read("2A5E", spot(status=status)).nothing


@pytest.mark.parametrize("sensor", [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13])
def test_a_poor_signal_is_doubted(sensor: int) -> None:
    assert flags(read("2A5E", spot(sensor=sensor))) == Flags.DOUBTED


@pytest.mark.parametrize("sensor", [1, 11, 14, 15])
def test_a_broken_sensor_and_one_on_nobody_measure_nothing(sensor: int) -> None:
    assert read("2A5E", spot(sensor=sensor)).nothing


@pytest.mark.parametrize("sensor", [0, 16, 23])
def test_the_display_and_reserved_bits_say_nothing_of_the_reading(sensor: int) -> None:
    assert flags(read("2A5E", spot(sensor=sensor))) == Flags.NONE


def test_measuring_that_goes_on_is_the_ordinary_state_of_continuous_measuring() -> None:
    ongoing, early = read("2A5F", f"04{OXYGEN}{bit(5)}"), read("2A5F", f"04{OXYGEN}{bit(6)}")

    assert (values(ongoing), flags(ongoing)) == ({"spo2": 97.0, "pulse": 72.0}, Flags.NONE)
    assert early.nothing


def test_the_time_is_the_oximeters_unless_its_clock_was_never_set() -> None:
    own, unset = read("2A5E", f"01{OXYGEN}{TIME}"), read("2A5E", f"11{OXYGEN}{TIME}")

    assert {one.at for one in own.measurements} == {AT}
    assert {one.at for one in unset.measurements} == {None}


def test_it_reads_past_every_field_there_can_be() -> None:
    whole_spot = f"0f{OXYGEN}{TIME}8000 000000 3200"
    whole_continuous = f"1f{OXYGEN} 60004700 61004900 8000 000000 3200"

    assert values(read("2A5E", whole_spot)) == {"spo2": 97.0, "pulse": 72.0}
    assert values(read("2A5F", whole_continuous)) == {"spo2": 97.0, "pulse": 72.0}


def test_one_number_without_the_other_is_taken_alone() -> None:
    assert values(read("2A5F", "00 ff07 4800")) == {"pulse": 72.0}
    assert values(read("2A5F", "00 6100 0000")) == {"spo2": 97.0}
    assert read("2A5F", "00 ff07 ff07").nothing


def test_an_oxygen_beyond_the_oximeter_is_refused_and_not_lost() -> None:
    with pytest.raises(Undecodable, match="more or less"):
        read("2A5E", "00 0208 4800")
