import pytest

from devices import kinds, watchers
from devices.kinds import Group
from people.watching import Watched


@pytest.mark.parametrize(
    ("model", "name", "watches"),
    [
        ("SNZB-03", "Anything", {Watched.MOVEMENT}),
        ("snzb-04", "Anything", {Watched.DOORS}),
        ("HL-B1", "Bed mat", {Watched.BED_AND_CHAIR}),
        ("unknown", "Motion sensor, hall", {Watched.MOVEMENT}),
        ("unknown", "Front door", {Watched.DOORS}),
        ("unknown", "GPS tracker", {Watched.LOCATION}),
        ("TS011F", "Kettle plug", {Watched.APPLIANCES}),
        ("HL-OX2", "Oximeter", set()),
        ("HL-OX2", "Oximeter, bedside", set()),
        ("HL-S1", "Scale", set()),
        ("HL-BP3", "Blood pressure monitor", set()),
        ("HL-T1", "Thermometer", set()),
        ("SNZB-02D", "Climate, bedroom", set()),
        ("HS1SA-E-PLUS", "Smoke alarm, by the door", set()),
        ("HL-P1", "Pendant", set()),
        ("HL-H1", "Hub", set()),
        ("Glow IHD", "Smart meter display", set()),
    ],
)
def test_model_and_name_tell_what_is_likely_watched(model: str, name: str, watches: set[Watched]) -> None:
    assert watchers.guess(model, name) == watches


def test_what_was_said_counts_before_what_is_guessed() -> None:
    told = {"life_safety": False, "model": "x", "name": "Motion sensor", "kinds": ()}
    assert watchers.of(said=[], **told) == frozenset()  # type: ignore[arg-type]
    assert watchers.of(said=["doors"], **told) == {Watched.DOORS}  # type: ignore[arg-type]
    assert watchers.of(said=None, **told) == {Watched.MOVEMENT}  # type: ignore[arg-type]


def test_what_it_has_measured_counts_whatever_was_said() -> None:
    found = watchers.of(
        life_safety=False, said=[], model="x", name="Thermometer", kinds=["room_temperature", "motion"]
    )
    assert found == {Watched.MOVEMENT}


def test_life_safety_kit_needs_no_agreement() -> None:
    found = watchers.of(
        life_safety=True, said=["location"], model="SNZB-03", name="Door pendant", kinds=["motion"]
    )
    assert found == frozenset()


def test_every_kind_of_activity_is_watching_of_some_sort() -> None:
    activity = {kind.code for kind in kinds.all_kinds() if kind.group is Group.ACTIVITY}
    assert activity <= set(watchers.KINDS)
    assert set(watchers.KINDS) - activity == {"property_exit"}


def test_a_guess_is_a_proposal_only_while_nobody_has_said() -> None:
    asked = {"life_safety": False, "model": "X", "name": "Motion, hall"}
    assert watchers.proposed(**asked, said=None) == [Watched.MOVEMENT]  # type: ignore[arg-type]
    assert watchers.proposed(**asked, said=[]) is None  # type: ignore[arg-type]
    assert watchers.proposed(life_safety=True, model="X", name="Motion", said=None) is None
