"""That somebody's life-safety kit does not protect them: said alike wherever anybody sees them (H5).

It tells no reading: whoever sees the person at all, of any agency, may know that they can't call for help.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.web.words import age, clock, due, listed
from care_plans.protecting.interims import Unprotected
from care_plans.protection_states import Lack


@dataclass(frozen=True, slots=True)
class Banner:
    """What is said of one person: see _parts/unprotected.html."""

    person_uuid: UUID
    lacks: str
    calls: str
    replaced: str
    late: bool


def banners(found: Iterable[Unprotected], now: datetime, zone: str) -> tuple[Banner, ...]:
    """What is said of each of these people; who lives alone first."""
    ordered = sorted(found, key=lambda each: (not each.plan.alone, each.plan.since))
    return tuple(_banner(each, now, zone) for each in ordered)


def _banner(each: Unprotected, now: datetime, zone: str) -> Banner:
    plan = each.plan
    return Banner(
        each.person_uuid,
        _lacks(each, now, zone),
        f"Interim: calls at {listed(plan.call_times)}." if plan.call_times else "Interim: no calls agreed.",
        _replaced(each, now, zone),
        late=plan.replace_by is not None and plan.replace_by < now,
    )


def _lacks(each: Unprotected, now: datetime, zone: str) -> str:
    plan = each.plan
    names = plan.kit.split(", ")
    several = len(names) > 1
    them = "them" if several else "it"
    at = f"{clock(plan.since, now, zone)}, {age(plan.since, now)}"
    kit = f"{each.first_name}’s {listed(names)}"
    if plan.lack is Lack.RECALLED:
        was = "were" if several else "was"
        return f"{kit} {was} called back {at}, and may fail: do not rely on {them}."
    has = "have" if several else "has"
    return f"{kit} {has} not worked since {at}: {each.first_name} can’t call for help with {them}."


def _replaced(each: Unprotected, now: datetime, zone: str) -> str:
    by = each.plan.replace_by
    if by is None:
        return "No replacement is asked for: ring the coordinator."
    at = clock(by, now, zone)
    at = at if " " in at else f"today {at}"
    down = each.plan.lack is Lack.DOWN
    if by < now:
        late = due(by, now, zone)
        return (
            f"Replacement was due {at}, {late}."
            if down
            else f"It was to be swapped or checked by {at}, {late}."
        )
    return f"Replacement due {at}." if down else f"To be swapped or checked by {at}."
