from datetime import datetime, timedelta
from threading import Barrier, Thread

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.messages import Message, MessageState
from care_plans.models.referrals import Referral
from care_plans.models.work import FollowUp
from care_plans.referral_states import AskedBy, AskedHow, ReferralState, Urgency
from care_plans.referrals import answering, read, self_referrals, ticks
from core.db import Db
from tests.care_plans.referrals.referring import DAY, HOUR, send, viewer
from tests.cast import Cast
from tests.cast import make as make_cast


def test_what_nobody_answers_comes_back_to_the_sender_in_time(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = send(session, cast, now, urgency=Urgency.URGENT)
    assert not ticks.time_out(session, now + HOUR)
    late = now + 2 * HOUR
    assert ticks.time_out(session, late)
    assert row.state is ReferralState.TIMED_OUT
    net = session.get_one(FollowUp, row.net_follow_up_id)
    assert (net.done_at, net.due_at) == (None, late + timedelta(minutes=30))
    assert not ticks.time_out(session, late), "once"


def test_a_third_team_that_was_named_is_asked_next(session: Session, cast: Cast, now: datetime) -> None:
    row = send(session, cast, now, fallback_team=cast.strangers, urgency=Urgency.URGENT)
    ticks.time_out(session, now + 2 * HOUR)
    onward = session.scalars(select(Referral).where(Referral.again_of_id == row.id)).one()
    assert (onward.to_team_id, onward.state) == (cast.strangers.id, ReferralState.SENT)
    assert onward.respond_by == now + 4 * HOUR
    assert session.get_one(FollowUp, onward.net_follow_up_id).done_at is None


def test_what_somebody_asks_for_themselves_never_ends_by_the_clock(
    session: Session, cast: Cast, now: datetime
) -> None:
    asked = self_referrals.SelfAsked(
        "Joan Lowe", "Help with shopping", cast.nurses, cast.coordinators, AskedBy.FAMILY, AskedHow.DESK
    )
    row = self_referrals.write_down(session, asked, by=viewer(session, cast.dev, now), now=now)
    later = now + 10 * DAY
    assert ticks.time_out(session, later)
    assert row.state is ReferralState.SENT
    assert row.next_at is not None
    assert row.next_at > later
    assert len(session.scalars(select(Message).where(Message.referral_id == row.id)).all()) == 3


def test_a_delivered_message_is_an_arrival_and_no_acceptance(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = send(session, cast, now)
    assert not ticks.note_arrivals(session, now)
    message = session.scalars(select(Message).where(Message.referral_id == row.id)).one()
    message.state, message.sent_at = MessageState.SENT, now + timedelta(minutes=1)
    session.flush()
    assert ticks.note_arrivals(session, now + HOUR)
    assert (row.delivered_at, row.state) == (now + timedelta(minutes=1), ReferralState.SENT)


def test_that_the_receiver_opened_it_is_an_arrival_and_that_the_sender_did_is_none(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = send(session, cast, now)
    read.record_look(session, viewer(session, cast.dev, now), row)
    session.flush()
    assert not ticks.note_arrivals(session, now)
    read.record_look(session, viewer(session, cast.vi, now), row)
    session.flush()
    assert ticks.note_arrivals(session, now)
    assert row.delivered_at == now


def test_what_is_late_is_said_once_to_both_sides_and_stays_whose_it_is(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = send(session, cast, now)
    answering.accept(session, row, by=viewer(session, cast.vi, now), now=now, due_at=now + HOUR)
    assert not ticks.note_late(session, now)
    assert ticks.note_late(session, now + 2 * HOUR)
    assert not ticks.note_late(session, now + 2 * HOUR)
    assert (row.state, row.owner_staff_id) == (ReferralState.ACCEPTED, cast.vi.id)


def test_two_clocks_at_once_share_the_work_and_take_each_back_once(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        cast = make_cast(session)
        for number in range(8):
            send(session, cast, now, urgency=Urgency.URGENT, reason=f"Thing {number}")
    start = Barrier(2)

    def run() -> None:
        start.wait()
        with real_db.transaction() as session:
            ticks.time_out(session, now + 3 * HOUR, limit=4)

    both = [Thread(target=run) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    with real_db.session() as session:
        while ticks.time_out(session, now + 3 * HOUR):
            pass
        states = session.scalars(select(Referral.state)).all()
        assert set(states) == {ReferralState.TIMED_OUT}
        told = session.scalars(
            select(Message.id).where(Message.team_id == cast.nurses.id, Message.referral_id.is_not(None))
        ).all()
        assert len(told) == 8


def test_one_that_cannot_be_taken_back_holds_up_no_other(session: Session, cast: Cast, now: datetime) -> None:
    broken = send(session, cast, now, urgency=Urgency.URGENT, reason="First")
    whole = send(session, cast, now, urgency=Urgency.URGENT, reason="Second")
    cast.nurses.deleted_at = now  # its safety net can be made for no team that is gone
    broken.net_follow_up_id = None
    session.flush()
    ticks.time_out(session, now + 3 * HOUR)
    session.refresh(broken)
    session.refresh(whole)
    assert (broken.state, whole.state) == (ReferralState.SENT, ReferralState.TIMED_OUT)
