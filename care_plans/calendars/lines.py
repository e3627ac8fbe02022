"""What becomes of each entry of a calendar file on a rota: somebody covers then, or why not; pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from care_plans.calendars.reading import Found

NOBODY = "It names nobody: invite one of the team, or let its title be their name or e-mail address."
UNKNOWN = "Nobody here has this name or e-mail address."
ELSEWHERE = "They are not in this team now."
SEVERAL = "It names more than one of the team, and one covers at a time."
BARRED = "They may not open alerts and act on them."
OVER = "It is over."
TOO_LONG = "It is longer than four weeks: set the rota otherwise."
TAKEN = "Another cover stands at this time: take that back first."
CROSSING = "It overlaps another entry of this file."
TWICE = "It stands in this file twice."


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is in the team now, and whether they can be on duty."""

    uuid: UUID
    name: str
    email: str
    answers: bool


@dataclass(frozen=True, slots=True)
class Covered:
    """A time that somebody covers."""

    who: UUID
    start: datetime
    end: datetime

    def meets(self, other: "Covered") -> bool:
        """Whether the two have any time in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: whom it says, as far as that is known, and when; a cover to be made, or a fault.

    `there` is whether that very cover is there already.
    """

    said: str
    start: datetime | None
    end: datetime | None
    cover: Covered | None = None
    there: bool = False
    fault: str | None = None


def decide(
    entries: Sequence[Found],
    members: Collection[Member],
    others: Collection[str],
    covers: Collection[Covered],
    *,
    now: datetime,
    longest: timedelta,
) -> list[Line]:
    """A line for each entry, in the order of time; those without a time last.

    `others` are the e-mail addresses, in small letters, of staff who are not in the team; `covers` are those
    that are not over.
    """
    in_order = sorted(
        entries, key=lambda each: (each.start is None, each.start.timestamp() if each.start else 0)
    )
    made: list[Covered] = []
    found: list[Line] = []
    for each in in_order:
        line = _line(each, members, others, now, longest)
        if line.cover is not None:
            line = _beside(line, line.cover, covers, made)
        if line.cover is not None:
            made.append(line.cover)
        found.append(line)
    return found


def _line(
    entry: Found, members: Collection[Member], others: Collection[str], now: datetime, longest: timedelta
) -> Line:
    who, fault = _who(entry, members, others)
    said = who.name if who else ", ".join(entry.invited) or entry.summary or entry.organizer or "No title"
    start, end = entry.start, entry.end
    if entry.fault or start is None or end is None:
        return Line(said, start, end, fault=entry.fault)
    if end <= now:
        fault = OVER
    elif end - start > longest:
        fault = fault or TOO_LONG
    elif who is not None and not who.answers:
        fault = BARRED
    if fault or who is None:
        return Line(said, start, end, fault=fault)
    return Line(said, start, end, Covered(who.uuid, start, end))


def _who(
    entry: Found, members: Collection[Member], others: Collection[str]
) -> tuple[Member | None, str | None]:
    """The one of the team who is meant, or why nobody is.

    Whoever is invited counts before the title, and the title before whoever wrote the entry, who often
    writes it for another.
    """
    if entry.invited:
        return _one_of(members, others, entry.invited)
    words = entry.summary.casefold()
    titled = [each for each in members if words in (each.name.casefold(), each.email.casefold())]
    if titled:
        return (titled[0], None) if len(titled) == 1 else (None, SEVERAL)
    if "@" in words and " " not in words:
        return None, ELSEWHERE if words in others else UNKNOWN
    if entry.organizer:
        return _one_of(members, others, (entry.organizer,))
    return None, UNKNOWN if words else NOBODY


def _one_of(
    members: Collection[Member], others: Collection[str], addresses: Sequence[str]
) -> tuple[Member | None, str | None]:
    meant = [each for each in members if each.email.casefold() in addresses]
    if len(meant) == 1:
        return meant[0], None
    if meant:
        return None, SEVERAL
    return None, ELSEWHERE if any(each in others for each in addresses) else UNKNOWN


def _beside(line: Line, cover: Covered, covers: Collection[Covered], made: Sequence[Covered]) -> Line:
    """The line beside what is there already and what the file says before it."""
    if cover in covers:
        return Line(line.said, line.start, line.end, there=True)
    if any(cover.meets(each) for each in covers):
        fault = TAKEN
    elif cover in made:
        fault = TWICE
    elif any(cover.meets(each) for each in made):
        fault = CROSSING
    else:
        return line
    return Line(line.said, line.start, line.end, fault=fault)
