"""A place for `growth`: people on a plan, kit of several paces, and a coordinator with a caseload."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from bench import caseload, crowd, database
from bench.caseload import Member
from bench.database import Database
from bench.throughput import serve
from core.children import Children
from core.db import Db
from core.embedded.broker import Broker
from devices.lanes import MqttAddress
from people.models.agencies import Role, Staff, Team, TeamMember, TeamRole

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Measure:
    """What one kind of reading is like: mostly within `spread` of `usual`, or rising by `rise` each time."""

    kind: str
    usual: float
    spread: float = 0.0
    rise: float = 0.0


@dataclass(frozen=True, slots=True)
class Kit:
    """A piece of kit that one person (or home) in so many has, and the seconds between its readings."""

    word: str
    name: str
    model: str
    about: str
    one_in: int
    every: int
    measures: tuple[Measure, ...]

    def a_day(self, people: int) -> float:
        """Readings a day of all pieces that so many people have."""
        return people // self.one_in * len(self.measures) * DAY / self.every


OXIMETER = Kit(
    "bench", "Oximeter", "HL-O1", "person", 1, DAY // 3, (Measure("spo2", 93, 4), Measure("pulse", 72, 18))
)
"""Everybody has one since they were enrolled; it is what speaks when intake is measured."""
LIVE_METER = Kit("live", "Live meter", "HL-E2", "home", 500, 10, (Measure("electricity_power", 400, 700),))
"""One home in 500; that much more than all other kit says that it is asked for on purpose."""
KIT = (
    OXIMETER,
    Kit(
        "cuff", "Cuff", "HL-B1", "person", 1, DAY,
        (Measure("systolic", 132, 24), Measure("diastolic", 78, 14)),
    ),
    Kit("scale", "Scales", "HL-W1", "person", 1, DAY, (Measure("weight", 71, 1.5),)),
    Kit(
        "room", "Room sensor", "HL-T1", "home", 3, 3_600,
        (Measure("room_temperature", 19.5, 5), Measure("room_humidity", 52, 20)),
    ),
    Kit("door", "Front door", "HL-D1", "home", 3, 8_640, (Measure("door_open", 0.5),)),
    Kit("meter", "Meter", "HL-E1", "home", 12, 1_800, (Measure("electricity_energy", 9_000, rise=0.2),)),
    LIVE_METER,
)  # fmt: skip

DEVICES = """
INSERT INTO devices (uuid, version, changed_at, key, name, model, life_safety, state)
SELECT gen_random_uuid(), 1, now() - interval '1 day', :word || '-' || lpad(n::text, 6, '0'), :name, :model,
  false, 'installed'
FROM generate_series(1, :count) n
"""
ASSIGNMENTS = """
INSERT INTO assignments (uuid, version, changed_at, device_id, person_id, home_id, period)
SELECT gen_random_uuid(), 1, now() - interval '1 day', d.id,
  CASE WHEN :about = 'person' THEN r.person_id END, CASE WHEN :about = 'home' THEN r.home_id END, r.period
FROM (SELECT id, row_number() OVER (ORDER BY key) AS n FROM devices WHERE key LIKE :word || '-%') d
JOIN (SELECT *, row_number() OVER (ORDER BY person_id) AS n FROM residencies) r ON r.n = d.n * :one_in
"""
# They all are where they are for longer than the oldest reading; nobody's kit is new to intake.
FOR_LONG = """
UPDATE assignments SET period = tstzrange(now() - interval '15 months', NULL),
  changed_at = now() - interval '1 day';
