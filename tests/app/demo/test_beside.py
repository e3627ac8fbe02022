"""Another process works out the same past as this one would."""

from datetime import datetime, timedelta

from app.demo.beside import Histories
from devices.simulator import homes, places


def test_all_that_the_homes_measured_comes_in_the_order_of_time(now: datetime) -> None:
    start = now - timedelta(hours=6)
    found = list(Histories(3, start, now))
    assert [each.at for each in found] == sorted(each.at for each in found)
    for place, household in enumerate(places.households()[:3]):
        theirs = [(each.kit, each.kind, each.value) for each in found if each.home == place]
        past = homes.history(places.home_of(household, now), start, now)
        assert theirs == [(taken.kit, taken.kind, taken.value) for taken in past]
        assert theirs
