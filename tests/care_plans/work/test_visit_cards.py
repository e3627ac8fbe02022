"""The card of whoever is asked to go: how far they are, and that it ends (H22)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.models.visits import VisitEnd
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.visits import visits
from care_plans.work import follow_ups, visit_cards
from care_plans.work.visit_cards import CardState, VisitCard
from core.errors import Conflict, NotFound
from people.models.caring import CareTeam
from tests.care_plans.alerting import mallory, vi
from tests.cast import Cast

HOUR = timedelta(hours=1)


@pytest.fixture
def asked(session: Session, cast: Cast, now: datetime) -> FollowUp:
    since = Range(now - timedelta(days=9), None)
    session.add(CareTeam(person_id=cast.ada.id, team_id=cast.befrienders.id, period=since))
    return follow_ups.make(
        session, kind=FollowUpKind.VISIT, text="Bring the shopping", team_id=cast.befrienders.id,
        due_at=now + HOUR, now=now, person_id=cast.ada.id,
    )  # fmt: skip


def card(session: Session, cast: Cast, asked: FollowUp, now: datetime) -> VisitCard:
    return visit_cards.get(session, vi(cast), asked.uuid, now)


def test_it_tells_more_with_each_step(session: Session, cast: Cast, asked: FollowUp, now: datetime) -> None:
    first = card(session, cast, asked, now)
    assert (first.state, first.first_name, first.may_accept) == (CardState.ASKED, "Ada", True)
    assert (first.address, first.card, first.code) == (None, None, None)
    visit_cards.accept(session, vi(cast), asked.uuid, now)
    second = card(session, cast, asked, now)
    assert (second.state, second.address) == (CardState.ACCEPTED, "14 Orchard Row, Westmere, WM1 1AA")
    assert (second.card is not None, second.access, second.code) == (True, None, None)
    visit_cards.arrive(session, vi(cast), asked.uuid, now)
    third = card(session, cast, asked, now)
    assert (third.state, third.code) == (CardState.ARRIVED, "4711")


def test_it_ends_two_hours_after_a_leave_by_time_that_nobody_answered(
    session: Session, cast: Cast, asked: FollowUp, now: datetime
) -> None:
    visit_cards.accept(session, vi(cast), asked.uuid, now)
    last = now + 4 * HOUR
    assert card(session, cast, asked, last - timedelta(seconds=1)).state is CardState.ACCEPTED
    ended = card(session, cast, asked, last)
    assert ended == VisitCard(asked.uuid, CardState.ENDED, ended.visit, may_complete=True)
    with pytest.raises(Conflict):
        visit_cards.arrive(session, vi(cast), asked.uuid, last)


def test_it_ends_with_the_follow_up(session: Session, cast: Cast, asked: FollowUp, now: datetime) -> None:
    visit_cards.accept(session, vi(cast), asked.uuid, now)
    done = follow_ups.FollowUpOutcome.DONE
    follow_ups.complete(session, asked, outcome=done, remarks="", by=vi(cast), now=now)
    assert card(session, cast, asked, now) == VisitCard(asked.uuid, CardState.ENDED)


def test_calling_it_off_gives_it_back(session: Session, cast: Cast, asked: FollowUp, now: datetime) -> None:
    visit_cards.accept(session, vi(cast), asked.uuid, now)
    [visit] = visits.list_own(session, cast.vi.id)
    visit_cards.call_off(session, vi(cast), visit, now)
    assert visit.how is VisitEnd.CALLED_OFF
    assert card(session, cast, asked, now).state is CardState.ASKED


def test_nobody_arrives_before_they_accept(
    session: Session, cast: Cast, asked: FollowUp, now: datetime
) -> None:
    with pytest.raises(Conflict):
        visit_cards.arrive(session, vi(cast), asked.uuid, now)


def test_there_is_none_for_strangers_and_of_what_is_no_visit(
    session: Session, cast: Cast, asked: FollowUp, now: datetime
) -> None:
    with pytest.raises(NotFound):
        visit_cards.get(session, mallory(cast), asked.uuid, now)
    asked.kind = FollowUpKind.CALL
    session.flush()
    with pytest.raises(NotFound):
        card(session, cast, asked, now)
