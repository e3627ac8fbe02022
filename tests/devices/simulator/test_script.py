from collections import Counter
from datetime import timedelta
from itertools import islice, pairwise

from devices.simulator.acts import Act
from devices.simulator.script import Pace, script
from devices.simulator.speaking import Emission
from devices.simulator.troubles import Troubles, asked_for
from tests.devices.simulator.fleets import fleet
from tests.devices.simulator.made import NOW


def acts(count: int, pace: Pace, words: list[str] | None = None, seed: int = 7) -> list[Act]:
    return list(script(fleet(count, seed=seed), pace, seed, Troubles(asked_for(words or []), seed)))


def test_there_are_as_many_messages_as_the_rate_asks_for() -> None:
    found = acts(20, Pace(NOW, 40, 30))
    assert 1200 <= len(found) <= 1205  # kit says what belongs together, also at the end
    assert [act.at for act in found] == [NOW + timedelta(milliseconds=25) * n for n in range(len(found))]


def test_homes_take_turns_in_another_order_each_round() -> None:
    found = acts(20, Pace(NOW, 40, 30))
    spoken = Counter(act.device_key for act in found)
    assert len(spoken) == 20
    assert max(spoken.values()) < 2.5 * min(spoken.values())
    keys = [act.device_key for act in found]
    order = list(dict.fromkeys(keys[:60])), list(dict.fromkeys(keys[600:660]))
    assert order[0] != order[1]


def test_the_same_seed_makes_the_same_script_with_all_that_goes_wrong() -> None:
    pace = Pace(NOW, 50, 20)
    assert acts(12, pace, ["all=0.3"]) == acts(12, pace, ["all=0.3"])
    assert acts(12, pace, ["all=0.3"]) != acts(12, pace, ["all=0.3"], seed=8)


def test_everything_comes_in_the_order_of_time_also_what_was_put_off() -> None:
    found = acts(30, Pace(NOW, 50, 20), ["all=0.5"])
    assert all(before.at <= after.at for before, after in pairwise(found))
    assert found[-1].at > NOW + timedelta(seconds=20)


def test_a_script_without_an_end_goes_on() -> None:
    endless = script(fleet(2), Pace(NOW, 10), 7, Troubles({}, 7))
    assert len(list(islice(endless, 5000))) == 5000


def test_nothing_is_said_in_no_time() -> None:
    assert acts(2, Pace(NOW, 10, 0)) == []


def test_without_faults_every_act_is_a_message() -> None:
    assert all(isinstance(act, Emission) for act in acts(5, Pace(NOW, 10, 10)))
