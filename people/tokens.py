"""Keys for programs: made, told apart, ended; their times are real ones, as for signing in."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core import journal
from core.errors import Invalid
from core.journal import Actor
from people.access import EVERYONE, Viewer, every_scope
from people.models.agencies import Staff, Token
from people.signing_in import viewer_of

PREFIX = "hearth_"  # lets a scanner of leaked secrets know one of ours
NOTE_USE_EVERY = timedelta(minutes=1)


def add(
    session: Session,
    staff: Staff,
    name: str,
    scopes: Collection[str],
    *,
    actor: Actor,
    expires_at: datetime | None = None,
    text: str | None = None,
) -> tuple[Token, str]:
    """A new key of `staff` and its text, which is nowhere kept; Invalid for an unknown scope.

    `text` is given only by whoever keeps a secret of 256 random bits or more already.
    """
    unknown = sorted(set(scopes) - every_scope())
    if unknown or not scopes:
        known = ", ".join(sorted(every_scope()))
        raise Invalid({"scopes": f"Give one or more of: {known}."})
    return make(session, staff, name, scopes, actor=actor, expires_at=expires_at, text=text)


def make(
    session: Session,
    staff: Staff,
    name: str,
    scopes: Collection[str],
    *,
    actor: Actor,
    expires_at: datetime | None = None,
    text: str | None = None,
) -> tuple[Token, str]:
    """The same, of scopes that are known to be right: also such as the API does not know."""
    text = text or PREFIX + secrets.token_urlsafe(32)
    token = Token(
        staff_id=staff.id,
        name=name,
        token_hash=_hash(text),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    journal.write(
        session,
        "made",
        actor=actor,
        subject="token",
        subject_uuid=token.uuid,
        details={"name": name, "scopes": token.scopes, "staff": str(staff.uuid)},
    )
    return token, text


def revoke(session: Session, token: Token, *, actor: Actor, now: datetime) -> None:
    """End a key; who uses it is a stranger from then on."""
    token.revoked_at = token.revoked_at or now
    journal.write(session, "revoked", actor=actor, subject="token", subject_uuid=token.uuid)


def list_tokens(session: Session, staff: Staff) -> list[Token]:
    """Every key that was made for `staff`, the newest first."""
    return list(session.scalars(select(Token).where(Token.staff_id == staff.id).order_by(Token.id.desc())))


def find_viewer(session: Session, text: str, now: datetime, real_now: datetime) -> Viewer | None:
    """Who a key of the API belongs to, or None for a wrong, ended or revoked one; teams as at `now`.

    One that has none of the API's scopes is a key to something else, and opens nothing here.
    """
    found = find(session, text, real_now)
    if found is None:
        return None
    token, staff = found
    scopes = frozenset(str(scope) for scope in token.scopes)
    if scopes.isdisjoint(every_scope()):
        return None
    note_use(session, token, real_now)
    return viewer_of(session, staff, now, scopes=scopes, everyone=EVERYONE in scopes)


def find(session: Session, text: str, real_now: datetime) -> tuple[Token, Staff] | None:
    """A key in force of somebody who works here, whatever it is for, and whose it is."""
    row = session.execute(
        select(Token, Staff)
        .join(Staff, Staff.id == Token.staff_id)
        .where(
            Token.token_hash == _hash(text),
            Token.revoked_at.is_(None),
            or_(Token.expires_at.is_(None), Token.expires_at > real_now),
            Staff.left_at.is_(None),
            Staff.deleted_at.is_(None),
        )
    ).first()
    return (row[0], row[1]) if row else None


def note_use(session: Session, token: Token, real_now: datetime, every: timedelta = NOTE_USE_EVERY) -> None:
    """Write down that a key was used, at most once in `every`."""
    if token.last_used_at is not None and real_now - token.last_used_at <= every:
        return
    # requests at the same moment do not wait for each other to note it
    unlocked = select(Token.id).where(Token.id == token.id).with_for_update(skip_locked=True)
    session.execute(
        update(Token).where(Token.id.in_(unlocked)).values(last_used_at=real_now),
        execution_options={"synchronize_session": False},
    )


def _hash(text: str) -> bytes:
    # 256 random bits need no slow hash
    return hashlib.sha256(text.encode()).digest()
