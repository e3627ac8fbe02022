"""The steps of the no-reply procedure, as agreed."""

from typing import Any

import pytest

from care_plans.ringing.procedure import DEFAULT, Act, from_document, to_document
from core.errors import Invalid


def document(**changed: Any) -> dict[str, Any]:
    return to_document(DEFAULT) | changed


def test_what_is_written_down_is_read_back_exactly() -> None:
    assert from_document(to_document(DEFAULT)) == DEFAULT
    steps = [
        {"act": "visit", "minutes": 20, "team": 4, "words": "Back door"},
        {"act": "welfare_check", "minutes": 5},
    ]
    terms = from_document(document(attempts=2, apart_minutes=5, within_minutes=30, steps=steps))
    assert from_document(to_document(terms)) == terms
    assert [step.act for step in terms.steps] == [Act.VISIT, Act.WELFARE_CHECK]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"attempts": 0}, "attempts"),
        ({"attempts": "three"}, "attempts"),
        ({"apart_minutes": 500}, "apart_minutes"),
        ({"attempts": 4, "apart_minutes": 60, "within_minutes": 120}, "within_minutes"),
        ({"steps": []}, "steps"),
        ({"steps": [{"act": "welfare_check", "minutes": 5}]}, "steps"),
        ({"steps": [{"act": "welfare_check", "minutes": 5}, {"act": "visit", "minutes": 5}]}, "steps"),
        ({"steps": [{"act": "visit", "minutes": 5}] * 2 + [{"act": "welfare_check", "minutes": 5}]}, "steps"),
        ({"steps": [{"act": "visit", "minutes": 0}]}, "steps.0.minutes"),
        ({"steps": [{"act": "police", "minutes": 5}]}, "steps.0.act"),
        ({"until": 5}, "until"),
    ],
)
def test_each_fault_is_said_at_its_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        from_document(document(**changed))
    assert field in refused.value.fields


def test_somebody_always_goes_and_the_decision_about_the_police_comes_last() -> None:
    acts = [step.act for step in DEFAULT.steps]
    assert Act.VISIT in acts
    assert acts[-1] is Act.WELFARE_CHECK
