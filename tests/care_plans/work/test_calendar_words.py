"""Rules of calendars in plain words."""

from datetime import date

import pytest
from hypothesis import given

from care_plans.work import calendar_rule, calendar_words
from care_plans.work.calendar_rule import CalendarRule
from tests.care_plans.work.test_calendar_rule import rules

STARTS = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=MONTHLY;BYDAY=2TU", "the second Tuesday of every month"),
        ("FREQ=MONTHLY;BYDAY=-1FR,1MO", "the last Friday and the first Monday of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,-1", "on the last day and the 15th of every month"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "on the 13th of every month when that is a Friday"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "every week on Mondays and Thursdays"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
            "every 2 weeks on Mondays, counted from 24 November 2026",
        ),
        ("FREQ=WEEKLY", "every week on Tuesdays"),
        ("FREQ=DAILY;UNTIL=20270331", "every day, until 31 March 2027"),
        ("FREQ=DAILY;COUNT=10", "every day, 10 times, counted from 24 November 2026"),
        ("FREQ=DAILY;BYMONTH=12,1", "every day, in January and December only"),
        ("FREQ=DAILY;BYDAY=SA,SU", "every day that is a Saturday or a Sunday"),
        ("FREQ=YEARLY", "on the 24th of November every year"),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=1MO", "the first Monday of March every year"),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=22", "on the 22nd of March every year"),
        ("FREQ=YEARLY;BYDAY=20MO", "the 20th Monday of every year"),
        ("FREQ=MONTHLY", "on the 24th of every month"),
    ],
)
def test_a_rule_is_said_in_plain_words(text: str, words: str) -> None:
    assert calendar_words.said(calendar_rule.read(text)[0], STARTS) == words


def test_a_rule_of_a_pathway_counts_from_the_day_it_is_begun() -> None:
    assert calendar_words.said(CalendarRule(calendar_rule.Frequency.MONTHLY), None) == (
        "every month, on the day it was begun"
    )


@given(rules)
def test_every_rule_has_words(rule: CalendarRule) -> None:
    assert calendar_words.said(rule, STARTS)
    assert calendar_words.said(rule, None)
