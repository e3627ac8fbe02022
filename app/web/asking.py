"""Forms that stand on a page of their own, each told as a list of what it asks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask import request
from flask.typing import ResponseReturnValue

from app.web.forms import Form, refused
from app.web.pages import done, page

How = Literal["line", "words", "pick", "radio", "tick", "ticks", "date", "email"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One field: see asked.html. `choices` are (value, words) for a pick, a radio or ticks."""

    name: str
    label: str
    how: How = "line"
    hint: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    rows: int = 3


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that belong together, under a heading; the heading of the only part may be empty."""

    heading: str
    asks: tuple[Ask, ...]
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole form: what it is called, where it leads back to, what it says first, and its button."""

    title: str
    action: str
    back_href: str
    back_words: str
    parts: tuple[Part, ...]
    send: str
    lead: tuple[str, ...] = ()
    about: str | None = None
    warning: bool = False
    section: str = "people"

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Every field."""
        return tuple(ask for part in self.parts for ask in part.asks)


def choices(
    kind: Iterable[str], words: Mapping[Any, str], first: str | None = None
) -> tuple[tuple[str, str], ...]:
    """The values of an enum with their words, after an empty first one where that is said."""
    known = tuple((str(each), words.get(each, each)) for each in kind)
    return known if first is None else (("", first), *known)


def typed(sheet: Sheet) -> dict[str, str]:
    """What was sent for each field, without the space around it; ticks come with commas between."""
    return {
        ask.name: ",".join(request.form.getlist(ask.name))
        if ask.how == "ticks"
        else request.form.get(ask.name, "").strip()
        for ask in sheet.asks
    }


def show(sheet: Sheet, form: Form | None = None) -> ResponseReturnValue:
    """The page with the form, as it was typed, or as it begins."""
    form = form or Form()
    return page("asked.html", sheet=sheet, form=form), form.status


def done_by(
    sheet: Sheet,
    act: Callable[[Mapping[str, str]], object],
    words: str,
    onward: str,
    fields: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """Do it with what was typed and go on; or give the form back with all that is wrong."""
    given = typed(sheet)
    wrong = refused(lambda: act(given), given, fields)
    return show(sheet, wrong) if wrong else done(words, onward)
