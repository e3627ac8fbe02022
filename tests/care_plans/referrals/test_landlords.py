from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp
from care_plans.referral_states import DeclineReason, Judgement
from care_plans.referrals import answering, landlords, ticks
from people.models.homes import Tenure
from tests.care_plans.referrals.referring import DAY, send, viewer
from tests.cast import Cast

MONDAY_EVENING = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # the tests' day is a Sunday


def test_delivery_to_the_landlord_stamps_possible_awareness_with_its_own_clock(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = send(session, cast, now, to=cast.landlord, about_home=True, reason="Black mould by the bed")
    answering.reached(session, row, now, now)
    assert (row.aware_at, row.judge_by) == (now, MONDAY_EVENING)
    asked = session.scalars(
        select(FollowUp).where(FollowUp.referral_id == row.id, FollowUp.team_id == cast.landlord.id)
    ).one()
    assert asked.due_at == MONDAY_EVENING


@pytest.mark.parametrize(("to", "about_home"), [("landlord", False), ("social_workers", True)])
def test_nothing_is_stamped_for_others_or_for_what_is_not_about_the_home(
    session: Session, cast: Cast, now: datetime, to: str, *, about_home: bool
) -> None:
    row = send(session, cast, now, to=getattr(cast, to), about_home=about_home)
    answering.reached(session, row, now, now)
    assert row.aware_at is None


def test_a_prompt_that_was_declined_is_judged_all_the_same(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, hana = send(session, cast, now, to=cast.landlord, about_home=True), viewer(session, cast.hana, now)
    answering.decline(session, row, reason=DeclineReason.NOT_OURS, words="Not ours.", by=hana, now=now)
    assert row.aware_at == now
    assert row.judged_at is None
    asked = session.scalars(
        select(FollowUp).where(FollowUp.referral_id == row.id, FollowUp.team_id == cast.landlord.id)
    ).one()
    assert asked.done_at is None
    answering.judge(
        session, row, judgement=Judgement.SIGNIFICANT, words="Damp on two walls.", by=hana, now=now + DAY
    )
    assert (row.judgement, asked.done_at) == (Judgement.SIGNIFICANT, now + DAY)


def test_a_home_with_another_landlord_is_not_this_agencys_duty(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.ada_home.landlord_agency_id = cast.neighbours.id
    session.flush()
    row = send(session, cast, now, to=cast.landlord, about_home=True)
    answering.reached(session, row, now, now)
    assert row.aware_at is None
    assert landlords.is_landlord(cast.landlord, cast.housing, None), "where none is recorded, it may be"


def test_a_prompt_that_was_never_opened_is_taken_back_and_stamps_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = send(session, cast, now, to=cast.landlord, about_home=True)
    ticks.time_out(session, now + 5 * DAY)
    assert (row.aware_at, row.delivered_at) == (None, None)


def test_a_hazard_of_a_social_tenancy_becomes_the_landlords_work_with_the_laws_own_clock(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, hana = send(session, cast, now, to=cast.landlord, about_home=True), viewer(session, cast.hana, now)
    answering.reached(session, row, now, now)
    answering.judge(session, row, judgement=Judgement.EMERGENCY, words="Bare wires.", by=hana, now=now)
    due = landlords.duty_by(row, cast.ada_home)
    assert due == now + DAY
    asked = session.scalars(
        select(FollowUp).where(FollowUp.referral_id == row.id, FollowUp.done_at.is_(None))
    ).all()
    assert [(each.team_id, each.due_at) for each in asked if "SI 2025/1042" in each.text] == [
        (cast.landlord.id, due)
    ]


def test_the_law_gives_no_clock_for_an_owner_or_where_there_is_no_hazard(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, hana = send(session, cast, now, to=cast.landlord, about_home=True), viewer(session, cast.hana, now)
    answering.reached(session, row, now, now)
    cast.ada_home.tenure = Tenure.OWNER
    session.flush()
    answering.judge(session, row, judgement=Judgement.SIGNIFICANT, words="Damp.", by=hana, now=now)
    assert landlords.duty_by(row, cast.ada_home) is None
    row.judgement, cast.ada_home.tenure = Judgement.NO_HAZARD, Tenure.SOCIAL_RENT
    assert landlords.duty_by(row, cast.ada_home) is None
