"""How often a follow-up comes, in fields that need no knowledge of rules."""

from datetime import date
from typing import Any

import pytest

from care_plans.plan import recurring
from core.errors import Invalid

UNTIL = date(2027, 3, 31)


@pytest.mark.parametrize(
    ("values", "weekdays", "rule"),
    [
        ({}, ["monday"], None),
        ({"every_days": 14}, [], None),
        ({"until": UNTIL}, ["monday"], "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270331"),
        ({"every_days": 14, "until": UNTIL}, [], "FREQ=DAILY;INTERVAL=14;UNTIL=20270331"),
        ({"repeats": "weeks", "interval": 2}, ["monday", "friday"], "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"),
        ({"repeats": "month_weekday", "which": "second"}, ["tuesday"], "FREQ=MONTHLY;INTERVAL=1;BYDAY=2TU"),
        (
            {"repeats": "month_day", "month_day": -1, "until": UNTIL}, [],
            "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1;UNTIL=20270331",
        ),
        ({"rule": "FREQ=YEARLY"}, [], "FREQ=YEARLY"),
    ],
)  # fmt: skip
def test_the_fields_are_a_rule_only_where_one_is_needed(
    values: dict[str, Any], weekdays: list[str], rule: str | None
) -> None:
    assert recurring.rule_of(values, weekdays) == rule


@pytest.mark.parametrize(
    ("values", "weekdays", "fields"),
    [
        ({"repeats": "weeks"}, [], {"weekdays"}),
        ({"repeats": "month_weekday"}, [], {"weekdays", "which"}),
        ({"repeats": "month_day", "which": "first"}, ["monday"], {"month_day", "which", "weekdays"}),
        ({"repeats": "other"}, [], {"rule"}),
        ({"rule": "FREQ=DAILY", "until": UNTIL}, [], {"until"}),
        ({"every_days": 7}, ["monday"], {"every_days"}),
        ({"interval": 2}, [], {"interval"}),
    ],
)
def test_what_is_missing_or_does_not_belong_is_said_at_its_field(
    values: dict[str, Any], weekdays: list[str], fields: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        recurring.rule_of(values, weekdays)
    assert set(refused.value.fields) == fields


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=-1MO,-1FR",
        "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15", "FREQ=DAILY;INTERVAL=14;UNTIL=20270331",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", "FREQ=MONTHLY;BYDAY=2TU,-1FR", "FREQ=DAILY;COUNT=3",
        "FREQ=MONTHLY;BYMONTHDAY=-2",
    ],
)  # fmt: skip
def test_a_rule_comes_back_in_the_fields_that_say_it(rule: str) -> None:
    fields = recurring.fields_of(rule)
    weekdays = fields.pop("weekdays", [])
    assert recurring.rule_of(fields, weekdays).replace("INTERVAL=1;", "") == rule
    assert (fields.get("repeats") == "other") == (rule in PLAIN_ONLY_AS_RULES)


PLAIN_ONLY_AS_RULES = {
    "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", "FREQ=MONTHLY;BYDAY=2TU,-1FR", "FREQ=DAILY;COUNT=3",
    "FREQ=MONTHLY;BYMONTHDAY=-2",
}  # fmt: skip


@pytest.mark.parametrize("value", ["0", "32", "-2", "last"])
def test_a_day_that_no_month_has_is_refused(value: str) -> None:
    with pytest.raises(Invalid):
        recurring.day_of_month(value)


def test_the_last_day_is_a_date() -> None:
    assert recurring.last_day("2027-03-31") == UNTIL == recurring.last_day(UNTIL)
    with pytest.raises(Invalid):
        recurring.last_day("soon")
