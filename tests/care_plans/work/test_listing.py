"""Follow-ups as programs list them."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.work import follow_ups, listing
from care_plans.work.agenda import State, Wanted
from people.named import Named
from tests.care_plans.alerting import cora, mallory
from tests.cast import Cast


def made(session: Session, cast: Cast, now: datetime, hours: int) -> FollowUp:
    return follow_ups.make(
        session,
        kind=FollowUpKind.CALL,
        text="Ring",
        team_id=cast.coordinators.id,
        person_id=cast.ada.id,
        due_at=now + timedelta(hours=hours),
        now=now,
    )


def test_they_stand_as_their_time_and_their_end_say(session: Session, cast: Cast, now: datetime) -> None:
    due, overdue, done = (made(session, cast, now, hours) for hours in (1, -1, -2))
    follow_ups.complete(session, done, outcome=FollowUpOutcome.DONE, remarks="", by=cora(cast), now=now)
    states = [listing.state_of(row, now) for row in (due, overdue, done)]
    assert states == [State.DUE, State.OVERDUE, State.DONE]
    for state, row in zip(states, (due, overdue, done), strict=True):
        wanted = Wanted(states=frozenset({state}))
        assert session.scalars(listing.listing(cora(cast), wanted, now)).all() == [row]
        assert session.scalars(listing.listing(mallory(cast), wanted, now)).all() == []


def test_all_that_they_name_is_found_at_once(session: Session, cast: Cast, now: datetime) -> None:
    one, other = made(session, cast, now, 1), made(session, cast, now, 2)
    follow_ups.take(session, one, by=cora(cast), now=now)
    parties = listing.parties(session, [one, other])
    assert parties.people == {cast.ada.id: cast.ada.uuid}
    assert parties.teams == {cast.coordinators.id: Named(cast.coordinators.uuid, "Coordinators")}
    assert parties.staff == {cast.cora.id: Named(cast.cora.uuid, "Cora")}
    assert (parties.homes, parties.alerts) == ({}, {})
