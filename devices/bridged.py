"""A message that a bridge sends by HTTP: who sends it, and storing it at once, as intake does what comes."""

from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.embedded.broker_users import hash_password, is_password
from devices import found, last_word, rejected, storing, topics
from devices.formats import scaip_reply
from devices.gather import Batch, Refusal
from devices.inbox import Message
from devices.models import Device
from devices.registry import HASH_ROUNDS

SCAIP = "scaip"


@cache
def _nobody() -> str:
    """What is compared with where there is no device, so that it takes as long."""
    return hash_password("nobody", HASH_ROUNDS)


def knows_secret(session: Session, key: str, secret: str) -> bool:
    """Whether `secret` is the one that the device called `key` signs in to the broker with.

    False for a device that is unknown or was revoked, after as long. It costs a hash of bcrypt: with
    HASH_ROUNDS, about a millisecond. Nobody is locked out for guessing: a lock would silence kit, and the
    secret has 192 random bits.
    """
    kept = session.scalar(
        select(Device.secret_hash).where(
            Device.key == key, Device.revoked_at.is_(None), Device.deleted_at.is_(None)
        )
    )
    right = is_password(secret, _nobody() if kept is None else kept)
    return right and kept is not None


def copy_call(session: Session, key: str, request: bytes, now: datetime) -> bytes:
    """Store a request of SCAIP that the bridge called `key` sent, and return what is answered to it.

    The answer is true once the caller has committed. What can't be read is kept as rejected.
    """
    refusal = _take(session, Message(f"{topics.ROOT}{key}/{SCAIP}", request, False, now), now)
    if refusal is None:
        return scaip_reply.write(request, scaip_reply.of_copy(None), scaip_reply.COPIED)
    return scaip_reply.write(request, scaip_reply.of_copy(refusal.code), scaip_reply.REFUSED)


def _take(session: Session, message: Message, now: datetime) -> Refusal | None:
    """Store what can be read of a message; why the rest can't, if it can't."""
    batch = rejected.read(session, message, now)
    if batch is None:
        return None
    try:
        with session.begin_nested():
            _store(session, batch, now)
    except storing.POISON:
        batch = Batch(
            message.received_at,
            refusals=[Refusal(message, None, storing.UNSTORABLE, storing.WHY_UNSTORABLE)],
        )
        _store(session, batch, now)
    return batch.refusals[0] if batch.refusals else None


def _store(session: Session, batch: Batch, now: datetime) -> None:
    storing.store(session, batch, {}, now)
    last_word.write(session, batch.words, now)
    found.write(session, batch.found, now)
    rejected.keep(session, batch.refusals)
