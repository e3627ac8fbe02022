"""Sign-ins of those who are not staff: made by staff, begun with a code on paper, locked after wrong tries.

Times here are real ones, as for staff: a guesser is not slowed down by a fast clock.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import journal
from core.errors import Conflict
from core.journal import Actor
from people import identity, passwords, signing_in
from people.changes import in_conflict, note
from people.faults import read_fields, words
from people.models.accounts import Account
from people.models.people import Person

CODE_FOR = timedelta(days=7)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 12  # of 31 letters: 59 bits, for a week, five tries at a time
TAKEN = "Somebody signs in with this e-mail address already: give another, or choose them."
WRONG = "That code and e-mail address do not go together, or the code has run out. Ask for a new one."


def open_(
    session: Session,
    name: str,
    email: str,
    *,
    actor: Actor,
    person: Person | None = None,
    about: Person | None = None,
) -> Account:
    """Make a sign-in, the person's own where `person` is given, else to look at `about`.

    It can't be used before it has a password. Conflict when the address is another's.
    """
    given = read_fields(
        {"name": name, "email": email},
        {"name": words(100), "email": identity.email},
        required=("name", "email"),
    )
    own = person is not None and find_own(session, person.id) is not None
    if own:
        raise Conflict("They have a sign-in already.")
    row = Account(person_id=person.id if person else None, **given)
    with in_conflict(session, "uq_accounts_email", TAKEN, "email"):
        session.add(row)
    whose = person or about
    note(session, "opened", row, "account", actor=actor, person_id=whose.id if whose else None)
    return row


def give_code(session: Session, account: Account, *, actor: Actor, real_now: datetime) -> str:
    """A code, told this once, with which they choose a password within a week; one before it ends.

    Every session of theirs ends too: whoever asks for a code may have lost their telephone.
    """
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    account.code_hash, account.code_until = _hashed(code), real_now + CODE_FOR
    account.session_epoch += 1
    account.failed_attempts, account.locked_until = 0, None
    session.flush()
    note(session, "was given a code", account, "account", actor=actor, person_id=account.person_id)
    return "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def use_code(session: Session, email: str, code: str, password: str, *, real_now: datetime) -> Account | None:
    """Choose a password by a code; None when they do not go together, which counts as a wrong try.

    Invalid for a password that is too easy; the code can be used again then.
    """
    account = find_by_email(session, email)
    if account is None or _locked(account, real_now):
        passwords.matches(None, code)  # takes as long
        return None
    fits = account.code_hash is not None and secrets.compare_digest(account.code_hash, _hashed(_plain(code)))
    if not fits or account.code_until is None or real_now > account.code_until:
        _note_failure(session, account, real_now)
        return None
    passwords.accept(password, email=account.email, name=account.name)
    account.password_hash = passwords.hashed(password)
    account.code_hash = account.code_until = None
    account.session_epoch += 1
    account.failed_attempts, account.locked_until = 0, None
    _write(session, account, "chose a password")
    return account


def sign_in(session: Session, email: str, password: str, real_now: datetime) -> Account | None:
    """The account, or None; nothing tells whether address, password or a lock was the reason."""
    account = find_by_email(session, email)
    right = passwords.matches(account.password_hash if account else None, password)
    if account is None or _locked(account, real_now):
        return None
    if not right:
        _note_failure(session, account, real_now)
        return None
    account.failed_attempts, account.locked_until = 0, None
    _write(session, account, "signed in")
    return account


def choose_password(session: Session, account: Account, current: str, new: str, real_now: datetime) -> bool:
    """Let somebody who is signed in take another password, as staff do (`signing_in.choose_password`)."""
    session.refresh(account, with_for_update=True)
    right = passwords.matches(account.password_hash, current)
    if _locked(account, real_now):
        return False
    if not right:
        _note_failure(session, account, real_now)
        return False
    passwords.accept_another(new, current, email=account.email, name=account.name)
    account.password_hash = passwords.hashed(new)
    account.code_hash = account.code_until = None
    account.session_epoch += 1
    account.failed_attempts, account.locked_until = 0, None
    _write(session, account, "chose a password")
    return True


def sign_out(session: Session, account: Account) -> None:
    """End every session of theirs, on whatever machine it is."""
    account.session_epoch += 1
    _write(session, account, "signed out")


def close(session: Session, account: Account, now: datetime, *, actor: Actor) -> None:
    """Let it be used no more."""
    account.closed_at = account.closed_at or now
    account.session_epoch += 1
    session.flush()
    note(session, "closed", account, "account", actor=actor, person_id=account.person_id)


def find_session(session: Session, uuid: UUID, epoch: int) -> Account | None:
    """Whose session of `epoch` it is."""
    return session.scalar(
        select(Account).where(
            Account.uuid == uuid, Account.session_epoch == epoch, Account.closed_at.is_(None)
        )
    )


def find_by_email(session: Session, email: str) -> Account | None:
    """Whose e-mail address it is, capitals or not; held, so that tries are counted one by one."""
    return session.scalar(
        select(Account)
        .where(func.lower(Account.email) == email.strip().lower(), Account.closed_at.is_(None))
        .with_for_update()
    )


def find_own(session: Session, person_id: int) -> Account | None:
    """The person's own sign-in."""
    return session.scalar(select(Account).where(Account.person_id == person_id, Account.closed_at.is_(None)))


def _plain(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter in LETTERS)


def _hashed(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def _locked(account: Account, real_now: datetime) -> bool:
    return account.locked_until is not None and real_now < account.locked_until


def _note_failure(session: Session, account: Account, real_now: datetime) -> None:
    account.failed_attempts += 1
    account.locked_until = signing_in.locked_until(account.failed_attempts, real_now) or account.locked_until
    _write(session, account, "failed to sign in")


def _write(session: Session, account: Account, what: str) -> None:
    journal.write(
        session, what, actor=Actor(by=account.name), subject="account", subject_uuid=account.uuid,
        person_id=account.person_id,
    )  # fmt: skip
    session.flush()
