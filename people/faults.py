"""Collects what is wrong with each field, so that somebody is told of all of it at once."""

from collections.abc import Callable
from typing import TypeVar

from core.errors import Invalid

T = TypeVar("T")


class Faults:
    """Faults by field; `stop` raises them together."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}

    def add(self, field: str, words: str) -> None:
        """`field` is wrong, and `words` say what to change."""
        self.fields.setdefault(field, words)

    def read(self, field: str, read: Callable[[str], T], text: str) -> T | None:
        """What `read` makes of `text`; None, and a fault of `field`, when it refuses."""
        try:
            return read(text)
        except Invalid as refused:
            self.add(field, next(iter(refused.fields.values())))
            return None

    def stop(self) -> None:
        """Raise Invalid when anything was wrong."""
        if self.fields:
            raise Invalid(self.fields)
