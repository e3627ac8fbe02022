"""A person put on a pathway."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.models.plans import VersionState
from care_plans.plan import enrol, read
from core.errors import Conflict, NotFound
from tests.cast import Cast


def test_enrolling_puts_the_pathway_in_force(session: Session, cast: Cast, now: datetime) -> None:
    version = enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    assert (version.state, version.number, version.published_by_id) == (
        VersionState.PUBLISHED,
        1,
        cast.dev.id,
    )
    plan = read.find_published(session, cast.ada, now)
    assert plan is not None
    assert [pathway.pathway for pathway in plan.pathways] == ["copd"]
    assert all(action.agency for goal in plan.goals for action in goal.actions)
    assert any(rule.rule.key == "copd.oxygen_low" for each in plan.contingencies for rule in each.rules)


def test_a_second_pathway_joins_the_same_plan(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    version = enrol.enrol(session, cast.ada, "warm_dry_home", by=cast.dev, now=now)
    assert version.number == 2
    plan = read.find_published(session, cast.ada, now)
    assert plan is not None
    assert {pathway.pathway for pathway in plan.pathways} == {"copd", "warm_dry_home"}
    assert [one.state for one in read.list_versions(session, cast.ada)] == [
        VersionState.PUBLISHED,
        VersionState.SUPERSEDED,
    ]


def test_the_same_pathway_twice_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    with pytest.raises(Conflict, match="already"):
        enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)


def test_an_unknown_pathway_is_not_found(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        enrol.enrol(session, cast.ada, "levitation", by=cast.dev, now=now)
