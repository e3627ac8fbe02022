"""When people and homes were last heard of."""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from devices import heard, subjects
from devices.models import Assignment, Device, DeviceWord
from tests.cast import Cast

DAY = timedelta(days=1)


def test_the_last_word_of_any_kit_that_is_theirs_now_counts(
    session: Session, cast: Cast, now: datetime
) -> None:
    kit = (
        ("scale", cast.ada.id, None, Range(now - 9 * DAY, None), now - timedelta(hours=5)),
        ("oximeter", cast.ada.id, None, Range(now - 9 * DAY, None), now - timedelta(hours=2)),
        ("given-back", cast.ada.id, None, Range(now - 9 * DAY, now - DAY), now),
        ("climate", None, cast.ada_home.id, Range(now - 9 * DAY, None), now - timedelta(minutes=3)),
    )
    for name, person_id, home_id, period, at in kit:
        device = Device(key=f"ada-{name}", name=name, model="test")
        session.add(device)
        session.flush()
        session.add(Assignment(device_id=device.id, person_id=person_id, home_id=home_id, period=period))
        session.add(DeviceWord(device_id=device.id, heard_at=at))
    session.flush()
    ada, home, ben = (
        subjects.person(cast.ada.id),
        subjects.home(cast.ada_home.id),
        subjects.person(cast.ben.id),
    )
    assert heard.last_heard(session, [ada, home, ben], now) == {
        ada: now - timedelta(hours=2),
        home: now - timedelta(minutes=3),
    }
