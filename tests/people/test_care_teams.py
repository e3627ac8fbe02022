"""Teams come into and go out of a person's care team, and somebody always stays."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from people import care_teams, people
from people.models import CareTeam
from tests.cast import Cast
from tests.people.looking import BY, journal

HOUR = timedelta(hours=1)


def around(session: Session, cast: Cast, now: datetime) -> list[str]:
    return [caring.team.name for caring in care_teams.around(session, cast.ada, now)]


def test_a_team_cares_from_its_day_on(session: Session, cast: Cast, now: datetime) -> None:
    care_teams.add(session, cast.ada, cast.befrienders, {"from": now, "reason": "Lonely"}, actor=BY)
    assert "Befrienders" in around(session, cast, now)
    assert "Befrienders" not in around(session, cast, now - HOUR)
    assert journal(session) == [("added to the care team", "team")]


def test_the_lead_comes_first_with_its_agency(session: Session, cast: Cast, now: datetime) -> None:
    first = care_teams.around(session, cast.ada, now)[0]
    assert (first.team.name, first.agency.name, first.lead) == ("Coordinators", "Westmere Hub", True)


def test_a_new_lead_takes_over(session: Session, cast: Cast, now: datetime) -> None:
    care_teams.add(session, cast.ada, cast.befrienders, {"lead": True}, actor=BY)
    session.expire_all()
    leads = session.scalars(select(CareTeam.team_id).where(CareTeam.person_id == cast.ada.id, CareTeam.lead))
    assert list(leads) == [cast.befrienders.id]


def test_a_team_is_not_there_twice(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Conflict):
        care_teams.add(session, cast.ada, cast.nurses, {"lead": True}, actor=BY)
    session.expire_all()
    assert care_teams.around(session, cast.ada, now)[0].team.name == "Coordinators"


def test_a_team_leaves_and_may_come_back(session: Session, cast: Cast, now: datetime) -> None:
    care_teams.end(session, cast.ada, cast.nurses, now, actor=BY)
    assert "Community nurses" not in around(session, cast, now)
    assert "Community nurses" in around(session, cast, now - HOUR)
    care_teams.add(session, cast.ada, cast.nurses, {"from": now + HOUR}, actor=BY)
    assert "Community nurses" in around(session, cast, now + HOUR)


def test_a_team_that_does_not_care_can_not_leave(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        care_teams.end(session, cast.ada, cast.strangers, now, actor=BY)


def test_the_last_team_stays(session: Session, cast: Cast, now: datetime) -> None:
    eve = people.add(
        session,
        {"given_name": "Eve", "family_name": "Low", "date_of_birth": "1950-01-01"},
        actor=BY,
        now=now,
        team=cast.nurses,
    )
    with pytest.raises(Conflict):
        care_teams.end(session, eve, cast.nurses, now + HOUR, actor=BY)


def test_a_team_does_not_leave_before_it_came(session: Session, cast: Cast, now: datetime) -> None:
    care_teams.add(session, cast.ada, cast.befrienders, {"from": now}, actor=BY)
    with pytest.raises(Invalid):
        care_teams.end(session, cast.ada, cast.befrienders, now, actor=BY)
