"""Whose a measurement of shared kit was, as somebody said, and what waits to be said."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from devices import doubts, kit_users, owners, readings, subjects, unclaimed
from devices.assignments import find
from devices.models import Device
from devices.shared_kit_models import Owner, ReadingOwner
from people.access import Viewer
from people.signing_in import viewer_of
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit, shared
from tests.devices.kit import CORA, DAY, HOUR, MINUTE, message
from tests.devices.shared import weighs
from tests.devices.test_kit_users import set_down, weights

AT = NOW - MINUTE


@pytest.fixture
def scale(session: Session, cast: Cast) -> Device:
    return shared.scale(session, cast)


@pytest.fixture
def cora(session: Session, cast: Cast) -> Viewer:
    return viewer_of(session, cast.cora, NOW)


def say(
    session: Session,
    scale: Device,
    person_id: int | None,
    owner: Owner = Owner.PERSON,
    channel: str = "",
    at: datetime = AT,
) -> ReadingOwner:
    return owners.say(session, scale, channel, at, owner, now=NOW, actor=CORA, person_id=person_id)


def waiting(session: Session, scale: Device) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    return [(each.channel, each.values) for each in unclaimed.list_of(session, [scale.id], NOW)]


def test_all_that_was_measured_at_one_moment_is_one_question(session: Session, cast: Cast) -> None:
    shared.scale(session, cast)
    cuff = kit.device(session, "cuff-1")
    kit.give(session, cuff, home_id=cast.ada_home.id)
    both = [
        {"kind": kind, "value": value, "at": AT.isoformat()}
        for kind, value in (("systolic", 182), ("diastolic", 91))
    ]
    kit.take_in(session, message("hearth/v1/cuff-1/readings", {"readings": both}))
    assert waiting(session, cuff) == [("", (("diastolic", 91), ("systolic", 182)))]
    owners.say(session, cuff, "", AT, Owner.PERSON, now=NOW, actor=CORA, person_id=cast.ada.id)
    found = readings.latest(session, [subjects.person(cast.ada.id)], NOW)
    assert {each.kind: each.value for each in found} == {"systolic": 182, "diastolic": 91}


def test_an_answer_makes_it_theirs_and_has_them_judged(session: Session, cast: Cast, scale: Device) -> None:
    weighs(session, 75.0)
    kit.woken(session)
    say(session, scale, cast.ben.id)
    assert weights(session, cast.ben) == [75.0]
    assert weights(session, cast.ada) == []
    assert waiting(session, scale) == []
    assert subjects.person(cast.ben.id).number in kit.woken(session)


@pytest.mark.parametrize("owner", [Owner.GUEST, Owner.UNKNOWN])
def test_a_guests_or_nobodys_is_nobodys_and_is_asked_no_more(
    session: Session, cast: Cast, scale: Device, owner: Owner
) -> None:
    weighs(session, 75.0)
    say(session, scale, None, owner)
    assert waiting(session, scale) == []
    assert (weights(session, cast.ada), weights(session, cast.ben)) == ([], [])


def test_it_is_kept_by_whom_and_when(session: Session, cast: Cast, scale: Device, cora: Viewer) -> None:
    weighs(session, 75.0)
    say(session, scale, cast.ben.id)
    (said,) = owners.list_said(session, cora, scale, NOW)
    assert (said.person, said.row.answered_by, said.row.answered_at) == (cast.ben, "Cora", NOW)
    row = session.scalars(select(JournalEntry).where(JournalEntry.subject == "reading owner")).one()
    assert (row.what, row.person_id) == ("said whose", cast.ben.id)


def test_of_two_answers_the_first_stands(session: Session, cast: Cast, scale: Device) -> None:
    weighs(session, 75.0)
    say(session, scale, cast.ben.id)
    with pytest.raises(Conflict, match="Take that back first"):
        say(session, scale, cast.ada.id)


def test_an_answer_taken_back_is_asked_again(
    session: Session, cast: Cast, scale: Device, cora: Viewer
) -> None:
    weighs(session, 75.0)
    row = owners.get_said(session, cora, scale, say(session, scale, cast.ben.id).uuid, NOW)
    owners.take_back(session, row, now=NOW, actor=CORA)
    assert weights(session, cast.ben) == []
    assert waiting(session, scale) == [("", (("weight", 75.0),))]


def test_a_doubt_whose_answer_is_taken_back_is_doubted_as_before(
    session: Session, cast: Cast, scale: Device
) -> None:
    set_down(session, scale, 1, cast.ada)
    for day in (1, 2, 3):
        weighs(session, 61.0, 1, NOW - day * DAY)
    weighs(session, 92.4, 1)
    doubts.note(session, [scale.id], [], NOW)
    row = say(session, scale, cast.ada.id, channel="user 1")
    assert weights(session, cast.ada)[-1] == 92.4
    owners.take_back(session, row, now=NOW, actor=CORA)
    assert weights(session, cast.ada) == [61.0] * 3
    assert waiting(session, scale) == [("user 1", (("weight", 92.4),))]
    with pytest.raises(Conflict):
        owners.take_back(session, row, now=NOW, actor=CORA)


def test_an_answer_outweighs_a_number_that_is_set_down_later(
    session: Session, cast: Cast, scale: Device
) -> None:
    weighs(session, 75.0, 2)
    say(session, scale, cast.ada.id, channel="user 2")
    kit_users.set_down(session, scale, 2, cast.ben.id, now=NOW, actor=CORA)
    assert (weights(session, cast.ada), weights(session, cast.ben)) == ([75.0], [])


def test_what_nobody_measured_and_what_is_known_are_not_asked_about(
    session: Session, cast: Cast, scale: Device
) -> None:
    set_down(session, scale, 1, cast.ada)
    weighs(session, 61.0, 1)
    with pytest.raises(NotFound):
        say(session, scale, cast.ben.id, channel="user 1")
    with pytest.raises(NotFound):
        say(session, scale, cast.ben.id, at=NOW - HOUR)
    with pytest.raises(NotFound):
        say(session, kit.device(session, "stock"), cast.ben.id)


def test_only_who_lived_there_then_can_have_measured(session: Session, cast: Cast) -> None:
    own = kit.device(session, "scale-1")
    kit.give(session, own, home_id=cast.ada_home.id)
    weighs(session, 75.0)
    for person_id, owner in ((cast.ben.id, Owner.PERSON), (None, Owner.PERSON), (cast.ada.id, Owner.GUEST)):
        with pytest.raises(Invalid) as fault:
            say(session, own, person_id, owner)
        assert list(fault.value.fields) == ["person"]


def test_a_housemate_can_have_used_ones_own_kit(session: Session, cast: Cast, cora: Viewer) -> None:
    shared.move_in(session, cast)
    own = kit.device(session, "scale-1")
    kit.give(session, own, person_id=cast.ada.id)
    weighs(session, 92.4, 2)
    held = find(session, own.id, NOW)
    assert held is not None
    assert owners.candidates(session, cora, held, NOW, NOW) == [cast.ada, cast.ben]
    say(session, own, cast.ben.id, channel="user 2")
    assert weights(session, cast.ben) == [92.4]


def test_what_was_said_of_somebody_out_of_sight_is_not_told(
    session: Session, cast: Cast, scale: Device
) -> None:
    weighs(session, 75.0)
    row = say(session, scale, cast.ben.id)
    mallory = viewer_of(session, cast.mallory, NOW)
    assert owners.list_said(session, mallory, scale, NOW) == []
    with pytest.raises(NotFound):
        owners.get_said(session, mallory, scale, row.uuid, NOW)
