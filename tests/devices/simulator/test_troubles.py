import pytest

from core.errors import Invalid
from devices.simulator.acts import Act
from devices.simulator.faults import FAULTS
from devices.simulator.troubles import SHARE, Troubles, asked_for
from tests.devices.simulator.fleets import fleet, message


def test_faults_are_asked_for_by_name_with_a_share_or_without() -> None:
    assert asked_for([]) == {}
    assert asked_for(["nan", "upload=0.5"]) == {"nan": SHARE, "upload": 0.5}
    assert asked_for(["all=0.2", "nan=1"]) == {**dict.fromkeys(FAULTS, 0.2), "nan": 1.0}


@pytest.mark.parametrize("word", ["gremlins", "nan=2", "nan=-1", "nan=lots", "nan=nan", "=1"])
def test_what_is_no_fault_or_no_share_is_refused(word: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked_for([word])
    assert list(refused.value.fields) == ["fault"]


def test_a_share_of_the_homes_is_befallen_and_the_same_ones_again() -> None:
    homes = fleet(200)

    def befallen() -> list[int]:
        troubles = Troubles({"battery-null": 0.25}, 7)
        said: list[Act] = [message(b'{"battery":87}')]
        found = [home.number for home in homes if troubles.befall(home, said) != said]
        assert troubles.homes == {"battery-null": len(found)}
        return found

    assert 30 <= len(befallen()) <= 70
    assert befallen() == befallen()


def test_faults_work_on_what_those_before_them_made() -> None:
    troubles = Troubles({"mmwave-repeats": 1.0, "battery-zero": 1.0}, 7)
    found = troubles.befall(fleet(1)[0], [message(b'{"occupancy":true,"battery":87}')])
    assert len(found) == 8
    assert {getattr(act, "payload", b"") for act in found} == {b'{"occupancy":true,"battery":0}'}


def test_nothing_befalls_a_home_that_says_nothing_any_more() -> None:
    troubles = Troubles({"dies": 1.0, "upload": 1.0, "flapping": 1.0}, 7)
    home = fleet(1)[0]
    found = [troubles.befall(home, [message(b"x")]) for _ in range(20)]
    assert found[-1] == []
