from datetime import timedelta

import pytest

from care_plans.alerts.lateness import pages
from care_plans.severity import Class, Severity
from tests.care_plans.making import NOW

HOURS = timedelta(hours=1)


@pytest.mark.parametrize("severity", list(Severity))
def test_a_late_life_safety_event_pages_while_under_a_day_old(severity: Severity) -> None:
    assert pages(Class.LIFE_SAFETY, severity, NOW - 24 * HOURS, NOW, timedelta(0))
    assert not pages(Class.LIFE_SAFETY, severity, NOW - 25 * HOURS, NOW, timedelta(0))


def test_a_late_red_clinical_finding_pages_while_under_a_day_old_and_an_amber_one_does_not() -> None:
    assert pages(Class.CLINICAL, Severity.RED, NOW - 20 * HOURS, NOW, HOURS)
    assert not pages(Class.CLINICAL, Severity.AMBER, NOW - 20 * HOURS, NOW, HOURS)


@pytest.mark.parametrize("class_", [Class.CLINICAL, Class.HOME_SOCIAL, Class.TECHNICAL])
def test_a_finding_within_the_time_of_its_rule_pages(class_: Class) -> None:
    assert pages(class_, Severity.AMBER, NOW - HOURS, NOW, HOURS)
    assert not pages(class_, Severity.AMBER, NOW - HOURS - timedelta(seconds=1), NOW, HOURS)
