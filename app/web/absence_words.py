"""An absence in the words of pages, as far as it is shared with whoever looks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.web.words import clock, initial_capital
from people import absences, sharing, unseen
from people.absences import WORDS, Told
from people.access import Extent, RecordClass, Viewer
from people.models.absences import Absence
from people.models.people import Person

AWAY = "away from home"


def running(session: Session, viewer: Viewer, person_id: int, now: datetime, zone: str) -> str | None:
    """Where somebody is instead of at home, and until when; None for somebody who is at home.

    That they are away is told to everybody who sees them, whoever might go there; where, by their contact
    details.
    """
    row = absences.find_running(session, person_id, now)
    if row is None:
        return None
    shown = sharing.sees(session, viewer, person_id, now)[RecordClass.CONTACT] is Extent.FULL
    words = f"{initial_capital(WORDS[row.why] if shown else AWAY)} until {clock(row.ends_at, now, zone)}"
    return f"{words}: {row.place}" if shown and row.place else words


def listed(
    session: Session, viewer: Viewer, person: Person, now: datetime, zone: str
) -> tuple[Mapping[str, Any], ...]:
    """Every absence of somebody, the latest first."""
    contact = sharing.sees(session, viewer, person.id, now)[RecordClass.CONTACT] is Extent.FULL
    notes = unseen.shown(session, viewer, person, RecordClass.NOTES, now)
    return tuple(
        _one(session, viewer, each, now, contact=contact, notes=notes)
        for each in absences.list_of(session, person)
    )


def _one(
    session: Session, viewer: Viewer, told: Told, now: datetime, *, contact: bool, notes: bool
) -> Mapping[str, Any]:
    row = told.row
    words = absences.words_shown(session, viewer, row, notes=notes)
    return {
        "uuid": row.uuid,
        "away": initial_capital(WORDS[row.why] if contact else AWAY),
        "place": row.place if contact else None,
        "known_from": row.known_from if words else None,
        "began_at": row.began_at,
        "ends_at": row.ends_at,
        "state": _state(row, now),
        "recorded": (row.recorded_at, told.recorded_by),
        "confirmed": (row.confirmed_at, told.confirmed_by) if row.confirmed_at else None,
        "ended": (row.ended_at, told.ended_by or "Hearthline") if row.ended_at else None,
        "ended_why": row.ended_why if words else None,
    }


def _state(row: Absence, now: datetime) -> str:
    """proposed, to come, running or ended."""
    if row.ended_at is not None:
        return "ended"
    if row.confirmed_at is None:
        return "proposed"
    return "running" if row.begun_at is not None else "to come"
