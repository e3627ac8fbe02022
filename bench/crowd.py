"""One person on a plan made into thousands with a past, in the database, as enrolling each takes long."""

from collections.abc import Mapping

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from bench.caseload import Member
from care_plans.models.plans import Plan, PlanVersion
from core.db import Base
from devices.models import Device
from people.models.homes import Home
from people.models.people import Person

PARENTS = {
    "person_id": Person.__table__,
    "home_id": Home.__table__,
    "device_id": Device.__table__,
    "plan_id": Plan.__table__,
    "version_id": PlanVersion.__table__,
}
CHILDREN = (
    "residencies", "care_teams", "assignments", "plan_pathways", "needs", "goals", "actions", "contingencies",
    "plan_ladders", "rules", "monitoring", "schedules", "expectations",
)  # fmt: skip
WHO = """
SELECT a.person_id, r.home_id, a.device_id, p.id AS plan_id, v.id AS version_id
FROM assignments a
JOIN residencies r ON r.person_id = a.person_id
JOIN plans p ON p.person_id = a.person_id
JOIN plan_versions v ON v.plan_id = p.id AND v.state = 'published'
WHERE a.device_id = :device_id
"""
SERIES = """
INSERT INTO series (device_id, channel, kind)
SELECT d.id, '', k.kind FROM devices d, unnest(CAST(:kinds AS text[])) AS k (kind)
"""
OXIMETER = {"spo2": (92.0, 1.0), "pulse": (68.0, 1.0)}
BATCH = "INSERT INTO batches (received_at, stored_at) VALUES (now(), now())"
READINGS = """
INSERT INTO readings (series_id, measured_at, value, flags, batch_id)
SELECT s.id, t.at, k.calm + k.step * (extract(hour FROM t.at)::int % 4), 0, b.id
FROM unnest(CAST(:kinds AS text[]), CAST(:calm AS float[]), CAST(:steps AS float[])) AS k (kind, calm, step)
  JOIN series s ON s.kind = k.kind, (SELECT max(id) AS id FROM batches) b,
  generate_series(now() - make_interval(days => :days), now() - interval '1 hour', CAST(:step AS interval))
    AS t (at)
ORDER BY s.id, t.at
"""
MADE = """
SELECT c.person_id, p.uuid, c.device_id, d.key
FROM crowd c JOIN people p ON p.id = c.person_id JOIN devices d ON d.id = c.device_id ORDER BY c.n
"""
OTHERWISE = {
    # Theirs for long: what was assigned in the last minute, intake wakes again and again.
    ("assignments", "changed_at"): "t.changed_at - interval '1 day'",
    ("devices", "key"): "'crowd-' || lpad(c.n::text, 6, '0')",
    ("expectations", "source"): "regexp_replace(t.source, '^plan:.*', 'plan:' || c.plan_id)",
}


def multiply(session: Session, first: Member, count: int) -> list[Member]:
    """Make `count` others like `first`, with homes, kit (of the same secret) and plans of their own.

    As the owner of the database, who alone may make the table that this goes by.
    """
    model = session.execute(text(WHO), {"device_id": first.device_id}).mappings().one()
    _number(session, count)
    for name, table in PARENTS.items():
        _multiply_parent(session, name, table, model[name])  # type: ignore[arg-type]
    for child in CHILDREN:
        table = Base.metadata.tables[child]
        owners = [name for name in PARENTS if name in table.columns]
        where = " OR ".join(f"t.{name} = {model[name]}" for name in owners)
        _insert(session, table, where)
    made = session.execute(text(MADE))
    return [Member(row.person_id, row.uuid, row.device_id, row.key, first.secret) for row in made]


def add_people(session: Session, first: Member, count: int) -> None:
    """Add so many others like `first`, of whom nothing else is there: no home, kit or plan."""
    _number(session, count)
    _insert(session, Person.__table__, f"t.id = {first.person_id}")  # type: ignore[arg-type]


def _number(session: Session, count: int) -> None:
    columns = ", ".join(f"{name} bigint" for name in PARENTS)
    session.execute(text("DROP TABLE IF EXISTS crowd"))
    session.execute(text(f"CREATE TEMPORARY TABLE crowd (n bigint PRIMARY KEY, {columns}) ON COMMIT DROP"))
    session.execute(text("INSERT INTO crowd (n) SELECT generate_series(1, :count)"), {"count": count})


def _multiply_parent(session: Session, name: str, table: Table, original: int) -> None:
    last = session.scalars(text(f"SELECT max(id) FROM {table.name}")).one()
    _insert(session, table, f"t.id = {original}")
    session.execute(
        text(
            f"UPDATE crowd SET {name} = made.id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n "
            f"FROM {table.name} WHERE id > :last) AS made WHERE made.n = crowd.n"
        ),
        {"last": last},
    )


def _insert(session: Session, table: Table, where: str) -> None:
    names = [column.name for column in table.columns if column.name != "id" and column.computed is None]
    said = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(_value(table, name) for name in names)
    chosen = f"SELECT {values} FROM {table.name} t, crowd c WHERE {where} ORDER BY c.n"
    session.execute(text(f"INSERT INTO {table.name} ({said}) {chosen}"))


def _value(table: Table, name: str) -> str:
    if (table.name, name) in OTHERWISE:
        return OTHERWISE[table.name, name]
    if name == "uuid":
        return "gen_random_uuid()"
    if name in PARENTS:
        return f'CASE WHEN t."{name}" IS NULL THEN NULL ELSE c."{name}" END'
    return f't."{name}"'


def lay_history(
    session: Session, days: int, a_day: int, calm: Mapping[str, tuple[float, float]] = OXIMETER
) -> int:
    """Give all kit calm readings of the days before now, so many a day; how many.

    `calm` says by kind what is shown, and the step in which it goes up and down.
    """
    kinds = {"kinds": list(calm)}
    session.execute(text(SERIES), kinds)
    session.execute(text(BATCH))
    shown = {"calm": [value for value, _ in calm.values()], "steps": [step for _, step in calm.values()]}
    every = {"days": days, "step": f"{86400 // a_day} seconds"}
    stored = session.execute(text(READINGS), kinds | shown | every)
    return int(stored.rowcount)  # type: ignore[attr-defined]
