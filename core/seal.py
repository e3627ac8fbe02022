"""The sealer: numbers committed journal rows and chains them, so that nobody can rewrite them unseen.

Only rows of transactions that ended before the oldest one still running are sealed; so numbers follow
commits, and a reader that remembers the last number it saw can never skip a late commit.
"""

import hashlib
import hmac
from dataclasses import dataclass

import orjson
from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.orm import Session

from core.models import JournalEntry

START = bytes(32)
SEAL_LOCK = 4_711_001
CHANNEL = "hearth_sealed"


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and why."""

    number: int
    why: str


def digest(entry: JournalEntry) -> bytes:
    """32 bytes over all that an entry says, keyed by its own salt (HMAC-SHA-256)."""
    said = [
        str(entry.uuid), entry.at.timestamp(), entry.what, entry.subject, str(entry.subject_uuid),
        entry.person_id, entry.staff_id, entry.by, entry.details,
    ]  # fmt: skip
    return hmac.digest(entry.salt, orjson.dumps(said, option=orjson.OPT_SORT_KEYS), hashlib.sha256)


def link(before: bytes, number: int, entry_digest: bytes) -> bytes:
    """The chain's value at `number`, given its value before (SHA-256)."""
    return hashlib.sha256(before + number.to_bytes(8) + entry_digest).digest()


def seal(session: Session, limit: int = 2000) -> int:
    """Number and chain up to `limit` committed entries; return how many. While another seals: 0."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(SEAL_LOCK))):
        return 0
    last = session.execute(
        select(JournalEntry.number, JournalEntry.chain)
        .where(JournalEntry.number.is_not(None))
        .order_by(JournalEntry.number.desc())
        .limit(1)
    ).first()
    number, chain = (last.number or 0, last.chain or START) if last else (0, START)
    entries = session.scalars(
        select(JournalEntry)
        .where(JournalEntry.number.is_(None), text("xid < pg_snapshot_xmin(pg_current_snapshot())"))
        .order_by(JournalEntry.id)
        .limit(limit)
    ).all()
    rows = []
    for entry in entries:
        number += 1
        entry_digest = digest(entry)
        chain = link(chain, number, entry_digest)
        rows.append({"entry_id": entry.id, "n": number, "d": entry_digest, "c": chain})
    if rows:
        session.connection().execute(
            update(JournalEntry)
            .where(JournalEntry.id == bindparam("entry_id"))
            .values(number=bindparam("n"), digest=bindparam("d"), chain=bindparam("c")),
            rows,
        )
        session.execute(select(func.pg_notify(CHANNEL, str(number))))
    return len(rows)


def check(session: Session) -> tuple[int, list[Break]]:
    """Walk the whole chain; how many entries were read, and each place where it does not hold."""
    breaks: list[Break] = []
    expected, chain, count = 1, START, 0
    sealed = select(JournalEntry).where(JournalEntry.number.is_not(None)).order_by(JournalEntry.number)
    for entry in session.scalars(sealed.execution_options(yield_per=1000)):
        count += 1
        number = entry.number or 0
        if number != expected:
            breaks.append(Break(number, f"number {expected} is missing"))
        erased = not entry.salt  # its text was erased with its salt; the digest still stands in the chain
        if not erased and entry.digest != digest(entry):
            breaks.append(Break(number, "what it says was changed after it was sealed"))
        chain = link(chain, number, entry.digest or b"")
        if entry.chain != chain:
            breaks.append(Break(number, "it does not follow from the entry before"))
            chain = entry.chain or b""
        expected = number + 1
    return count, breaks
