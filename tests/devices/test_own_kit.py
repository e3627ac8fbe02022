from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from devices import assignments, charted, entry, own_kit, readings, stock, subjects
from devices.joining_models import Way
from devices.measurement import Flags, Source
from devices.models import DeviceState
from devices.own_kit import Own
from devices.readings import Want
from devices.stock import Where
from people.signing_in import viewer_of
from people.watching import Watched
from tests.agreeing import agree
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, DAY, HOUR, says

CUFF = {"sort": "cuff", "model": "Omron M3", "way": "by_hand"}
PRESSURE = {"systolic": 142.0, "diastolic": 84.0}


def added(session: Session, cast: Cast, **given: str) -> Own:
    device, _ = own_kit.add(session, cast.ada.id, {**CUFF, **given}, now=NOW - DAY, actor=CORA)
    found = own_kit.find(session, device)
    assert found is not None
    return found


def entered(session: Session, cast: Cast, own: Own, at: datetime) -> None:
    own_kit.enter(
        session, own, PRESSURE, person_id=cast.ada.id, at=at, source=Source.SELF_REPORTED, now=NOW, actor=CORA
    )


def flags(session: Session, cast: Cast) -> dict[datetime, bool]:
    """Which of the systolic readings are unchecked, as they are judged."""
    subject = subjects.person(cast.ada.id)
    [track] = readings.tracks(session, [Want(subject, "systolic", NOW - 9 * DAY)], NOW).values()
    return {
        datetime.fromtimestamp(at, NOW.tzinfo): bool(flag & Flags.UNCHECKED)
        for at, flag in zip(track.times, track.flags, strict=True)
    }


def test_own_kit_is_theirs_from_now_on_and_unchecked(session: Session, cast: Cast) -> None:
    own = added(session, cast)
    assert [each.device.id for each in own_kit.list_of(session, cast.ada.id, NOW)] == [own.device.id]
    assert own.device.name == "Own blood pressure cuff"
    assert not own.is_checked(NOW)


def test_kit_that_is_typed_in_gets_no_secret_and_kit_that_speaks_does(session: Session, cast: Cast) -> None:
    assert own_kit.add(session, cast.ada.id, CUFF, now=NOW, actor=CORA)[1] is None
    _, enrolment = own_kit.add(session, cast.ada.id, {**CUFF, "way": "by_itself"}, now=NOW, actor=CORA)
    assert enrolment is not None
    assert enrolment.device.secret_hash is not None


@pytest.mark.parametrize("field", ["sort", "model", "way"])
def test_what_is_left_out_is_asked_for(session: Session, cast: Cast, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        own_kit.add(session, cast.ada.id, {**CUFF, field: ""}, now=NOW, actor=CORA)
    assert set(refused.value.fields) == {field}


def test_a_watch_that_speaks_by_itself_needs_her_agreement(session: Session, cast: Cast) -> None:
    watch = {"sort": "watch", "model": "Band 6", "way": "by_itself"}
    with pytest.raises(Conflict):
        own_kit.add(session, cast.ada.id, watch, now=NOW, actor=CORA)
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=NOW)
    own_kit.add(session, cast.ada.id, watch, now=NOW, actor=CORA)


def test_nobody_has_more_pieces_of_their_own_than_a_household_can(session: Session, cast: Cast) -> None:
    for _ in range(own_kit.MOST):
        added(session, cast)
    with pytest.raises(Conflict):
        added(session, cast)


def test_what_is_read_off_it_is_marked_wherever_it_is_read(session: Session, cast: Cast) -> None:
    own = added(session, cast)
    entered(session, cast, own, NOW - HOUR)
    subject, unchecked = subjects.person(cast.ada.id), int(Flags.UNCHECKED | Flags.SELF_REPORTED)
    assert flags(session, cast) == {NOW - HOUR: True}
    assert {each.flags for each in readings.latest(session, [subject], NOW)} == {unchecked}
    assert {each.flags for each in readings.list_for_person(session, cast.ada.id)} == {unchecked}
    for points in (10, 1):  # each by itself, and folded
        lines = charted.span(session, subject, ["systolic"], NOW - DAY, NOW, points, "UTC")
        assert {point.flags for line in lines for point in line.points} == {unchecked}
    assert {flag for *_, flag in kit.stored(session)} == {int(Flags.SELF_REPORTED)}


def test_a_check_counts_from_its_date_and_rewrites_no_reading(session: Session, cast: Cast) -> None:
    own = added(session, cast)
    for hours in (5, 3, 1):
        entered(session, cast, own, NOW - hours * HOUR)
    before = kit.stored(session)
    kit.woken(session)
    own_kit.count(session, own.own, NOW - 3 * HOUR, person_id=cast.ada.id, now=NOW)
    assert flags(session, cast) == {NOW - 5 * HOUR: True, NOW - 3 * HOUR: False, NOW - HOUR: False}
    own_kit.doubt(session, own.own, NOW - 2 * HOUR, person_id=cast.ada.id, now=NOW)
    assert flags(session, cast) == {NOW - 5 * HOUR: True, NOW - 3 * HOUR: False, NOW - HOUR: True}
    assert kit.stored(session) == before
    assert subjects.person(cast.ada.id).number in kit.woken(session)


def test_what_it_publishes_by_itself_is_marked_the_same(session: Session, cast: Cast) -> None:
    own = added(session, cast, way=Way.BY_ITSELF)
    at = (NOW - HOUR).isoformat()
    kit.take_in(session, says(own.device.key or "", {"kind": "systolic", "value": 142, "at": at}))
    assert flags(session, cast) == {NOW - HOUR: True}


def test_a_mistake_that_was_typed_in_can_be_taken_back(session: Session, cast: Cast) -> None:
    entered(session, cast, added(session, cast), NOW - HOUR)
    entry.take_back(session, person_id=cast.ada.id, kind="systolic", at=NOW - HOUR, now=NOW, actor=CORA)
    typed = entry.list_typed(session, cast.ada.id, ["systolic"], NOW, 9)
    assert [bool(each.flags & Flags.ENTERED_IN_ERROR) for each in typed] == [True]


def test_it_is_hers_to_keep_and_never_ours_to_collect(session: Session, cast: Cast) -> None:
    own = added(session, cast)
    own.device.due_back_on = NOW.date()
    session.flush()
    cora = viewer_of(session, cast.cora, NOW)
    assert [each.device.id for each in stock.list_pieces(session, cora, Where.OUT, NOW)] == [own.device.id]
    assert stock.list_pieces(session, cora, Where.DUE, NOW) == []
    own_kit.leave(session, own, now=NOW, actor=CORA)
    assert stock.list_pieces(session, cora, None, NOW) == []
    assert own.device.state is DeviceState.INSTALLED
    with pytest.raises(NotFound):
        own_kit.get_of(session, cast.ada.id, own.device.uuid, NOW)
    with pytest.raises(Conflict):
        own_kit.leave(session, own, now=NOW, actor=CORA)


def test_it_can_not_be_given_to_anybody_else(session: Session, cast: Cast) -> None:
    own = added(session, cast)
    with pytest.raises(Conflict, match="own kit"):
        assignments.move(session, own.device, at=NOW, now=NOW, actor=CORA, person_id=cast.ben.id)


def test_what_it_measured_stays_hers_after_it_went(session: Session, cast: Cast) -> None:
    own = added(session, cast)
    entered(session, cast, own, NOW - HOUR)
    own_kit.leave(session, own, now=NOW, actor=CORA)
    assert flags(session, cast) == {NOW - HOUR: True}
