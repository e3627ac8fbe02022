"""The register of protection, line by line: as its page shows it, and for a spreadsheet."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from uuid import UUID

from care_plans.models.work import FollowUp
from outcomes.table import plain

HEADS = ("Home", "Who lives there", "Lives alone", "Line", "Provider", "Tried end to end on", "Kit", "Amiss",
         "Asked of", "Due")  # fmt: skip


@dataclass(frozen=True, slots=True)
class KitShown:
    """Life-safety kit in a home: see kit_protection.html."""

    uuid: UUID
    name: str
    model: str
    pressed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AmissShown:
    """One thing that is amiss, and what was asked about it: see kit_protection.html."""

    words: str
    grave: bool
    asked: FollowUp | None
    team: str


@dataclass(frozen=True, slots=True)
class ProtectedRow:
    """A home in the register: see kit_protection.html."""

    uuid: UUID
    people: tuple[tuple[UUID, str], ...]
    where: str
    alone: bool
    line: str
    provider: str
    tested_on: date | None
    kit: tuple[KitShown, ...]
    amiss: tuple[AmissShown, ...]


def as_csv(rows: Sequence[ProtectedRow]) -> str:
    """One line for each thing that is amiss in a home, and one for a home where nothing is."""
    out = StringIO()
    table = csv.writer(out)
    table.writerow(HEADS)
    for each in rows:
        home = (
            each.where, "; ".join(name for _, name in each.people), "yes" if each.alone else "no", each.line,
            each.provider, each.tested_on or "", "; ".join(kit.name for kit in each.kit),
        )  # fmt: skip
        for what in each.amiss or (None,):
            table.writerow(plain(str(cell)) for cell in (*home, *_amiss(what)))
    return out.getvalue()


def _amiss(what: AmissShown | None) -> tuple[object, ...]:
    if what is None:
        return ("", "", "")
    return (what.words, what.team, what.asked.due_at.isoformat() if what.asked else "")
