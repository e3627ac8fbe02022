"""A person's own trigger: by its fields or as text, and told back as it was given."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from care_plans.judging.rules import from_document
from care_plans.models.rules import PlanRule
from care_plans.plan import given, own_rules
from care_plans.plan.parts import Part
from core.errors import Invalid
from tests.care_plans.planning import Draft
from tests.cast import Cast

FIELDS: dict[str, Any] = {
    "contingency": "one", "kind": "weight", "side": "rises", "limit": "2", "over_hours": "72",
    "severity": "amber", "why": "Her dry weight is 68 kg",
}  # fmt: skip
MORNING = """\
steps:
  - severity: amber
    when:
      no_sign_of: [{kind: motion, at_or_above: 1}, {kind: bed_occupied, below: 1}]
      from: "05:00"
      by: "11:00"
      later_by: 90 min
      usual_over: 7 days
"""
SLOPE = """\
steps:
  - {severity: red, when: {kind: weight, rises_by: 0.5, per: 1 day, over: 5 days, readings: 4}}
  - {severity: amber, when: {kind: weight, rises_by_percent: 3, over: 7 days}}
clear: {kind: weight, below: 70}
again_after: 3 days
"""


def read(**more: Any) -> dict[str, Any]:
    found = {name: value for name, value in {**FIELDS, **more}.items() if value is not None}
    return own_rules.read(found, "own.one", str)


def as_text(text: str, **more: Any) -> dict[str, Any]:
    return read(kind=None, side=None, limit=None, over_hours=None, severity=None, rule=text, **more)


def test_what_rises_within_so_many_hours() -> None:
    values = read()
    assert values["document"]["steps"] == [
        {"severity": "amber", "when": {"kind": "weight", "rises_by": 2, "over": "3 days"}}
    ]
    assert values["document"]["name"] == "Weight up by more than 2 kg"
    assert values["document"]["source"] == "Set for this person: Her dry weight is 68 kg"


def test_a_rule_as_text_may_be_any_that_can_be_judged() -> None:
    values = as_text(SLOPE, name="Fluid")
    rule = from_document(values["document"])
    assert (rule.name, rule.class_.value, rule.about.value, len(rule.steps)) == (
        "Fluid",
        "clinical",
        "person",
        2,
    )
    with_their_bed = as_text(MORNING)
    assert (with_their_bed["class_"].value, with_their_bed["about"]) == ("home_social", "person")
    home = as_text(MORNING.replace(", {kind: bed_occupied, below: 1}", ""))
    assert home["about"] == "home"


def test_what_it_looks_at_decides_how_serious_it_is_whatever_the_text_says() -> None:
    with pytest.raises(Invalid) as refused:
        as_text(SLOPE + "class: technical\n")
    assert "Leave out class" in refused.value.fields["rule"]
    fall = "{kind: fall, happened_within: 1 h}"
    both = f"steps: [{{severity: red, when: {{any: [{fall}, {{kind: pulse, above: 120}}]}}}}]"
    assert as_text(both)["class_"].value == "life_safety"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"over_hours": None}, "over_hours"),
        ({"times": 2, "within_minutes": 30}, "times"),
        ({"for_minutes": 30}, "for_minutes"),
        ({"limit": 0}, "limit"),
        ({"limit": 1000}, "limit"),
        ({"side": "sideways"}, "side"),
        ({"kind": "motion"}, "kind"),
        ({"kind": "news2"}, "kind"),
        ({"side": "above", "limit": 100}, "over_hours"),
        ({"rule": SLOPE}, "rule"),
    ],
)
def test_each_fault_is_at_its_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(**more)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("steps: [", "Line 1: write this as YAML."),
        ("- 1", "Begin with steps"),
        ("clear: {kind: spo2, above: 90}", "Begin with steps"),
        ("steps: [{severity: red, when: {kind: nonsense, above: 3}}]", "There is no such kind of reading."),
        (
            "steps: [{severity: red, when: {kind: spo2, below: 200}}]",
            "No reading of this kind can be beyond 200",
        ),
        ("steps: [{severity: red, when: {kind: spo2, below: 88, often: yes}}]", "often"),
    ],
)
def test_a_text_that_is_no_rule_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        as_text(text)
    assert said in refused.value.fields["rule"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"side": "above", "limit": 90, "over_hours": None},
        {"kind": None, "side": None, "limit": None, "over_hours": None, "severity": None, "rule": SLOPE},
        {"kind": None, "side": None, "limit": None, "over_hours": None, "severity": None, "rule": MORNING},
    ],
)
def test_what_is_told_back_makes_the_same_rule(
    session: Session, cast: Cast, now: datetime, fields: dict[str, Any]
) -> None:
    draft = Draft(session, cast, now, "copd")
    asked = {**FIELDS, "contingency": draft.rows(Part.CONTINGENCIES)[0].key, **fields}
    row: PlanRule = draft.add(
        Part.TRIGGERS, **{name: each for name, each in asked.items() if each is not None}
    )
    before = dict(row.document)
    told = given.of(Part.TRIGGERS, row, draft.known)
    assert ("rule" in told) is ("rule" in fields)
    assert own_rules.read(told, row.key, str)["document"] == before


def test_fields_give_way_to_a_text_and_a_text_to_fields(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now, "copd")
    row = draft.add(Part.TRIGGERS, **{**FIELDS, "contingency": draft.rows(Part.CONTINGENCIES)[0].key})
    draft.change(Part.TRIGGERS, row.key, rule=MORNING)
    assert "no_sign_of" in row.document["steps"][0]["when"]
    draft.change(Part.TRIGGERS, row.key, kind="pulse", side="above", limit=120, severity="amber")
    assert row.document["steps"] == [{"severity": "amber", "when": {"kind": "pulse", "above": 120}}]


def test_only_a_limit_that_was_typed_has_safe_bounds(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now, "copd")
    own = draft.add(
        Part.TRIGGERS, contingency=draft.rows(Part.CONTINGENCIES)[0].key, kind="pulse", side="above",
        limit=120, severity="amber", why="Her GP",
    )  # fmt: skip
    threshold = own_rules.threshold_of(own)
    assert threshold is not None
    assert threshold.limit == 120
    assert own_rules.threshold_of(draft.rows(Part.TRIGGERS)[0]) is None
    assert own_rules.safe_bounds("pulse") == (30, 220)
