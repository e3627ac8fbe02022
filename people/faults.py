"""Reads what was given for each field, and says of all that is wrong at once what to change.

A reader takes one value, typed in (text) or already made (a date, a choice), and answers what to store, or
raises Invalid with one sentence.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, time
from enum import StrEnum
from typing import Any
from unicodedata import category

from core.errors import Invalid

Reader = Callable[[Any], Any]

LINE, LINES = 200, 4000  # longest texts: of one line, of several
NEEDED = "This is needed."
CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})  # Unicode's: control characters, half letters, other line ends
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # show text in another order


def read_fields(
    given: Mapping[str, Any],
    readers: Mapping[str, Reader],
    *,
    required: Collection[str] = (),
    empty: Mapping[str, Any] | None = None,
    adding: bool = True,
) -> dict[str, Any]:
    """What to store for each field of `given`; Invalid with every fault.

    `required` fields may not be empty, and when `adding` not be left out. `empty` says what is stored for
    nothing where that is not None.
    """
    faults: dict[str, str] = {}
    found: dict[str, Any] = {}
    if adding:
        given = {**dict.fromkeys(required), **(empty or {}), **given}
    for name, value in given.items():
        if isinstance(value, str) and not isinstance(value, StrEnum):
            value = value.strip()
        if value is None or value == "":
            if name in required:
                faults[name] = NEEDED
            found[name] = (empty or {}).get(name)
            continue
        try:
            found[name] = readers[name](value)
        except Invalid as refused:
            faults[name] = next(iter(refused.fields.values()))
    if faults:
        raise Invalid(faults)
    return found


def has_controls(text: str, kept: str = "") -> bool:
    """Whether `text` has characters that no name or note needs, other than those `kept`.

    Joiners that names in Persian, Hindi or Sinhala are spelt with, and hard spaces that come with pasted
    text, are no such characters.
    """
    return any(letter not in kept and (category(letter) in CONTROLS or letter in TURNS) for letter in text)


def words(most: int = LINE) -> Reader:
    """Text of at most `most` characters, without control characters."""
    kept = "\n\t" if most > LINE else ""

    def read(value: str) -> str:
        text = value.replace("\r\n", "\n")
        if len(text) > most:
            raise Invalid({"": f"Keep this to {most} characters."})
        if has_controls(text, kept):
            raise Invalid({"": "Leave out control characters."})
        return text

    return read


def yes_no(value: Any) -> bool:
    """True for true or "yes" (a ticked box), False for false or "no"."""
    if value in (True, "yes"):
        return True
    if value in (False, "no"):
        return False
    raise Invalid({"": "Say yes or no."})


def day(value: Any) -> date:
    """A date, or one written like 1948-05-04."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as fault:
        raise Invalid({"": "Give a date, like 1948-05-04."}) from fault


def clock(value: Any) -> time:
    """Reads a time of day, "22:00"."""
    try:
        return value if isinstance(value, time) else time.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError as fault:
        raise Invalid({"": "Give a time of day such as 22:00."}) from fault


def one_of(kind: type[StrEnum]) -> Reader:
    """A value of `kind`."""

    def read(value: Any) -> StrEnum:
        try:
            return kind(value)
        except ValueError as fault:
            raise Invalid({"": f"Choose one of: {', '.join(kind)}."}) from fault

    return read


def number(least: int, most: int) -> Reader:
    """A whole number from `least` to `most`."""

    def read(value: Any) -> int:
        try:
            whole = int(value)
        except (TypeError, ValueError) as fault:
            raise Invalid({"": "Give a whole number."}) from fault
        if not least <= whole <= most:
            raise Invalid({"": f"Give a number from {least} to {most}."})
        return whole

    return read


def as_given(value: Any) -> Any:
    """What somebody else has checked already."""
    return value
