"""What a sensor stands on decides what it tells of."""

from devices import kinds, meanings


def test_each_is_read_as_a_kind_of_its_own_shape_and_unit() -> None:
    for said, others in meanings.INSTEAD.items():
        for code in others:
            assert kinds.get(code).is_binary is kinds.get(said).is_binary
            assert kinds.get(code).unit == kinds.get(said).unit
            assert kinds.get(code).life_safety is kinds.get(said).life_safety


def test_a_contact_may_stand_on_a_fridge_and_a_thermometer_may_not() -> None:
    assert meanings.choices(frozenset({"door_open", "battery_voltage"})) == [
        ("door_open", "Door"), ("window_open", "Window"), ("fridge_open", "Fridge"),
        ("medicine_box_open", "Medicine box"),
    ]  # fmt: skip
    assert meanings.choices(frozenset({"co2"})) == []


def test_how_it_is_read_is_kept_where_it_is_other_than_it_says() -> None:
    assert meanings.reads_as("fridge_open") == {"door_open": "fridge_open"}
    assert meanings.reads_as("door_open") is None
    assert meanings.reads_as("spo2") is None
