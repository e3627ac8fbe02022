"""Homes whose kit lost its mains or a line: how pressing each is, and which are one outage; pure (H5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from care_plans.severity import Severity
from devices.protecting import BATTERY_HOURS

TOGETHER = timedelta(minutes=15)
"""How soon after one home the next must have lost the same to be part of one outage."""
AT_LEAST = 3
"""Homes in one place from which it is an outage and not a plug."""
BEFORE = timedelta(hours=1)
"""How long before the battery runs out somebody is pressed to act; halfway, where it lasts less than two."""


class What(StrEnum):
    """What was lost."""

    MAINS = "mains"
    LINE = "line"
    BACKUP_LINE = "backup_line"


@dataclass(frozen=True, slots=True)
class Lost:
    """One home (or person) that lost something, as its kit says.

    `place` is where others may have lost the same: an area for the mains, a provider for lines. `asked` is
    whose work it would be, so that each team is asked once. Kit that `protects` somebody calls for help.
    """

    subject: int
    what: What
    since: datetime
    place: str | None
    kit: tuple[str, ...]
    protects: bool
    asked: int | None = None
    battery_hours: int | None = None
    confirmed: bool = True

    @property
    def ends(self) -> datetime:
        """When the battery runs out; where nobody wrote that down, after the least that there should be."""
        hours = BATTERY_HOURS if self.battery_hours is None else self.battery_hours
        return self.since + timedelta(hours=hours)

    @property
    def pressing_from(self) -> datetime:
        """From when somebody has to act before the battery runs out."""
        return self.ends - min(BEFORE, (self.ends - self.since) / 2)


@dataclass(frozen=True, slots=True)
class Outage:
    """Several homes in one place that lost the same within minutes, the first of them first."""

    what: What
    place: str
    homes: tuple[Lost, ...]

    def leads(self, lost: Lost) -> bool:
        """Whether this home stands for all of them whose team would be asked: the first that protects."""
        same = (each for each in self.homes if each.asked == lost.asked and each.protects)
        return next(same, None) == lost


def outages(lost: Iterable[Lost]) -> list[Outage]:
    """Which of these belong together, in whatever order they are given; one home alone is no outage."""
    by_place: dict[tuple[What, str], list[Lost]] = {}
    for each in sorted(lost, key=lambda one: (one.since, one.subject)):
        if each.place is not None:
            by_place.setdefault((each.what, each.place), []).append(each)
    return [
        Outage(what, place, tuple(chain))
        for (what, place), each_of in by_place.items()
        for chain in _chains(each_of)
        if len({one.subject for one in chain}) >= AT_LEAST
    ]


def _chains(lost: Sequence[Lost]) -> list[list[Lost]]:
    found: list[list[Lost]] = []
    for each in lost:
        if found and each.since - found[-1][-1].since <= TOGETHER:
            found[-1].append(each)
        else:
            found.append([each])
    return found


def is_pressing(lost: Lost, now: datetime) -> bool:
    """Whether people are about to be without protection, or are."""
    return lost.what is What.MAINS and lost.protects and now >= lost.pressing_from


def severity(lost: Lost, outage: Outage | None, now: datetime) -> Severity:
    """How bad it is: of an outage one home calls somebody of each team, and the others stand on the board.

    Before a battery runs out each of them calls for itself.
    """
    if not lost.protects or lost.what is What.BACKUP_LINE:
        return Severity.WATCH
    loud = outage is None or outage.leads(lost)
    if is_pressing(lost, now):
        return Severity.RED if loud else Severity.AMBER
    return Severity.AMBER if loud else Severity.WATCH


def words(lost: Lost, outage: Outage | None, now: datetime, until: str) -> str:
    """What is said of it; `until` is when the battery ends, as the home's clock has it."""
    said = f"{_WORDS[lost.what]}, {' and '.join(lost.kit)}"
    if lost.what is What.MAINS and lost.protects:
        said += f"; {_battery(lost, now, until)}"
    if outage is not None:
        said += f"; one of {len({each.subject for each in outage.homes})} homes, {outage.place}"
    return said


_WORDS = {
    What.MAINS: "Mains power failed",
    What.LINE: "Line lost",
    What.BACKUP_LINE: "Backup line lost",
}


def _battery(lost: Lost, now: datetime, until: str) -> str:
    if now >= lost.ends:
        return f"its battery was to last until {until}: whoever lives there may be without protection"
    if lost.battery_hours is None:
        return f"nobody wrote down how long its battery lasts, so until {until} is assumed"
    return f"its battery lasts until about {until}"
