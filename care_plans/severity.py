"""What kind of matter something is, and how bad: the words that rules, alerts and messages share."""

from enum import StrEnum


class Class(StrEnum):
    """What kind of matter a rule and its alerts are."""

    LIFE_SAFETY = "life_safety"
    CLINICAL = "clinical"
    HOME_SOCIAL = "home_social"
    TECHNICAL = "technical"


class Severity(StrEnum):
    """How bad it is."""

    WATCH = "watch"
    AMBER = "amber"
    RED = "red"

    @property
    def rank(self) -> int:
        """1 for watch to 3 for red: the greater the worse."""
        return _RANKS[self]


_RANKS = {Severity.WATCH: 1, Severity.AMBER: 2, Severity.RED: 3}
