"""Why somebody is not protected, and how work on kit that is called back ends; pure."""

from enum import StrEnum


class Lack(StrEnum):
    """Why somebody has an interim plan, the graver first."""

    DOWN = "down"
    RECALLED = "recalled"


class Ended(StrEnum):
    """How the work on a piece of kit that was called back ended."""

    SWAPPED = "swapped"
    COLLECTED = "collected"
    CHECKED = "checked"
    REFUSED = "refused"
    """Whoever has it did not want it swapped or looked at."""
    UNDONE = "undone"
    """The recall was over before anybody had looked."""
