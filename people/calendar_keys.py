"""Secret addresses at which a calendar program fetches what somebody has to do: made, told apart, ended."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.journal import Actor
from people import tokens
from people.access import Viewer
from people.models.agencies import Staff, Token
from people.signing_in import viewer_of

NOTE_USE_EVERY = timedelta(hours=1)


class Kind(StrEnum):
    """What an address answers with; its value is the one scope of its key, which the API knows nothing of."""

    OWN = "calendar"
    """The owner's duty and follow-ups."""
    TEAMS = "calendar:teams"
    """The duty of everybody in the owner's teams."""


def find(session: Session, staff: Staff, kind: Kind) -> Token | None:
    """The key in force, or None."""
    return session.scalars(_in_force(staff, kind).limit(1)).first()


def renew(session: Session, staff: Staff, kind: Kind, *, actor: Actor, real_now: datetime) -> str:
    """Make a new key, which ends the one before; its text is nowhere kept."""
    _hold(session, staff)
    for each in session.scalars(_in_force(staff, kind)):
        tokens.revoke(session, each, actor=actor, now=real_now)
    return tokens.make(session, staff, "Calendar", [kind.value], actor=actor)[1]


def end(session: Session, staff: Staff, kind: Kind, *, actor: Actor, real_now: datetime) -> None:
    """End the key in force; NotFound where there is none."""
    _hold(session, staff)
    held = session.scalars(_in_force(staff, kind)).all()
    if not held:
        raise NotFound
    for each in held:
        tokens.revoke(session, each, actor=actor, now=real_now)


def find_owner(session: Session, text: str, now: datetime, real_now: datetime) -> tuple[Viewer, Kind] | None:
    """Whose calendar a key opens, and which; None for a wrong or ended one, and for a key of the API.

    The owner is a viewer with the teams they are in at `now`, who may do nothing: the key opens a calendar.
    """
    found = tokens.find(session, text, real_now)
    if found is None:
        return None
    token, staff = found
    kind = next((each for each in Kind if token.scopes == [each.value]), None)
    if kind is None:
        return None
    tokens.note_use(session, token, real_now, NOTE_USE_EVERY)
    return viewer_of(session, staff, now, scopes=frozenset({kind.value})), kind


def _in_force(staff: Staff, kind: Kind) -> Select[Token]:
    return (
        select(Token)
        .where(Token.staff_id == staff.id, Token.scopes == [kind.value], Token.revoked_at.is_(None))
        .order_by(Token.id.desc())
    )


def _hold(session: Session, staff: Staff) -> None:
    """Let nobody else make or end a key of theirs meanwhile: there is one of each kind."""
    session.scalars(select(Staff.id).where(Staff.id == staff.id).with_for_update()).one()
