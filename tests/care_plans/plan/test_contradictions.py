"""Where pathways disagree; pure."""

from itertools import permutations

from care_plans.pathways import reading
from care_plans.plan.contradictions import About, Aim, Asked, Told, find, same
from tests.care_plans.making import rule

COPD = Asked("copd", rule(("amber", {"kind": "spo2", "below": 88}), key="copd.low"))
HEART = Asked("heart", rule(("amber", {"kind": "spo2", "below": 92}), key="heart.low"))
OTHER_SIDE = Asked("high", rule(("amber", {"kind": "spo2", "above": 98}), key="high.high"))
OTHER_SEVERITY = Asked("red", rule(("red", {"kind": "spo2", "below": 80}), key="red.low"))


def test_two_limits_for_one_kind_and_severity_are_a_contradiction() -> None:
    (found,) = find([COPD, HEART], [], [])
    assert (found.about, found.words) == (About.LIMIT, "Oxygen: different limits below")
    assert [(side.key, side.words) for side in found.sides] == [
        ("copd.low", "amber below 88 %"),
        ("heart.low", "amber below 92 %"),
    ]


def test_another_side_another_severity_or_the_same_limit_is_none() -> None:
    assert find([COPD, OTHER_SIDE, OTHER_SEVERITY], [], []) == []
    assert (
        find([COPD, Asked("heart", rule(("amber", {"kind": "spo2", "below": 88}), key="h.l"))], [], []) == []
    )
    assert find([COPD, Asked("copd", HEART.rule)], [], []) == [], "a pathway does not contradict itself"


def test_what_counts_only_with_something_else_is_no_limit() -> None:
    joined = rule(("amber", {"all": [{"kind": "spo2", "below": 92}, {"kind": "pulse", "above": 100}]}))
    assert find([COPD, Asked("heart", joined)], [], []) == []


def test_the_key_stands_for_what_is_said_whatever_the_order() -> None:
    keys = {find(list(order), [], [])[0].key for order in permutations([COPD, HEART, OTHER_SIDE])}
    assert len(keys) == 1
    changed = Asked("heart", rule(("amber", {"kind": "spo2", "below": 90}), key="heart.low"))
    assert find([COPD, changed], [], [])[0].key not in keys


def test_targets_that_cannot_both_be_met_or_differ_are_contradictions() -> None:
    low, high = Aim("a", "a.g", "spo2", True, 92), Aim("b", "b.g", "spo2", False, 90)
    assert [each.about for each in find([], [low, high], [])] == [About.TARGET]
    assert find([], [Aim("a", "a.g", "spo2", True, 88), high], []) == []
    assert find([], [low, Aim("a", "a.h", "spo2", True, 88)], []) == [], "of one pathway"
    (found,) = find([], [low, Aim("b", "b.g", "spo2", True, 88)], [])
    assert [side.words for side in found.sides] == ["at least 92 %", "at least 88 %"]


def test_opposite_advice_is_a_contradiction() -> None:
    drink, stop = (
        Told("a", "a.f", "fluids", "encourage", "Drink"),
        Told("b", "b.f", "fluids", "restrict", "Stop"),
    )
    (found,) = find([], [], [drink, stop])
    assert (found.about, found.words) == (About.ADVICE, "Fluids: opposite advice")
    assert find([], [], [drink, Told("b", "b.s", "salt", "restrict", "No salt")]) == []


def test_two_rules_that_ask_exactly_the_same_are_the_same() -> None:
    assert same(COPD.rule, rule(("amber", {"kind": "spo2", "below": 88}), key="x.y"))
    assert not same(COPD.rule, HEART.rule)


def test_no_pathway_contradicts_itself() -> None:
    for code, pathway in reading.all_pathways().items():
        rules = [Asked(code, trigger.rule) for one in pathway.contingencies for trigger in one.triggers]
        assert find(rules, [], []) == [], code
