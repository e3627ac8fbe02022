"""Another process works out the same past as this one would, home by home."""

from datetime import datetime, timedelta

from app.demo.beside import Histories
from devices.simulator import homes, places


def test_each_home_has_its_own_past_in_the_order_of_the_households(now: datetime) -> None:
    start = now - timedelta(hours=6)
    found = list(Histories(3, start, now))
    simulated = [places.home_of(household, now) for household in places.households()[:3]]
    assert found == [list(homes.history(home, start, now)) for home in simulated]
    assert all(found)
