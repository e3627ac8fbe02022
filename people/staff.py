"""Those who work for an agency: adding, changing, their password, and the day they leave."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.errors import Invalid, NotFound
from core.journal import Actor
from people import identity, passwords, teams, tokens
from people.changes import apply, in_conflict, note
from people.faults import one_of, read_fields, words
from people.models.agencies import Agency, Role, Staff

REQUIRED = ("name", "email", "role")
READERS = {
    "name": words(100),
    "job_title": words(100),
    "email": identity.email,
    "telephone": identity.telephone,
    "role": one_of(Role),
}
TAKEN = ("uq_staff_email_lower", "Somebody else has this e-mail address.", "email")


def add(session: Session, agency: Agency, given: Mapping[str, Any], *, actor: Actor) -> Staff:
    """Add somebody, who can't sign in before they have a password.

    Invalid with every field that is wrong, Conflict when the e-mail address is somebody else's.
    """
    staff = Staff(agency_id=agency.id, **read_fields(given, READERS, required=REQUIRED))
    with in_conflict(session, *TAKEN):
        session.add(staff)
    note(session, "added", staff, "staff", actor=actor)
    return staff


def change(session: Session, staff: Staff, given: Mapping[str, Any], *, actor: Actor) -> Staff:
    """Change the fields that are given; raises like `add`. Nobody changes their own role (Invalid)."""
    values = read_fields(given, READERS, required=REQUIRED, adding=False)
    if actor.staff_id == staff.id and values.get("role", staff.role) is not staff.role:
        raise Invalid({"role": "Nobody changes their own role: ask another administrator."})
    with in_conflict(session, *TAKEN):
        changed = apply(staff, values)
    if changed:
        note(session, "changed", staff, "staff", actor=actor, details=changed)
    return staff


def set_password(session: Session, staff: Staff, password: str, *, actor: Actor) -> None:
    """Give them a password, end every session of theirs and any lock; Invalid when it is too easy."""
    passwords.accept(password, email=staff.email, name=staff.name)
    staff.password_hash = passwords.hashed(password)
    staff.session_epoch += 1
    staff.failed_attempts, staff.locked_until = 0, None
    session.flush()
    note(session, "was given a password", staff, "staff", actor=actor)


def give_password(session: Session, staff: Staff, *, actor: Actor) -> str:
    """Give them a new password, made here, and answer it: it is shown once, and kept as a hash alone."""
    password = passwords.made()
    set_password(session, staff, password, actor=actor)
    return password


def leave(session: Session, staff: Staff, now: datetime, *, actor: Actor) -> None:
    """Record that they left: no sign-in, no session, no token and no team is theirs from now on."""
    staff.left_at = staff.left_at or now
    staff.session_epoch += 1
    session.flush()
    for token in tokens.list_tokens(session, staff):
        if token.revoked_at is None:
            tokens.revoke(session, token, actor=actor, now=now)
    for team in teams.list_of(session, staff.id, now):
        teams.leave(session, team, staff, now, actor=actor)
    note(session, "left", staff, "staff", actor=actor)


def listing(agency_uuid: UUID | None = None) -> Select[Staff, Agency]:
    """Those who work here (or for one agency), each with their agency; no order."""
    query = (
        select(Staff, Agency)
        .join(Agency, Agency.id == Staff.agency_id)
        .where(Staff.left_at.is_(None), Staff.deleted_at.is_(None))
    )
    return query.where(Agency.uuid == agency_uuid) if agency_uuid else query


def get(session: Session, uuid: UUID) -> tuple[Staff, Agency]:
    """Somebody who works here and their agency, or NotFound."""
    row = session.execute(listing().where(Staff.uuid == uuid)).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def find_by_email(session: Session, email: str) -> Staff | None:
    """Whose e-mail address it is, capitals or not."""
    row = session.execute(listing().where(func.lower(Staff.email) == email.strip().lower())).first()
    return row[0] if row else None
