"""Reads nested documents (JSON or YAML) and says every fault at its place, in a sentence."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self, TypeVar

from core.errors import Invalid

Choice = TypeVar("Choice", bound=StrEnum)

_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


class Part:
    """One mapping inside a document, its dotted place, and the faults of the whole document.

    The readers return a usable stand-in where they note a fault, so that one pass finds all faults; nothing
    built from stand-ins may leave before `refuse_faults` has been called.
    """

    def __init__(self, content: object, place: str = "", faults: dict[str, str] | None = None) -> None:
        """`content` should be a mapping; anything else is a fault at `place`."""
        self.place = place
        self.faults: dict[str, str] = {} if faults is None else faults
        self._seen: set[str] = set()
        self.content: dict[str, Any] = {}
        if isinstance(content, Mapping):
            self.content = {str(name): value for name, value in content.items()}
        else:
            self.fault(None, "Give named fields here.")

    def at(self, field: str | None) -> str:
        """The dotted place of a field of this part."""
        return ".".join(part for part in (self.place, field) if part)

    def fault(self, field: str | None, words: str) -> None:
        """Note a fault; the first at a place is kept."""
        self.faults.setdefault(self.at(field), words)

    def has(self, field: str) -> bool:
        """Whether the field is given and not null."""
        self._seen.add(field)
        return self.content.get(field) is not None

    def raw(self, field: str) -> object:
        """The field's content as it is, or None."""
        self._seen.add(field)
        return self.content.get(field)

    def given(self, field: str) -> object | None:
        """The field's content; that it is missing is a fault."""
        found = self.raw(field)
        if found is None:
            self.fault(field, "This is missing.")
        return found

    def text(self, field: str) -> str:
        """A text that says something."""
        found = self.given(field)
        if found is not None and (not isinstance(found, str) or not found.strip()):
            self.fault(field, "Write a text here.")
        return found.strip() if isinstance(found, str) else ""

    def maybe_text(self, field: str) -> str | None:
        """A text, or None where the field is left out."""
        return self.text(field) if self.has(field) else None

    def key(self, field: str) -> str:
        """A short name for reference: small letters, digits and underscores, parts joined by dots."""
        found = self.text(field)
        if found and not _KEY.fullmatch(found):
            self.fault(field, "Use small letters, digits and underscores, beginning with a letter.")
        return found

    def maybe_key(self, field: str) -> str | None:
        """A key, or None where the field is left out."""
        return self.key(field) if self.has(field) else None

    def number(self, field: str) -> float:
        """A finite number."""
        found = self.given(field)
        if isinstance(found, bool) or not isinstance(found, int | float) or not abs(found) < float("inf"):
            self.fault(field, "Give a number.")
            return 0.0
        return float(found)

    def maybe_number(self, field: str) -> float | None:
        """A number, or None where the field is left out."""
        return self.number(field) if self.has(field) else None

    def whole(self, field: str, lowest: int, highest: int, default: int | None = None) -> int:
        """A whole number from `lowest` to `highest`."""
        if default is not None and not self.has(field):
            return default
        found = self.given(field)
        if isinstance(found, bool) or not isinstance(found, int) or not lowest <= found <= highest:
            self.fault(field, f"Give a whole number from {lowest} to {highest}.")
            return lowest
        return found

    def yes(self, field: str, *, default: bool = False) -> bool:
        """True or false."""
        found = self.raw(field)
        if found is None:
            return default
        if not isinstance(found, bool):
            self.fault(field, "Say true or false.")
        return found is True

    def choice(self, field: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        """One of the named choices."""
        if default is not None and not self.has(field):
            return default
        found = self.given(field)
        for one in choices:
            if found == one.value:
                return one
        self.fault(field, f"Choose one of {', '.join(choices)}.")
        return next(iter(choices))

    def listed(self, field: str, *, least: int = 1) -> list[Any]:
        """A list with at least `least` entries."""
        found = self.raw(field)
        if found is None and least == 0:
            return []
        if not isinstance(found, list | tuple) or len(found) < least:
            self.fault(field, "Give a list with at least one entry." if least else "Give a list.")
            return []
        return list(found)

    def texts(self, field: str, *, least: int = 1) -> tuple[str, ...]:
        """A list of texts."""
        found = self.listed(field, least=least)
        for number, one in enumerate(found):
            if not isinstance(one, str) or not one.strip():
                self.fault(f"{field}.{number}", "Write a text here.")
        return tuple(str(one).strip() for one in found)

    def part(self, field: str) -> Self:
        """A mapping inside this one."""
        return type(self)(self.given(field) or {}, self.at(field), self.faults)

    def parts(self, field: str, *, least: int = 1) -> list[Self]:
        """A list of mappings inside this one."""
        return [
            type(self)(one, self.at(f"{field}.{number}"), self.faults)
            for number, one in enumerate(self.listed(field, least=least))
        ]

    def no_more(self) -> None:
        """Every field that nobody has asked for is a fault: a misspelt name must not be passed over."""
        for name in sorted(self.content.keys() - self._seen):
            self.fault(name, "There is no such field here.")

    def refuse_faults(self, message: str) -> None:
        """Raise `Invalid` with every fault found so far, if there is any."""
        if self.faults:
            raise Invalid(self.faults, message)
