"""Homes are written down and corrected; the key safe's code is behind a logged reveal."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from people import homes, looks
from people.models.homes import Home, Tenure
from tests.cast import Cast
from tests.housemates import ray
from tests.people.looking import BY, as_viewer, details, journal

MILL = {"address_line": "3 Mill Lane", "postcode": "sw1a1aa", "uprn": "000100023336999", "key_safe": "2468"}


def test_a_home_is_written_down_in_one_form(session: Session, cast: Cast) -> None:
    home = homes.add(session, MILL, actor=BY)
    assert (home.postcode, home.uprn, home.tenure) == ("SW1A 1AA", "100023336999", Tenure.OTHER)
    assert home.time_zone == "Europe/London"
    assert journal(session) == [("added", "home")]


def test_the_code_is_sealed_and_asking_for_it_is_written_down(
    session: Session, cast: Cast, now: datetime
) -> None:
    home = homes.add(session, MILL, actor=BY)
    assert home.key_safe_sealed is not None
    assert b"2468" not in home.key_safe_sealed
    assert homes.reveal_key_safe(session, home, actor=BY, now=now) == "2468"
    assert journal(session)[-1] == ("looked at the key safe", "home")
    homes.change(session, home, {"key_safe": "1357"}, actor=BY)
    assert details(session) == {"key_safe_sealed": "changed"}
    homes.change(session, home, {"key_safe": None}, actor=BY)
    assert homes.reveal_key_safe(session, home, actor=BY, now=now) is None


def test_every_wrong_field_is_told_at_once(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        homes.add(session, {"postcode": "X", "uprn": "12x", "tenure": "tent", "time_zone": "Mars"}, actor=BY)
    assert set(refused.value.fields) == {"address_line", "postcode", "uprn", "tenure", "time_zone"}


@pytest.mark.parametrize("zone", ["Europe/Londn", "../etc/passwd", "/etc/localtime", "Europe/London\0"])
def test_a_time_zone_is_one_that_the_machine_knows(zone: str) -> None:
    with pytest.raises(Invalid):
        homes.time_zone(zone)


def test_two_homes_never_share_a_uprn(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict) as refused:
        homes.add(session, MILL | {"uprn": cast.ada_home.uprn}, actor=BY)
    assert list(refused.value.fields) == ["uprn"]


def test_the_homes_in_sight_are_those_of_people_in_sight(session: Session, cast: Cast, now: datetime) -> None:
    def lines(viewer: str) -> set[str]:
        query = homes.listing(as_viewer(session, getattr(cast, viewer), now), now)
        return {home.address_line for home in session.scalars(query)}

    assert lines("cora") == {"14 Orchard Row", "Mill Court 3"}
    assert lines("mallory") == set()


def test_it_tells_of_those_in_sight_who_live_there(session: Session, cast: Cast, now: datetime) -> None:
    def there(viewer: str, home: Home) -> list[str]:
        seen = homes.residents(session, as_viewer(session, getattr(cast, viewer), now), home, now)
        return [person.given_name for person in seen]

    assert there("cora", cast.ada_home) == ["Ada"]
    assert there("mallory", cast.ada_home) == []


def test_a_look_at_the_key_safe_is_known_to_everybody_who_lives_there(
    session: Session, cast: Cast, now: datetime
) -> None:
    housemate = ray(session, cast, now)
    homes.reveal_key_safe(session, cast.ada_home, actor=BY, now=now)
    session.flush()
    for person in (cast.ada, housemate):
        assert [look.at_what for look in looks.list_looks(session, person)] == ["key safe"]
    assert looks.list_looks(session, cast.ben) == []
