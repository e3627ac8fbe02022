"""The register of who is protected and how: the line of each home, its tests, and what is amiss with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from devices import alarm_lines, visible
from devices.alarm_lines import Protected
from devices.models import AlarmLine
from devices.protecting import Amiss, LineType
from people import visible as seen
from people.access import Need, may
from people.models.homes import Home

blueprint = Blueprint("protection", __name__)

PATH = "/kit/protection"
FIELDS = ("line", "provider", "centre", "migrates_on", "tested_on", "battery_hours")
LINES: Mapping[LineType, str] = {
    LineType.ANALOGUE: "An analogue telephone line",
    LineType.DIGITAL: "A digital line (broadband)",
    LineType.MOBILE: "The mobile network",
}
AMISS: Mapping[Amiss, str] = {
    Amiss.NO_ANALOGUE: "Set down as analogue, and those lines have ended: it may reach nobody",
    Amiss.UNTRIED_SINCE: "Not tried end to end since the line moved",
    Amiss.UNKNOWN_LINE: "Nobody has said by which line it calls",
    Amiss.NEVER_TRIED: "Not tried end to end for a year",
    Amiss.NOT_PRESSED: "No test press for five weeks",
    Amiss.NO_BATTERY: "No battery for an hour without mains is known of",
    Amiss.MOVES_SOON: "The line moves soon: try it afterwards",
}
GRAVE = frozenset({Amiss.NO_ANALOGUE, Amiss.UNTRIED_SINCE})


@dataclass(frozen=True, slots=True)
class KitShown:
    """Life-safety kit in a home: see kit_protection.html."""

    uuid: UUID
    name: str
    model: str
    pressed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProtectedRow:
    """A home in the register: see kit_protection.html."""

    uuid: UUID
    people: tuple[tuple[UUID, str], ...]
    where: str
    alone: bool
    line: str
    provider: str
    tested_on: date | None
    kit: tuple[KitShown, ...]
    amiss: tuple[tuple[str, bool], ...]


@blueprint.get(PATH)
@needs("kit:read")
def show() -> ResponseReturnValue:
    """The register, the most amiss first."""
    now = context.now()
    rows = alarm_lines.list_protected(context.session(), context.viewer(), now, _today())
    return page(
        "kit_protection.html",
        rows=tuple(_row(each) for each in rows),
        amiss=sum(bool(each.amiss) for each in rows),
        may_write=may(context.viewer(), Need.KIT_WRITE),
    )


@blueprint.get(f"{PATH}/<uuid:home_id>")
@needs("kit:write", form=True)
def show_line(home_id: UUID) -> ResponseReturnValue:
    """The form of a home's line."""
    home = _home(home_id)
    return _line_page(home, Form(_values(alarm_lines.get_line(context.session(), home))))


@blueprint.post(f"{PATH}/<uuid:home_id>")
@needs("kit:write")
def set_line(home_id: UUID) -> ResponseReturnValue:
    """Write down how the alarms of a home call."""
    home, given = _home(home_id), typed(*FIELDS)
    told = {name: value or None for name, value in given.items()}
    wrong = refused(
        lambda: alarm_lines.set_line(context.session(), home, told, now=context.now(), actor=context.actor()),
        given,
    )
    return _line_page(home, wrong) if wrong else done("The line is set down.", PATH)


@blueprint.post("/kit/<uuid:device_id>/test-press")
@needs("kit:write")
def note_test_press(device_id: UUID) -> ResponseReturnValue:
    """Write down that it was pressed as a test, and reached whoever answers."""
    device = visible.get(context.session(), context.viewer(), device_id, context.now())
    alarm_lines.note_test_press(context.session(), device, now=context.now(), actor=context.actor())
    return done(f"{device.name}: tried now.", PATH)


def _line_page(home: Home, form: Form) -> ResponseReturnValue:
    html = page(
        "kit_protection_line.html",
        home=home.uuid,
        where=essentials.address_of(home),
        lines=[("", "Not known"), *((each.value, words) for each, words in LINES.items())],
        form=form,
    )
    return html, form.status


def _row(each: Protected) -> ProtectedRow:
    line = each.line
    return ProtectedRow(
        uuid=each.home.uuid,
        people=tuple((person.uuid, essentials.name_of(person)) for person in each.people),
        where=essentials.address_of(each.home) or "",
        alone=each.alone,
        line=LINES[line.line] if line and line.line else "Line not known",
        provider=", ".join(filter(None, (line.provider, line.centre))) if line else "",
        tested_on=line.tested_on if line else None,
        kit=tuple(KitShown(kit.uuid, kit.name, kit.model, kit.last_test_press_at) for kit in each.kit),
        amiss=tuple((AMISS[what], what in GRAVE) for what in each.amiss),
    )


def _values(line: AlarmLine | None) -> dict[str, str]:
    if line is None:
        return {}
    found = {name: getattr(line, name) for name in FIELDS}
    return {name: "" if value is None else str(value) for name, value in found.items()}


def _home(home_id: UUID) -> Home:
    return seen.get_home(context.session(), context.viewer(), home_id, context.now())


def _today() -> date:
    return context.now().astimezone(ZoneInfo(context.installation().time_zone)).date()
