"""Personal limits of a rule: what they stand at, and the rule with another one, within safe bounds; pure."""

import copy
from collections.abc import Mapping
from typing import Any

from care_plans.judging.rules import Rule, from_document
from care_plans.pathways.shape import Personal
from core.errors import Invalid


def limit_of(document: Mapping[str, Any], personal: Personal) -> float:
    """What the limit stands at in this rule document."""
    holder, name = _place(document, personal.moves[0])
    return float(holder[name])


def with_limit(document: Mapping[str, Any], personal: Personal, limit: float) -> tuple[Rule, dict[str, Any]]:
    """The rule, and its document, with another limit; Invalid on the limit's name outside its bounds."""
    if not personal.lowest <= limit <= personal.highest:
        bounds = f"{personal.lowest:g} to {personal.highest:g} {personal.unit}"
        raise Invalid({personal.name: f"{personal.label}: choose from {bounds}."}, "This limit is not safe.")
    shift = limit - limit_of(document, personal)
    changed = copy.deepcopy(dict(document))
    for place in personal.moves:
        holder, name = _place(changed, place)
        # Rounded, so that 87.2 does not come to read 87.20000000000002.
        holder[name] = round(float(holder[name]) + shift, 6)
    return from_document(changed), changed


def has_place(document: Mapping[str, Any], place: str) -> bool:
    """Whether there is a number at that dotted place."""
    try:
        holder, name = _place(document, place)
        return isinstance(holder[name], int | float)
    except (KeyError, IndexError, ValueError, TypeError):
        return False


def _place(document: Mapping[str, Any], place: str) -> tuple[Any, Any]:
    *path, last = place.split(".")
    holder: Any = document
    for part in path:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    return holder, int(last) if isinstance(holder, list) else last
