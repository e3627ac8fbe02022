from datetime import UTC, date, datetime, timedelta

import pytest

from devices.simulator.house import Home
from devices.simulator.lent import TRIGGERS
from devices.simulator.places import PRACTICES, Household, Member, began_at, home_of, households
from devices.simulator.scenarios import COURSES
from people.identity import nhs_number, postcode, telephone, uprn
from people.models.homes import Tenure
from people.models.people import Person, ResponderCard, Sex
from tests.devices.simulator.made import NOW

PATHWAYS = set(TRIGGERS)


def people() -> list[Member]:
    return [member for household in households() for member in household.people]


def named(family_name: str) -> tuple[Household, Member, Home]:
    for household in households():
        for member in household.people:
            if member.family_name == family_name:
                return household, member, home_of(household, NOW)
    raise AssertionError(family_name)


def test_there_are_forty_households_each_with_a_key_an_address_and_a_uprn_of_its_own() -> None:
    for own in ("key", "address_line", "uprn"):
        assert len({getattr(household, own) for household in households()}) == 40
    assert all(uprn(household.uprn) == household.uprn for household in households())
    assert all(postcode(household.postcode) == household.postcode for household in households())


def test_ada_marsh_comes_first_with_copd_in_a_cold_home() -> None:
    household, ada, made = named("Marsh")
    assert household is households()[0]
    assert (household.address_line, ada.telephone, ada.nhs_number) == (
        "14 Orchard Row",
        "01632 960 114",
        "9990000018",
    )
    assert ada.date_of_birth == date(1948, 5, 4)
    assert "copd" in ada.pathways
    assert ada.card["home_oxygen"] is True
    assert made.scenario.name == "slowly_worse_copd"
    assert made.scenario.fabric.heating < 0.5


def test_ben_okafor_falls_soon_after_the_place_is_seeded() -> None:
    household, ben, made = named("Okafor")
    assert household.address_line == "Mill Court 3"
    assert ben.pathways == ("frailty_falls",)
    assert (made.scenario.name, made.scenario.began) == ("fall_at_night", NOW + timedelta(seconds=75))


def test_every_nhs_number_is_valid_a_test_number_and_one_persons() -> None:
    numbers = [member.nhs_number for member in people()]
    assert len(set(numbers)) == len(numbers)
    assert all(nhs_number(number) == number and number.startswith("999") for number in numbers)


def test_every_telephone_number_is_one_kept_for_drama() -> None:
    numbers = [m.telephone for m in people()] + [str(m.contact["telephone"]) for m in people()]
    assert all(telephone(number).startswith("+441632960") for number in numbers)


def test_every_word_is_one_the_care_record_has() -> None:
    for household in households():
        assert household.tenure in set(Tenure)
    for member in people():
        assert member.sex in set(Sex)
        assert member.gp in PRACTICES
        assert set(member.pathways) <= PATHWAYS
        assert member.pathways
        assert all(hasattr(ResponderCard, word) for word in member.card)
        for word in (
            "language",
            "interpreter_needed",
            "communication_needs",
            "disability",
            "digital_exclusion",
        ):
            assert hasattr(Person, word)


def test_every_pathway_and_every_scenario_is_there() -> None:
    assert {pathway for member in people() for pathway in member.pathways} == PATHWAYS
    assert {household.scenario for household in households()} == set(COURSES)


def test_every_scenario_has_the_kit_that_can_notice_it() -> None:
    for household in households():
        made = home_of(household, NOW)
        measured = {kind for spec in made.kit if spec.resident == 0 for kind in spec.kinds}
        wanted = {kind for truth in made.scenario.truths for kind in truth.kinds} - {"battery"}
        assert wanted <= measured, household.key
        assert made.scenario.failing in {None, *(spec.key_suffix for spec in made.kit)}


def test_each_piece_of_kit_stands_once_in_a_home() -> None:
    for household in households():
        suffixes = [spec.key_suffix for spec in home_of(household, NOW).kit]
        assert len(suffixes) == len(set(suffixes))


def test_the_place_has_kit_of_many_makes_each_at_an_address_of_its_own() -> None:
    made = [spec for household in households() for spec in home_of(household, NOW).kit]
    assert {spec.format.value for spec in made} == {
        *("readings", "zigbee2mqtt", "glow", "shelly", "theengs", "chirpstack", "tts", "gatt"),
    }
    addresses = [spec.address for spec in made if spec.address is not None]
    assert len(set(addresses)) == len(addresses)


def test_a_home_is_the_same_for_the_same_time_of_seeding() -> None:
    assert home_of(households()[3], NOW) == home_of(households()[3], NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-80h", NOW - timedelta(hours=80)),
        ("+30s", NOW + timedelta(seconds=30)),
        ("-1d 03:10", datetime(2026, 11, 21, 3, 10, tzinfo=UTC)),
    ],
)
def test_it_reads_when_a_scenario_begins(text: str, expected: datetime) -> None:
    assert began_at(text, NOW) == expected


@pytest.mark.parametrize("text", ["", "56h", "-1w", "-1d 3:10"])
def test_it_refuses_a_beginning_it_cannot_read(text: str) -> None:
    with pytest.raises(ValueError, match="beginning"):
        began_at(text, NOW)
