"""What a recall asks about each piece of kit that somebody has."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.protecting import RecallWork
from care_plans.models.work import FollowUp, FollowUpOutcome
from care_plans.protecting import recalls
from care_plans.protection_states import Ended
from care_plans.work import follow_ups
from devices import assignments, kit_life
from devices.models import Device, Recall
from devices.protecting import Urgency
from people.signing_in import viewer_of
from tests.care_plans.protecting import unprotected
from tests.cast import Cast
from tests.devices import kit
from tests.devices.kit import CORA

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Out = FollowUpOutcome


@pytest.fixture
def pendant(session: Session, cast: Cast) -> Device:
    return unprotected.pendant(session, cast, lot="L7")


@pytest.fixture
def called(session: Session, pendant: Device, now: datetime) -> Recall:
    return kit_life.recall(
        session, model=pendant.model, reason="Its battery may burn", urgency=Urgency.DAY, now=now, actor=CORA
    )


def work(session: Session) -> RecallWork:
    return session.scalars(select(RecallWork).order_by(RecallWork.id.desc())).first() or pytest.fail("none")


def asked(session: Session) -> FollowUp:
    return session.get_one(FollowUp, work(session).follow_up_id)


def say(session: Session, cast: Cast, now: datetime, outcome: Out, words: str = "Told us") -> None:
    cora = viewer_of(session, cast.cora, now)
    follow_ups.complete(session, asked(session), outcome=outcome, remarks=words, by=cora, now=now)


@pytest.mark.usefixtures("called")
def test_each_piece_that_somebody_has_is_asked_about_by_the_recalls_urgency(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert recalls.step(session, now)
    found = asked(session)
    assert (found.person_id, found.team_id, found.due_at) == (cast.ada.id, cast.coordinators.id, now + DAY)
    assert "Pendant, HL-P1, lot L7. Its battery may burn." in found.text
    assert recalls.INTERIM in found.text
    assert not recalls.step(session, now + HOUR)


def test_what_is_in_stock_is_asked_of_nobody_until_it_is_given_out(
    session: Session, cast: Cast, called: Recall, now: datetime
) -> None:
    recalls.step(session, now)
    spare = kit.device(session, "spare", name="Pendant", model="HL-P1")
    assert not recalls.step(session, now)
    kit.give(session, spare, person_id=cast.ben.id, start=now)
    assert recalls.step(session, now)


@pytest.mark.usefixtures("called")
def test_it_ends_when_the_kit_was_collected(session: Session, now: datetime, pendant: Device) -> None:
    recalls.step(session, now)
    held = assignments.find(session, pendant.id, now)
    assert held is not None
    assignments.end(session, held, at=now + HOUR, now=now + HOUR, actor=CORA)
    assert recalls.step(session, now + HOUR)
    assert (work(session).ended, asked(session).remarks) == (Ended.COLLECTED, "The kit was collected.")


@pytest.mark.usefixtures("called")
def test_it_was_swapped_where_they_were_given_another(
    session: Session, cast: Cast, now: datetime, pendant: Device
) -> None:
    recalls.step(session, now)
    held = assignments.find(session, pendant.id, now)
    assert held is not None
    assignments.end(session, held, at=now + HOUR, now=now + HOUR, actor=CORA)
    kit.give(session, kit.device(session, "new", model="HL-P2"), person_id=cast.ada.id, start=now + HOUR)
    recalls.step(session, now + HOUR)
    assert work(session).ended is Ended.SWAPPED


@pytest.mark.parametrize(
    ("outcome", "ended"),
    [(Out.DONE, Ended.CHECKED), (Out.NOT_NEEDED, Ended.CHECKED), (Out.DECLINED, Ended.REFUSED)],
)
@pytest.mark.usefixtures("called")
def test_what_somebody_found_ends_it_and_it_is_not_asked_again(
    session: Session, cast: Cast, now: datetime, outcome: Out, ended: Ended
) -> None:
    recalls.step(session, now)
    say(session, cast, now, outcome)
    assert recalls.step(session, now)
    assert work(session).ended is ended
    assert not recalls.step(session, now + DAY)


@pytest.mark.usefixtures("called")
def test_where_nobody_was_there_it_is_asked_again(session: Session, cast: Cast, now: datetime) -> None:
    recalls.step(session, now)
    say(session, cast, now + HOUR, Out.NO_REPLY)
    assert recalls.step(session, now + HOUR)
    assert work(session).settled_at is None
    assert (asked(session).done_at, asked(session).due_at) == (None, now + HOUR + DAY)


def test_it_ends_undone_when_the_recall_is_withdrawn(session: Session, called: Recall, now: datetime) -> None:
    recalls.step(session, now)
    kit_life.end_recall(session, called, now=now, actor=CORA)
    assert recalls.step(session, now)
    assert (work(session).ended, asked(session).outcome) == (Ended.UNDONE, Out.NOT_NEEDED)


def test_its_progress_is_told_piece_by_piece(
    session: Session, cast: Cast, called: Recall, pendant: Device, now: datetime
) -> None:
    recalls.step(session, now)
    [piece] = recalls.list_pieces(session, called)
    assert (piece.device_id, piece.team, piece.ended) == (pendant.id, cast.coordinators.name, None)


@pytest.mark.usefixtures("called")
def test_life_safety_kit_is_suspect_until_it_was_dealt_with(
    session: Session, cast: Cast, now: datetime
) -> None:
    recalls.step(session, now)
    assert len(recalls.list_suspect(session)) == 1
    say(session, cast, now, Out.DONE)
    recalls.step(session, now)
    assert not recalls.list_suspect(session)
