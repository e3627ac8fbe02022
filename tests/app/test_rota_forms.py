"""The layers of a rota as a form holds them."""

from typing import Any
from uuid import UUID

import pytest

from app.web import rota_forms
from care_plans.models.rotas import TeamRota
from people.models.agencies import Staff

HOURS = {"from": "20:00", "to": "08:00", "weekdays": ["friday"]}
LAYER = {
    "name": "A",
    "people": [],
    "starts": "2026-11-16",
    "turn_days": 7,
    "changes_at": "08:00",
    "hours": [HOURS],
}


def test_what_a_form_begins_with_says_the_same_again() -> None:
    row = TeamRota(layers=[LAYER, {**LAYER, "name": "B", "hours": []}])
    given = dict.fromkeys(rota_forms.FIELDS, "") | rota_forms.begin(row, {})
    assert given["hours_0"] == "20:00 to 08:00 fri"
    assert rota_forms.layers(given, {}) == row.layers


@pytest.mark.parametrize(
    ("place", "field"),
    [("layers.0.people.1", "people_0"), ("layers.1.hours.0.to", "hours_2"), ("layers", ""), ("zone", "")],
)
def test_a_fault_stands_beside_its_field_though_a_layer_between_is_empty(place: str, field: str) -> None:
    given = dict.fromkeys(rota_forms.FIELDS, "") | {"name_0": "A", "name_2": "C"}
    assert rota_forms.field_of(place, given) == field


def somebody(number: int, name: str) -> Staff:
    return Staff(uuid=UUID(int=number), name=name, email=f"{number}@westmere.example")


def filled(**given: str) -> dict[str, str]:
    return dict.fromkeys(rota_forms.FIELDS, "") | given


def weekdays(line: str) -> Any:
    (layer,) = rota_forms.layers(filled(hours_0=line), {})
    (hours,) = layer["hours"]
    return hours.get("weekdays")


WORKING = ["monday", "tuesday", "wednesday", "thursday", "friday"]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("mon-fri", WORKING),
        ("Mon to Fri", WORKING),
        ("monday – friday", WORKING),
        ("sat-mon", ["saturday", "sunday", "monday"]),
        ("mon-wed, Saturday and sun", ["monday", "tuesday", "wednesday", "saturday", "sunday"]),
        ("Tues thurs tue", ["tuesday", "thursday"]),
    ],
)
def test_days_are_read_one_by_one_and_from_one_to_another(days: str, said: list[str]) -> None:
    assert weekdays(f"08:00 to 18:00 {days}") == said


@pytest.mark.parametrize(
    "days", ["month", "sunrise", "mon-fri-sun", "mon-", "to fri", "mon-mon", "monfri", ",", "mon/tue"]
)
def test_days_that_cannot_be_read_are_left_to_be_refused_by_their_line(days: str) -> None:
    assert not set(weekdays(f"08:00 to 18:00 {days}")) <= set(rota_forms.WEEKDAYS)
    given = filled(hours_0=f"20:00 to 08:00 fri\n08:00 to 18:00 {days}")
    told = rota_forms.plainly({"layers.0.hours.1.weekdays.0": "Choose one."}, given)
    assert told["hours_0"].startswith(f"“08:00 to 18:00 {days}”: Write each line like")


def test_whoever_has_left_keeps_a_line_so_that_saving_moves_no_turn() -> None:
    dev, sol = somebody(1, "Dev"), somebody(2, "Sol")
    people = [str(each.uuid) for each in (sol, dev, sol)]
    row = TeamRota(layers=[{**LAYER, "people": people}])
    names = rota_forms.labels([dev], [sol])
    given = filled(**rota_forms.begin(row, names))
    left = "Sol (has left: nobody)"
    assert given["people_0"].splitlines() == [left, "Dev", left]
    assert rota_forms.layers(given, names) == row.layers


def test_two_of_one_name_are_told_apart_by_their_addresses() -> None:
    one, other, dev = somebody(1, "Sam Ali"), somebody(2, "sam ali"), somebody(3, "Dev")
    names = rota_forms.labels([one, other, dev])
    assert list(names.values()) == [
        "Sam Ali (1@westmere.example)", "sam ali (2@westmere.example)", "Dev",
    ]  # fmt: skip
    row = TeamRota(layers=[{**LAYER, "people": [str(other.uuid), str(one.uuid)]}])
    assert rota_forms.layers(filled(**rota_forms.begin(row, names)), names) == row.layers
    given = filled(people_0="Dev\nSam Ali")
    (layer,) = rota_forms.layers(given, names)
    assert layer["people"] == [str(dev.uuid), "Sam Ali"]
    told = rota_forms.plainly({"layers.0.people.1": "Nobody."}, given)
    assert told["people_0"].startswith("“Sam Ali”: Nobody in the team now is written so.")
    posing = somebody(4, "Sam Ali (1@westmere.example)")
    (layer,) = rota_forms.layers(filled(people_0=posing.name), rota_forms.labels([one, other, posing]))
    assert layer["people"] == [posing.name]
