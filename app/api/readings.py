"""Readings in the REST API: those of a person and their homes, and those that somebody types in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from app.api.fields import Cut, Moment, Number, Shape, Text, choice
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.paging import read_cursor, write_cursor
from app.api.people import opened_person
from app.auth import needs
from app.context import actor, now, session, viewer
from core.errors import Invalid
from devices import entry, kinds, readings, shared_kinds, subjects
from devices.measurement import Flags, Source
from devices.rows import Row
from people import households, visible
from people.access import Extent, RecordClass

blueprint = Blueprint(
    "readings",
    "What kit has measured, and what somebody has typed in.",
    prefix=f"{PREFIX}/people/<uuid:person_id>/readings",
)

TYPED = (Source.STAFF.value, Source.SELF_REPORTED.value)
SOURCES = {Flags.SELF_REPORTED: Source.SELF_REPORTED, Flags.STAFF: Source.STAFF}

NAMES = {flag: str(flag.name).lower() for flag in Flags if flag not in SOURCES}


class ReadingsAsked(Cut):
    """Which readings are asked for."""

    kind = Text(most=64, load_default=None)
    from_ = Moment(data_key="from", load_default=None, metadata={"description": "Measured then or later."})
    to = Moment(load_default=None, metadata={"description": "Measured before then."})


class ReadingNew(Shape):
    """A reading that somebody took; its unit and time may be left out (the kind's own, now)."""

    kind = Text(most=64, required=True)
    value = Number(required=True)
    unit = Text(most=20, load_default=None, allow_none=True)
    at = Moment(load_default=None, allow_none=True)
    source = fields.String(load_default=Source.STAFF.value, validate=validate.OneOf(TYPED))


class Together(Shape):
    """What was measured at one time; the time may be left out (now)."""

    values = fields.Dict(
        keys=fields.String(validate=validate.Length(max=64)),
        values=Number(),
        required=True,
        validate=validate.Length(max=50),
        metadata={"description": "By kind of reading, each in the kind's own unit; states are 0 or 1."},
    )
    at = Moment(load_default=None, allow_none=True)
    source = fields.String(load_default=Source.STAFF.value, validate=validate.OneOf(TYPED))


class TakenBack(Shape):
    """Which of the readings that were typed in was a mistake."""

    kind = Text(most=64, required=True)
    at = Moment(required=True)


class ReadingOut(Shape):
    """A reading, in its kind's own unit."""

    kind = fields.String()
    value = fields.Float()
    unit = fields.String(metadata={"description": "A UCUM code."})
    at = Moment(metadata={"description": "When it was measured."})
    channel = fields.String()
    source = fields.String(validate=validate.OneOf([each.value for each in Source]))
    device_id = fields.UUID(allow_none=True)
    received_at = Moment(allow_none=True)
    stored_at = Moment(allow_none=True)
    original_at = Moment(
        allow_none=True, metadata={"description": "The time the device gave, where it can't be right."}
    )
    flags = fields.List(fields.String(validate=validate.OneOf(sorted(NAMES.values()))))


class ReadingsStored(Shape):
    """What was stored, in the order given."""

    items = fields.List(fields.Nested(ReadingOut), required=True)


class WithheldOut(Shape):
    """Readings that are not shared with you in full: what sort, when last heard, whether something is late.

    `record_class` is null for all of which not even the sort is told.
    """

    record_class = choice(RecordClass, allow_none=True)
    shown = choice(Extent)
    last_heard_at = Moment(allow_none=True)
    late = fields.Boolean()


class Readings(Shape):
    """A part of a list of readings, and what of them is not shared with you."""

    items = fields.List(fields.Nested(ReadingOut), required=True)
    next = fields.String(required=True, allow_none=True)
    not_shared = fields.List(fields.Nested(WithheldOut), required=True)


@blueprint.get("")
@needs("readings:read")
@blueprint.takes(ReadingsAsked, location="query")
@blueprint.answers(Readings)
def list_readings(asked: Given, person_id: UUID) -> Any:
    """List a person's readings and those of the homes they lived in, the newest first.

    Only kinds that are shared with you in full are among them; `not_shared` says what else is heard.
    """
    person = opened_person(person_id, "readings")
    home = households.of(session(), viewer(), person.id, now()).home
    seen = shared_kinds.of(session(), viewer(), person.id, home.id if home else None, now())
    if asked["kind"] is not None and kinds.find_measured(asked["kind"]) is None:
        raise Invalid({"kind": "There is no such kind of reading."})
    limit = asked["limit"]
    found = readings.list_for_person(
        session(),
        person.id,
        kinds=_kinds(asked["kind"], seen),
        start=asked["from_"],
        end=asked["to"],
        cursor=_after(asked["cursor"]),
        limit=limit + 1,
    )
    shown = found[:limit]
    more = len(found) > limit
    last = write_cursor([shown[-1].at, shown[-1].series_id]) if more else None
    return {
        "items": [_told(one) for one in shown],
        "next": last,
        "not_shared": _not_shared(person.id, home.id if home else None, seen),
    }


@blueprint.post("")
@needs("readings:write")
@blueprint.takes(ReadingNew)
@blueprint.answers(ReadingOut, 201)
def enter_reading(given: Given, person_id: UUID) -> Any:
    """Type in a reading that you took, or that a person told you; the person is judged by it."""
    person = visible.get_person(session(), viewer(), person_id, now())
    row = entry.enter(
        session(),
        person_id=person.id,
        kind=given["kind"],
        value=given["value"],
        unit=given["unit"],
        at=given["at"] or now(),
        source=Source(given["source"]),
        now=now(),
        actor=actor(),
    )
    return _stored(given["kind"], row, given["source"])


@blueprint.post("/together")
@needs("readings:write")
@blueprint.takes(Together)
@blueprint.answers(ReadingsStored, 201)
def enter_together(given: Given, person_id: UUID) -> Any:
    """Type in what was measured at one time, whole or not at all; the person is judged by it."""
    person = visible.get_person(session(), viewer(), person_id, now())
    rows = entry.enter_together(
        session(),
        person_id=person.id,
        values=given["values"],
        at=given["at"] or now(),
        source=Source(given["source"]),
        now=now(),
        actor=actor(),
    )
    stored = zip(given["values"], rows, strict=True)
    return {"items": [_stored(kind, row, given["source"]) for kind, row in stored]}


@blueprint.post("/taken-back")
@needs("readings:write")
@blueprint.takes(TakenBack)
@blueprint.answers()
def take_back(given: Given, person_id: UUID) -> Any:
    """Say that a reading was typed in by mistake: it stays on the record and is judged no more."""
    person = visible.get_person(session(), viewer(), person_id, now())
    entry.take_back(
        session(), person_id=person.id, kind=given["kind"], at=given["at"], now=now(), actor=actor()
    )
    return None


def _stored(kind: str, row: Row, source: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "value": row.value,
        "unit": kinds.get(kind).unit,
        "at": row.at,
        "channel": "",
        "source": source,
        "device_id": None,
        "received_at": now(),
        "stored_at": now(),
        "original_at": None,
        "flags": _flags(row.flags),
    }


def _kinds(asked: str | None, seen: shared_kinds.Seen) -> list[str] | None:
    """Which kinds to list; None for all of them."""
    if asked is None and seen.everything():
        return None
    return list(seen.full([asked] if asked is not None else [kind.code for kind in kinds.all_kinds()]))


def _not_shared(person_id: int, home_id: int | None, seen: shared_kinds.Seen) -> list[dict[str, Any]]:
    about = [subjects.person(person_id), *([subjects.home(home_id)] if home_id is not None else [])]
    return [
        {
            "record_class": each.record_class,
            "shown": Extent.CHECK if each.record_class is None else Extent.CATEGORY,
            "last_heard_at": each.heard_at,
            "late": each.late,
        }
        for each in seen.withheld(session(), about, now())
    ]


def _told(one: readings.Listed) -> dict[str, Any]:
    flags = Flags(one.flags)
    names = ("kind", "value", "at", "channel", "received_at", "stored_at")
    return {
        **{name: getattr(one, name) for name in names},
        "unit": kinds.get(one.kind).unit,
        "source": next((source for flag, source in SOURCES.items() if flags & flag), Source.SENSED),
        "device_id": one.device,
        "original_at": one.original_at,
        "flags": _flags(one.flags),
    }


def _flags(flags: int) -> list[str]:
    return [name for flag, name in NAMES.items() if flag & flags]


def _after(cursor: str | None) -> tuple[datetime, int] | None:
    if cursor is None:
        return None
    at, series_id = read_cursor(cursor, [datetime, int])
    return at, series_id
