from dataclasses import replace
from datetime import timedelta

from devices.simulator.house import Outage, outages
from tests.devices.simulator.made import DAY, NOW, home


def test_a_device_has_the_key_it_was_given_or_one_made_of_the_home() -> None:
    made = home()
    named = replace(made, keys={"oximeter": "kit-7f3a", "hub": "kit-11aa"})
    by_name = {spec.key_suffix: spec for spec in made.kit}
    assert made.device_key(by_name["oximeter"]) == "t005-oximeter"
    assert named.device_key(by_name["oximeter"]) == "kit-7f3a"
    assert named.device_key(by_name["climate-bedroom"]) == "kit-11aa"
    assert named.device_key(by_name["cuff"]) == "t005-cuff"


def test_a_line_that_is_cut_takes_every_connection_of_the_home_with_it() -> None:
    made = home("hub_offline", NOW)
    lines = {made.device_key(spec) for spec in made.kit if spec.hub is None}
    assert {outage.device_key for outage in outages(made)} == lines
    assert {(outage.start, outage.end) for outage in outages(made)} == {(NOW, NOW + timedelta(hours=7))}


def test_an_empty_battery_takes_one_line_for_ever() -> None:
    assert outages(home("battery_dies", NOW)) == [Outage("t005-pendant", NOW + 3 * DAY, None)]


def test_a_stable_home_has_no_outage() -> None:
    assert outages(home()) == []
