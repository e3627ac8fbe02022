"""What a field of a plan's form is, and the few ways that fields are made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.web.words import initial_capital

Choices = Sequence[tuple[str, str]]
NONE: tuple[str, str] = ("", "None")
CHOOSE: tuple[str, str] = ("", "Choose")


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field of a form: `how` is line, words, pick, ticks, date, time or number; see plan_part.html."""

    how: str
    name: str
    label: str
    hint: str | None = None
    choices: Choices = ()
    suffix: str | None = None
    group: str | None = None


def text(name: str, label: str, hint: str | None = None, group: str | None = None) -> FieldShown:
    """Several lines."""
    return FieldShown("words", name, label, hint, group=group)


def pick(name: str, label: str, choices: Choices, group: str | None = None) -> FieldShown:
    """One of several."""
    return FieldShown("pick", name, label, choices=tuple(choices), group=group)


def plain(kind: Any) -> Choices:
    """The members of an enumeration, by their own words."""
    return [(each.value, initial_capital(each.value.replace("_", " "))) for each in kind]
