from typing import Any

import pytest
import yaml

from care_plans.alerts.ladder import Way
from care_plans.pathways import reading
from care_plans.pathways.checking import as_ladder
from core.errors import Invalid
from tests.care_plans.test_reading import SMALL


@pytest.fixture
def content() -> dict[str, Any]:
    return dict(yaml.safe_load(SMALL))


def faults(content: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        reading.from_document(content)
    return refused.value.fields


def test_what_refers_to_a_goal_or_ladder_that_is_not_there_is_refused(content: dict[str, Any]) -> None:
    content["contingencies"][0] |= {"goal": "fly", "ladder": "none"}
    content["kit"] = [{"key": "k", "name": "Cuff", "about": "person", "kinds": ["pulse"], "goal": "fly"}]
    assert set(faults(content)) == {"contingencies.0.goal", "contingencies.0.ladder", "kit.0.goal"}


def test_a_kind_nobody_knows_is_refused_wherever_it_stands(content: dict[str, Any]) -> None:
    content["kit"] = [
        {"key": "k", "name": "Cuff", "about": "person", "kinds": ["pulse", "aura"], "goal": "sleep"}
    ]
    content["monitoring"] = [
        {"key": "m", "kind": "aura", "about": "person", "every": "1 h", "grace": "1 h", "goal": "sleep"}
    ]
    content["needs"][0]["goals"][0]["measure"] = {
        "kind": "aura", "counts": "days_without_event", "days": 7, "enough": 7,
    }  # fmt: skip
    assert set(faults(content)) == {"kit.0.kinds.1", "monitoring.0.kind", "needs.0.goals.0.measure.kind"}


def test_a_key_given_twice_is_refused(content: dict[str, Any]) -> None:
    content["needs"] = content["needs"] * 2
    assert faults(content) == {
        "needs": "Two entries have the key rest; each needs its own.",
        "needs.goals": "Two entries have the key sleep; each needs its own.",
        "needs.goals.actions": "Two entries have the key call; each needs its own.",
    }


def test_a_rule_key_begins_with_the_code_of_its_pathway(content: dict[str, Any]) -> None:
    content["contingencies"][0]["triggers"][0]["key"] = "loud.noise"
    assert faults(content) == {
        "contingencies.0.triggers.0.key": 'A rule key of this pathway begins with "quiet.".'
    }


def test_a_ladder_that_could_not_be_published_is_refused(content: dict[str, Any]) -> None:
    step = content["ladders"][0]["steps"][0]
    content["ladders"][0]["steps"] = [step | {"role": "family", "receiving_centre": False}]
    assert "can't be family" in faults(content)["ladders.0.steps"]
    content["ladders"][0]["steps"] = [step | {"receiving_centre": False}]
    assert "round the clock" in faults(content)["ladders.0.steps"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"moves": ["steps.0.when.below"]}, "moves"),
        ({"moves": ["steps.7.when.above"]}, "moves"),
        ({"lowest": 120}, "lowest"),
    ],
)
def test_a_personal_limit_must_be_there_and_within_its_bounds(
    content: dict[str, Any], change: dict[str, Any], place: str
) -> None:
    personal = {"name": "p", "label": "Pulse", "unit": "bpm", "lowest": 90, "highest": 130}
    personal |= {"moves": ["steps.0.when.above"]} | change
    content["contingencies"][0]["triggers"][0]["personal"] = [personal]
    assert set(faults(content)) == {f"contingencies.0.triggers.0.personal.0.{place}"}


def test_a_pathway_ladder_is_checked_with_stand_ins_for_real_teams() -> None:
    help_now = next(one for one in reading.get("frailty_falls").ladders if one.key == "help_now")
    ladder = as_ladder(help_now)
    assert [step.position for step in ladder.steps] == [1, 2, 3]
    assert (ladder.steps[1].contact, ladder.steps[1].team, ladder.steps[1].way) == (2, None, Way.CALL)
