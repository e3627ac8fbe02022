from dataclasses import replace
from random import Random

from devices.simulator.acts import Turn
from devices.simulator.going_wrong import each, rewritten
from tests.devices.simulator.fleets import fleet, message
from tests.devices.simulator.made import NOW


def test_a_fault_that_looks_at_each_message_leaves_lines_alone() -> None:
    home, down, said = fleet(1)[0], Turn(NOW, "fleet-00001", up=False), message(b"x")
    befall = each(lambda one, _chance: [one, replace(one, payload=b"again")])(Random(1))
    assert befall(home, [down, said]) == [down, said, message(b"again")]


def test_a_fault_that_writes_otherwise_leaves_the_rest_of_a_message() -> None:
    befall = rewritten(lambda one: one.payload + b"!")(Random(1))
    assert befall(fleet(1)[0], [message(b"x")]) == [message(b"x!")]
