"""Lay a fleet's homes in the registry, thousands at a time: who lives there, the hub, and the kit behind it.

The registry's own functions take 91 ms a home, piece by piece: each is journalled, checked against what was
agreed, and expected to speak. These are invented homes of a trial: they come in bulk, with one row in the
journal for each part.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core import journal
from core.embedded.broker_users import hash_password
from core.journal import Actor
from devices.models import Assignment, Device, DeviceState
from devices.registry import HASH_ROUNDS
from devices.simulator.fleet_homes import FleetHome
from devices.simulator.kit import About
from people.models.homes import Home, Residency
from people.models.people import Person

PART = 500
"""Homes that are laid in one transaction."""
_BORN_FROM = date(1926, 1, 1)
_SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "zu")


def hashes(secrets: Iterable[str]) -> list[str]:
    """What the broker compares each secret with; bcrypt lets go of Python's lock while it works."""
    with ThreadPoolExecutor() as threads:
        return list(threads.map(lambda secret: hash_password(secret, HASH_ROUNDS), secrets))


def lay(
    session: Session,
    homes: Sequence[FleetHome],
    secrets: Mapping[str, str],
    *,
    since: datetime,
    now: datetime,
    actor: Actor,
) -> list[FleetHome]:
    """Lay those of these homes whose hub is not there yet, each person living there `since`; which they were.

    A hub and what it says for itself are the person's, as a tablet would be; the kit behind it is the home's
    or the person's, as it measures.
    """
    there = set(session.scalars(select(Device.key).where(Device.key.in_([home.key for home in homes]))))
    new = [home for home in homes if home.key not in there]
    if not new:
        return []
    people = _insert(session, Person, now, [person(home.number) for home in new])
    where = _insert(session, Home, now, [address(home.number) for home in new])
    theirs = [
        {"person_id": person, "home_id": home, "period": Range(since, None)}
        for person, home in zip(people, where, strict=True)
    ]
    session.execute(insert(Residency), theirs)
    hubs = _insert(session, Device, now, _hubs(new, secrets, now))
    kit = [
        (
            {"hub_id": hub, **_sensor(at, dressed.spec.name, dressed.family.model)},
            dressed.spec.about,
            whose,
        )
        for home, hub, whose in zip(new, hubs, theirs, strict=True)
        for at, dressed in home.sensors()
    ]
    sensors = _insert(session, Device, now, [row for row, _, _ in kit])
    whose = [
        *({"device_id": hub, "person_id": each["person_id"]} for hub, each in zip(hubs, theirs, strict=True)),
        *(_assigned(device, about, each) for device, (_, about, each) in zip(sensors, kit, strict=True)),
    ]
    _insert(session, Assignment, now, [{**_NOBODY, **each, "period": Range(since, None)} for each in whose])
    journal.write(
        session,
        "laid",
        actor=actor,
        subject="simulated homes",
        subject_uuid=None,
        details={"homes": len(new)},
    )
    return new


_NOBODY: Mapping[str, Any] = {"person_id": None, "home_id": None}


def _insert(session: Session, model: Any, now: datetime, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Add these rows and return their keys, in the same order."""
    if not rows:
        return []
    whole = [{"uuid": uuid4(), "version": 1, "changed_at": now, **row} for row in rows]
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, whole))


def person(number: int) -> dict[str, Any]:
    """Somebody invented who is like nobody else of a fleet: likely doubles are looked for among all."""
    born = _BORN_FROM + timedelta(days=number * 37 % 10_957)
    return {
        "given_name": _name(number * 7, 2),
        "family_name": _name(number, 3),
        "date_of_birth": born,
    }


def address(number: int) -> dict[str, Any]:
    """A home of its own, in postcodes that do not exist."""
    block, house = divmod(number, 20)
    street, letter = divmod(block, 20)
    return {
        "address_line": f"{house + 1} {_name(block, 2)} Street",
        "postcode": f"WM{street + 20} {letter % 9 + 1}{'ABDEFGHJLN'[letter // 2]}{'PQ'[letter % 2]}",
    }


def _name(number: int, syllables: int) -> str:
    said = ""
    for _ in range(syllables):
        number, which = divmod(number, len(_SYLLABLES))
        said += _SYLLABLES[which]
    return said.capitalize()


def _hubs(homes: Sequence[FleetHome], secrets: Mapping[str, str], now: datetime) -> list[dict[str, Any]]:
    hashed = hashes(secrets[home.key] for home in homes)
    return [
        {
            "key": home.key,
            "name": "Simulated hub",
            "model": "HL-H1",
            "life_safety": False,
            "state": DeviceState.INSTALLED,
            "secret_hash": secret_hash,
            "secret_set_at": now,
        }
        for home, secret_hash in zip(homes, hashed, strict=True)
    ]


def _sensor(at: str, name: str, model: str) -> dict[str, Any]:
    said = {"name": name, "model": model, "address": at, "life_safety": False}
    return {**said, "state": DeviceState.INSTALLED}


def _assigned(device: int, about: About, theirs: Mapping[str, Any]) -> dict[str, Any]:
    whose = "home_id" if about is About.HOME else "person_id"
    return {"device_id": device, whose: theirs[whose]}
