"""Whether two pathways ask for the same: then it is asked once, for both; pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

WHEN = ("times", "weekdays", "every_days", "rule", "opens_before", "due_within")


class Worded(Protocol):
    """Whatever says something in words."""

    text: Any


Row = TypeVar("Row", bound=Worded)


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same but for capitals, space and the full stop at the end."""
    return _bare(one) == _bare(other)


def with_same_words(rows: Iterable[Row], text: str) -> Row | None:
    """The first of these that says the same."""
    return next((row for row in rows if same_words(row.text, text)), None)


def same_time(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two recurrences fall at the same times of the same days, whenever each was begun."""
    return all(one.get(name) == other.get(name) for name in WHEN)


def same_pace(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two monitoring documents expect a reading at the same times, or equally often."""
    if one.get("by") is None or other.get("by") is None:
        return one.get("by") == other.get("by") and one.get("every") == other.get("every")
    return same_time(one["by"], other["by"])


def same_aim(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Whether two goals can share a measure: two different ones have to be settled by somebody first."""
    return not one or not other or dict(one) == dict(other)


def asked_too(also_by: Sequence[str] | None, pathway: str) -> list[str]:
    """Who else asks for it, now that `pathway` does."""
    return list(dict.fromkeys([*(also_by or []), pathway]))


def joined(one: str, other: str) -> str:
    """Both texts in one, each once."""
    return one if same_words(one, other) or other in one else f"{one} {other}"


def _bare(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")
