"""What somebody who is not staff sees of a person: themself, or whom they were let in by; pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from people.access import RecordClass

OWN: Final = frozenset(RecordClass) - {RecordClass.RESTRICTED, RecordClass.NOTES}
"""What somebody sees of themself here. What is restricted never comes here, whoever asks (H17)."""
GRANTED: Final = (
    RecordClass.CONTACT,
    RecordClass.PLAN,
    RecordClass.VITALS,
    RecordClass.SAFETY_EVENTS,
    RecordClass.HOME_ENVIRONMENT,
    RecordClass.ENERGY,
    RecordClass.ACTIVITY,
)
"""What can be granted to family or carers at all; activity only where it is asked for by name."""
USUAL: Final = (RecordClass.CONTACT, RecordClass.PLAN, RecordClass.VITALS)
WORDS: Final = {
    RecordClass.CONTACT: "Who cares for them, and how to reach them",
    RecordClass.PLAN: "The plan: goals, who does what, what matters",
    RecordClass.VITALS: "Readings of health",
    RecordClass.SAFETY_EVENTS: "Pendant, falls, smoke and gas",
    RecordClass.HOME_ENVIRONMENT: "Warmth and damp in the home",
    RecordClass.ENERGY: "Electricity and gas",
    RecordClass.ACTIVITY: "Movement, doors, sleep and where they are",
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in who is not staff, and whose page is open.

    `own` for the person themself. `named` are the parts that the page has, `shows` those with something in
    them: for whom staff have made it smaller the page keeps its shape (H17).
    """

    account_id: int
    account_uuid: UUID
    name: str
    relation: str
    person_id: int
    person_uuid: UUID
    own: bool
    named: frozenset[RecordClass]
    shows: frozenset[RecordClass]
    others: int = 0

    def sees(self, record_class: RecordClass) -> bool:
        """Whether anything of this class may be shown."""
        return record_class in self.shows

    def has(self, record_class: RecordClass) -> bool:
        """Whether the page has such a part at all."""
        return record_class in self.named


def classes(
    granted: Collection[str], *, ended: bool, expires_on: date, restricted: bool, moved: bool, today: date
) -> tuple[frozenset[RecordClass], frozenset[RecordClass]] | None:
    """Which parts a page has, and which of them show something; None when it can't be opened any more.

    Restricted, or after the person has moved out of the home that both shared, the parts stay and nothing
    stands in them.
    """
    if ended or today > expires_on:
        return None
    named = frozenset(each for each in GRANTED if each.value in granted)
    return named, frozenset() if restricted or moved else named
