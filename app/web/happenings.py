"""What happened, as lists on pages tell it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: see timeline in _parts/lists.html."""

    at: datetime
    words: str
    by: str | None = None
    strong: str | None = None
    href: str | None = None
    severity: str | None = None
