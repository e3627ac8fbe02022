"""The register of who is protected and how: life-safety kit in homes, and the lines that it calls by (H5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select, true
from sqlalchemy.orm import Session, aliased

from core import journal
from core.errors import Invalid
from core.journal import Actor
from devices import protecting, visible
from devices.models import AlarmLine, Assignment, Device
from devices.protecting import Amiss, How, LineType
from devices.subjects import Subject
from people.access import Viewer
from people.faults import day, number, one_of, read_fields, words
from people.models.homes import Home, Residency
from people.models.people import Person

READERS = {
    "line": one_of(LineType),
    "provider": words(),
    "centre": words(),
    "migrates_on": day,
    "tested_on": day,
    "battery_hours": number(0, 1000),
}


@dataclass(frozen=True, slots=True)
class Protected:
    """A home in which somebody is protected: by which kit, by which line, and what is amiss with it."""

    home: Home
    people: tuple[Person, ...]
    kit: tuple[Device, ...]
    line: AlarmLine | None
    amiss: tuple[Amiss, ...]
    alone: bool


def set_line(
    session: Session, home: Home, given: Mapping[str, Any], *, now: datetime, actor: Actor
) -> AlarmLine:
    """Write down how the alarms of a home call; Invalid for fields, and for a test that lies ahead."""
    found = read_fields(given, READERS, adding=False)
    tested = found.get("tested_on")
    if tested is not None and tested > now.date():
        raise Invalid({"tested_on": "A test that was made does not lie ahead."})
    line = get_line(session, home)
    if line is None:
        line = AlarmLine(home_id=home.id)
        session.add(line)
    for name, value in found.items():
        setattr(line, name, value)
    session.flush()
    journal.write(
        session,
        "alarm line set",
        actor=actor,
        subject="home",
        subject_uuid=home.uuid,
        details={"fields": sorted(found)},
    )
    return line


def get_line(session: Session, home: Home) -> AlarmLine | None:
    """How the alarms of a home call, or None while nobody has said."""
    return session.scalar(select(AlarmLine).where(AlarmLine.home_id == home.id))


def find_centre(session: Session, subject: Subject, now: datetime) -> str | None:
    """The centre that the alarms of a home, or of somebody's, call; None where none is on record."""
    line = select(AlarmLine.centre)
    if subject.about == "person":
        line = line.join(Residency, Residency.home_id == AlarmLine.home_id).where(
            Residency.person_id == subject.id, Residency.period.contains(now)
        )
    else:
        line = line.where(AlarmLine.home_id == subject.id)
    return (session.scalars(line).first() or "").strip() or None


def note_test_press(session: Session, device: Device, *, now: datetime, actor: Actor) -> None:
    """Write down that a piece of life-safety kit was pressed as a test, and reached whoever answers."""
    if not device.life_safety:
        raise Invalid({"device": "Only life-safety kit is tried by pressing it."})
    device.last_test_press_at = now
    session.flush()
    journal.write(session, "test press", actor=actor, subject="device", subject_uuid=device.uuid)


def how(line: AlarmLine | None) -> How:
    """What is known of a line, for deciding."""
    if line is None:
        return How()
    return How(line.line, line.migrates_on, line.tested_on, line.battery_hours)


def list_protected(session: Session, viewer: Viewer, now: datetime, today: date) -> list[Protected]:
    """The homes in sight with life-safety kit: the most amiss first, who lives alone before others."""
    return _list(session, viewer, now, today)


def list_everywhere(session: Session, now: datetime, today: date) -> list[Protected]:
    """The same of every home, for workers."""
    return _list(session, None, now, today)


def _list(session: Session, viewer: Viewer | None, now: datetime, today: date) -> list[Protected]:
    kit: dict[int, list[Device]] = {}
    for home_id, device in session.execute(_kit_by_home(viewer, now)):
        kit.setdefault(home_id, []).append(device)
    if not kit:
        return []
    homes = {home.id: home for home in session.scalars(select(Home).where(Home.id.in_(kit)))}
    lines = {
        line.home_id: line for line in session.scalars(select(AlarmLine).where(AlarmLine.home_id.in_(kit)))
    }
    people: dict[int, list[Person]] = {}
    for home_id, person in session.execute(
        select(Residency.home_id, Person)
        .join(Person, Person.id == Residency.person_id)
        .where(Residency.home_id.in_(kit), Residency.period.contains(now))
        .order_by(Person.family_name, Person.given_name)
    ):
        people.setdefault(home_id, []).append(person)
    found = [
        _protected(home, kit[home.id], lines.get(home.id), people.get(home.id, []), today)
        for home in homes.values()
    ]
    return sorted(found, key=lambda each: (_gravity(each.amiss), not each.alone, each.home.id))


def _protected(
    home: Home, kit: list[Device], line: AlarmLine | None, people: list[Person], today: date
) -> Protected:
    presses = [each.last_test_press_at for each in kit]
    known = [each.date() for each in presses if each is not None]
    pressed_on = min(known) if len(known) == len(presses) else None
    amiss = protecting.amiss(how(line), pressed_on, today)
    return Protected(home, tuple(people), tuple(kit), line, tuple(amiss), alone=len(people) == 1)


def _gravity(amiss: tuple[Amiss, ...]) -> tuple[int, int]:
    """First what is gravest, then how much."""
    ranks = [list(Amiss).index(each) for each in amiss]
    return (min(ranks, default=len(Amiss)), -len(ranks))


def _kit_by_home(viewer: Viewer | None, now: datetime) -> Any:
    """Life-safety kit by the home it is in, the home's or a person's, in sight of `viewer`; of None all."""
    held, lives = aliased(Assignment), aliased(Residency)
    return (
        select(Home.id, Device)
        .select_from(Device)
        .join(held, (held.device_id == Device.id) & held.period.contains(now) & held.deleted_at.is_(None))
        .outerjoin(lives, (lives.person_id == held.person_id) & lives.period.contains(now))
        .join(Home, (Home.id == held.home_id) | (Home.id == lives.home_id))
        .where(
            Device.life_safety,
            Device.deleted_at.is_(None),
            true() if viewer is None else visible.holder_in_sight(viewer, now, held),
            exists().where(Residency.home_id == Home.id, Residency.period.contains(now)),
        )
        .order_by(Device.name, Device.id)
    )
