"""What every page is made with: the strip on top, the counts in the nav, filters that stay in the address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app import context
from app.web import strip
from app.web.forms import Form
from care_plans.visits import visits
from people import concerns
from people.access import Need, may

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as a link: see _parts/chips.html."""

    words: str
    href: str
    on: bool
    number: int | None = None
    severity: str | None = None


@dataclass(frozen=True, slots=True)
class Paging:
    """Newer and older: see _parts/pagination.html."""

    newer_href: str | None
    older_href: str | None
    words: str


def page(template: str, **given: Any) -> str:
    """A whole page, with the strip and the counts on top."""
    viewer = context.find_viewer()
    if viewer is not None:
        opened, now = context.session(), context.now()
        given = {
            "strip": strip.read(opened, viewer, context.installation(), now),
            "counts": strip.count(opened, viewer, now),
            "visiting": [
                (each, visits.place_shown(viewer, each)) for each in visits.list_own(opened, viewer.staff_id)
            ],
            "concerns": concerns.count_waiting(opened, viewer) if may(viewer, Need.CONCERNS_READ) else None,
            **given,
        }
    return filled(template, **given)


def filled(template: str, **given: Any) -> str:
    """A page; where something is wrong in a form, put together again now that its fields have names.

    The summary on top names the fields, which are written below it.
    """
    html = render_template(template, **given)
    if any(isinstance(each, Form) and each.errors and each.labels for each in given.values()):
        html = render_template(template, **given)
    return html


def part(template: str, **given: Any) -> str:
    """A part of a page that loads by itself."""
    return render_template(template, **given)


def address(path: str, kept: Mapping[str, str | None]) -> str:
    """`path` with what is not empty of `kept` as its query."""
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{path}?{query}" if query else path


def paging(
    path: str, kept: Mapping[str, str | None], number: int, total: int, each: int = PER_PAGE
) -> Paging:
    """The links beside page `number` (from 1) of `total` things."""
    first, last = (number - 1) * each + 1, min(number * each, total)
    newer = address(path, {**kept, "page": str(number - 1) if number > 2 else None}) if number > 1 else None
    older = address(path, {**kept, "page": str(number + 1)}) if last < total else None
    return Paging(newer, older, f"{first} to {last} of {total}")


def page_number() -> int:
    """Which page of a list is asked for, from 1; anything else is the first."""
    asked = request.args.get("page", "1")
    return max(1, min(int(asked), 10_000)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def onward(wanted: str, otherwise: str) -> str:
    """`wanted` where it is one of our own addresses, else `otherwise`.

    Of slashes it begins with just one, also where a browser reads a backslash as one: after two it names a
    host, and of more some are dropped on the way.
    """
    ours = re.match(r"/(?![/\\])", wanted) is not None and wanted.isprintable()
    return wanted if ours else otherwise


def done(words: str, path: str) -> ResponseReturnValue:
    """Say that it is done, and go on to `path`; a form over a page is told where, and goes there itself."""
    flash(words, "done")
    if request.headers.get("X-Sheet"):
        return "", 204, {"X-Onward": path}
    return redirect(path, 303)
