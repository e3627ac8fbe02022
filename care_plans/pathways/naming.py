"""What a pathway is called to somebody: its title, or its sort where its name is not shared with them."""

from collections.abc import Iterable

from care_plans.pathways import reading
from people.access import Extent, RecordClass, Sees
from people.class_words import CLASSES


def class_of(code: str) -> RecordClass:
    """What the very name of a pathway gives away; of one that is no more, no more than any plan."""
    pathway = reading.all_pathways().get(code)
    return pathway.record_class if pathway else RecordClass.PLAN


def prefix(code: str) -> str:
    """What stands before the keys of all that a pathway lays: its code, or its sort where its name says more.

    Keys stand in addresses, answers and the ids of pages, for whoever sees any of the plan.
    """
    own = class_of(code)
    return code if own is RecordClass.PLAN else own.value


def code_of(key: str, codes: Iterable[str]) -> str:
    """Which of these pathways laid what has this key; what stands before it, where none did."""
    before = key.partition(".")[0]
    return next((code for code in codes if before in (code, prefix(code))), before)


def is_named(code: str, sees: Sees | None) -> bool:
    """Whether its name may be told to whoever sees this much; None for whoever it may be."""
    own = class_of(code)
    return own is RecordClass.PLAN or (sees is not None and sees[own] is Extent.FULL)


def title(code: str, own: str, sees: Sees | None) -> str:
    """Its `own` title where that may be told, else what sort of pathway it is."""
    if is_named(code, sees):
        return own
    words = CLASSES[class_of(code)]
    return f"A pathway about {words[:1].lower()}{words[1:]}"


def why_joined(code: str, own: str) -> str:
    """Why a team joins the care for a pathway, which whoever sees the person may read."""
    return f"{own} pathway" if is_named(code, None) else title(code, own, None)
