"""Who sees what of a person, as their pages say it: in short, as a table, and what a choice would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.web import essentials
from app.web.words import counted, date_only, listed
from people import choices, who_sees
from people.access import Extent, Purpose, RecordClass
from people.choices import Said
from people.class_words import BASES, CLASSES, EXTENTS, HOLDS, PURPOSES
from people.models.people import Person
from people.models.sharing import Decision, SharingChoice
from people.who_sees import Because, Cell, Change

DECISIONS = {Decision.PERMIT: "May see it", Decision.DISSENT: "May not see it"}


@dataclass(frozen=True, slots=True)
class CellShown:
    """How much one agency sees of one class: see sharing.html."""

    extent: str
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class of record, with a cell for each agency."""

    name: str
    holds: str
    cells: tuple[CellShown, ...]


@dataclass(frozen=True, slots=True)
class AgencyHead:
    """One agency, with its teams in the care team."""

    name: str
    teams: str


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """What the person has said: see sharing.html."""

    uuid: UUID
    words: str
    permits: bool
    at: datetime
    said_by: str
    evidence: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What a choice would change: see sharing_choice.html."""

    agency: str
    name: str
    before: str
    after: str
    less: bool


def in_short(session: Session, person: Person, now: datetime) -> tuple[str, ...]:
    """Who sees what, in a few sentences."""
    rows = who_sees.table(session, person, now)
    first = essentials.first_name(person)
    told = []
    for row in rows:
        full = [each for each in row.cells if each.extent is Extent.FULL]
        amount = (
            "all of it" if len(full) == len(row.cells) else counted(len(full), "part", "parts") + " of it"
        )
        told.append(f"{row.agency.name} {amount}")
    found = [f"In full: {listed(told)}." if told else "No team sees this page."]
    said = len(choices.in_force(session, [person.id], now))
    if said:
        found.append(f"{first} has made {counted(said, 'choice', 'choices')} about it.")
    return (*found, f"Whoever an alert about {first} is sent to sees that alert, as far as it is shared.")


def heads(rows: Sequence[who_sees.Row]) -> tuple[AgencyHead, ...]:
    """The agencies of a table."""
    return tuple(AgencyHead(row.agency.name, listed(row.teams)) for row in rows)


def classes(rows: Sequence[who_sees.Row], first: str) -> tuple[ClassRow, ...]:
    """A row for each class of record, a cell for each agency."""
    return tuple(
        ClassRow(
            CLASSES[each],
            HOLDS[each],
            tuple(_cell(row.cells[place], first) for row in rows),
        )
        for place, each in enumerate(who_sees.CLASSES)
    )


def choice_rows(some: Sequence[Said]) -> tuple[ChoiceRow, ...]:
    """What the person has said, the latest first."""
    return tuple(
        ChoiceRow(
            each.choice.uuid,
            choice_words(each.choice, each.agency),
            each.choice.decision is Decision.PERMIT,
            each.choice.began_at,
            each.choice.said_by,
            each.choice.evidence,
            each.recorded_by,
        )
        for each in some
    )


def choice_words(choice: SharingChoice, agency: str | None) -> str:
    """A choice in a sentence: "Westmere Homes may not see vital signs, for care"."""
    who = agency or "Any agency"
    if choice.purpose is Purpose.PLANNING:
        may = "may" if choice.decision is Decision.PERMIT else "may not"
        return f"{who} {may} count them in figures"
    may = "may see" if choice.decision is Decision.PERMIT else "may not see"
    what = (
        _lower(CLASSES[choice.record_class]) if choice.record_class else "anything but what keeps them safe"
    )
    if choice.record_class is None and choice.decision is Decision.PERMIT:
        what = "all that a basis gives"
    purpose = f", for {_lower(PURPOSES[choice.purpose])}" if choice.purpose else ""
    return f"{who} {may} {what}{purpose}"


def change_rows(some: Sequence[Change]) -> tuple[ChangeRow, ...]:
    """What a choice would change, agency by agency."""
    return tuple(
        ChangeRow(
            each.agency.name,
            CLASSES[each.record_class],
            EXTENTS[each.before],
            EXTENTS[each.after],
            each.after.rank < each.before.rank,
        )
        for each in some
    )


def class_choices() -> list[tuple[str, str]]:
    """Classes to choose from; "" is all of them."""
    return [("", "All of it"), *((each.value, CLASSES[each]) for each in RecordClass if each in HOLDS_ALL)]


def purpose_choices() -> list[tuple[str, str]]:
    """Purposes to choose from; "" is every purpose."""
    return [("", "Every purpose"), *((each.value, PURPOSES[each]) for each in Purpose)]


HOLDS_ALL = frozenset(who_sees.CLASSES)


def _cell(cell: Cell, first: str) -> CellShown:
    return CellShown(cell.extent.value, EXTENTS[cell.extent], _why(cell, first))


def _why(cell: Cell, first: str) -> str:
    if cell.basis is None or cell.because is Because.NO_BASIS:
        return "No basis"
    basis = f"{PURPOSES[cell.basis.purpose]}, {_lower(BASES[cell.basis.lawful_basis])}"
    if cell.because is Because.DISSENT and cell.choice is not None:
        return f"{first} said no, {date_only(cell.choice.began_at.date())}"
    if cell.because is Because.NO_CONSENT:
        return f"Needs {first}’s consent"
    if cell.choice is not None:
        return f"{basis}; {first} said yes"
    return basis


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
