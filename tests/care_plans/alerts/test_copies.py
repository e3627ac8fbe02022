"""What is said of a copied call, and who asks the centre what came of it."""

from dataclasses import replace

from care_plans.alerts import copies
from care_plans.alerts.ladder import Ladder, LadderStep, Way, faults
from care_plans.severity import Class

CENTRE = "Westmere Careline"
DAY = LadderStep(1, "Coordinators", Way.CALL, 120, team=1)
NIGHT = LadderStep(2, "Responders", Way.CALL, 120, team=2, staffed_all_hours=True)
LADDER = Ladder("pendant", "Pendant", (DAY, NIGHT))


def test_a_team_that_is_always_there_asks_the_centre_first_and_then_all_goes_on_as_ever() -> None:
    first, *rest = copies.asks_first(LADDER, Class.LIFE_SAFETY, CENTRE).steps
    assert (first.team, first.way, first.wait) == (2, Way.MESSAGE, 180)
    assert first.words == "Ask Westmere Careline what came of it"
    assert [replace(step, position=step.position - 1) for step in rest] == [DAY, NIGHT]


def test_the_ladder_stays_one_that_could_be_published() -> None:
    assert faults(copies.asks_first(LADDER, Class.LIFE_SAFETY, CENTRE), Class.LIFE_SAFETY) == []


def test_a_team_that_is_no_receiving_centre_asks_where_there_is_one() -> None:
    centre = LadderStep(1, "Receiving centre", Way.CALL, 120, team=3, receiving_centre=True)
    both = Ladder("pendant", "Pendant", (centre, NIGHT))
    assert copies.asks_first(both, Class.LIFE_SAFETY, CENTRE).steps[0].team == 2
    alone = Ladder("pendant", "Pendant", (centre,))
    assert copies.asks_first(alone, Class.LIFE_SAFETY, CENTRE).steps[0].team == 3


def test_without_a_centre_on_record_nobody_is_asked_first() -> None:
    assert copies.asks_first(LADDER, Class.LIFE_SAFETY, None) is LADDER


def test_without_a_team_that_is_always_there_nothing_comes_before_the_call() -> None:
    by_day = Ladder("pendant", "Pendant", (DAY,))
    assert copies.asks_first(by_day, Class.LIFE_SAFETY, CENTRE) is by_day


def test_what_calls_nobody_at_once_is_left_as_it_is() -> None:
    assert copies.asks_first(LADDER, Class.HOME_SOCIAL, CENTRE) is LADDER


def test_it_never_says_that_the_centre_answered() -> None:
    assert copies.told(CENTRE) == (
        "A copy: Westmere Careline was called by the unit and answers; we follow up. "
        "Nobody here knows yet that it did answer."
    )
    assert "calls in full" in copies.told(None)
    assert copies.short(None) == "a copy: an alarm receiving centre was called"


def test_what_to_do_is_to_ask_the_centre_and_else_what_is_done_with_any_call() -> None:
    asked = copies.to_do(CENTRE, "Speak to the person.")
    assert asked.startswith("Ask Westmere Careline what came of it, and record who spoke to them")
    assert asked.endswith("If it did not answer: Speak to the person.")
    assert copies.to_do(None, "Speak to the person.") == "Speak to the person."
