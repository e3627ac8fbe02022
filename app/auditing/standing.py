"""Which troubles are told now and by which way, and which are over: decided from each look; pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

STANDS_FOR = timedelta(seconds=10)
"""A trouble that is gone at the next look was none: a restart, a moment's load."""
AGAIN_AFTER = timedelta(minutes=30)
"""A trouble that stands is told again, so that one e-mail that nobody read is not the end of it."""
HIDES = {"database": "", "schedule": "schedule: "}
"""While the first is found, nothing can be seen of troubles whose keys begin with the second."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that stands still: in words, since when, and when each way was last told of it."""

    words: str
    since: datetime
    told: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """Every trouble that stands, by its key; `over` are those that are gone, until each way that was told of
    them has heard so.
    """

    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    over: Mapping[str, Trouble] = field(default_factory=dict)

    def seen(self, found: Mapping[str, str], now: datetime) -> "Standing":
        """How things stand after a look that found these; what could not be seen stands as it stood."""
        troubles = {key: each for key, each in self.troubles.items() if hidden(key, found)}
        for key, words in found.items():
            before = self.troubles.get(key)
            if before is not None:
                troubles[key] = replace(before, words=words)
            else:
                # A way that has not heard yet that it was over takes it for one and the same.
                troubles[key] = Trouble(words, now, self.over[key].told if key in self.over else {})
        ended = {key: each for key, each in self.troubles.items() if each.told}
        over = {key: each for key, each in {**self.over, **ended}.items() if key not in troubles}
        return Standing(troubles, over)

    def due(self, way: str, now: datetime) -> dict[str, Trouble]:
        """The troubles that somebody has to be told of now by this way."""
        return {key: each for key, each in self.troubles.items() if _is_due(each, way, now)}

    def over_for(self, way: str) -> dict[str, Trouble]:
        """What this way was told of and has to hear the end of."""
        return {key: each for key, each in self.over.items() if way in each.told}

    def told(self, way: str, now: datetime) -> "Standing":
        """How things stand once this way took all that was due and all that is over."""
        left = {
            key: replace(each, told={name: at for name, at in each.told.items() if name != way})
            for key, each in self.over.items()
        }
        return Standing(
            {
                key: replace(each, told={**each.told, way: now}) if _is_due(each, way, now) else each
                for key, each in self.troubles.items()
            },
            {key: each for key, each in left.items() if each.told},
        )

    def unheard(self, ways: Collection[str], now: datetime) -> set[str]:
        """The troubles that nobody was told of by any of these ways, though it was due."""
        return {
            key
            for key, each in self.troubles.items()
            if now - each.since >= STANDS_FOR and all(_is_due(each, way, now) for way in ways)
        }


def hidden(key: str, found: Collection[str]) -> bool:
    """Whether nothing can be seen of a trouble while these are found."""
    return any(cause in found and key.startswith(of) for cause, of in HIDES.items())


def _is_due(trouble: Trouble, way: str, now: datetime) -> bool:
    told_at = trouble.told.get(way)
    return now - trouble.since >= STANDS_FOR if told_at is None else now - told_at >= AGAIN_AFTER
