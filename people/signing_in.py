"""Signing in: who somebody is, by e-mail address and password, and when they have tried too often.

Times here are real ones, not the installation's: a guesser is not slowed down by a fast clock.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import journal
from core.journal import Actor
from people import passwords
from people.access import Viewer
from people.models.agencies import Agency, Staff, TeamMember

ATTEMPTS = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)


def sign_in(session: Session, email: str, password: str, now: datetime) -> Staff | None:
    """The member of staff, or None; nothing tells whether address, password or a lock was the reason.

    After 5 failures the account is locked for 15 minutes, after each further one for twice as long.
    A failure is to be committed like a success.
    """
    staff = session.scalar(
        select(Staff)
        .where(func.lower(Staff.email) == email.strip().lower(), Staff.deleted_at.is_(None))
        .with_for_update()
    )
    right = passwords.matches(staff.password_hash if staff else None, password)
    if staff is None or staff.left_at is not None:
        return None
    if staff.locked_until is not None and now < staff.locked_until:
        return None
    if not right:
        _note_failure(session, staff, now)
        return None
    staff.failed_attempts, staff.locked_until = 0, None
    if staff.password_hash and passwords.outgrown(staff.password_hash):
        staff.password_hash = passwords.hashed(password)
    _write(session, staff, "signed in")
    return staff


def sign_out(session: Session, staff: Staff) -> None:
    """End every session of theirs, on whatever machine it is."""
    staff.session_epoch += 1
    _write(session, staff, "signed out")


def choose_password(session: Session, staff: Staff, current: str, new: str, real_now: datetime) -> bool:
    """Let somebody who is signed in take another password, which ends every session of theirs.

    False when `current` is not theirs or there were too many tries; that counts like a failed sign-in, and is
    to be committed like a success. Invalid (field "password") when the new one is too easy or the same.
    """
    session.refresh(staff, with_for_update=True)
    right = passwords.matches(staff.password_hash, current)
    if staff.locked_until is not None and real_now < staff.locked_until:
        return False
    if not right:
        _note_failure(session, staff, real_now)
        return False
    passwords.accept_another(new, current, email=staff.email, name=staff.name)
    staff.password_hash = passwords.hashed(new)
    staff.session_epoch += 1
    staff.failed_attempts, staff.locked_until = 0, None
    session.flush()
    _write(session, staff, "chose a password")
    return True


def find_viewer(session: Session, uuid: UUID, epoch: int, now: datetime) -> Viewer | None:
    """Who a session of `epoch` belongs to, with the teams they are in at `now` (the installation's time)."""
    staff = session.scalar(
        select(Staff).where(
            Staff.uuid == uuid,
            Staff.session_epoch == epoch,
            Staff.left_at.is_(None),
            Staff.deleted_at.is_(None),
        )
    )
    return viewer_of(session, staff, now) if staff else None


def viewer_of(
    session: Session,
    staff: Staff,
    now: datetime,
    *,
    scopes: frozenset[str] | None = None,
    everyone: bool = False,
) -> Viewer:
    """`staff` as a viewer, with the teams they are in at `now`."""
    teams = session.scalars(
        select(TeamMember.team_id).where(TeamMember.staff_id == staff.id, TeamMember.period.contains(now))
    )
    return Viewer(
        staff_id=staff.id,
        staff_uuid=staff.uuid,
        name=staff.name,
        agency_id=staff.agency_id,
        role=staff.role.value,
        team_ids=frozenset(teams),
        everyone=everyone,
        scopes=scopes,
        agency=session.scalars(select(Agency.name).where(Agency.id == staff.agency_id)).one(),
    )


def locked_until(failed_attempts: int, now: datetime) -> datetime | None:
    """Until when nobody gets in after so many failures; None while there are tries left."""
    beyond = failed_attempts - ATTEMPTS
    return now + min(LONGEST_LOCK, FIRST_LOCK * 2 ** min(beyond, 10)) if beyond >= 0 else None


def _note_failure(session: Session, staff: Staff, now: datetime) -> None:
    staff.failed_attempts += 1
    staff.locked_until = locked_until(staff.failed_attempts, now) or staff.locked_until
    _write(session, staff, "failed to sign in")


def _write(session: Session, staff: Staff, what: str) -> None:
    by = Actor(by=staff.name, staff_id=staff.id)
    journal.write(session, what, actor=by, subject="staff", subject_uuid=staff.uuid)
