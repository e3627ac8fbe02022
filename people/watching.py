"""What kit can watch of somebody's life, in sorts that people agree to one by one (H18); pure."""

from collections.abc import Iterable
from enum import StrEnum


class Watched(StrEnum):
    """A sort of watching. There is no sort for cameras: such kit can't be agreed to here."""

    MOVEMENT = "movement"
    BED_AND_CHAIR = "bed_and_chair"
    DOORS = "doors"
    LOCATION = "location"
    APPLIANCES = "appliances"


RESTRICTIVE = frozenset({Watched.DOORS, Watched.LOCATION})
"""What can come to restrict somebody: it needs a social care review, and its agreement runs out."""

WORDS = {
    Watched.MOVEMENT: "movement",
    Watched.BED_AND_CHAIR: "bed and chair",
    Watched.DOORS: "doors",
    Watched.LOCATION: "where somebody is",
    Watched.APPLIANCES: "kettle, fridge and other appliances",
}


def say(sorts: Iterable[Watched]) -> str:
    """The sorts in words, in the order of the list above."""
    wanted = set(sorts)
    words = [WORDS[each] for each in Watched if each in wanted]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else "nothing"
