"""How long kit may be silent before it is late and then missing, and who says so.

What staff have set comes first, then what is known of the model, then what the kit itself says; kit that
protects is always expected, other kit only where one of these says how often.
"""

from dataclasses import dataclass
from enum import StrEnum

PROTECTS = 25 * 3600
"""Seconds after which life-safety kit that nobody knows better counts as silent: Zigbee2MQTT's own limit for
passive devices (its availability defaults, 25 hours)."""
WORDS_MISSED = 2
"""How many of its words may be missed before kit is late: radio loses single ones."""
SHORTEST = 15 * 60
"""Seconds within which nobody would do anything about it: a restart, a radio that is busy."""
SHORTEST_GRACE = 300


class By(StrEnum):
    """Whose figure it is."""

    STAFF = "staff"
    MODEL = "model"
    SAID = "said"
    PROTECTS = "protects"


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds after its last word from which kit is late, and further seconds after which it is missing."""

    late_after: int
    grace: int
    by: By


def figure(
    *, set_by_staff: int | None, of_model: int | None, said: float | None, protects: bool
) -> Figure | None:
    """What holds for a piece of kit; None where nobody knows how often it should be heard.

    `of_model` and `said` are how often it speaks, in seconds; what staff set is when it counts as silent.
    """
    if set_by_staff is not None:
        return Figure(set_by_staff, _grace(set_by_staff), By.STAFF)
    if of_model is not None:
        return _of_pace(of_model, By.MODEL, protects=protects)
    if said is not None and said > 0:
        return _of_pace(round(said), By.SAID, protects=protects)
    return Figure(PROTECTS, _grace(PROTECTS), By.PROTECTS) if protects else None


def _of_pace(every: int, by: By, *, protects: bool) -> Figure:
    """Of kit that speaks so often: late once words were missed, missing once one more was.

    Kit that protects is not waited for any longer than if nothing were known of it, but for its own pace.
    """
    late_after = max(every * WORDS_MISSED, SHORTEST)
    grace = max(every, SHORTEST_GRACE)
    if protects and late_after > PROTECTS:
        late_after = max(PROTECTS, every + _grace(every))
        grace = _grace(late_after)
    return Figure(late_after, grace, by)


def _grace(seconds: int) -> int:
    return max(SHORTEST_GRACE, seconds // 10)
