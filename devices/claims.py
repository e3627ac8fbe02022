"""Codes by which whoever holds one takes over a piece of kit: once, and within a day."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from core import journal
from core.db import vault_of
from core.errors import Conflict
from core.journal import Actor
from devices import agreed, assignments, kit_life
from devices.joining_models import ClaimCode, ClaimTry
from devices.models import Assignment, Device, DeviceState
from people import scoping
from people.watching import Watched

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another when it is read from paper."""
LENGTH = 9  # of 31 letters: 44 bits, for a day, five tries in a quarter of an hour
VALID = timedelta(hours=24)
TRIES = 5
TRIES_WITHIN = timedelta(minutes=15)
TRIES_KEPT = timedelta(days=1)
MAY_BE_CLAIMED = frozenset({DeviceState.IN_STOCK, DeviceState.RESERVED})

WRONG = (
    "That code opens nothing. Check each letter and figure; it can be used once, within a day, and it may "
    "have been withdrawn. Ask whoever gave it to you for another."
)
TOO_MANY = "There were too many codes that opened nothing. Wait 15 minutes, then try again."
NOT_IN_STOCK = "A code is made for kit that is in stock or reserved, and nobody's."
NO_HOME = "This kit is for a home, and no home is on record. Ask whoever gave you the code."


@dataclass(frozen=True, slots=True)
class Made:
    """A code, told this once, and what is kept of it."""

    row: ClaimCode
    code: str


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who enters a code (`key` counts their tries: "staff 7"), and for which person, with their home."""

    key: str
    person_id: int | None
    home_id: int | None


def make(session: Session, device: Device, *, for_home: bool, now: datetime, actor: Actor) -> Made:
    """A code for kit in stock; one before it ends. Conflict for kit that is somebody's, or can't be given."""
    session.refresh(device, with_for_update=True)
    if not _may_be_claimed(session, device, now):
        raise Conflict(NOT_IN_STOCK)
    _withdraw(session, device, now)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    row = ClaimCode(
        device_id=device.id, code_hash=_hashed(session, code), for_home=for_home, expires_at=now + VALID
    )
    session.add(row)
    session.flush()
    _tell(session, "claim code made", device, actor)
    return Made(row, "-".join(code[at : at + 3] for at in range(0, LENGTH, 3)))


def find(session: Session, device: Device, now: datetime) -> ClaimCode | None:
    """The code of this kit that can be used now, if there is one."""
    return session.scalar(_in_force(device, now))


def withdraw(session: Session, device: Device, *, now: datetime, actor: Actor) -> None:
    """Let the code of this kit be used no more. Conflict where there is none."""
    if find(session, device, now) is None:
        raise Conflict("No code of this kit can be used: there is none, or it was used or ran out.")
    _withdraw(session, device, now)
    _tell(session, "claim code withdrawn", device, actor)


@scoping.past  # the kit is in stock, out of sight of whoever holds the code
def claim(
    session: Session, code: str, claimant: Claimant, *, now: datetime, real_now: datetime, actor: Actor
) -> Assignment | None:
    """Give the kit of a code to whoever holds it, from now on; None where the code opens nothing.

    A code that opens nothing counts, so the caller commits that. Wrong, used, run out and withdrawn are not
    told apart: nobody learns whether a code was ever made. Conflict for too many tries, and where the kit
    watches and somebody has not agreed (H18); the code can be used afterwards.
    """
    _refuse_guessing(session, claimant, real_now)
    row = session.scalar(
        select(ClaimCode).where(ClaimCode.code_hash == _hashed(session, _plain(code))).with_for_update()
    )
    device = session.get(Device, row.device_id, with_for_update=True) if row else None
    if row is None or device is None or not _opens(session, row, device, now):
        session.add(ClaimTry(claimant=claimant.key, at=real_now))
        session.execute(delete(ClaimTry).where(ClaimTry.at < real_now - TRIES_KEPT))
        session.flush()
        return None
    if row.for_home and claimant.home_id is None:
        raise Conflict(NO_HOME)
    made = assignments.assign(
        session, device, start=assignments.from_now(session, device, now), now=now, actor=actor,
        person_id=None if row.for_home else claimant.person_id,
        home_id=claimant.home_id if row.for_home else None, purpose="Claimed by code",
    )  # fmt: skip
    row.used_at = now
    journal.write(
        session, "claimed", actor=actor, subject="device", subject_uuid=device.uuid,
        person_id=claimant.person_id,
    )  # fmt: skip
    session.flush()
    return made


@scoping.past
def lacking(session: Session, code: str, claimant: Claimant, now: datetime) -> frozenset[Watched]:
    """To what the kit of a code that opens watches nobody has agreed yet; to word a refusal for its owner."""
    row = session.scalar(select(ClaimCode).where(ClaimCode.code_hash == _hashed(session, _plain(code))))
    device = session.get(Device, row.device_id) if row else None
    if row is None or device is None or not _opens(session, row, device, now):
        return frozenset()
    person_id, home_id = (None, claimant.home_id) if row.for_home else (claimant.person_id, None)
    found = agreed.lacking(session, device, person_id=person_id, home_id=home_id, start=now, now=now)
    return frozenset().union(*found.values())


def count_tries(session: Session, key: str, since: datetime) -> int:
    """How many codes a claimant has entered since then that opened nothing."""
    tried = select(func.count()).where(ClaimTry.claimant == key, ClaimTry.at > since)
    return session.scalars(tried).one()


def _opens(session: Session, row: ClaimCode, device: Device, now: datetime) -> bool:
    in_force = row.used_at is None and row.withdrawn_at is None and now < row.expires_at
    return in_force and _may_be_claimed(session, device, now)


def _may_be_claimed(session: Session, device: Device, now: datetime) -> bool:
    return (
        device.state in MAY_BE_CLAIMED
        and device.deleted_at is None
        and device.revoked_at is None
        and not kit_life.is_held(session, device, now)
    )


def _in_force(device: Device, now: datetime) -> Select[ClaimCode]:
    return select(ClaimCode).where(
        ClaimCode.device_id == device.id,
        ClaimCode.used_at.is_(None),
        ClaimCode.withdrawn_at.is_(None),
        ClaimCode.expires_at > now,
    )


def _withdraw(session: Session, device: Device, now: datetime) -> None:
    rows = session.scalars(
        select(ClaimCode)
        .where(
            ClaimCode.device_id == device.id, ClaimCode.used_at.is_(None), ClaimCode.withdrawn_at.is_(None)
        )
        .with_for_update()
    )
    for row in rows:
        row.withdrawn_at = now
    session.flush()


def _refuse_guessing(session: Session, claimant: Claimant, real_now: datetime) -> None:
    # Who tries twice at once waits for themself: else each would count the tries before both.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(claimant.key, 36))))
    if count_tries(session, claimant.key, real_now - TRIES_WITHIN) >= TRIES:
        raise Conflict(TOO_MANY, {"code": TOO_MANY})


def _plain(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter in LETTERS)[: LENGTH + 1]


def _hashed(session: Session, code: str) -> bytes:
    """With the installation's key: of a copy of the database alone, no code can be guessed."""
    return vault_of(session).blind(f"claim code {code}")


def _tell(session: Session, what: str, device: Device, actor: Actor) -> None:
    journal.write(session, what, actor=actor, subject="device", subject_uuid=device.uuid)
