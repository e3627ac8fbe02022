"""Which homes have lost their mains or a line, by the word of the kit there."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from care_plans.judging.outages import Lost, Outage, What, outages
from core.zones import UK
from devices import kit_states, subjects, works
from devices.kit_states import LINES, MAINS, Wrong
from devices.models import AlarmLine, Assignment, Device
from people import visible
from people.access import Viewer
from people.models.caring import CareTeam
from people.models.homes import Home, Residency
from people.models.people import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """What one home lost, and the outage that it is part of; `home` is None where nobody knows the home."""

    lost: Lost
    outage: Outage | None
    home: Home | None
    device_id: int

    @property
    def zone(self) -> str:
        """The clock of the home."""
        return self.home.time_zone if self.home else UK


@dataclass(frozen=True, slots=True)
class _There:
    """One piece of kit, whose it is and where."""

    wrong: Wrong
    name: str
    protects: bool
    person_id: int | None
    home: Home | None
    line: AlarmLine | None


def list_standing(session: Session, now: datetime) -> list[Standing]:
    """Every home that has lost something, longest first; kit that is being worked on is left out."""
    wrong = kit_states.list_wrong(session, MAINS | LINES)
    at_work = works.under_way(session, {each.device_id for each in wrong}, now)
    wrong = [each for each in wrong if each.device_id not in at_work]
    if not wrong:
        return []
    by_home: dict[tuple[int, What], list[_There]] = {}
    for each in _there(session, wrong, now):
        by_home.setdefault((_subject(each), _what(each.wrong)), []).append(each)
    asked = _leading(session, [each for those in by_home.values() for each in those], now)
    lost = {key: _lost(*key, those, asked) for key, those in by_home.items()}
    part_of = {home: outage for outage in outages(lost.values()) for home in outage.homes}
    return [
        Standing(each, part_of.get(each), by_home[key][0].home, by_home[key][0].wrong.device_id)
        for key, each in lost.items()
    ]


def _there(session: Session, wrong: Sequence[Wrong], now: datetime) -> list[_There]:
    sensor, lives = aliased(Device), aliased(Residency)
    protects = Device.life_safety | (
        select(sensor.id)
        .where(sensor.hub_id == Device.id, sensor.life_safety, sensor.deleted_at.is_(None))
        .exists()
    )
    rows = session.execute(
        select(Device.id, Device.name, protects, Assignment.person_id, Home, AlarmLine)
        .join(Assignment, Assignment.device_id == Device.id)
        .outerjoin(lives, (lives.person_id == Assignment.person_id) & lives.period.contains(now))
        .outerjoin(Home, Home.id == func.coalesce(Assignment.home_id, lives.home_id))
        .outerjoin(AlarmLine, AlarmLine.home_id == Home.id)
        .where(
            Device.id.in_({each.device_id for each in wrong}),
            Device.deleted_at.is_(None),
            Assignment.deleted_at.is_(None),
            Assignment.period.contains(now),
        )
    )
    of: dict[int, list[tuple[str, bool, int | None, Home | None, AlarmLine | None]]] = {}
    for device_id, *rest in rows:
        of.setdefault(device_id, []).append(tuple(rest))  # type: ignore[arg-type]
    return [_There(each, *whose) for each in wrong for whose in of.get(each.device_id, ())]


def _subject(each: _There) -> int:
    if each.home is not None:
        return subjects.home(each.home.id).number
    return subjects.person(each.person_id or 0).number


def _what(wrong: Wrong) -> What:
    if wrong.kind in MAINS:
        return What.MAINS
    return What.BACKUP_LINE if wrong.kind == "backup_line_lost" else What.LINE


def _lost(subject: int, what: What, those: Sequence[_There], asked: Mapping[int, int]) -> Lost:
    home, line = those[0].home, those[0].line
    provider = line.provider if line else None
    return Lost(
        subject=subject,
        what=what,
        since=min(each.wrong.since for each in those),
        place=(home.area if home else None) if what is What.MAINS else provider,
        kit=tuple(dict.fromkeys(each.name for each in those)),
        protects=any(each.protects for each in those),
        asked=asked.get(subject),
        battery_hours=line.battery_hours if line else None,
        confirmed=any(each.wrong.confirmed for each in those),
    )


def _leading(session: Session, those: Iterable[_There], now: datetime) -> dict[int, int]:
    """The team that leads the care there, by subject: of a household the first that does."""
    homes = {each.home.id for each in those if each.home is not None}
    people = {each.person_id for each in those if each.person_id is not None}
    rows = session.execute(
        select(CareTeam.person_id, Residency.home_id, CareTeam.team_id)
        .outerjoin(Residency, (Residency.person_id == CareTeam.person_id) & Residency.period.contains(now))
        .where(
            CareTeam.lead,
            CareTeam.period.contains(now),
            or_(Residency.home_id.in_(homes), CareTeam.person_id.in_(people)),
        )
        .order_by(CareTeam.id.desc())
    )
    found: dict[int, int] = {}
    for person_id, home_id, team_id in rows:
        found[subjects.person(person_id).number] = team_id
        if home_id is not None:
            found[subjects.home(home_id).number] = team_id
    return found


def list_in_sight(session: Session, viewer: Viewer, now: datetime) -> list[Standing]:
    """Those whose home, or who themselves, the viewer sees."""
    standing = list_standing(session, now)
    if not standing:
        return []
    homes = set(session.scalars(visible.home_ids(viewer, now)))
    people = set(session.scalars(select(Person.id).where(Person.id.in_(visible.person_ids(viewer, now)))))
    return [each for each in standing if _sees(each, homes, people)]


def _sees(each: Standing, homes: Container[int], people: Container[int]) -> bool:
    if each.home is not None:
        return each.home.id in homes
    return subjects.of_number(each.lost.subject).id in people
