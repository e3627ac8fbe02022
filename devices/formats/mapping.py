"""How an unknown gateway's messages are read: what a mapping file says, once it is checked."""

from collections.abc import Mapping as Mapped
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Step = str | int
"""A key of an object, or the place in a list."""


class Unsaid:
    """What a path gives where the message holds nothing there: not null, not zero."""


UNSAID = Unsaid()


@dataclass(frozen=True, slots=True)
class Path:
    """Where something stands: in the message, in an item of the list gone through, or in the topic."""

    steps: tuple[Step, ...]
    within: str = "message"

    def find(self, body: Any, item: Any, levels: Sequence[str]) -> Any:
        """What stands there, or UNSAID; `levels` are those of the topic."""
        found = {"message": body, "item": item, "topic": list(levels)}[self.within]
        for step in self.steps:
            if isinstance(found, dict) and isinstance(step, str):
                found = found.get(step, UNSAID)
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return UNSAID
        return found


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of the value at a path: one of `among`, or being there at all."""

    path: Path
    among: tuple[Any, ...] | None
    turned: bool = False

    def holds(self, found: Any) -> bool:
        """Whether it holds of what stands at its path."""
        if self.among is None:
            held = found is not UNSAID and found is not None
        else:
            held = any(same(found, each) for each in self.among)
        return held is not self.turned


@dataclass(frozen=True, slots=True)
class Time:
    """Where the time stands and in which form: "iso", "epoch", "epoch_ms", or a pattern of strptime.

    `zone` is for times without one; None is the home's.
    """

    path: Path
    form: str
    zone: str | None


@dataclass(frozen=True, slots=True)
class Value:
    """One reading that a message may hold. `on` and `off` are what a state is said by."""

    kind: str
    path: Path
    unit: str | None
    factor: float
    channel: str
    when: tuple[Condition, ...]
    on: tuple[Any, ...]
    off: tuple[Any, ...]
    doubted: bool


@dataclass(frozen=True, slots=True)
class Mapping:
    """All that a mapping file says."""

    name: str
    title: str
    source: str
    topic: str | None
    accept: tuple[Condition, ...]
    each: Path | None
    address: Path | None
    time: Time | None
    user: Path | None
    message_id: Path | None
    stored: tuple[Condition, ...]
    test: tuple[Condition, ...]
    battery: Path | None
    firmware: Path | None
    online: Value | None
    readings: tuple[Value, ...]


Mappings = Mapped[str, Mapping]
"""Mappings by name."""


_WORDS = {True: frozenset({"true", "on", "yes"}), False: frozenset({"false", "off", "no"})}


def same(found: Any, wanted: Any) -> bool:
    """Whether a value of a message is one of a mapping: texts whatever their case, numbers also as text.

    YAML reads an unquoted On, yes or true as true, so that true is also any of these words.
    """
    if isinstance(wanted, bool) and isinstance(found, str):
        return found.strip().lower() in _WORDS[wanted]
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    if isinstance(found, int | float | str) and isinstance(wanted, int | float | str):
        if isinstance(found, str) and isinstance(wanted, str):
            return found.strip().lower() == wanted.strip().lower()
        return str(found).strip() == str(wanted).strip()
    return found is None and wanted is None
