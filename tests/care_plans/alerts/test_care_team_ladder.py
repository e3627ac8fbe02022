"""Ladders without a plan."""

from datetime import datetime

import pytest
from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.alerts import care_team_ladder
from care_plans.alerts.ladder import Way, faults
from care_plans.severity import Class
from devices import subjects
from people.models.agencies import Team
from people.models.caring import CareTeam
from people.models.homes import Home, Residency
from tests.cast import Cast


@pytest.mark.parametrize(
    ("class_", "teams"),
    [
        (Class.LIFE_SAFETY, ["centre", "coordinators", "nurses", "centre"]),
        (Class.CLINICAL, ["coordinators", "nurses", "centre"]),
        (Class.HOME_SOCIAL, ["coordinators", "social_workers", "landlord", "centre"]),
        (Class.TECHNICAL, ["coordinators", "centre"]),
    ],
)
def test_it_goes_from_the_leading_team_over_those_that_fit_to_one_that_is_always_there(
    session: Session, cast: Cast, now: datetime, class_: Class, teams: list[str]
) -> None:
    for subject in (subjects.person(cast.ada.id), subjects.home(cast.ada_home.id)):
        found = care_team_ladder.of(session, subject, class_, now)
        assert [step.team for step in found.steps] == [getattr(cast, name).id for name in teams]
        assert faults(found, class_) == []


def test_life_safety_is_a_call_within_minutes(session: Session, cast: Cast, now: datetime) -> None:
    found = care_team_ladder.of(session, subjects.person(cast.ada.id), Class.LIFE_SAFETY, now)
    assert {step.way for step in found.steps} == {Way.CALL}
    assert {step.wait for step in found.steps} == {120}


def test_a_team_whose_part_has_ended_is_not_asked(session: Session, cast: Cast, now: datetime) -> None:
    session.execute(
        update(CareTeam)
        .where(CareTeam.team_id == cast.nurses.id, CareTeam.person_id == cast.ada.id)
        .values(period=Range(None, now))
    )
    found = care_team_ladder.of(session, subjects.person(cast.ada.id), Class.CLINICAL, now)
    assert cast.nurses.id not in [step.team for step in found.steps]


def test_for_somebody_in_nobodys_care_whoever_is_always_there_is_asked(
    session: Session, cast: Cast, now: datetime
) -> None:
    session.execute(delete(CareTeam))
    found = care_team_ladder.of(session, subjects.person(cast.ada.id), Class.LIFE_SAFETY, now)
    assert found.steps[0].team == found.steps[-1].team == cast.centre.id


def test_for_an_empty_home_its_landlord_is_asked(session: Session, cast: Cast, now: datetime) -> None:
    session.execute(delete(Residency).where(Residency.home_id == cast.ada_home.id))
    found = care_team_ladder.of(session, subjects.home(cast.ada_home.id), Class.HOME_SOCIAL, now)
    assert [step.team for step in found.steps] == [cast.landlord.id]


def test_where_there_is_no_team_at_all_there_is_still_a_step(
    session: Session, cast: Cast, now: datetime
) -> None:
    session.execute(delete(CareTeam))
    session.execute(update(Home).values(landlord_agency_id=None))
    session.execute(update(Team).values(deleted_at=now))
    found = care_team_ladder.of(session, subjects.person(cast.ada.id), Class.CLINICAL, now)
    assert [(step.team, step.receiving_centre) for step in found.steps] == [(None, True)]


@pytest.mark.parametrize("class_", [Class.LIFE_SAFETY, Class.CLINICAL])
@pytest.mark.parametrize("about", ["person", "home"])
def test_a_matter_of_health_ends_with_whoever_is_always_there_although_they_are_in_nobodys_care_team(
    session: Session, cast: Cast, now: datetime, class_: Class, about: str
) -> None:
    session.execute(delete(CareTeam).where(CareTeam.team_id == cast.centre.id))
    subject = subjects.person(cast.ada.id) if about == "person" else subjects.home(cast.ada_home.id)
    found = care_team_ladder.of(session, subject, class_, now)
    assert found.steps[-1].team == cast.centre.id
    assert cast.coordinators.id in [step.team for step in found.steps]
    assert faults(found, class_) == []


def test_a_fall_in_an_empty_home_goes_to_whoever_is_always_there_and_to_its_landlord(
    session: Session, cast: Cast, now: datetime
) -> None:
    session.execute(delete(Residency).where(Residency.home_id == cast.ada_home.id))
    found = care_team_ladder.of(session, subjects.home(cast.ada_home.id), Class.LIFE_SAFETY, now)
    assert [step.team for step in found.steps] == [cast.centre.id, cast.landlord.id, cast.centre.id]
