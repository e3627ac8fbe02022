"""A plan being changed."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import VersionState
from care_plans.models.rules import PlanRule
from care_plans.plan import compare, drafts, enrol, publish, read
from core.errors import Invalid, NotFound
from tests.cast import Cast


def test_a_limit_is_kept_with_who_when_and_why(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    rule = _rule_with_limit(session, cast)
    personal = drafts.personal_limits(rule)[0]
    drafts.set_limit(
        session,
        cast.ada,
        rule.key,
        personal.name,
        personal.lowest,
        why="Agreed with her GP",
        by=cast.dev,
        now=now,
    )
    version = publish.publish(session, cast.ada, by=cast.dev, now=now, reason="Her usual is lower")
    changed = session.scalars(
        select(PlanRule).where(PlanRule.version_id == version.id, PlanRule.key == rule.key)
    ).one()
    assert (changed.set_by_id, changed.set_at, changed.set_why) == (cast.dev.id, now, "Agreed with her GP")
    before, after = (
        read.whole(session, cast.ada, one, now) for one in reversed(read.list_versions(session, cast.ada))
    )
    assert any(personal.label in change.words for change in compare.differences(before, after))


@pytest.mark.parametrize(("limit", "why", "field"), [(1000.0, "because", "limit"), (None, "  ", "why")])
def test_an_unsafe_or_unexplained_limit_is_refused_at_its_field(
    session: Session, cast: Cast, now: datetime, limit: float | None, why: str, field: str
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    rule = _rule_with_limit(session, cast)
    personal = drafts.personal_limits(rule)[0]
    with pytest.raises(Invalid) as refused:
        drafts.set_limit(
            session,
            cast.ada,
            rule.key,
            personal.name,
            limit or personal.lowest,
            why=why,
            by=cast.dev,
            now=now,
        )
    assert list(refused.value.fields) == [field]


def _rule_with_limit(session: Session, cast: Cast) -> PlanRule:
    version = drafts.find_published(session, cast.ada)
    assert version is not None
    rules = session.scalars(select(PlanRule).where(PlanRule.version_id == version.id).order_by(PlanRule.id))
    return next(rule for rule in rules if drafts.personal_limits(rule))


def test_a_draft_is_a_copy_of_what_is_published_and_leaves_it_alone(
    session: Session, cast: Cast, now: datetime
) -> None:
    published = enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    draft = drafts.open_draft(session, cast.ada, cast.cora)
    assert (draft.number, draft.state, draft.drafted_by_id) == (2, VersionState.DRAFT, cast.cora.id)
    for part in drafts.PARTS:
        of_draft = session.query(part).filter_by(version_id=draft.id).count()
        assert of_draft == session.query(part).filter_by(version_id=published.id).count()
    assert drafts.open_draft(session, cast.ada, cast.dev) is draft, "two people work on one draft"


def test_a_draft_that_is_dropped_leaves_nothing(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    draft = drafts.open_draft(session, cast.ada, cast.dev)
    drafts.drop(session, cast.ada, cast.dev)
    assert drafts.find_draft(session, cast.ada) is None
    assert session.query(PlanRule).filter_by(version_id=draft.id).count() == 0
    with pytest.raises(NotFound):
        drafts.drop(session, cast.ada, cast.dev)


def test_a_limit_of_a_rule_the_plan_has_not_is_not_found(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    with pytest.raises(NotFound):
        drafts.set_limit(session, cast.ada, "copd.nothing", "x", 1, why="because", by=cast.dev, now=now)
