"""People's own kit as pages show it: what it is, whether it counts, and how it was checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from care_plans.models.own_kit import Found
from care_plans.work import checking_kit
from care_plans.work.checking_kit import Check
from devices import kinds, own_kit
from devices.joining_models import Way
from devices.own_kit import Own
from devices.own_sorts import SORTS

WAYS = {
    Way.BY_HAND: "Somebody reads it off and types it in",
    Way.BY_ITSELF: "By itself: an app or a gateway sends it",
}
FOUND = {
    Found.RIGHT: "Right: it counts in full from now on",
    Found.NOT_RIGHT: "Not right: it may raise an alert, and reassures nobody",
    Found.CANT_TELL: "Nobody could tell: it is to be checked again",
}
MEANS = (
    "Until staff have checked it, what it says is shown as not yet checked. It may raise an alert; it never "
    "says that all is well."
)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check that was done: see own_kit.html and kit_check.html."""

    at: datetime
    words: str
    said: tuple[str, ...]
    remarks: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class OwnShown:
    """A piece of somebody's own kit: see _parts/own_kit.html."""

    uuid: UUID
    name: str
    model: str
    way: str
    by_hand: bool
    checked: bool
    state: str
    check_by: datetime | None
    added_at: datetime
    added_by: str
    heard_at: datetime | None
    kinds: tuple[tuple[str, str, str], ...]
    checks: tuple[CheckRow, ...]


def list_of(session: Session, person_id: int, now: datetime) -> tuple[OwnShown, ...]:
    """Somebody's own kit, the latest first."""
    return shown(session, own_kit.list_of(session, person_id, now), now)


def shown(session: Session, owns: Sequence[Own], now: datetime) -> tuple[OwnShown, ...]:
    """Pieces of own kit with how each was checked."""
    by_device: dict[int, list[Check]] = {}
    for each in checking_kit.listing(session, [one.device for one in owns]):
        by_device.setdefault(each.row.device_id, []).append(each)
    return tuple(_one(each, by_device.get(each.device.id, []), now) for each in owns)


def sorts() -> list[tuple[str, str]]:
    """The sorts of kit to choose from."""
    return [("", "Choose"), *((code, sort.name) for code, sort in SORTS.items())]


def ways() -> list[tuple[str, str]]:
    """How its readings come."""
    return [(way.value, words) for way, words in WAYS.items()]


def founds() -> list[tuple[str, str]]:
    """What a check can find."""
    return [(found.value, words) for found, words in FOUND.items()]


def _one(own: Own, checks: Sequence[Check], now: datetime) -> OwnShown:
    waiting = next((each for each in checks if each.row.done_at is None), None)
    last = next((each.row.found for each in checks if each.row.found is not None), None)
    return OwnShown(
        uuid=own.device.uuid,
        name=own.device.name,
        model=own.device.model,
        way=WAYS[own.own.way],
        by_hand=own.own.way is Way.BY_HAND,
        checked=own.is_checked(now),
        state=_state(own, last, now),
        check_by=waiting.due_at if waiting else None,
        added_at=own.own.added_at,
        added_by=own.own.added_by,
        heard_at=own.heard_at,
        kinds=tuple((code, kinds.get(code).name, kinds.get(code).unit_words) for code in own.sort.kinds),
        checks=tuple(_check(each) for each in checks if each.row.done_at is not None),
    )


def _state(own: Own, last: Found | None, now: datetime) -> str:
    if own.is_checked(now):
        return "Checked: it counts in full"
    if last is Found.NOT_RIGHT:
        return "Found not right: it may raise an alert, and reassures nobody"
    return "In doubt again, to be checked" if last is Found.RIGHT else "Not yet checked"


def _check(each: Check) -> CheckRow:
    row = each.row
    words = FOUND[row.found].partition(":")[0] if row.found else ""
    return CheckRow(row.done_at or row.asked_at, words, checking_kit.said(row), row.remarks, each.by)
