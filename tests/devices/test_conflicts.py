"""Two values for one moment, shown side by side."""

from datetime import timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from devices import conflicts
from devices.conflicts import Contradicted
from tests.care_plans import alerting
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import MINUTE, says, spo2


def test_both_values_are_told_with_the_moment_and_only_since_it_is_theirs(
    session: Session, cast: Cast
) -> None:
    device = kit.device(session)
    kit.give(session, device, person_id=cast.ada.id)
    kit.take_in(session, says("oximeter-1", spo2(93)))
    kit.take_in(session, says("oximeter-1", spo2(84)))
    found = conflicts.of_device(session, device, ["spo2"], NOW - timedelta(days=1))
    assert found == [Contradicted("spo2", NOW - MINUTE, 93, 84)]
    assert conflicts.of_device(session, device, ["pulse"], NOW - timedelta(days=1)) == []
    assert conflicts.of_device(session, device, ["spo2"], NOW) == []


def test_they_are_shown_to_whoever_sees_the_readings_and_not_of_whoever_had_it_before(
    session: Session, cast: Cast
) -> None:
    device = kit.device(session)
    kit.take_in(session, says("oximeter-1", spo2(93)))
    kit.take_in(session, says("oximeter-1", spo2(84)))
    assert conflicts.shown(session, alerting.dev(cast), device, NOW) == []
    held = kit.give(session, device, person_id=cast.ada.id)
    assert [each.other for each in conflicts.shown(session, alerting.dev(cast), device, NOW)] == [84]
    assert conflicts.shown(session, alerting.hana(cast), device, NOW) == []
    held.period = Range(NOW, None)
    session.flush()
    assert conflicts.shown(session, alerting.dev(cast), device, NOW) == []
