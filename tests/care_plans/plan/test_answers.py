"""What was given for contingencies, triggers, ladders, what is watched and what comes again."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from care_plans.judging import describing
from care_plans.judging.rules import from_document
from care_plans.plan import answers
from care_plans.plan.known import Known
from core.errors import Invalid
from tests.care_plans.planning import Draft
from tests.cast import Cast


@pytest.fixture
def known(session: Session, cast: Cast, now: datetime) -> Known:
    return Draft(session, cast, now, "copd").known


def trigger(known: Known, **more: Any) -> dict[str, Any]:
    given = {
        "contingency": next(iter(known.contingencies)), "kind": "pulse", "side": "above", "limit": "120",
        "severity": "amber", "why": "Her GP", **more,
    }  # fmt: skip
    return answers.trigger(given, known, "own.pulse_1")


def test_a_simple_trigger_makes_a_rule_that_can_be_judged(known: Known) -> None:
    values = trigger(known, times=2, within_minutes=30)
    rule = from_document(values["document"])
    assert (rule.key, rule.name, rule.source) == (
        "own.pulse_1",
        "Pulse above 120 bpm",
        "Set for this person: Her GP",
    )
    assert values["document"]["steps"] == [
        {"severity": "amber", "when": {"kind": "pulse", "above": 120.0, "times": 2, "within": "30 min"}}
    ]


def test_a_simple_trigger_may_ask_for_how_long_and_says_so(known: Known) -> None:
    values = trigger(known, for_minutes=45)
    (step,) = values["document"]["steps"]
    assert step["when"] == {"kind": "pulse", "above": 120.0, "for": "45 min"}
    ((_, words),) = describing.step_words(from_document(values["document"]))
    assert "for 45 minutes" in words


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"limit": 400}, "limit"),
        ({"kind": "no_such"}, "kind"),
        ({"side": "beside"}, "side"),
        ({"times": 3}, "within_minutes"),
        ({"times": 3, "within_minutes": 30, "for_minutes": 20}, "for_minutes"),
        ({"why": ""}, "why"),
        ({"contingency": "no_such"}, "contingency"),
    ],
)
def test_each_fault_of_a_trigger_is_at_its_field(known: Known, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        trigger(known, **more)
    assert list(refused.value.fields) == [field]


def test_a_ladder_is_a_list_of_steps_each_to_a_team_or_a_contact(known: Known, cast: Cast) -> None:
    contact = next(iter(known.contacts))
    steps = [
        {"way": "message", "wait_minutes": 10, "contact": contact},
        {"way": "call", "wait_minutes": "5", "team": cast.centre.uuid, "words": "All hours"},
    ]
    values = answers.ladder({"name": "Ring", "steps": steps}, known, "own.ladder_1")
    first, last = values["document"]["steps"]
    assert (first["words"], first["wait"], "contact" in first) == ("Beth Marsh", "10 min", True)
    assert (last["position"], last["receiving_centre"], last["team"]) == (2, True, cast.centre.id)
    for wrong, field in (
        ([], "steps"),
        ([{"way": "call", "wait_minutes": 5}], "steps.0.team"),
        ([{"way": "shout", "wait_minutes": 5, "team": cast.centre.uuid}], "steps.0.way"),
        ([{"colour": "red"}], "steps.0.colour"),
        (["x"], "steps.0."),
        ([only(cast, only_from="22:00")], "steps.0.only_until"),
        ([only(cast, only_from="22:00", only_until="22:00")], "steps.0.only_until"),
        ([only(cast, only_from="late", only_until="07:00")], "steps.0.only_from"),
        ([only(cast, from_times="0")], "steps.0.from_times"),
    ):
        with pytest.raises(Invalid) as refused:
            answers.ladder({"name": "Ring", "steps": wrong}, known, "own.ladder_1")
        assert list(refused.value.fields) == [field]


def only(cast: Cast, **when: str) -> dict[str, Any]:
    """A step that is asked at some times alone."""
    return {"way": "call", "wait_minutes": 5, "team": cast.centre.uuid, **when}


def test_a_step_may_be_for_some_hours_or_for_what_comes_back(known: Known, cast: Cast) -> None:
    steps = [only(cast, only_from="22:00", only_until="07:00", from_times="3"), only(cast)]
    values = answers.ladder({"name": "Ring", "steps": steps}, known, "own.ladder_1")
    first, last = values["document"]["steps"]
    assert (first["between"], first["from_times"]) == ({"from": "22:00", "to": "07:00"}, 3)
    assert {"between", "from_times"} & last.keys() == set()


def test_what_is_watched_has_times_or_a_pace_in_the_persons_zone(known: Known) -> None:
    at = answers.monitoring({"kind": "spo2", "times": "08:00; 20:00", "grace_hours": 2}, known)
    assert at["document"]["by"]["times"] == ["08:00", "20:00"]
    assert (at["document"]["by"]["zone"], at["document"]["grace"]) == ("Europe/London", 7200)
    often = answers.monitoring({"kind": "room_temperature", "every_hours": 6, "grace_hours": 1}, known)
    assert (often["document"], often["about"]) == ({"grace": 3600, "every": 21600}, "home")
    for more, field in (
        ({}, "times"),
        ({"times": "08:00", "every_hours": 2}, "times"),
        ({"times": "8 o'clock"}, "times"),
        ({"times": "08:00", "weekdays": "someday"}, "weekdays"),
        ({"times": "08:00", "kind": "no_such"}, "kind"),
    ):
        with pytest.raises(Invalid) as refused:
            answers.monitoring({"kind": "spo2", "grace_hours": 2, **more}, known)
        assert list(refused.value.fields) == [field]


def test_what_comes_again_counts_from_today_or_after_a_whole_interval(known: Known, cast: Cast) -> None:
    given = {"kind": "call", "text": "Ring", "team": cast.nurses.uuid, "times": ["10:00"]}
    daily = answers.schedule(given, known)["recurrence"]
    monthly = answers.schedule({**given, "every_days": 28}, known)["recurrence"]
    assert daily["starts"] == known.today.isoformat()
    assert monthly["starts"] > daily["starts"]
    with pytest.raises(Invalid):
        answers.schedule({**given, "every_days": 28, "weekdays": "monday"}, known)


def test_a_follow_up_is_asked_for_whole_or_not_at_all(known: Known, cast: Cast) -> None:
    given = {"name": "Fast pulse", "follow_up_text": "Visit"}
    with pytest.raises(Invalid) as refused:
        answers.contingency(given, known)
    assert set(refused.value.fields) == {
        "follow_up_kind", "follow_up_team", "follow_up_hours", "follow_up_from",
    }  # fmt: skip
    more = {"kind": "visit", "team": cast.nurses.uuid, "hours": 2, "from": "red"}
    values = answers.contingency(given | {f"follow_up_{name}": value for name, value in more.items()}, known)
    assert values["follow_up"]["due_in"] == 7200
    assert answers.contingency({"name": "Fast pulse"}, known)["follow_up"] is None
