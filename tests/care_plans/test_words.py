import pytest

from care_plans.judging.words import (
    each_text,
    length_text,
    limit_text,
    many_text,
    name_of,
    name_within,
    number_text,
    sentence,
    span_text,
    times_text,
    value_text,
)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("spo2", 84.4, "84 %"),
        ("weight", 82.0, "82 kg"),
        ("weight", 82.26, "82.3 kg"),
        ("pendant", 1, "pressed"),
    ],
)
def test_a_value_is_written_with_its_unit(kind: str, value: float, text: str) -> None:
    assert value_text(kind, value) == text


def test_a_limit_is_written_to_the_digits_somebody_gave() -> None:
    assert limit_text("body_temperature", 37.75) == "37.75 °C"
    assert number_text("body_temperature", 37.75) == "37.8"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 second"),
        (12, "12 seconds"),
        (89, "89 seconds"),
        (90, "2 minutes"),
        (360, "6 minutes"),
        (5400, "2 hours"),
        (3600 * 5, "5 hours"),
        (86400, "24 hours"),
        (86400 * 3, "3 days"),
    ],
)
def test_a_span_is_written_in_the_unit_people_use(seconds: float, text: str) -> None:
    assert span_text(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (45, "45 seconds"),
        (60, "60 seconds"),
        (90, "90 seconds"),
        (600, "10 minutes"),
        (3600, "60 minutes"),
        (5400, "90 minutes"),
        (7200, "2 hours"),
        (86400, "24 hours"),
        (129600, "36 hours"),
        (86400 * 14, "14 days"),
    ],
)
def test_a_length_is_written_exactly(seconds: int, text: str) -> None:
    assert length_text(seconds) == text


def test_how_often_is_said_by_the_unit_where_it_is_one() -> None:
    assert [each_text(n) for n in (3600, 5400, 86400)] == ["each hour", "every 90 minutes", "each day"]


def test_numbers_of_things_and_times_are_written_in_full() -> None:
    assert [many_text(n, "hour") for n in (1, 2)] == ["1 hour", "2 hours"]
    assert [times_text(n) for n in (1, 2, 3)] == ["once", "twice", "3 times"]


def test_parts_are_joined_into_one_sentence() -> None:
    assert sentence(["Oxygen 90 %", "Pulse 104 bpm"]) == "Oxygen 90 %, and pulse 104 bpm"
    assert name_of("spo2") == "Oxygen"
    assert name_within("spo2") == "oxygen"
    assert name_within("breathlessness") == "breathlessness (MRC grade)"
