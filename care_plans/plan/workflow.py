"""Where a plan stands, worked out from its versions and never typed in; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Stage(StrEnum):
    """Where a plan stands."""

    NO_PLAN = "no_plan"
    DRAFT = "draft"
    TO_BE_AGREED = "to_be_agreed"
    AGREED = "agreed"
    IN_FORCE = "in_force"
    NOT_AGREED = "not_agreed"
    REVIEW_OVERDUE = "review_overdue"
    REVIEW_DUE = "review_due"
    WATCHED_UNAGREED = "watched_unagreed"
    WORK_TO_REVIEW = "work_to_review"


SOON = timedelta(days=14)
"""How long before its review a plan says so."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The draft: who began it, how many faults it has, and whether what it says is agreed."""

    by: str
    faults: int
    agreed: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class InForce:
    """The published version: whether it was agreed, its review, and how much open work nobody looked at."""

    number: int
    agreed: bool
    review_on: date | None
    review_by: str | None
    unseen_work: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing that is true of the plan now, in words; `asks` where somebody has to do something."""

    stage: Stage
    words: str
    asks: bool


def standing(in_force: InForce | None, drafted: Drafted | None, today: date) -> tuple[Standing, ...]:
    """All that is true of the plan, what asks for somebody first; never empty."""
    found = [*_of_published(in_force, today), *_of_draft(drafted)]
    if not found:
        found = [Standing(Stage.NO_PLAN, "No plan yet", asks=True)]
    return tuple(sorted(found, key=lambda each: not each.asks))


def _of_published(in_force: InForce | None, today: date) -> list[Standing]:
    if in_force is None:
        return []
    found = [Standing(Stage.IN_FORCE, f"Version {in_force.number} is in force", asks=False)]
    if not in_force.agreed:
        found.append(Standing(Stage.NOT_AGREED, "In force, but nobody has agreed it yet", asks=True))
    if in_force.review_on is not None and in_force.review_on <= today + SOON:
        whose = f", by {in_force.review_by}" if in_force.review_by else ""
        due = f"{in_force.review_on.day} {in_force.review_on:%B %Y}"
        if in_force.review_on < today:
            found.append(Standing(Stage.REVIEW_OVERDUE, f"Review overdue: due {due}{whose}", asks=True))
        else:
            found.append(Standing(Stage.REVIEW_DUE, f"Review due {due}{whose}", asks=True))
    if in_force.unseen_work:
        pieces = "1 piece" if in_force.unseen_work == 1 else f"{in_force.unseen_work} pieces"
        words = f"{pieces} of open work kept from the version before and not looked at yet"
        found.append(Standing(Stage.WORK_TO_REVIEW, words, asks=True))
    return found


def _of_draft(drafted: Drafted | None) -> list[Standing]:
    if drafted is None:
        return []
    if drafted.faults:
        faults = "1 thing" if drafted.faults == 1 else f"{drafted.faults} things"
        return [Standing(Stage.DRAFT, f"Draft begun by {drafted.by}: {faults} to put right first", asks=True)]
    if drafted.agreed:
        return [Standing(Stage.AGREED, f"Draft by {drafted.by} is agreed, and can be published", asks=True)]
    if not drafted.changed:
        return [Standing(Stage.DRAFT, f"Draft begun by {drafted.by}, with nothing changed yet", asks=False)]
    return [Standing(Stage.TO_BE_AGREED, f"Draft begun by {drafted.by} is waiting to be agreed", asks=True)]


def unagreed(kit: Sequence[str]) -> tuple[Standing, ...]:
    """That kit watches somebody without an agreement, each piece in words; () where none does."""
    if not kit:
        return ()
    words = f"Nobody has agreed to what this watches: {'; '.join(kit)}"
    return (Standing(Stage.WATCHED_UNAGREED, words, asks=True),)
