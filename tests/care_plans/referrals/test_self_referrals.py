from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.messages import Message
from care_plans.models.work import FollowUp
from care_plans.referral_states import AskedBy, AskedHow, ReferralState
from care_plans.referrals import answering, read, self_referrals
from care_plans.referrals.self_referrals import SelfAsked
from core.errors import Invalid, NotFound
from tests.care_plans.referrals.referring import viewer
from tests.cast import Cast


def asked(cast: Cast, **more: object) -> SelfAsked:
    given = {
        "name": "Joan Lowe", "reason": "Help with shopping", "from_team": cast.coordinators,
        "to_team": cast.coordinators, "by": AskedBy.FAMILY, "how": AskedHow.LETTER,
        "born": date(1940, 2, 1), "telephone": "+441632960999",
    }  # fmt: skip
    return SelfAsked(**{**given, **more})  # type: ignore[arg-type]


def test_somebody_who_is_in_no_record_waits_in_the_queue_of_a_team(
    session: Session, cast: Cast, now: datetime
) -> None:
    cora = viewer(session, cast.cora, now)
    row = self_referrals.write_down(session, asked(cast), by=cora, now=now)
    (line,) = read.list_lines(session, cora, read.Wanted(read.Box.IN), now)
    assert (line.who, line.person_uuid, line.mine_to_answer) == ("Joan Lowe", None, True)
    assert read.whole(session, cora, row, now).telephone == "+441632960999"
    assert b"1632" not in (row.asked_telephone_sealed or b"")


def test_nobody_but_the_two_teams_sees_it_and_its_message_says_no_name(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = self_referrals.write_down(session, asked(cast), by=viewer(session, cast.cora, now), now=now)
    for other in (cast.dev, cast.mallory):
        with pytest.raises(NotFound):
            read.get(session, viewer(session, other, now), row.uuid, now)
    message = session.scalars(select(Message).where(Message.referral_id == row.id)).one()
    assert "Joan" not in message.subject + message.body


def test_it_says_what_is_missing(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        self_referrals.write_down(
            session,
            asked(cast, name=" ", reason="", to_team=None),
            by=viewer(session, cast.cora, now),
            now=now,
        )
    assert set(refused.value.fields) == {"name", "reason", "to_team"}


def test_it_can_be_named_before_anybody_takes_it_and_then_has_a_safety_net(
    session: Session, cast: Cast, now: datetime
) -> None:
    cora = viewer(session, cast.cora, now)
    row = self_referrals.write_down(session, asked(cast), by=cora, now=now)
    answering.name(session, row, cast.ada, by=cora, now=now)
    assert row.state is ReferralState.SENT
    assert session.get_one(FollowUp, row.net_follow_up_id).due_at == row.respond_by
