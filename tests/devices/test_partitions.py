"""Months of readings."""

from datetime import timedelta

from sqlalchemy.orm import Session

from core.db import Db
from devices import partitions
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import DAY, says, spo2


def test_months_are_made_ahead_and_only_once(real_db: Db) -> None:
    later = NOW + timedelta(days=700)
    with real_db.transaction() as session:
        assert partitions.make_ahead(session, later) > 12
    with real_db.transaction() as session:
        assert partitions.make_ahead(session, later) == 0


def test_there_is_a_month_for_every_time_that_is_believed(session: Session) -> None:
    partitions.make_ahead(session, NOW)
    kit.device(session)
    oldest = partitions.retention_start(NOW)
    stored, _ = kit.take_in(
        session, says("oximeter-1", *(spo2(at=at) for at in (oldest, NOW + DAY, NOW - 200 * DAY)))
    )
    assert stored.stored == 3
