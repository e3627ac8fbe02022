import pytest

from care_plans.judging.parse import from_document
from care_plans.judging.writing import to_document
from tests.care_plans.test_mornings import RULE
from tests.care_plans.test_replay import RULES


@pytest.mark.parametrize("rule", [RULE, *RULES], ids=range(len(RULES) + 1))
def test_what_is_written_is_read_back_exactly(rule: object) -> None:
    assert from_document(to_document(rule)) == rule  # type: ignore[arg-type]
