"""When readings last reached us."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from devices.arrivals import last_stored
from devices.models import Batch


def test_it_tells_when_the_newest_batch_was_received(session: Session, now: datetime) -> None:
    assert last_stored(session) is None
    for minutes in (5, 1):
        at = now - timedelta(minutes=minutes)
        session.add(Batch(received_at=at, stored_at=at))
        session.flush()
    assert last_stored(session) == now - timedelta(minutes=1)
