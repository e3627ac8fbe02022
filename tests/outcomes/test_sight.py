"""Whom figures count, and who may know whom they are about."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from outcomes.measures import FEW
from outcomes.sight import Sight
from people import choices
from people.models.people import Person
from tests.cast import Cast
from tests.outcomes.counting import alerted, viewer
from tests.people.looking import BY


def people_of(session: Session, sight: Sight) -> set[str]:
    return set(session.scalars(select(Person.given_name).where(sight.of_person(Person.id))))


def test_staff_count_the_people_in_their_sight_and_know_them(
    session: Session, cast: Cast, now: datetime
) -> None:
    sight = Sight(viewer(cast), now)
    assert people_of(session, sight) == {"Ada", "Ben"}
    assert (sight.everybody, sight.names, sight.few) == (False, True, 0)


def test_a_stranger_counts_nobody(session: Session, cast: Cast, now: datetime) -> None:
    mallory = viewer(cast, staff_id=cast.mallory.id, team_ids=frozenset({cast.strangers.id}))
    assert people_of(session, Sight(mallory, now)) == set()


@pytest.mark.parametrize("role", ["commissioner", "administrator"])
def test_a_role_that_sees_nobody_counts_everybody_without_names(
    session: Session, cast: Cast, now: datetime, role: str
) -> None:
    sight = Sight(viewer(cast, role=role, team_ids=frozenset()), now)
    assert people_of(session, sight) == {"Ada", "Ben"}
    assert (sight.names, sight.few) == (False, FEW)


def test_a_token_that_may_only_read_outcomes_widens_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    narrow = viewer(cast, team_ids=frozenset(), scopes=frozenset({"outcomes:read"}))
    assert people_of(session, Sight(narrow, now)) == set()
    assert not Sight(narrow, now).names
    every = replace(narrow, everyone=True)
    assert people_of(session, Sight(every, now)) == {"Ada", "Ben"}
    assert Sight(every, now).few == FEW


def test_an_alert_about_a_home_is_in_sight_with_who_lives_there(
    session: Session, cast: Cast, now: datetime
) -> None:
    alerted(session, now - timedelta(hours=1), home_id=cast.ada_home.id)

    def found(sight: Sight) -> int:
        query = select(Alert.id).where(sight.of_either(Alert.person_id, Alert.home_id))
        return len(session.scalars(query).all())

    assert found(Sight(viewer(cast), now)) == 1
    assert found(Sight(viewer(cast, team_ids=frozenset({cast.strangers.id})), now)) == 0


def test_whoever_said_no_to_planning_is_counted_by_nobody(
    session: Session, cast: Cast, now: datetime
) -> None:
    alerted(session, now - timedelta(hours=1), home_id=cast.ada_home.id)
    no = {"decision": "dissent", "purpose": "planning", "said_by": "Ada", "evidence": "Said so"}
    choices.choose(session, cast.ada, None, no, by=cast.sol, actor=BY, now=now)
    session.flush()
    commissioner = viewer(cast, role="commissioner", team_ids=frozenset())
    for sight in (Sight(viewer(cast), now), Sight(commissioner, now)):
        assert people_of(session, sight) == {"Ben"}
        assert sight.count_left_out(session) == 1
        raised = select(Alert.id).where(sight.of_either(Alert.person_id, Alert.home_id))
        assert session.scalars(raised).all() == []
