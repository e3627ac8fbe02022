from collections import Counter

import bcrypt
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.journal import Actor
from core.models import JournalEntry
from devices.broker_access import users
from devices.decode import FORMATS
from devices.models import Assignment, Device
from devices.simulator import laying
from devices.simulator.fleet_homes import FleetHome
from devices.simulator.kit import About
from people.matching import Described, keys
from people.models.homes import Home, Residency
from people.models.people import Person
from tests.devices.simulator.fleets import fleet
from tests.scenes import NOW

BY = Actor("simulator")


def secrets_of(homes: list[FleetHome]) -> dict[str, str]:
    return {home.key: f"secret of {home.key}" for home in homes}


def lay(session: Session, homes: list[FleetHome]) -> int:
    found = laying.lay(session, homes, secrets_of(homes), since=NOW, now=NOW, actor=BY)
    return len(found)


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def homes() -> list[FleetHome]:
    return fleet(3, formats=frozenset(FORMATS))


def test_each_home_has_somebody_a_hub_and_all_the_kit_behind_it(
    session: Session, homes: list[FleetHome]
) -> None:
    assert lay(session, homes) == 3
    assert (count(session, Person), count(session, Home), count(session, Residency)) == (3, 3, 3)
    for home in homes:
        hub = session.scalars(select(Device).where(Device.key == home.key)).one()
        behind = session.scalars(select(Device.address).where(Device.hub_id == hub.id))
        assert set(behind) == {address for address, _ in home.sensors()}
    assert count(session, Assignment) == count(session, Device)


def test_a_hub_is_the_person_s_and_a_sensor_is_whose_it_measures(
    session: Session, homes: list[FleetHome]
) -> None:
    lay(session, homes)
    home = homes[1]
    hub = session.scalars(select(Device).where(Device.key == home.key)).one()
    mine = session.scalars(select(Assignment).where(Assignment.device_id == hub.id)).one()
    resident = session.scalars(select(Residency).where(Residency.person_id == mine.person_id)).one()
    for address, dressed in home.sensors():
        sensor = session.scalars(
            select(Assignment)
            .join(Device, Device.id == Assignment.device_id)
            .where(Device.hub_id == hub.id, Device.address == address)
        ).one()
        expected = (None, resident.home_id) if dressed.spec.about is About.HOME else (mine.person_id, None)
        assert (sensor.person_id, sensor.home_id) == expected


def test_the_broker_lets_each_hub_in_by_its_secret_and_under_its_own_key(
    session: Session, homes: list[FleetHome]
) -> None:
    lay(session, homes)
    known = {user.name: user for user in users(session)}
    for key, secret in secrets_of(homes).items():
        assert bcrypt.checkpw(secret.encode(), known[key].password_hash.encode())
        assert known[key].publish == (f"hearth/v1/{key}/#",)


def test_what_is_there_is_left_as_it_is(session: Session, homes: list[FleetHome]) -> None:
    assert lay(session, homes[:2]) == 2
    assert lay(session, homes) == 1
    assert lay(session, homes) == 0
    assert count(session, Home) == 3


def test_it_is_told_in_the_journal_once_for_each_part(session: Session, homes: list[FleetHome]) -> None:
    lay(session, homes)
    (entry,) = session.scalars(select(JournalEntry).where(JournalEntry.by == "simulator"))
    assert (entry.what, entry.details) == ("laid", {"homes": 3})


def test_nobody_of_a_whole_fleet_is_like_many_others() -> None:
    alike: Counter[str] = Counter()
    for number in range(10_000):
        who, where = laying.person(number), laying.address(number)
        described = Described(
            who["given_name"], who["family_name"], who["date_of_birth"], postcode=where["postcode"]
        )
        alike.update(keys(described))
    assert max(alike.values()) <= 30
    assert len({tuple(laying.address(number).items()) for number in range(10_000)}) == 10_000


def test_secrets_are_hashed_each_for_itself() -> None:
    one, other = laying.hashes(["a", "b"])
    assert bcrypt.checkpw(b"a", one.encode())
    assert not bcrypt.checkpw(b"a", other.encode())
