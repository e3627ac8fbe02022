"""What is measured in bench, with few of everything: that it comes out right, however long it takes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import backlog, database, own_plan, queued, replay, silence
from bench.backlog import Crowd, Tally
from bench.database import Database
from care_plans.evaluating.evaluate import Evaluator
from core.children import Children

pytestmark = pytest.mark.journey


@pytest.fixture
def alone() -> Iterator[tuple[Database, Children]]:
    with database.alone() as started:
        yield started


def test_a_backlog_is_judged_by_every_rule_and_raises_what_is_due_once(
    alone: tuple[Database, Children],
) -> None:
    found, children = alone
    members = backlog.prepare(found, 100)
    db = found.open("evaluate")
    evaluator, speaking = Evaluator(db), Crowd(db, members)
    for each in (4, 1, 12):
        laid = backlog.lay(speaking, db, 100, each)
        spent = backlog.clear_up(evaluator, laid, 100, children.pids()["postgres"])
        assert (spent.readings, spent.people) == (100 * each, 100)
    assert backlog.tally(db, members) == Tally(
        verdicts=100 * own_plan.RULES, faults=0, waiting=0, due=8, raised_once=8, undue=0
    )
    assert evaluator.counts.judged == 300
    db.engine.dispose()


def test_what_is_due_is_looked_at_and_nothing_else(alone: tuple[Database, Children]) -> None:
    found, children = alone
    people = silence.prepare(found, 2_000, with_kit=60)
    db, owner, pid = found.open("look"), found.owner(), children.pids()["postgres"]
    silence.let_fall_due(owner, people, 40, db.clock.now())
    looked = silence.look(db, 40, pid)
    assert (looked.among, looked.late, looked.still_due) == (2_000, 20, 0)
    db.engine.dispose()
    owner.dispose()


def test_rules_are_tried_on_every_reading_of_the_past(alone: tuple[Database, Children]) -> None:
    found, _ = alone
    people = replay.prepare(found, 3, days=120)
    took = replay.try_rules((found, people, 119))
    assert took.readings == 3 * 3 * 120 * 24  # a day more is looked back to
    # On two days of a hundred each kind is off: three kinds of three people, two or three times each.
    assert 10 <= took.episodes <= 40


def test_a_finding_queues_one_message(folder: Path) -> None:
    trials, _used = queued.measure(folder, trials=3, load=50)
    assert [trial.messages for trial in trials] == [1, 1, 1]
    assert all(trial.stored <= trial.queued for trial in trials)
