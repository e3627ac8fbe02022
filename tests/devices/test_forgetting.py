"""What is kept only for a while."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import forgetting
from devices.models import Batch, MessageSeen, Rejected


def test_ids_of_messages_are_forgotten_after_a_week(session: Session, now: datetime) -> None:
    for days in (8, 1):
        at = now - timedelta(days=days)
        batch = Batch(received_at=at, stored_at=at)
        session.add(batch)
        session.flush()
        session.add(
            MessageSeen(device_id=1, message_id=f"{days} days ago", payload_hash=b"x", batch_id=batch.id)
        )
    session.flush()
    assert forgetting.step(session, now)
    assert session.scalars(select(MessageSeen.message_id)).all() == ["1 days ago"]
    assert not forgetting.step(session, now)


def test_rejected_messages_are_kept_for_ninety_days(session: Session, now: datetime) -> None:
    for days in (91, 89):
        session.add(
            Rejected(
                received_at=now - timedelta(days=days), topic="hearth/v1/x", size=days, code="bad_json",
                reason="It is not JSON.",
            )
        )  # fmt: skip
    session.flush()
    assert forgetting.step(session, now)
    assert session.scalars(select(Rejected.size)).all() == [89]
