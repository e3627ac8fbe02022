"""Which real team a pathway means."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.pathways import shape
from care_plans.plan import enrol, teams
from core.errors import Invalid
from people.models.agencies import Team, TeamRole
from people.models.caring import CareTeam
from people.models.people import Contact
from tests.cast import Cast


def test_a_team_that_a_pathway_needs_joins_the_care_team(session: Session, cast: Cast, now: datetime) -> None:
    session.query(CareTeam).filter_by(person_id=cast.ada.id, team_id=cast.nurses.id).delete()
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    joined = session.query(CareTeam).filter_by(person_id=cast.ada.id, team_id=cast.nurses.id).one()
    assert joined.reason == "COPD at home pathway"


def test_the_team_around_the_person_comes_before_another_of_the_same_role(
    session: Session, cast: Cast, now: datetime
) -> None:
    other = Team(
        agency_id=cast.health.id, name="Night nurses", role=TeamRole.COMMUNITY_NURSING, area="Westmere"
    )
    session.add(other)
    session.flush()
    wanted = shape.Team(shape.Sector.HEALTH, shape.Role.COMMUNITY_NURSING)
    assert teams.name_teams(session, cast.ada, [wanted], now, reason="x") == {wanted: cast.nurses}


def test_another_team_of_the_sector_takes_on_what_no_team_has_the_role_for(
    session: Session, cast: Cast, now: datetime
) -> None:
    line = shape.Team(shape.Sector.HEALTH, shape.Role.PALLIATIVE_CARE)
    carers = shape.Team(shape.Sector.THIRD_SECTOR, shape.Role.CARER_SUPPORT)
    found = teams.name_teams(session, cast.ada, [line, carers], now, reason="x")
    assert found == {line: cast.nurses, carers: cast.befrienders}
    assert not teams.who_cannot_see(session, cast.ada.id, [cast.befrienders.id], now)


def test_a_team_of_another_area_takes_on_nothing_by_its_sector_alone(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.befrienders.area = "Far away"
    session.flush()
    carers = shape.Team(shape.Sector.THIRD_SECTOR, shape.Role.CARER_SUPPORT)
    with pytest.raises(Invalid) as refused:
        teams.name_teams(session, cast.ada, [carers], now, reason="x")
    assert set(refused.value.fields) == {"third_sector.carer_support"}


def test_teams_that_nobody_could_be_are_all_named(session: Session, cast: Cast, now: datetime) -> None:
    session.query(CareTeam).delete()
    session.query(Team).update({"role": None})
    session.expire_all()
    wanted = [
        shape.Team(shape.Sector.HEALTH, shape.Role.COMMUNITY_NURSING),
        shape.Team(shape.Sector.HOUSING, shape.Role.REPAIRS),
    ]
    with pytest.raises(Invalid) as refused:
        teams.name_teams(session, cast.ada, wanted, now, reason="x")
    assert set(refused.value.fields) == {"health.community_nursing", "housing.repairs"}


def test_who_is_not_in_the_care_team_cannot_see_the_person(
    session: Session, cast: Cast, now: datetime
) -> None:
    both = [cast.nurses.id, cast.strangers.id]
    assert teams.who_cannot_see(session, cast.ada.id, both, now) == {cast.strangers.id}


def test_key_holders_come_first_among_contacts(session: Session, cast: Cast) -> None:
    session.add(Contact(person_id=cast.ada.id, name="A neighbour", minutes_away=1))
    session.flush()
    assert [one.name for one in teams.contacts(session, cast.ada)] == ["Beth Marsh", "A neighbour"]
