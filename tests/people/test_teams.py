"""Teams, and who is in them from when to when."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from people import teams
from people.models.agencies import TeamRole
from tests.cast import Cast
from tests.people.looking import BY, journal

HOUR = timedelta(hours=1)


def members(session: Session, cast: Cast, now: datetime) -> list[str]:
    return [member.staff.name for member in teams.members(session, cast.coordinators, now)]


def test_a_team_is_added_and_changed(session: Session, cast: Cast) -> None:
    night = teams.add(session, cast.hub, {"name": "Night desk", "role": "responders"}, actor=BY)
    assert night.role is TeamRole.RESPONDERS
    assert not night.staffed_all_hours
    teams.change(session, night, {"staffed_all_hours": True}, actor=BY)
    assert teams.get(session, night.uuid) == (night, cast.hub)
    assert journal(session) == [("added", "team"), ("changed", "team")]


def test_an_agency_gives_a_name_once_and_another_may_too(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict):
        teams.add(session, cast.hub, {"name": "Coordinators"}, actor=BY)
    assert teams.add(session, cast.health, {"name": "Coordinators"}, actor=BY)


def test_every_wrong_field_is_told_at_once(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        teams.add(session, cast.hub, {"role": "chess club", "email": "x"}, actor=BY)
    assert set(refused.value.fields) == {"name", "role", "email"}


def test_somebody_joins_and_leaves(session: Session, cast: Cast, now: datetime) -> None:
    teams.join(session, cast.coordinators, cast.vi, now, actor=BY)
    assert members(session, cast, now) == ["Cora", "Vi"]
    assert members(session, cast, now - HOUR) == ["Cora"]
    teams.leave(session, cast.coordinators, cast.vi, now + HOUR, actor=BY)
    assert members(session, cast, now + HOUR) == ["Cora"]
    assert [team.name for team in teams.list_of(session, cast.vi.id, now)] == ["Befrienders", "Coordinators"]


def test_nobody_is_in_a_team_twice(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Conflict):
        teams.join(session, cast.coordinators, cast.cora, now, actor=BY)


def test_whoever_is_not_in_it_can_not_leave(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        teams.leave(session, cast.coordinators, cast.vi, now, actor=BY)


def test_teams_are_listed_with_their_agency(session: Session, cast: Cast) -> None:
    rows = session.execute(teams.listing(cast.hub.uuid)).all()
    assert [(team.name, agency.name) for team, agency in rows] == [("Coordinators", "Westmere Hub")]
    assert len(session.execute(teams.listing()).all()) == 7
    with pytest.raises(NotFound):
        teams.get(session, uuid4())
