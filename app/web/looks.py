"""Who has looked at whose record: for one person, and over everybody for the privacy officer."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials
from app.web.pages import Paging, address, page, page_number
from core.zones import UK
from outcomes.table import plain
from people import households, looks, staff, visible
from people.access import Need
from people.looks import Look, Wanted
from people.models.agencies import Staff
from people.models.people import Person

blueprint = Blueprint("looks", __name__)

EACH = 50
MOST = 20_000  # lines of one file
HEADINGS = ("when", "who", "agency", "at what", "opened without being in the care team, because")


@blueprint.get("/people/<uuid:person_id>/looks")
@needs("people:read")
def show(person_id: UUID) -> ResponseReturnValue:
    """Who has looked at their record, at what and when; it prints, for the person."""
    person, zone = _person(person_id)
    opened, number = context.session(), page_number()
    kept = _kept("agency", "who", "what", "since")
    rows = looks.list_looks(opened, person, _wanted(kept, zone), limit=EACH + 1, offset=(number - 1) * EACH)
    return page(
        "person_looks.html",
        person={
            "uuid": str(person.uuid),
            "name": essentials.name_of(person),
            "first_name": essentials.first_name(person),
        },
        looks=rows[:EACH],
        agencies=[("", "any"), *((str(uuid), name) for uuid, name in looks.lookers_of(opened, person))],
        kinds=[("", "anything"), *((each, each.capitalize()) for each in looks.kinds_of(opened, person))],
        kept=kept,
        csv_href=address(f"/people/{person.uuid}/looks.csv", kept),
        paging=_paging(f"/people/{person.uuid}/looks", kept, number, more=len(rows) > EACH),
        zone=zone,
    )


@blueprint.get("/people/<uuid:person_id>/looks.csv")
@needs("people:read")
def save(person_id: UUID) -> ResponseReturnValue:
    """The same as a table to take away."""
    person, zone = _person(person_id)
    kept = _kept("agency", "who", "what", "since")
    rows = looks.list_looks(context.session(), person, _wanted(kept, zone), limit=MOST)
    return Response(
        _table(rows, zone),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="who-has-looked.csv"'},
    )


@blueprint.get("/admin/looks")
@needs(Need.PRIVACY_READ.value)
def audit() -> ResponseReturnValue:
    """Every look, past the glass first; people stand by their reference, and nobody's record is opened."""
    opened, zone, number = context.session(), context.installation().time_zone, page_number()
    kept = _kept("staff", "person", "since", "broken")
    person = looks.find_person(opened, reference) if (reference := _uuid(kept["person"])) else None
    nobody = bool(kept["person"]) and person is None
    wanted = Wanted(
        person_id=person,
        staff=_uuid(kept["staff"]),
        since=_since(kept["since"], zone),
        broken=kept["broken"] == "yes",
    )
    rows = [] if nobody else looks.search(opened, wanted, limit=EACH + 1, offset=(number - 1) * EACH)
    everybody = opened.execute(staff.listing().order_by(Staff.name))
    return page(
        "admin_looks.html",
        looks=rows[:EACH],
        staff=[("", "anybody"), *((str(who.uuid), f"{who.name}, {of.name}") for who, of in everybody)],
        kept=kept,
        nobody=nobody,
        paging=_paging("/admin/looks", kept, number, more=len(rows) > EACH),
    )


def _person(person_id: UUID) -> tuple[Person, str]:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    person = visible.get_person(opened, viewer, person_id, now)
    visible.record_part(opened, viewer, person, now, at_what="who has looked")
    home = households.of(opened, viewer, person.id, now).home
    return person, home.time_zone if home else UK


def _kept(*names: str) -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:100] for name in names}


def _wanted(kept: dict[str, str], zone: str) -> Wanted:
    return Wanted(
        agency=_uuid(kept["agency"]),
        by=kept["who"] or None,
        at_what=kept["what"] or None,
        since=_since(kept["since"], zone),
    )


def _since(text: str, zone: str) -> datetime | None:
    """The beginning of a day there; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _paging(path: str, kept: dict[str, str], number: int, *, more: bool) -> Paging:
    newer = address(path, {**kept, "page": str(number - 1)}) if number > 1 else None
    return Paging(newer, address(path, {**kept, "page": str(number + 1)}) if more else None, "")


def _table(rows: Iterable[Look], zone: str) -> str:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(HEADINGS)
    for row in rows:
        at = f"{row.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
        lines.writerow(plain(each or "") for each in (at, row.by, row.agency, row.at_what, row.reason))
    return out.getvalue()
