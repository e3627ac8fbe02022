from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.messages import Message
from care_plans.models.work import FollowUp, FollowUpOutcome
from care_plans.work import agenda, follow_ups, override_reviews
from core.errors import Invalid
from people.models.agencies import Team, TeamRole
from people.models.sharing import Override
from tests.cast import Cast
from tests.people.test_overrides import BEN, viewer


def opened(session: Session, cast: Cast, now: datetime) -> tuple[Override, Team]:
    team = Team(agency_id=cast.health.id, name="Information governance", role=TeamRole.PRIVACY)
    session.add(team)
    session.flush()
    return override_reviews.open_(session, viewer(cast.mallory), BEN, now=now), team


def test_each_use_is_a_follow_up_for_the_privacy_team_by_a_deadline(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, team = opened(session, cast, now)
    made = session.scalars(select(FollowUp).where(FollowUp.override_id == row.id)).one()
    assert (made.team_id, made.due_at, made.person_id) == (team.id, row.review_by, None)
    officer = viewer(cast.sol, team.id)
    (item,) = agenda.list_items(session, officer, agenda.Wanted(), now)
    assert (item.who, item.person_uuid) == (agenda.NOBODY_NAMED, None)


def test_neither_the_follow_up_nor_the_message_says_of_whom(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, _team = opened(session, cast, now)
    made = session.scalars(select(FollowUp).where(FollowUp.override_id == row.id)).one()
    message = session.scalars(select(Message).where(Message.follow_up_id == made.id)).one()
    for words in (made.text, message.subject, message.body):
        assert "Ben" not in words
        assert "Okafor" not in words
        assert "B.O." not in words


def test_it_is_completed_by_saying_what_was_found_and_not_otherwise(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, team = opened(session, cast, now)
    made = session.scalars(select(FollowUp).where(FollowUp.override_id == row.id)).one()
    officer = viewer(cast.sol, team.id)
    with pytest.raises(Invalid):
        follow_ups.complete(session, made, outcome=FollowUpOutcome.DONE, remarks="", by=officer, now=now)
    override_reviews.review(session, row, "Needed: a fall, no next of kin", by=officer, now=now)
    assert made.outcome is FollowUpOutcome.DONE


def test_without_a_privacy_team_whoever_leads_the_care_looks_into_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = override_reviews.open_(session, viewer(cast.mallory), BEN, now=now)
    made = session.scalars(select(FollowUp).where(FollowUp.override_id == row.id)).one()
    assert made.team_id == cast.coordinators.id
