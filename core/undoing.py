"""What a transaction did to the rows around some rows, whole, so that it can be taken back later.

Rows are found through the database's own foreign keys, from a row to whatever refers to it, and on from
there: a table that is added later is found without further ado. A change is the difference of two looks.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

Row = dict[str, Any]
Place = tuple[str, str]
"""A table, and the primary key as JSON."""
Snapshot = Mapping[Place, Row]

_LINKS = text(
    "SELECT child.relname, a.attname, parent.relname FROM pg_constraint c "
    "JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid "
    "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
    "WHERE c.contype = 'f' AND c.conparentid = 0 AND array_length(c.conkey, 1) = 1 "
    "AND c.connamespace = 'public'::regnamespace ORDER BY 1, 2"
)
_KEYS = text(
    "SELECT t.relname, array_agg(a.attname ORDER BY a.attname) FROM pg_index i "
    "JOIN pg_class t ON t.oid = i.indrelid "
    "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(i.indkey) "
    "WHERE i.indisprimary AND t.relnamespace = 'public'::regnamespace GROUP BY 1"
)
_UTC = text("SET LOCAL TIME ZONE 'UTC'")  # times are compared as they are written


@dataclass(frozen=True, slots=True)
class Link:
    """That a column of a table refers to another table's id."""

    table: str
    column: str
    to: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one row: made (None before), gone (None after), or the columns that differ."""

    table: str
    key: Row
    before: Row | None
    after: Row | None


@dataclass(frozen=True, slots=True)
class Left:
    """What could not be put back, because somebody changed it since."""

    table: str
    key: Row
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """Where to look: from these rows on, and `also` at rows that no foreign key leads to."""

    table: str
    ids: Collection[int]
    leave_out: frozenset[str]
    also: Mapping[tuple[str, str], Collection[Any]] = field(default_factory=dict)
    """Values by (table, column)."""


def links(session: Session) -> list[Link]:
    """Every single-column foreign key there is."""
    return [Link(*row) for row in session.execute(_LINKS)]


def look(session: Session, around: Around) -> Snapshot:
    """The rows themselves, all that refer to them, and all that refer to those, as they stand now."""
    session.flush()
    session.execute(_UTC)
    keys = {table: tuple(columns) for table, columns in session.execute(_KEYS)}
    by_parent: dict[str, list[Link]] = {}
    for link in links(session):
        if link.table not in around.leave_out:
            by_parent.setdefault(link.to, []).append(link)
    found: dict[Place, Row] = {}
    waiting = [(around.table, "id", list(around.ids))]
    waiting += [(table, column, list(values)) for (table, column), values in around.also.items()]
    while waiting:
        table, column, values = waiting.pop()
        new = []
        for row in _rows(session, table, column, values):
            place = (table, _written({name: row[name] for name in keys[table]}))
            if place not in found:
                found[place] = row
                new.append(row)
        ids = [row["id"] for row in new if "id" in row]
        if ids:
            waiting += [(link.table, link.column, ids) for link in by_parent.get(table, ())]
    return found


def difference(before: Snapshot, after: Snapshot) -> list[Change]:
    """What was done between two looks, by table and key."""
    found = []
    for place in sorted(before.keys() | after.keys()):
        was, now = before.get(place), after.get(place)
        if was == now:
            continue
        key = json.loads(place[1])
        if was is not None and now is not None:
            columns = [name for name in was if was[name] != now[name]]
            was, now = {name: was[name] for name in columns}, {name: now[name] for name in columns}
        found.append(Change(place[0], key, was, now))
    return found


def put_back(session: Session, changes: Sequence[Change]) -> list[Left]:
    """Let every row be again as it was, column by column; whatever somebody changed since stays, and is told.

    What one row holds up for another (a number that two may not have at once) is tried again after it.
    """
    session.flush()
    session.execute(_UTC)
    left: list[Left] = []
    waiting = list(changes)
    while waiting:
        held_up = []
        for change in waiting:
            try:
                with session.begin_nested():
                    left += _put_back(session, change)
            except IntegrityError:
                held_up.append(change)
        if len(held_up) == len(waiting):
            left += [
                Left(each.table, each.key, tuple(sorted(each.before or each.after or {}))) for each in held_up
            ]
            break
        waiting = held_up
    session.expire_all()
    return left


def repoint(
    session: Session, table: str, old: int, new: int, *, leave_out: Collection[str], stay: Collection[Place]
) -> list[Left]:
    """Let whatever refers to row `old` of `table` refer to `new`, but for what is to `stay`.

    A row that would clash with one that is there already stays where it is, and is told.
    """
    session.flush()
    keys = {name: tuple(columns) for name, columns in session.execute(_KEYS)}
    left = []
    for link in links(session):
        if link.to != table or link.table in leave_out:
            continue
        for row in _rows(session, link.table, link.column, [old]):
            key = {name: row[name] for name in keys[link.table]}
            if (link.table, _written(key)) in stay:
                continue
            try:
                with session.begin_nested():
                    _set(session, link.table, key, {link.column: new})
            except IntegrityError:
                left.append(Left(link.table, key, (link.column,)))
    session.expire_all()
    return left


def place_of(table: str, **key: Any) -> Place:
    """A row by its primary key."""
    return (table, _written(key))


def _put_back(session: Session, change: Change) -> list[Left]:
    now = _find(session, change.table, change.key)
    if change.before is None:
        if now is None:
            return []
        if now != change.after:
            return [Left(change.table, change.key, ("*",))]
        _delete(session, change.table, change.key)
        return []
    if change.after is None:
        if now is not None:
            return [Left(change.table, change.key, ("*",))]
        _insert(session, change.table, change.before)
        return []
    if now is None:
        return [Left(change.table, change.key, tuple(sorted(change.before)))]
    same = {name: value for name, value in change.before.items() if now[name] == change.after[name]}
    if same:
        _set(session, change.table, change.key, same)
    # that a row was touched again is no loss by itself: its version and time go on from there
    lost = sorted(change.before.keys() - same.keys() - {"version", "changed_at"})
    return [Left(change.table, change.key, tuple(lost))] if lost else []


# Names of tables and columns come from the database's own catalogue; they are quoted all the same.


def _rows(session: Session, table: str, column: str, values: Iterable[Any]) -> list[Row]:
    query = f"SELECT to_jsonb(t)::text FROM {_q(table)} t WHERE t.{_q(column)} = ANY(:values)"  # noqa: S608
    return [json.loads(row) for row in session.scalars(text(query), {"values": list(values)})]


def _find(session: Session, table: str, key: Row) -> Row | None:
    query = f"SELECT to_jsonb(t)::text FROM {_q(table)} t WHERE {_is(table, key)} FOR UPDATE"  # noqa: S608
    found = session.scalar(text(query), {"key": json.dumps(key)})
    return None if found is None else json.loads(found)


def _set(session: Session, table: str, key: Row, values: Row) -> None:
    columns = ", ".join(_q(name) for name in values)
    query = (
        f"UPDATE {_q(table)} t SET ({columns}) = (SELECT {columns} FROM "  # noqa: S608
        f"jsonb_populate_record(NULL::{_q(table)}, CAST(:values AS jsonb))) WHERE {_is(table, key)}"
    )
    session.execute(text(query), {"values": json.dumps(values), "key": json.dumps(key)})


def _insert(session: Session, table: str, row: Row) -> None:
    query = (
        f"INSERT INTO {_q(table)} "  # noqa: S608
        f"SELECT * FROM jsonb_populate_record(NULL::{_q(table)}, CAST(:row AS jsonb))"
    )
    session.execute(text(query), {"row": json.dumps(row)})


def _delete(session: Session, table: str, key: Row) -> None:
    session.execute(text(f"DELETE FROM {_q(table)} t WHERE {_is(table, key)}"), {"key": json.dumps(key)})  # noqa: S608


def _is(table: str, key: Row) -> str:
    record = f"jsonb_populate_record(NULL::{_q(table)}, CAST(:key AS jsonb))"
    return " AND ".join(f"t.{_q(name)} = ({record}).{_q(name)}" for name in key)


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _written(key: Row) -> str:
    return json.dumps(key, sort_keys=True)
