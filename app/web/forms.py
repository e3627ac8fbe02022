"""What was typed into a form, kept, with what is wrong beside each field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import request

from app import context
from core.errors import Conflict, Invalid
from people.faults import Reader

INVALID, CONFLICT = 422, 409


@dataclass(frozen=True, slots=True)
class Form:
    """Values by field, as text, and one sentence for each field that is wrong ("" is the form as a whole).

    `status` is the HTTP status of the page that shows it. `labels` are what its fields are called, as the
    page writes them down while it is put together: see `pages.filled`.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """What is wrong, each with the field it is about: "Name: this is needed."."""
        return tuple((name, _about(self.labels.get(name, ""), words)) for name, words in self.errors.items())


def _about(label: str, words: str) -> str:
    plain = label.removesuffix(" (optional)")
    if not plain:
        return words
    return f"{plain} {words}" if plain[-1] in ".?!" else f"{plain}: {words[0].lower()}{words[1:]}"


def typed(*names: str) -> dict[str, str]:
    """What was sent for each of `names`, without the space around it; "" for what was left out."""
    return {name: request.form.get(name, "").strip() for name in names}


def refused(
    act: Callable[[], object], values: Mapping[str, str], fields: Mapping[str, str] | None = None
) -> Form | None:
    """Do it: None when it went well, else the form again with what was typed and what is wrong.

    `fields` names a field of the form for a field of the action; a fault of a field that the form has not is
    said of the form as a whole. Nothing of what was begun is kept.
    """
    try:
        act()
    except (Invalid, Conflict) as fault:
        context.abandon()
        named = {(fields or {}).get(name, name): words for name, words in fault.fields.items()}
        errors = {name: words for name, words in named.items() if name in values}
        others = [words for name, words in named.items() if name not in values]
        if others or not errors:
            errors[""] = " ".join(others) or str(fault)
        return Form(values, errors, INVALID if isinstance(fault, Invalid) else CONFLICT)
    return None


def moment(zone: str) -> Reader:
    """Reads a date and time as a browser sends it ("2026-11-22T09:00"), meant in `zone`."""

    def read(value: str) -> datetime:
        try:
            at = datetime.fromisoformat(value)
            return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
        except (ValueError, OverflowError) as fault:
            raise Invalid({"": "Give a date and a time."}) from fault

    return read


def moment_text(at: datetime, zone: str) -> str:
    """A time as a browser's field holds it, in `zone`."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def seen() -> int | None:
    """The version that the sender was looking at, where the form says."""
    text = request.form.get("row_version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
