from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.goals import ActionStatus, GoalProgress
from care_plans.models.messages import Message
from care_plans.models.work import FollowUp
from care_plans.referral_states import (
    AskedBy,
    AskedHow,
    DeclineReason,
    OutsideWay,
    ReferralState,
    Result,
    Urgency,
)
from care_plans.referrals import answering, self_referrals
from core.db import Db
from core.errors import Conflict, Invalid, NotAllowed
from people import care_teams, visible
from tests.care_plans.referrals.referring import DAY, HOUR, plan, send, viewer
from tests.cast import Cast
from tests.cast import make as make_cast


def told(session: Session, row: object, team_id: int) -> list[str]:
    query = select(Message.subject).where(Message.referral_id == row.id, Message.team_id == team_id)  # type: ignore[attr-defined]
    return list(session.scalars(query.order_by(Message.id)))


def test_accepting_lets_the_team_see_the_person_and_puts_the_work_on_its_list(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, vi = send(session, cast, now), viewer(session, cast.vi, now)
    assert visible.find_person(session, vi, cast.ada.uuid, now) is None
    answering.accept(session, row, by=vi, now=now + HOUR)
    assert visible.find_person(session, vi, cast.ada.uuid, now + HOUR) is not None
    work = session.get_one(FollowUp, row.work_follow_up_id)
    assert (work.team_id, work.staff_id, work.due_at) == (cast.befrienders.id, cast.vi.id, row.due_at)
    assert row.waited_for_answer == 3600


def test_accepting_ends_the_senders_safety_net_and_tells_them(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = send(session, cast, now)
    answering.accept(session, row, by=viewer(session, cast.vi, now), now=now)
    assert session.get_one(FollowUp, row.net_follow_up_id).done_at == now
    assert told(session, row, cast.nurses.id) == ["Referral for A.M., Westmere: it was accepted"]


def test_of_two_who_answer_one_wins_and_the_other_is_told_who(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, vi = send(session, cast, now), viewer(session, cast.vi, now)
    answering.accept(session, row, by=vi, now=now)
    with pytest.raises(Conflict, match=r"This has been answered. Vi accepted it."):
        answering.decline(session, row, reason=DeclineReason.OTHER, words="No", by=vi, now=now)


def test_of_two_who_answer_at_the_same_moment_one_wins(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        cast = make_cast(session)
        row = send(session, cast, now)
        vi = viewer(session, cast.vi, now)
        key = row.uuid
    with real_db.session() as one, real_db.session() as other:
        first = one.scalars(select(type(row)).where(type(row).uuid == key)).one()
        second = other.scalars(select(type(row)).where(type(row).uuid == key)).one()
        answering.accept(one, first, by=vi, now=now)
        one.commit()
        with pytest.raises(Conflict, match="Vi accepted it"):
            answering.accept(other, second, by=vi, now=now)


def test_the_other_side_cannot_answer_and_a_third_can_do_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = send(session, cast, now)
    with pytest.raises(NotAllowed, match="That is for Befrienders to say"):
        answering.accept(session, row, by=viewer(session, cast.dev, now), now=now)
    with pytest.raises(NotAllowed):
        answering.revoke(
            session, row, words="x", still_needed=False, by=viewer(session, cast.vi, now), now=now
        )


def test_declined_the_need_is_the_senders_still_and_soon(session: Session, cast: Cast, now: datetime) -> None:
    row = send(session, cast, now, urgency=Urgency.URGENT)
    answering.decline(
        session, row, reason=DeclineReason.NO_CAPACITY, words="Nobody is free before Monday.",
        by=viewer(session, cast.vi, now), now=now,
    )  # fmt: skip
    net = session.get_one(FollowUp, row.net_follow_up_id)
    assert (net.done_at, net.due_at) == (None, now + timedelta(minutes=30))
    assert row.state is ReferralState.DECLINED
    assert told(session, row, cast.nurses.id) == [
        "Referral for A.M., Westmere: it was declined, and is still yours"
    ]


def test_declining_needs_words_that_help_whoever_asked(session: Session, cast: Cast, now: datetime) -> None:
    row = send(session, cast, now)
    with pytest.raises(Invalid) as refused:
        answering.decline(
            session, row, reason=DeclineReason.OTHER, words=" ", by=viewer(session, cast.vi, now), now=now
        )
    assert "words" in refused.value.fields


def test_asked_again_the_need_has_one_safety_net(session: Session, cast: Cast, now: datetime) -> None:
    first = send(session, cast, now)
    vi = viewer(session, cast.vi, now)
    answering.decline(session, first, reason=DeclineReason.NEEDS_MORE, words="Which room?", by=vi, now=now)
    again = send(session, cast, now, again_of=first, background="The bathroom upstairs.")
    assert session.get_one(FollowUp, first.net_follow_up_id).done_at == now
    assert session.get_one(FollowUp, again.net_follow_up_id).done_at is None
    answering.accept(session, again, by=vi, now=now)


def test_done_the_plans_action_is_delivered_the_relationship_ends_and_the_sender_looks_at_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    action = plan(session, cast, now)
    row, vi = send(session, cast, now, action_key=action.key), viewer(session, cast.vi, now)
    answering.accept(session, row, by=vi, now=now)
    answering.start(session, row, by=vi, now=now + HOUR)
    assert action.status is ActionStatus.UNDER_WAY
    answering.finish(session, row, result=Result.HELPED, note="Rail fitted.", by=vi, now=now + DAY)
    assert (action.status, action.status_at) == (ActionStatus.DONE, now + DAY)
    assert visible.find_person(session, vi, cast.ada.uuid, now + DAY) is None
    review = session.get_one(FollowUp, row.net_follow_up_id)
    assert (review.team_id, review.done_at, review.due_at) == (cast.nurses.id, None, row.next_at)
    dev = viewer(session, cast.dev, now)
    answering.review(session, row, by=dev, now=now + DAY)
    assert review.done_at == now + DAY
    assert row.next_at is None


def test_what_did_not_help_delivers_no_action_of_the_plan(
    session: Session, cast: Cast, now: datetime
) -> None:
    action = plan(session, cast, now)
    row, vi = send(session, cast, now, action_key=action.key), viewer(session, cast.vi, now)
    answering.accept(session, row, by=vi, now=now)
    answering.finish(session, row, result=Result.NOT_REACHED, note="Nobody in, twice.", by=vi, now=now)
    assert action.status is ActionStatus.PLANNED


def test_a_done_referral_achieves_no_goal_by_itself(session: Session, cast: Cast, now: datetime) -> None:
    action = plan(session, cast, now)
    row, vi = send(session, cast, now, action_key=action.key), viewer(session, cast.vi, now)
    answering.accept(session, row, by=vi, now=now)
    answering.finish(session, row, result=Result.HELPED, note="Fitted.", by=vi, now=now)
    assert session.scalars(select(GoalProgress)).all() == []


@pytest.mark.parametrize("still_needed", [True, False])
def test_withdrawn_after_acceptance_the_relationship_ends_and_a_need_that_is_left_is_the_senders(
    session: Session, cast: Cast, now: datetime, *, still_needed: bool
) -> None:
    row, vi = send(session, cast, now), viewer(session, cast.vi, now)
    answering.accept(session, row, by=vi, now=now)
    answering.revoke(
        session, row, words="Her daughter does it.", still_needed=still_needed,
        by=viewer(session, cast.dev, now), now=now + HOUR,
    )  # fmt: skip
    assert visible.find_person(session, vi, cast.ada.uuid, now + HOUR) is None
    assert session.get_one(FollowUp, row.work_follow_up_id).done_at == now + HOUR
    assert (session.get_one(FollowUp, row.net_follow_up_id).done_at is None) == still_needed
    assert "it was withdrawn by whoever asked" in told(session, row, cast.befrienders.id)[-1]


def test_a_team_that_cared_already_goes_on_caring(session: Session, cast: Cast, now: datetime) -> None:
    row, sol = send(session, cast, now, to=cast.social_workers), viewer(session, cast.sol, now)
    answering.accept(session, row, by=sol, now=now)
    answering.finish(session, row, result=Result.HELPED, note="Seen her.", by=sol, now=now + HOUR)
    assert care_teams.find(session, cast.ada.id, cast.social_workers.id, now + HOUR) is not None


def test_an_agency_outside_answers_through_whoever_asked(session: Session, cast: Cast, now: datetime) -> None:
    row = send(session, cast, now, outside_name="Faraway Trust", outside_way=OutsideWay.POST)
    dev = viewer(session, cast.dev, now)
    with pytest.raises(Invalid):
        answering.deliver(session, row, by=dev, now=now + DAY, at=now - DAY)
    answering.deliver(session, row, by=dev, now=now + DAY, at=now + HOUR)
    answering.accept(session, row, by=dev, now=now + DAY, note="They rang: yes.")
    assert (row.delivered_at, row.state) == (now + HOUR, ReferralState.ACCEPTED)
    net = session.get_one(FollowUp, row.net_follow_up_id)
    assert (net.done_at, net.team_id) == (None, cast.nurses.id), "nobody else here watches over it"
    answering.finish(session, row, result=Result.PARTLY, note="Half of it.", by=dev, now=now + 2 * DAY)
    assert row.state is ReferralState.DONE


def test_somebody_who_asked_for_themselves_is_named_and_then_cared_for(
    session: Session, cast: Cast, now: datetime
) -> None:
    asked = self_referrals.SelfAsked(
        "Ada M",
        "I can't manage the bath.",
        cast.coordinators,
        cast.befrienders,
        AskedBy.PERSON,
        AskedHow.PHONE,
    )
    row = self_referrals.write_down(session, asked, by=viewer(session, cast.cora, now), now=now)
    vi = viewer(session, cast.vi, now)
    answering.accept(session, row, by=vi, now=now)
    assert row.work_follow_up_id is None
    answering.name(session, row, cast.ada, by=vi, now=now)
    assert visible.find_person(session, vi, cast.ada.uuid, now) is not None
    assert session.get_one(FollowUp, row.work_follow_up_id).person_id == cast.ada.id
    with pytest.raises(Conflict, match="somebody in the record already"):
        answering.name(session, row, cast.ben, by=vi, now=now)
