"""What changed between two versions, part by part."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.plan import changing, compare, enrol, read
from care_plans.plan.compare import What
from care_plans.plan.parts import Part
from tests.care_plans.planning import Draft
from tests.cast import Cast


def test_what_is_added_removed_and_changed_is_said_part_by_part(
    session: Session, cast: Cast, now: datetime
) -> None:
    first = enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    draft = Draft(session, cast, now)
    before = read.whole(session, cast.ada, first, now)
    assert compare.differences(before, read.whole(session, cast.ada, draft.version, now)) == ()
    goal = next(row for row in draft.rows(Part.GOALS) if row.key == "copd.get_about")
    draft.change(Part.GOALS, goal.key, importance=5, measure_words="Once a week")
    draft.add(Part.STRENGTHS, text="Cooks")
    gone = draft.rows(Part.ACTIONS)[0]
    changing.remove(session, cast.ada, draft.version, Part.ACTIONS, gone.key, by=cast.dev)
    found = compare.differences(before, read.whole(session, cast.ada, draft.version, now))
    told = {(each.part, each.what): each for each in found}
    assert set(told) == {("Strength", What.ADDED), ("Goal", What.CHANGED), ("Action", What.REMOVED)}
    words = told["Goal", What.CHANGED].words
    assert "importance from 4 of 5 to 5 of 5" in words
    assert "Once a week" in words
    assert told["Action", What.REMOVED].title == gone.text
    assert told["Goal", What.CHANGED].fields[0].words == "importance from 4 of 5 to 5 of 5"


def test_every_sort_of_part_is_told(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    plan = read.find_published(session, cast.ada, now)
    assert plan is not None
    parts = {part for part, _key in dict(compare.items(plan))}
    assert parts >= {
        "This plan", "Pathway", "Need", "Goal", "Action", "If this happens", "Trigger", "Ladder", "Watched",
        "Follow-up",
    }  # fmt: skip
