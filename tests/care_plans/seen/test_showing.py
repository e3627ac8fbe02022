"""An alert as somebody sees it, decided from values alone."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session, object_session

from care_plans.alerts.events import What
from care_plans.seen import showing
from care_plans.seen.showing import Shown
from care_plans.severity import Class
from people.access import SEES_ALL, SEES_LITTLE, Extent, RecordClass
from tests.app.raising import raise_
from tests.cast import Cast


def how(extent: Extent, *, notes: bool = False, plan: bool = False) -> Shown:
    return Shown(extent, RecordClass.VITALS, notes=notes, plan=plan)


@pytest.mark.parametrize(
    ("kind", "class_", "asked", "found"),
    [
        ("spo2", Class.TECHNICAL, None, RecordClass.VITALS),
        ("room_temperature", Class.CLINICAL, None, RecordClass.HOME_ENVIRONMENT),
        (None, Class.CLINICAL, None, RecordClass.VITALS),
        (None, Class.LIFE_SAFETY, None, RecordClass.SAFETY_EVENTS),
        (None, Class.HOME_SOCIAL, None, RecordClass.HOME_ENVIRONMENT),
        (None, Class.TECHNICAL, None, RecordClass.SAFETY_EVENTS),
        ("spo2", Class.CLINICAL, "mental_health", RecordClass.MENTAL_HEALTH),
        ("no such kind", Class.LIFE_SAFETY, None, RecordClass.SAFETY_EVENTS),
    ],
)
def test_an_alert_is_of_the_class_of_its_kind_or_else_of_its_own(
    kind: str | None, class_: Class, asked: str | None, found: RecordClass
) -> None:
    assert showing.class_of(kind, class_, asked) is found


def test_in_full_it_is_the_alert_itself(session: Session, cast: Cast, now: datetime) -> None:
    alert = raise_(session, cast, now)
    assert showing.as_seen(alert, showing.shown(RecordClass.VITALS, SEES_ALL)) is alert


def test_a_sort_keeps_what_to_do_and_a_check_not_even_that(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    sort = showing.as_seen(alert, how(Extent.CATEGORY))
    check = showing.as_seen(alert, how(Extent.CHECK), "Ada Marsh")
    assert (sort.words, sort.what_should_happen) == ("Something about vital signs", "Ring Ada.")
    assert (check.words, check.what_should_happen) == ("Check on Ada Marsh", showing.CHECK_SAYS)
    for seen in (sort, check):
        assert (seen.kind, seen.value, seen.unit, seen.rule, seen.evidence) == (None, None, None, {}, [])
        assert (seen.pathway, seen.goal_text, seen.version_id, seen.rule_key) == (None, None, None, "")
        assert (seen.severity, seen.began_at, seen.escalate_after) == (
            alert.severity,
            alert.began_at,
            alert.escalate_after,
        )
        assert seen.ladder["steps"] == alert.ladder["steps"]
        assert object_session(seen) is None
    assert alert.words == "Oxygen 84%"


def test_without_the_plan_a_full_alert_names_neither_goal_nor_pathway(
    session: Session, cast: Cast, now: datetime
) -> None:
    seen = showing.as_seen(raise_(session, cast, now), how(Extent.FULL, notes=True))
    assert (seen.words, seen.value, seen.kind) == ("Oxygen 84%", 84.0, "spo2")
    assert (seen.goal_text, seen.pathway, seen.rule_key) == (None, None, "plan.oxygen_low")
    assert "copd" not in str(seen.rule)


def test_a_check_does_not_even_say_its_class() -> None:
    assert showing.class_shown(Class.CLINICAL, how(Extent.CHECK)) is None
    assert showing.class_shown(Class.CLINICAL, how(Extent.CATEGORY)) is Class.CLINICAL


def test_every_event_that_is_hidden_by_name_is_one_there_is() -> None:
    assert {What(each) for each in showing.FOUND | showing.WRITTEN}


@pytest.mark.parametrize("what", sorted(What))
def test_whoever_wrote_words_or_was_told_them_reads_them(what: What) -> None:
    little = showing.shown(RecordClass.VITALS, SEES_LITTLE)
    assert showing.words_shown(what, little, own=True)
    assert showing.words_shown(what, little, own=False) == (what not in showing.FOUND | showing.WRITTEN)
    assert showing.words_shown(what, how(Extent.FULL), own=False) == (what not in showing.WRITTEN)


def test_without_words_no_detail_says_why() -> None:
    details = {"cause": "true_acted", "outcome": "admitted", "until": "then", "clinical_reason": "x"}
    assert showing.details_shown(details, words=False) == {"until": "then"}
    assert showing.details_shown(details, words=True) == details
