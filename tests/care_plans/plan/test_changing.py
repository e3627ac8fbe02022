"""The draft changed part by part."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.rules import Schedule
from care_plans.plan import changing, drafts, enrol
from care_plans.plan.parts import SORTS, Part
from core.errors import Invalid, NotFound
from core.models import JournalEntry
from tests.care_plans.planning import Draft
from tests.cast import Cast


def test_every_sort_of_part_can_be_added_changed_and_taken_out(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = Draft(session, cast, now)
    goal = draft.goal(measure_words="She went")
    action = draft.add(Part.ACTIONS, goal=goal.key, text="Go along", team=str(cast.nurses.uuid))
    draft.add(Part.STAGES, action=action.key, text="As far as the gate")
    draft.add(Part.STRENGTHS, text="Makes friends anywhere")
    team = str(cast.centre.uuid)
    steps = [{"way": "call", "wait_minutes": 5, "team": team}]
    ladder = draft.add(Part.LADDERS, name="Ring", steps=steps)
    answer = draft.add(Part.CONTINGENCIES, name="Fast pulse", what_should_happen="Ring", ladder=ladder.key)
    draft.add(
        Part.TRIGGERS, contingency=answer.key, kind="pulse", side="above", limit="120", severity="amber",
        why="Her GP",
    )  # fmt: skip
    draft.add(Part.MONITORING, kind="pulse", times="08:00, 20:00", grace_hours=2, goal=goal.key)
    draft.add(Part.SCHEDULES, kind="call", text="How was it?", team=team, times=["10:00"], weekdays="monday")
    draft.add(Part.DOCUMENTS, title="Falls assessment", place="Blue folder")
    for part in Part:
        rows = draft.rows(part)
        assert len(rows) == 1, part
    changed = draft.change(Part.ACTIONS, action.key, text="Go along on Thursday", confidence=7)
    assert (changed.text, changed.confidence, changed.team_id) == ("Go along on Thursday", 7, cast.nurses.id)
    for part in (Part.NEEDS, Part.CONTINGENCIES, Part.LADDERS, Part.SCHEDULES, Part.MONITORING):
        changing.remove(session, cast.ada, draft.version, part, draft.rows(part)[0].key, by=cast.dev)
    left = {part for part in Part if draft.rows(part)}
    assert left == {Part.STRENGTHS, Part.DOCUMENTS}, "what hangs on it goes too"


def test_parts_are_put_in_another_order(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now)
    for text in ("one", "two", "three"):
        draft.add(Part.STRENGTHS, text=text)
    last = draft.rows(Part.STRENGTHS)[-1]
    for _ in range(4):
        changing.move(session, cast.ada, draft.version, Part.STRENGTHS, last.key, up=True, by=cast.dev)
    assert [row.text for row in draft.rows(Part.STRENGTHS)] == ["three", "one", "two"]


def test_each_change_is_in_the_journal_with_what_it_was(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now)
    row = draft.add(Part.STRENGTHS, text="Cooks")
    before = draft.version.version
    draft.change(Part.STRENGTHS, row.key, text="Cooks well")
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert entry is not None
    assert (entry.what, entry.subject, entry.person_id) == ("changed", "plan", cast.ada.id)
    assert entry.details["changed"] == {"text": ["Cooks", "Cooks well"]}
    assert draft.version.version > before, "the draft is another one for whoever looked at it before"
    draft.change(Part.STRENGTHS, row.key, text="Cooks well")
    assert session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first() is entry


def test_a_ladder_that_is_used_is_not_taken_out(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now, "copd")
    ladder = draft.rows(Part.LADDERS)[0]
    with pytest.raises(Invalid, match="is used by"):
        changing.remove(session, cast.ada, draft.version, Part.LADDERS, ladder.key, by=cast.dev)


def test_only_a_clinician_sets_a_limit_on_a_vital_sign(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now, "copd")
    answer = draft.rows(Part.CONTINGENCIES)[0].key
    given = {"contingency": answer, "kind": "pulse", "side": "above", "limit": 120, "severity": "amber"}
    with pytest.raises(Invalid, match="Only a clinician"):
        draft.add(Part.TRIGGERS, by=cast.cora, why="I think so", **given)
    row = draft.add(Part.TRIGGERS, why="Her GP", **given)
    assert (row.set_by_id, row.set_why, row.class_.value) == (cast.dev.id, "Her GP", "clinical")


def test_a_pathways_own_trigger_is_not_written_anew(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now, "copd")
    rule = draft.rows(Part.TRIGGERS)[0]
    with pytest.raises(Invalid, match="adjusted by its limits"):
        draft.change(Part.TRIGGERS, rule.key, limit=50)


def test_a_schedule_that_is_only_reworded_counts_from_the_day_it_was_begun(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    draft = Draft(session, cast, now)
    row: Schedule = draft.rows(Part.SCHEDULES)[0]
    before = dict(row.recurrence)
    draft.change(Part.SCHEDULES, row.key, text="A shorter call")
    assert row.recurrence == before


def test_what_is_not_there_is_not_found_and_no_field_is_passed_over(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = Draft(session, cast, now)
    for key in ("no_such", "\x00"):
        with pytest.raises(NotFound):
            changing.get(session, draft.version, Part.GOALS, key)
    with pytest.raises(Invalid, match="no such field"):
        draft.add(Part.STRENGTHS, text="Cooks", colour="red")
    assert all(sort.model.__tablename__ for sort in SORTS.values())


def test_the_whole_has_a_review_that_is_still_to_come_and_somebodys(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = Draft(session, cast, now)
    given = {"review_on": "2020-01-01", "review_by": "nobody"}
    with pytest.raises(Invalid) as refused:
        changing.set_whole(session, cast.ada, draft.version, given, [cast.dev], by=cast.dev, now=now)
    assert set(refused.value.fields) == {"review_on", "review_by"}
    given = {"review_on": "2027-01-01", "review_by": str(cast.dev.uuid), "funding": "joint"}
    changing.set_whole(session, cast.ada, draft.version, given, [cast.dev], by=cast.dev, now=now)
    assert (draft.version.review_by_id, draft.version.funding) == (cast.dev.id, "joint")
    assert drafts.find_draft(session, cast.ada) is draft.version


def test_a_ladder_that_nothing_names_is_unused_and_a_limit_out_of_bounds_unsafe(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = Draft(session, cast, now, "copd")
    assert changing.unused_ladders(session, draft.version) == []
    rule = next(row for row in draft.rows(Part.TRIGGERS) if row.key == "copd.oxygen_low")
    assert changing.unsafe_limit(rule) is None
    steps = [dict(step) for step in rule.document["steps"]]
    steps[1] = {**steps[1], "when": {"kind": "spo2", "below": 50}}
    rule.document = {**rule.document, "steps": steps}
    assert "not safe" in (changing.unsafe_limit(rule) or "")
