"""Which kinds of reading somebody is shown, and what is said of the others."""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from devices import readings, shared_kinds, subjects
from devices.models import Assignment, Device, DeviceState
from devices.shared_kinds import Withheld
from people.access import RecordClass
from people.models.agencies import Staff
from people.signing_in import viewer_of
from tests.cast import Cast


def measured(session: Session, cast: Cast, now: datetime) -> None:
    device = Device(key="adas-oximeter", name="Oximeter", model="X", state=DeviceState.INSTALLED)
    session.add(device)
    session.flush()
    session.add(
        Assignment(device_id=device.id, person_id=cast.ada.id, period=Range(now - timedelta(days=9), None))
    )
    session.flush()
    at = now - timedelta(minutes=10)
    readings.store_history(session, device.id, [("spo2", "", at, 92.0), ("motion", "", at, 1.0)], now)


def told(session: Session, cast: Cast, who: Staff, now: datetime) -> tuple[Withheld, ...]:
    seen = shared_kinds.of(session, viewer_of(session, who, now), cast.ada.id, cast.ada_home.id, now)
    about = [subjects.person(cast.ada.id), subjects.home(cast.ada_home.id)]
    return seen.withheld(session, about, now)


def test_only_kinds_that_are_shared_in_full_are_shown(session: Session, cast: Cast, now: datetime) -> None:
    def full(who: Staff) -> tuple[str, ...]:
        seen = shared_kinds.of(session, viewer_of(session, who, now), cast.ada.id, cast.ada_home.id, now)
        return seen.full(["spo2", "room_temperature", "fall", "motion"])

    assert full(cast.dev) == ("spo2", "room_temperature", "fall", "motion")
    assert full(cast.hana) == ("room_temperature", "fall")


def test_that_something_is_heard_is_told_by_sort_or_in_one(
    session: Session, cast: Cast, now: datetime
) -> None:
    measured(session, cast, now)
    assert told(session, cast, cast.dev, now) == ()
    assert told(session, cast, cast.hana, now) == (Withheld(None, None, False),)
    cast.sol.agency_id = cast.receiving.id
    session.flush()
    at = now - timedelta(minutes=10)
    assert told(session, cast, cast.sol, now) == (
        Withheld(RecordClass.VITALS, at, False),
        Withheld(RecordClass.ACTIVITY, at, False),
    )
