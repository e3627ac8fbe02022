"""The register of who is protected and how: the line of each home, its tests, and what is amiss with it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, protection_table
from app.web.forms import Form, refused, typed
from app.web.pages import Chip, address, done, page
from app.web.protection_table import AmissShown, KitShown, ProtectedRow
from care_plans.protecting import lines
from care_plans.protecting.deadlines import AT_ONCE
from care_plans.protecting.lines import Asked
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
SHORT: Mapping[Amiss, str] = {
    Amiss.NO_ANALOGUE: "Line has ended",
    Amiss.UNTRIED_SINCE: "Moved and not tried",
    Amiss.UNKNOWN_LINE: "Line not known",
    Amiss.NEVER_TRIED: "Not tried for a year",
    Amiss.NOT_PRESSED: "Not pressed",
    Amiss.NO_BATTERY: "No battery",
    Amiss.MOVES_SOON: "Moves soon",
}
ANY = "any"


@blueprint.get(PATH)
@needs("kit:read")
def show() -> ResponseReturnValue:
    """The register, the most amiss first; all of it, or only where something is amiss."""
    found, only = _homes(), request.args.get("amiss", "")
    return page(
        "kit_protection.html",
        rows=_rows(_chosen(found, only)),
        only=only,
        homes=len(found),
        amiss=sum(bool(each.amiss) for each in found),
        chips=_chips(found, only),
        csv_href=address(f"{PATH}.csv", {"amiss": only}),
        may_write=may(context.viewer(), Need.KIT_WRITE),
    )


@blueprint.get(f"{PATH}.csv")
@needs("kit:read")
def take_away() -> ResponseReturnValue:
    """The same for a spreadsheet."""
    rows = _rows(_chosen(_homes(), request.args.get("amiss", "")))
    return Response(
        protection_table.as_csv(rows),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="protection.csv"'},
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


def _homes() -> list[Protected]:
    return alarm_lines.list_protected(context.session(), context.viewer(), context.now(), _today())


def _chosen(found: Sequence[Protected], only: str) -> list[Protected]:
    """Those where `only` is amiss; where anything is, or all, for what is no such thing."""
    if only == ANY:
        return [each for each in found if each.amiss]
    return [each for each in found if only not in set(Amiss) or Amiss(only) in each.amiss]


def _chips(found: Sequence[Protected], only: str) -> tuple[Chip, ...]:
    counts = Counter(what for each in found for what in each.amiss)
    chips = [("", "All", len(found)), (ANY, "Anything amiss", sum(bool(each.amiss) for each in found))]
    chips += [(what.value, SHORT[what], counts[what]) for what in Amiss if counts[what]]
    return tuple(
        Chip(words, address(PATH, {"amiss": value}), on=value == only, number=number)
        for value, words, number in chips
    )


def _rows(found: Sequence[Protected]) -> tuple[ProtectedRow, ...]:
    asked = {
        (each.home_id, each.amiss): each
        for each in lines.list_open(context.session(), [each.home.id for each in found])
    }
    return tuple(_row(each, asked) for each in found)


def _row(each: Protected, asked: Mapping[tuple[int, Amiss], Asked]) -> ProtectedRow:
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
        amiss=tuple(_amiss(what, asked.get((each.home.id, what))) for what in each.amiss),
    )


def _amiss(what: Amiss, asked: Asked | None) -> AmissShown:
    return AmissShown(
        AMISS[what], what in AT_ONCE, asked.follow_up if asked else None, asked.team if asked else ""
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
