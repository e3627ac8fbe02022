"""What another rule would have raised beside this one: the same, moved, missed, added; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from care_plans.judging.replay import Episode

_NEVER = datetime.max.replace(tzinfo=UTC)


class Change(StrEnum):
    """What becomes of one finding of the past."""

    SAME = "same"
    MOVED = "moved"
    MISSED = "missed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Pair:
    """One finding under both rules; None where one of them would not have found it."""

    before: Episode | None
    after: Episode | None

    @property
    def change(self) -> Change:
        """Moved is: found at another time, or of another severity."""
        if self.before is None:
            return Change.ADDED
        if self.after is None:
            return Change.MISSED
        same = (self.before.began, self.before.severity) == (self.after.began, self.after.severity)
        return Change.SAME if same else Change.MOVED

    @property
    def shown(self) -> Episode:
        """The finding as it is, or else as it would be."""
        found = self.before or self.after
        if found is None:
            raise ValueError("a pair holds at least one finding")
        return found

    @property
    def began(self) -> datetime:
        """When the first of the two rules would have found it."""
        return min(each.began for each in (self.before, self.after) if each is not None)


def compare(before: Sequence[Episode], after: Sequence[Episode]) -> list[Pair]:
    """Every finding of both, in order of time; those that overlap in time are one.

    Of several that overlap one, the first is taken for it, and the others for found, or missed, besides.
    """
    left = list(after)
    pairs = []
    for each in before:
        same = next((one for one in left if _overlap(each, one)), None)
        if same is not None:
            left.remove(same)
        pairs.append(Pair(each, same))
    pairs += [Pair(None, one) for one in left]
    return sorted(pairs, key=lambda pair: pair.began)


def _overlap(one: Episode, other: Episode) -> bool:
    return one.began <= (other.until or _NEVER) and other.began <= (one.until or _NEVER)
