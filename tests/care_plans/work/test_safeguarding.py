from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.messages import Message
from care_plans.models.work import FollowUp
from care_plans.plan import story
from care_plans.work import agenda, follow_ups, safeguarding
from care_plans.work.agenda import Wanted
from core.errors import NotFound
from core.models import JournalEntry
from people import households, signing_in
from people.access import Viewer
from people.models.agencies import Staff
from people.models.concerns import Concern
from tests.cast import Cast

SAID = {"worry": "Bruises nobody explains", "danger": "no", "wishes": "To stay at home", "knows": "no"}


def as_(session: Session, staff: Staff, now: datetime) -> Viewer:
    return signing_in.viewer_of(session, staff, now)


@pytest.fixture
def concern(session: Session, cast: Cast, now: datetime) -> Concern:
    return safeguarding.raise_concern(session, cast.ada, SAID, by=as_(session, cast.dev, now), now=now)


def asked(session: Session, concern: Concern) -> FollowUp:
    return session.get_one(FollowUp, concern.follow_up_id)


def test_its_team_is_asked_to_read_it_in_time_by_words_that_tell_nothing(
    session: Session, cast: Cast, concern: Concern
) -> None:
    row = asked(session, concern)
    assert (row.team_id, row.due_at, row.restricted) == (cast.social_workers.id, concern.read_by, True)
    message = session.scalars(select(Message)).one()
    assert (message.team_id, message.person_id) == (cast.social_workers.id, None)
    for told in (row.text, message.subject, message.body):
        assert "Ada" not in told
        assert "A.M." not in told
        assert "ruise" not in told


def test_nobody_else_sees_that_it_is_there(
    session: Session, cast: Cast, concern: Concern, now: datetime
) -> None:
    row = asked(session, concern)
    for other in (cast.cora, cast.dev, cast.hana):
        viewer = as_(session, other, now)
        assert agenda.list_items(session, viewer, Wanted(), now) == []
        assert agenda.count(session, viewer, Wanted(person_id=cast.ada.id), now) == 0
        with pytest.raises(NotFound):
            agenda.get(session, viewer, row.uuid, now)
    everybody = signing_in.viewer_of(session, cast.cora, now, everyone=True)
    assert agenda.count(session, everybody, Wanted(), now) == 0
    sol = as_(session, cast.sol, now)
    assert [each.uuid for each in agenda.list_items(session, sol, Wanted(), now)] == [row.uuid]
    agenda.record_look(session, sol, row)
    session.flush()
    about_ada = session.scalars(
        select(JournalEntry).where(JournalEntry.person_id == cast.ada.id, JournalEntry.subject != "person")
    ).all()
    assert about_ada == []


def test_it_is_in_no_story_of_the_person(
    session: Session, cast: Cast, concern: Concern, now: datetime
) -> None:
    sol = as_(session, cast.sol, now)
    safeguarding.take(session, concern, by=sol, now=now)
    session.flush()
    household = households.of(session, sol, cast.ada.id, now)
    for viewer in (sol, as_(session, cast.cora, now)):
        assert story.list_story(session, viewer, cast.ada, household, now + timedelta(minutes=1)) == []


def test_what_is_late_is_told_to_its_team_alone(
    session: Session, cast: Cast, concern: Concern, now: datetime
) -> None:
    late = concern.read_by + timedelta(hours=1)
    assert follow_ups.miss_due(session, late)
    told = session.scalars(select(Message).where(Message.subject.contains("overdue"))).all()
    assert [(each.team_id, each.staff_id, each.person_id) for each in told] == [
        (cast.social_workers.id, None, None)
    ]
    assert "Ada" not in told[0].body


def test_each_step_asks_for_the_next_until_it_is_closed(
    session: Session, cast: Cast, concern: Concern, now: datetime
) -> None:
    sol, first = as_(session, cast.sol, now), asked(session, concern)
    safeguarding.take(session, concern, by=sol, now=now)
    assert first.done_at == now
    second = asked(session, concern)
    assert (second.text, second.due_at) == (safeguarding.DECIDE, concern.decide_by)
    safeguarding.decide(session, concern, {"enquiry": "begun", "why": "x"}, by=sol, now=now)
    third = asked(session, concern)
    assert (second.done_at, third.text) == (now, safeguarding.LOOK_AGAIN)
    safeguarding.close(session, concern, {"outcome": "Safe", "wishes_met": "fully"}, by=sol, now=now)
    assert (third.done_at, concern.follow_up_id) == (now, None)


def test_without_an_enquiry_nothing_more_is_asked(
    session: Session, cast: Cast, concern: Concern, now: datetime
) -> None:
    sol = as_(session, cast.sol, now)
    safeguarding.take(session, concern, by=sol, now=now)
    safeguarding.decide(session, concern, {"enquiry": "not_begun", "why": "A fall, seen"}, by=sol, now=now)
    assert concern.follow_up_id is None
