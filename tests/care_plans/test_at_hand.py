"""What is read for one claim."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.evaluating import at_hand
from care_plans.evaluating.watching import Watches
from care_plans.plan import enrol
from devices import rows, series, subjects
from devices.models import Assignment, Device
from devices.rows import Row
from devices.series import SeriesKey
from tests.cast import Cast


@pytest.fixture
def spoken(session: Session, cast: Cast, now: datetime) -> None:
    """Ada's oximeter and the climate of two of her rooms have spoken."""
    kit = {
        "oximeter": (cast.ada.id, None, None, "spo2"),
        "bedroom": (None, cast.ada_home.id, "bedroom", "room_temperature"),
        "kitchen": (None, cast.ada_home.id, "kitchen", "room_temperature"),
    }
    for name, (person_id, home_id, room, kind) in kit.items():
        device = Device(key=f"ada-{name}", name=name, model="test", room=room)
        session.add(device)
        session.flush()
        period = Range(now - timedelta(days=9), None)
        session.add(Assignment(device_id=device.id, person_id=person_id, home_id=home_id, period=period))
        key = SeriesKey(device.id, "", kind)
        ids = series.ensure(session, {key})
        rows.put(session, [Row(ids[key], now - timedelta(minutes=5), 15.0, 0)], now, now)
    for pathway in ("copd", "warm_dry_home"):
        enrol.enrol(session, cast.ada, pathway, by=cast.dev, now=now - timedelta(days=1))


@pytest.mark.usefixtures("spoken")
def test_rooms_are_told_apart_and_a_persons_kit_is_not(session: Session, cast: Cast, now: datetime) -> None:
    ada, home = subjects.person(cast.ada.id), subjects.home(cast.ada_home.id)
    known = at_hand.read(session, Watches(), [ada, home], now)
    assert sorted(known.tracks[home, "room_temperature"].sources) == ["bedroom", "kitchen"]
    assert list(known.tracks[ada, "spo2"].sources) == []


@pytest.mark.usefixtures("spoken")
def test_a_persons_rule_finds_the_readings_of_their_home(session: Session, cast: Cast, now: datetime) -> None:
    ada, home = subjects.person(cast.ada.id), subjects.home(cast.ada_home.id)
    known = at_hand.read(session, Watches(), [ada], now)
    assert known.whose(ada, "room_temperature") == home
    assert known.whose(ada, "spo2") == ada


@pytest.mark.usefixtures("spoken")
def test_the_number_of_statements_does_not_grow_with_the_subjects(
    session: Session, cast: Cast, now: datetime
) -> None:
    watches = Watches()
    everybody = [
        subjects.person(cast.ada.id), subjects.home(cast.ada_home.id),
        subjects.person(cast.ben.id), subjects.home(cast.ben_home.id),
    ]  # fmt: skip
    at_hand.read(session, watches, everybody, now)
    counts: list[int] = []
    for some in (everybody[:2], everybody):
        asked: list[str] = []

        def note(*given: object, asked: list[str] = asked) -> None:
            asked.append(str(given[2]))

        event.listen(session.connection(), "before_cursor_execute", note)
        at_hand.read(session, watches, some, now)
        event.remove(session.connection(), "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] == counts[1]
