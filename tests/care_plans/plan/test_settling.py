"""Contradictions between pathways, settled or let stand."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.models.rules import Advice
from care_plans.plan import publish, settling
from care_plans.plan.contradictions import About
from care_plans.plan.parts import Part
from core.errors import Invalid, NotFound
from tests.care_plans.planning import Draft
from tests.cast import Cast


def both(session: Session, cast: Cast, now: datetime) -> Draft:
    return Draft(session, cast, now, "copd", "heart_failure")


def test_copd_and_heart_failure_make_one_decision_of_two_oxygen_alerts(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = both(session, cast, now)
    for found in settling.unsettled(session, draft.version):
        side = next(side for side in found.sides if side.pathway == "copd")
        settling.keep(
            session,
            cast.ada,
            draft.version,
            found.key,
            side.key,
            "Her target is 88 to 92 %",
            by=cast.dev,
            now=now,
        )
    assert settling.unsettled(session, draft.version) == []
    oxygen = [row for row in draft.rows(Part.TRIGGERS) if row.document["name"] == "Oxygen low"]
    assert [(row.key, row.also_by) for row in oxygen] == [("copd.oxygen_low", ["heart_failure"])]
    answers = [row for row in draft.rows(Part.CONTINGENCIES) if row.name == "Oxygen low"]
    assert [row.also_by for row in answers] == [["heart_failure"]]
    targets = {
        row.measure["target"] for row in draft.rows(Part.GOALS) if (row.measure or {}).get("kind") == "spo2"
    }
    assert targets == {88}
    stay = [row for row in draft.rows(Part.GOALS) if "hospital" in row.text]
    assert [(row.key, row.also_by) for row in stay] == [("copd.stay_home", ["heart_failure"])]
    goals = {row.key for row in draft.rows(Part.GOALS)}
    assert {row.goal_key for row in draft.rows(Part.ACTIONS)} <= goals, (
        "what served it serves the one that is kept"
    )
    assert publish.publish(session, cast.ada, by=cast.dev, now=now, reason="Both").number == 1


def test_both_may_stand_with_a_reason_that_is_kept_until_they_say_something_else(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = both(session, cast, now)
    for found in settling.unsettled(session, draft.version):
        with pytest.raises(Invalid, match="Say why both"):
            settling.accept(session, cast.ada, draft.version, found.key, " ", by=cast.dev, now=now)
        settling.accept(session, cast.ada, draft.version, found.key, "Two teams", by=cast.dev, now=now)
        settling.accept(session, cast.ada, draft.version, found.key, "Two teams", by=cast.dev, now=now)
    assert settling.unsettled(session, draft.version) == []
    assert {each.accepted.reason for each in settling.standing(session, draft.version) if each.accepted} == {
        "Two teams"
    }
    goal = next(row for row in draft.rows(Part.GOALS) if row.key == "copd.stay_home")
    goal.measure = {**(goal.measure or {}), "target": 86}
    session.flush()
    assert [each.about for each in settling.unsettled(session, draft.version)] == [About.TARGET]


def test_one_of_the_sides_has_to_be_named_with_a_reason(session: Session, cast: Cast, now: datetime) -> None:
    draft = both(session, cast, now)
    key = settling.unsettled(session, draft.version)[0].key
    with pytest.raises(Invalid) as refused:
        settling.keep(session, cast.ada, draft.version, key, "no_such", "", by=cast.dev, now=now)
    assert set(refused.value.fields) == {"keep", "reason"}
    with pytest.raises(NotFound):
        settling.accept(session, cast.ada, draft.version, "no_such", "x", by=cast.dev, now=now)


def test_of_opposite_advice_one_is_kept(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now, "copd")
    for pathway, stance in (("copd", "encourage"), ("heart_failure", "restrict")):
        session.add(
            Advice(
                version_id=draft.version.id, key=f"{pathway}.fluids", pathway=pathway, topic="fluids",
                stance=stance, words=f"{stance} fluids",
            )
        )  # fmt: skip
    session.flush()
    (found,) = settling.unsettled(session, draft.version)
    assert found.about is About.ADVICE
    settling.keep(
        session, cast.ada, draft.version, found.key, "heart_failure.fluids", "Her heart", by=cast.dev, now=now
    )
    assert settling.unsettled(session, draft.version) == []


@pytest.mark.parametrize("kept", ["end_of_life", "frailty_falls"])
@pytest.mark.parametrize("first", ["end_of_life", "frailty_falls"])
def test_a_press_of_the_pendant_has_one_ladder_that_of_the_side_that_holds(
    session: Session, cast: Cast, now: datetime, first: str, kept: str
) -> None:
    pathways = sorted(["end_of_life", "frailty_falls"], key=lambda code: code != first)
    draft = Draft(session, cast, now, *pathways)
    pressed = [row for row in draft.rows(Part.TRIGGERS) if row.document["name"] == "Pendant pressed"]
    assert len(pressed) == 1
    found = next(
        one
        for one in settling.unsettled(session, draft.version)
        if one.about is About.ADVICE and one.words.startswith("Pendant")
    )
    side = next(side for side in found.sides if side.pathway == kept)
    settling.keep(
        session, cast.ada, draft.version, found.key, side.key, "She wants it so", by=cast.dev, now=now
    )
    (rule,) = [row for row in draft.rows(Part.TRIGGERS) if row.document["name"] == "Pendant pressed"]
    (answer,) = [row for row in draft.rows(Part.CONTINGENCIES) if row.name == "Pendant pressed"]
    assert (rule.contingency_key, answer.key) == (f"{kept}.pendant", f"{kept}.pendant")
    assert answer.ladder_key == f"{kept}.help_now"
    assert answer.ladder_key in {row.key for row in draft.rows(Part.LADDERS)}
    other = next(code for code in pathways if code != kept)
    assert other in (answer.also_by or [])