UPDATE residencies SET period = tstzrange(now() - interval '15 months', NULL)
"""
OXIMETERS = """
UPDATE devices d SET key = 'bench-' || lpad(o.n::text, 6, '0')
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM devices) o WHERE o.id = d.id
"""
SERIES = """
INSERT INTO series (device_id, channel, kind)
SELECT d.id, '', k.kind FROM devices d, unnest(CAST(:kinds AS text[])) AS k (kind)
WHERE d.key LIKE :word || '-%' ORDER BY d.id, k.kind
"""
# A team for so many people: those with a live meter first, which are then in the first team's sight.
SHARED_OUT = """
WITH ranked AS (
  SELECT r.person_id, r.home_id IN (
      SELECT a.home_id FROM assignments a JOIN devices d ON d.id = a.device_id WHERE d.key LIKE :word || '-%'
    ) AS live
  FROM residencies r
), numbered AS (
  SELECT person_id, live, row_number() OVER (ORDER BY live DESC, person_id) - 1 AS n FROM ranked
), moved AS (
  UPDATE care_teams c SET team_id = (CAST(:teams AS bigint[]))[numbered.n / :each + 1]
  FROM numbered WHERE numbered.person_id = c.person_id AND c.team_id = (CAST(:teams AS bigint[]))[1]
)
SELECT person_id, live FROM numbered WHERE n < :each ORDER BY n
"""


@dataclass(frozen=True, slots=True)
class Site:
    """One of the places that are compared, with its own database and broker.

    `hers` are the people whom the coordinator sees. The first of them have a live meter: so many as `live`
    says.
    """

    database: Database
    mqtt: MqttAddress
    children: Children
    members: list[Member]
    hers: list[Member]
    live: int
    coordinator: UUID


def usual_readings(people: int, days: float) -> float:
    """How many readings the kit of so many people makes in so many days at its usual pace."""
    return days * sum(each.a_day(people) for each in KIT)


@contextmanager
def open_site(folder: Path, people: int, caseload_: int) -> Iterator[Site]:
    """Start a place of so many people without a reading; its processes end with the block.

    `caseload_` people have one team that coordinates.
    """
    children = Children(folder / "logs", threading.Event())
    try:
        found = database.start(folder, children)
        mqtt = serve(Broker(folder, 0), children)
        db, owner = found.open("prepare"), found.owner()
        members = _take_on(db, owner, people)
        hers, coordinator = _share_out(db, owner, members, caseload_)
        found.settle()
        db.engine.dispose()
        owner.dispose()
        yield Site(found, mqtt, children, members, list(hers), sum(hers.values()), coordinator)
    finally:
        children.stop_all()


def _take_on(db: Db, owner: Engine, people: int) -> list[Member]:
    first = caseload.take_on(db, 1)[0]
    with Session(owner) as session, session.begin():
        members = [first, *crowd.multiply(session, first, people - 1)]
        for statement in (FOR_LONG, OXIMETERS):
            session.execute(text(statement))
        for kit in KIT:
            _give(session, kit, people)
    return members


def _share_out(db: Db, owner: Engine, members: list[Member], each: int) -> tuple[dict[Member, bool], UUID]:
    """Give each team so many people; the first team's, whether each has a live meter, and who is in it."""
    with db.transaction() as session:
        first = session.scalars(select(Team).where(Team.role == TeamRole.COORDINATOR)).one()
        others = [
            Team(agency_id=first.agency_id, name=f"{first.name} {number}", role=first.role)
            for number in range(2, (len(members) - 1) // each + 2)
        ]
        staff = Staff(
            agency_id=first.agency_id, name="Cora", email="cora@bench.example", role=Role.COORDINATOR
        )
        session.add_all([staff, *others])
        session.flush()
        since = Range(db.clock.now() - timedelta(days=1), None)
        session.add(TeamMember(team_id=first.id, staff_id=staff.id, period=since))
        asked = {"teams": [first.id, *(team.id for team in others)], "each": each, "word": LIVE_METER.word}
    with Session(owner) as session, session.begin():
        rows = session.execute(text(SHARED_OUT), asked).all()
    known = {member.person_id: member for member in members}
    return {known[row.person_id]: row.live for row in rows}, staff.uuid


def _give(session: Session, kit: Kit, people: int) -> None:
    if kit is not OXIMETER:
        made = {"word": kit.word, "name": kit.name, "model": kit.model, "count": people // kit.one_in}
        session.execute(text(DEVICES), made)
        session.execute(text(ASSIGNMENTS), {"word": kit.word, "about": kit.about, "one_in": kit.one_in})
    session.execute(text(SERIES), {"word": kit.word, "kinds": [each.kind for each in kit.measures]})
