"""Advance decisions and end-of-life wishes: where the original is, and kept true on the responder card."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from people import cards
from people.changes import note
from people.faults import LINES, day, one_of, read_fields, words
from people.models.people import Person
from people.models.wishes import Wish, WishKind

READERS = {
    "kind": one_of(WishKind),
    "words": words(LINES),
    "made_on": day,
    "original_place": words(),
    "original_seen_on": day,
}
NAMES: Mapping[WishKind, str] = {
    WishKind.RESPECT: "ReSPECT",
    WishKind.DNACPR: "DNACPR",
    WishKind.ADRT: "ADRT",
    WishKind.ADVANCE_STATEMENT: "Advance statement",
    WishKind.LASTING_POWER: "Lasting power of attorney",
    WishKind.PREFERRED_PLACE: "Preferred place of care",
}
VERIFY = "Verify the original: it decides, not this note."
ON_CARD = (WishKind.RESPECT, WishKind.DNACPR, WishKind.ADRT)
"""What whoever goes must know, the first named first (H11)."""


def list_wishes(session: Session, person: Person, *, ended: bool = False) -> list[Wish]:
    """Those in force (or those that have ended), by kind, the newest of each first."""
    order = {kind: number for number, kind in enumerate(NAMES)}
    over = Wish.ended_at.is_not(None) if ended else Wish.ended_at.is_(None)
    rows = session.scalars(
        select(Wish)
        .where(Wish.person_id == person.id, Wish.deleted_at.is_(None), over)
        .order_by(Wish.made_on.desc(), Wish.id.desc())
    )
    return sorted(rows, key=lambda row: order[row.kind])


def get(session: Session, person: Person, uuid: UUID) -> Wish:
    """One of the person's, or NotFound."""
    row = session.scalar(
        select(Wish).where(Wish.uuid == uuid, Wish.person_id == person.id, Wish.deleted_at.is_(None))
    )
    if row is None:
        raise NotFound
    return row


def record(
    session: Session, person: Person, given: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Wish:
    """Record a decision or wish; it holds at once, whatever version of the plan is in force."""
    values = read_fields(given, READERS, required=("kind", "made_on", "original_place"))
    faults = {
        name: "Give a day that has been."
        for name in ("made_on", "original_seen_on")
        if values.get(name) is not None and values[name] > now.date()
    }
    if faults:
        raise Invalid(faults)
    row = Wish(person_id=person.id, recorded_at=now, recorded_by_id=actor.staff_id, **values)
    session.add(row)
    session.flush()
    note(session, "recorded", row, "wish", actor=actor, person_id=person.id, details={"kind": row.kind.value})
    _keep_card_true(session, person, actor)
    return row


def end(session: Session, person: Person, wish: Wish, why: str, *, actor: Actor, now: datetime) -> Wish:
    """It holds no more (withdrawn, replaced, never valid), and why; Conflict when it has ended already."""
    if wish.ended_at is not None:
        raise Conflict("Somebody else has ended this already.")
    if not why.strip():
        raise Invalid({"why": "Say why it holds no more, and who said so."})
    if actor.staff_id is None:
        raise Invalid({"why": "A named member of staff has to end this."})
    wish.ended_at, wish.ended_by_id, wish.ended_why = now, actor.staff_id, why.strip()
    session.flush()
    details = {"kind": wish.kind.value, "why": why.strip()}
    note(session, "ended", wish, "wish", actor=actor, person_id=person.id, details=details)
    _keep_card_true(session, person, actor)
    return wish


def _keep_card_true(session: Session, person: Person, actor: Actor) -> None:
    """The responder card says which forms there are, of which day, and where the originals are."""
    forms = [row for row in list_wishes(session, person) if row.kind in ON_CARD]
    cards.write(session, person, _on_card(forms), actor=actor)


def _on_card(forms: Sequence[Wish]) -> dict[str, Any]:
    if not forms:
        return {"decision_form": None, "decision_form_date": None, "decision_form_place": None}
    places = dict.fromkeys(row.original_place for row in forms)
    return {
        "decision_form": ", ".join(dict.fromkeys(NAMES[row.kind] for row in forms)),
        "decision_form_date": forms[0].made_on,
        "decision_form_place": "; ".join(places)[:200],
    }
