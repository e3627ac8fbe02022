"""Teams come into and go out of a person's care team, and somebody always stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Db
from core.errors import Conflict, Invalid, NotFound
from people import care_teams, people
from people.models.agencies import Team
from people.models.caring import CareTeam
from people.models.people import Person
from tests.cast import Cast
from tests.cast import make as make_cast
from tests.people.looking import BY, journal

HOUR = timedelta(hours=1)


def around(session: Session, cast: Cast, now: datetime) -> list[str]:
    return [caring.team.name for caring in care_teams.around(session, cast.ada, now)]


def leads(session: Session, cast: Cast, at: datetime) -> list[int]:
    query = select(CareTeam.team_id).where(
        CareTeam.person_id == cast.ada.id, CareTeam.lead, CareTeam.period.contains(at)
    )
    return list(session.scalars(query))


def eve(session: Session, team: Team, now: datetime) -> Person:
    """Somebody whom only `team` cares for."""
    given = {"given_name": "Eve", "family_name": "Low", "date_of_birth": "1950-01-01"}
    return people.add(session, given, actor=BY, now=now, team=team)


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
    assert leads(session, cast, now) == [cast.befrienders.id]
    assert "Coordinators" in around(session, cast, now)


def test_who_led_before_stays_known(session: Session, cast: Cast, now: datetime) -> None:
    care_teams.add(session, cast.ada, cast.befrienders, {"lead": True}, actor=BY)
    session.expire_all()
    assert leads(session, cast, now - HOUR) == [cast.coordinators.id]
    care_teams.end(session, cast.ada, cast.coordinators, now + HOUR, actor=BY)
    assert leads(session, cast, now - HOUR) == [cast.coordinators.id]


def test_nobody_leads_from_a_day_to_come(session: Session, cast: Cast, now: datetime) -> None:
    given = {"lead": True, "from": now + HOUR}
    with pytest.raises(Invalid) as refused:
        care_teams.add(session, cast.ada, cast.befrienders, given, actor=BY)
    assert list(refused.value.fields) == ["lead"]
    assert leads(session, cast, now) == [cast.coordinators.id]


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
    person = eve(session, cast.nurses, now)
    with pytest.raises(Conflict):
        care_teams.end(session, person, cast.nurses, now + HOUR, actor=BY)


def test_nobody_leaves_to_a_team_that_will_be_gone(session: Session, cast: Cast, now: datetime) -> None:
    person = eve(session, cast.nurses, now)
    care_teams.add(session, person, cast.landlord, {"from": now}, actor=BY)
    care_teams.end(session, person, cast.nurses, now + 3 * HOUR, actor=BY)
    with pytest.raises(Conflict):
        care_teams.end(session, person, cast.landlord, now + HOUR, actor=BY)
    care_teams.add(session, person, cast.befrienders, {"from": now + 3 * HOUR}, actor=BY)
    care_teams.end(session, person, cast.landlord, now + HOUR, actor=BY)


def test_of_the_last_two_teams_not_both_leave_at_once(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        cast = make_cast(session)
        person = eve(session, cast.nurses, now)
        care_teams.add(session, person, cast.landlord, {"from": now}, actor=BY)

    def leave(team: Team) -> bool:
        try:
            with real_db.transaction() as session:
                care_teams.end(session, person, team, now + HOUR, actor=BY)
                both_began.wait(1)
        except Conflict:
            return False
        return True

    both_began = Event()  # never set: gives the other a second to come between
    with ThreadPoolExecutor(2) as both:
        left = list(both.map(leave, (cast.nurses, cast.landlord)))
    assert sorted(left) == [False, True]


def test_a_team_does_not_leave_before_it_came(session: Session, cast: Cast, now: datetime) -> None:
    care_teams.add(session, cast.ada, cast.befrienders, {"from": now}, actor=BY)
    with pytest.raises(Invalid):
        care_teams.end(session, cast.ada, cast.befrienders, now, actor=BY)
