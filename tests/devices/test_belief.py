"""How far a piece of kit is believed, by its readings."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from devices import belief
from devices.believed import Mark
from devices.models import Device
from people import signing_in
from people.access import Viewer
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import DAY, HOUR, MINUTE, says, spo2


@pytest.fixture
def cora(session: Session, cast: Cast) -> Viewer:
    return signing_in.viewer_of(session, cast.cora, NOW)


@pytest.fixture
def oximeter(session: Session, cast: Cast) -> Device:
    made = kit.device(session)
    kit.give(session, made, person_id=cast.ada.id)
    return made


def test_what_was_marked_is_counted_with_what_is_usual(
    session: Session, cora: Viewer, oximeter: Device
) -> None:
    kit.take_in(session, says("oximeter-1", spo2(93), spo2(93, None), spo2(20, NOW - 2 * MINUTE)))
    kit.take_in(session, says("oximeter-1", spo2(94)))
    kit.take_in(session, says("oximeter-1", spo2(92, NOW - 3 * HOUR)))
    ahead = NOW + HOUR
    kit.take_in(session, says("oximeter-1", spo2(91, ahead), at=NOW + MINUTE))
    found = belief.of_device(session, cora, oximeter, NOW + MINUTE)
    assert found is not None
    assert found.tally.marks == {
        Mark.BEYOND: 1, Mark.CONFLICT: 1, Mark.IMPLAUSIBLE: 1, Mark.CLOCK_CORRECTED: 1, Mark.NO_CLOCK: 1,
        Mark.LATE: 1,
    }  # fmt: skip
    assert (found.tally.readings, found.whole) == (5, True)
    assert (found.tally.delay, found.tally.slow_by) == (3 * HOUR, MINUTE - HOUR)
    assert [(line.kind, line.readings) for line in found.measured] == [("spo2", 5)]


def test_readings_with_a_mark_are_listed_the_latest_first_with_what_belongs_to_it(
    session: Session, cora: Viewer, oximeter: Device
) -> None:
    kit.take_in(session, says("oximeter-1", *(spo2(90, NOW - n * HOUR) for n in (1, 2, 3))))
    kit.take_in(session, says("oximeter-1", spo2(95, NOW - HOUR)))
    late = belief.list_marked(session, cora, oximeter, Mark.LATE, NOW)
    assert [one.at for one in late] == [NOW - HOUR, NOW - 2 * HOUR, NOW - 3 * HOUR]
    assert late[0].received_at == NOW
    (conflict,) = belief.list_marked(session, cora, oximeter, Mark.CONFLICT, NOW)
    assert (conflict.value, conflict.other) == (90, 95)
    assert belief.list_marked(session, cora, oximeter, Mark.BEYOND, NOW) == []


def test_only_the_newest_of_a_line_are_counted_and_it_is_said(
    session: Session, cora: Viewer, oximeter: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(belief, "MOST", 3)
    kit.take_in(session, says("oximeter-1", *(spo2(93, NOW - n * HOUR) for n in range(1, 6))))
    found = belief.of_device(session, cora, oximeter, NOW)
    assert found is not None
    assert (found.tally.readings, found.whole, found.since) == (3, False, NOW - 3 * HOUR)


def test_what_it_measured_for_somebody_before_or_long_ago_is_left_out(
    session: Session, cast: Cast, cora: Viewer
) -> None:
    made = kit.device(session)
    kit.give(session, made, person_id=cast.ada.id, start=NOW - 2 * DAY)
    kit.take_in(session, says("oximeter-1", spo2(93), spo2(93, NOW - 3 * DAY)))
    found = belief.of_device(session, cora, made, NOW)
    assert found is not None
    assert found.tally.readings == 1
    later = belief.of_device(session, cora, made, NOW + timedelta(days=31))
    assert later is not None
    assert later.tally.readings == 0


def test_of_kit_that_is_nobodys_or_readings_that_are_not_shared_nothing_is_told(
    session: Session, cast: Cast, oximeter: Device
) -> None:
    kit.take_in(session, says("oximeter-1", spo2(93)))
    hana = signing_in.viewer_of(session, cast.hana, NOW)
    found = belief.of_device(session, hana, oximeter, NOW)
    assert found is not None
    assert (found.tally.readings, found.measured) == (0, ())
    assert belief.of_device(session, hana, kit.device(session, "spare-1"), NOW) is None
