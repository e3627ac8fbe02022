"""How often alerts were right."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.models.alerts import Cause
from care_plans.severity import Class, Severity
from outcomes import precision
from outcomes.alerts_raised import OPEN, AlertRaised
from outcomes.precision import BY_ITSELF

ALERT = AlertRaised(
    UUID(int=1), 1, None, (1,), 1, 1, Class.CLINICAL, Severity.RED, "Oxygen low", "copd",
    datetime(2026, 11, 16, tzinfo=UTC), (), 0, None, OPEN, "spo2", "copd.oxygen_low",
)  # fmt: skip


def closed(cause: str, **changes: object) -> AlertRaised:
    return replace(ALERT, cause=cause, **changes)  # type: ignore[arg-type]


def test_what_somebody_judged_counts_and_nothing_else() -> None:
    [one] = precision.tally(
        [
            closed(Cause.TRUE_ACTED),
            closed(Cause.TRUE_NO_ACTION),
            closed(Cause.TRUE_NO_ACTION, by_itself=True),
            closed(Cause.FALSE_KIT, person_id=2, people=(2,)),
            closed(Cause.FALSE_THRESHOLD),
            closed(Cause.FALSE_USER),
            closed(Cause.DUPLICATE),
            closed(Cause.TEST),
            ALERT,
        ],
        precision.rule_of,
    )
    assert (one.key, one.name, one.raised, one.subjects) == ("copd.oxygen_low", "Oxygen low", 9, 2)
    assert (one.right, one.wrong) == (2, 3)
    assert one.precision == precision.share(2, 5)
    assert (one.found[OPEN], one.found[BY_ITSELF], one.found[Cause.TRUE_NO_ACTION]) == (1, 1, 1)


def test_where_nobody_judged_there_is_no_precision() -> None:
    [one] = precision.tally([ALERT, closed(Cause.TEST)], precision.rule_of)
    assert one.precision is None


def test_those_most_often_wrong_come_first_and_the_newest_name_stands() -> None:
    other = {"rule_key": "copd.pulse", "name": "Pulse"}
    found = precision.tally(
        [
            ALERT,
            closed(OPEN, name="Oxygen low at rest"),
            closed(Cause.FALSE_KIT, **other),
            closed(Cause.TRUE_ACTED, rule_key="copd.fever", name="Fever"),
        ],
        precision.rule_of,
    )
    assert [one.name for one in found] == ["Pulse", "Oxygen low at rest", "Fever"]


def test_faults_of_kit_are_one_rule_whichever_piece_it_is() -> None:
    keys = [f"kit.silent.{UUID(int=number)}" for number in (1, 2)]
    found = precision.tally([closed(OPEN, rule_key=key) for key in keys], precision.rule_of)
    assert [(one.key, one.raised) for one in found] == [("kit.silent", 2)]


def test_by_model_only_what_is_about_kit_counts() -> None:
    found = precision.tally([ALERT, closed(OPEN, model="SP-1")], precision.model_of)
    assert [(one.name, one.raised) for one in found] == [("SP-1", 1)]


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17:857-872, table I, the score method without correction.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    told = precision.share(part, whole)
    assert told.value == part / whole
    assert (told.low, told.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_share_lies_in_its_interval(of: tuple[int, int]) -> None:
    told = precision.share(*of)
    assert 0.0 <= told.low <= told.value + 1e-12
    assert told.value - 1e-12 <= told.high <= 1.0
