"""Where a plan stands; pure."""

from datetime import date, timedelta

import pytest

from care_plans.plan.workflow import Drafted, InForce, Stage, standing, unagreed

TODAY = date(2026, 11, 22)


def force(**more: object) -> InForce:
    usual = {"number": 3, "agreed": True, "review_on": date(2027, 1, 1), "review_by": "Dev", "unseen_work": 0}
    return InForce(**{**usual, **more})  # type: ignore[arg-type]


def drafted(**more: object) -> Drafted:
    usual = {"by": "Cora", "faults": 0, "agreed": False, "changed": True}
    return Drafted(**{**usual, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("in_force", "draft", "stage", "words"),
    [
        (None, None, Stage.NO_PLAN, "No plan yet"),
        (force(), None, Stage.IN_FORCE, "Version 3 is in force"),
        (force(agreed=False), None, Stage.NOT_AGREED, "nobody has agreed it yet"),
        (force(review_on=date(2026, 11, 1)), None, Stage.REVIEW_OVERDUE, "due 1 November 2026, by Dev"),
        (force(review_on=TODAY), None, Stage.REVIEW_DUE, "Review due"),
        (force(review_on=TODAY + timedelta(days=14)), None, Stage.REVIEW_DUE, ", by Dev"),
        (force(review_on=TODAY + timedelta(days=15)), None, Stage.IN_FORCE, "Version 3 is in force"),
        (force(unseen_work=2), None, Stage.WORK_TO_REVIEW, "2 pieces of open work"),
        (force(), drafted(), Stage.TO_BE_AGREED, "Draft begun by Cora is waiting to be agreed"),
        (force(), drafted(agreed=True), Stage.AGREED, "agreed, and can be published"),
        (None, drafted(faults=2), Stage.DRAFT, "2 things to put right first"),
    ],
)
def test_it_is_worked_out_and_what_asks_for_somebody_comes_first(
    in_force: InForce | None, draft: Drafted | None, stage: Stage, words: str
) -> None:
    first = standing(in_force, draft, TODAY)[0]
    assert (first.stage, words in first.words) == (stage, True), first


def test_a_draft_in_which_nothing_changed_asks_for_nobody() -> None:
    found = standing(force(), drafted(changed=False), TODAY)
    assert [(each.stage, each.asks) for each in found] == [(Stage.IN_FORCE, False), (Stage.DRAFT, False)]


def test_kit_that_nobody_agreed_to_asks_for_somebody_and_none_asks_for_nobody() -> None:
    (found,) = unagreed(["Hall sensor: movement", "Door: doors"])
    assert (found.stage, found.asks) == (Stage.WATCHED_UNAGREED, True)
    assert found.words.endswith("Hall sensor: movement; Door: doors")
    assert unagreed([]) == ()
