from collections.abc import Iterator

import pytest
import yaml

from care_plans.judging.conditions import Event, Missing, Routine, conditions
from care_plans.judging.rules import (
    Class,
    Finding,
    Nothing,
    Rule,
    Severity,
    Track,
    Unknown,
    from_document,
    to_document,
)
from care_plans.pathways import reading
from care_plans.pathways.shape import Pathway, Trigger
from core.errors import Invalid, NotFound
from devices import kinds
from tests.care_plans.making import DAY, HOUR, MINUTE, ago, evenly, track, verdict

SMALL = """
code: quiet
version: 1
title: A quiet life
owner: health
summary: Nothing much.
sources: [{title: A book}]
needs:
  - key: rest
    text: Too much noise
    goals:
      - {key: sleep, text: I want to sleep., importance: 3,
         actions: [{key: call, sector: health, role: community_nursing, text: Call., due_in_days: 7}]}
ladders:
  - key: one
    name: One step
    steps:
      - {sector: private, role: receiving_centre, way: call, wait: 5 min, words: All, receiving_centre: true}
contingencies:
  - key: noise
    name: Noise
    goal: sleep
    ladder: one
    what_should_happen: Ring.
    triggers:
      - {key: quiet.noise, name: Noise, class: clinical, about: person, source: A book,
         steps: [{severity: amber, when: {kind: pulse, above: 110}}]}
watch: {sector: health, role: community_nursing, watched: By day., otherwise: Ring 111.}
"""


def triggers() -> Iterator[tuple[Pathway, Trigger]]:
    for pathway in reading.all_pathways().values():
        for contingency in pathway.contingencies:
            for trigger in contingency.triggers:
                yield pathway, trigger


def rule(key: str) -> Rule:
    return next(trigger.rule for _, trigger in triggers() if trigger.rule.key == key)


def said(found: object) -> tuple[Severity, str]:
    assert isinstance(found, Finding), found
    return found.severity, found.words


def test_the_package_holds_twelve_pathways() -> None:
    assert set(reading.all_pathways()) == {
        "copd", "heart_failure", "hypertension", "diabetes", "frailty_falls", "discharge_home",
        "virtual_ward", "dementia", "warm_dry_home", "medication", "carer", "end_of_life",
    }  # fmt: skip
    assert reading.get("copd").title == "COPD at home"
    with pytest.raises(NotFound):
        reading.get("measles")


def test_a_small_pathway_is_read() -> None:
    pathway = reading.from_yaml(SMALL)
    assert pathway.goals[0].text == "I want to sleep."
    assert pathway.contingencies[0].triggers[0].rule.steps[0].severity is Severity.AMBER
    assert (pathway.kit, pathway.monitoring, pathway.schedules) == ((), (), ())


def test_every_fault_of_a_pathway_is_named_at_its_place() -> None:
    content = yaml.safe_load(SMALL)
    content["owner"] = "nhs"
    content["needs"][0]["goals"][0]["importance"] = 9
    content["needs"][0]["goals"][0]["measure"] = {
        "kind": "pulse",
        "counts": "days_met",
        "days": 7,
        "enough": 9,
    }
    content["contingencies"][0]["triggers"][0]["steps"][0]["when"]["above"] = "high"
    content["contingencies"][0]["follow_up"] = {"kind": "call", "text": "Call.", "due_in": "soon"}
    content["monitoring"] = [
        {"key": "m", "kind": "pulse", "about": "person", "grace": "1 h", "goal": "sleep"}
    ]
    content["watch"]["when"] = "always"
    with pytest.raises(Invalid) as refused:
        reading.from_document(content)
    assert set(refused.value.fields) == {
        "owner",
        "needs.0.goals.0.importance",
        "needs.0.goals.0.measure.sense",
        "needs.0.goals.0.measure.target",
        "needs.0.goals.0.measure.enough",
        "contingencies.0.triggers.0.steps.0.when.above",
        "contingencies.0.follow_up.due_in",
        "contingencies.0.follow_up.sector",
        "contingencies.0.follow_up.role",
        "contingencies.0.follow_up.from_severity",
        "monitoring.0",
        "watch.when",
    }


@pytest.mark.parametrize("text", ["code: [", "- just\n- a list", "", "code: copd\n\tversion: 1"])
def test_what_is_no_yaml_mapping_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        reading.from_yaml(text)
    assert refused.value.fields


def test_every_rule_of_every_pathway_has_its_own_key_and_a_source() -> None:
    keys = [trigger.rule.key for _, trigger in triggers()]
    assert len(keys) == len(set(keys))
    assert all(len(trigger.rule.source) > 20 for _, trigger in triggers())


def test_every_rule_document_is_the_rule_again() -> None:
    for _, trigger in triggers():
        assert from_document(trigger.document) == trigger.rule
        assert to_document(trigger.rule) == trigger.document


def test_every_pathway_speaks_for_the_person_and_says_what_to_do_when_nobody_looks() -> None:
    for pathway in reading.all_pathways().values():
        assert all(goal.text.startswith("I want ") for goal in pathway.goals)
        assert "999" in pathway.watch.otherwise


def test_life_safety_is_red_pages_for_a_day_and_never_clears() -> None:
    of_class = [trigger.rule for _, trigger in triggers() if trigger.rule.class_ is Class.LIFE_SAFETY]
    assert {one.key for one in of_class} == {
        "frailty_falls.pendant",
        "frailty_falls.fall",
        "frailty_falls.smoke",
        "warm_dry_home.carbon_monoxide",
        "end_of_life.pendant",
        "end_of_life.fall",
    }
    assert all(one.clear is None and one.pages_within == DAY for one in of_class)
    assert all(step.severity is Severity.RED for one in of_class for step in one.steps)


@pytest.mark.parametrize("apart", [3, 6 * MINUTE])
def test_copd_oxygen_of_84_twice_is_red_and_once_is_amber(apart: float) -> None:
    low = rule("copd.oxygen_low")
    assert said(verdict(low, track("spo2", (0, 84)))) == (Severity.AMBER, "Oxygen 84 %, below 88 %")
    severity, words = said(verdict(low, track("spo2", (apart, 84), (0, 84))))
    assert severity is Severity.RED
    assert words.startswith("Oxygen 84 %, below 85 % twice in ")


def test_copd_oxygen_in_the_target_is_nothing_and_very_low_is_red_at_once() -> None:
    low = rule("copd.oxygen_low")
    assert verdict(low, track("spo2", (0, 91))) == Nothing(cleared=True)
    assert said(verdict(low, track("spo2", (0, 79)))) == (Severity.RED, "Oxygen 79 %, below 80 %")


def test_heart_failure_weight_of_more_than_2_kg_in_3_days_or_3_kg_in_7_is_amber() -> None:
    gain = rule("heart_failure.weight_up")
    assert said(verdict(gain, track("weight", (3 * DAY, 80), (0, 82.3)))) == (
        Severity.AMBER,
        "Weight up 2.3 kg in 3 days (limit 2 kg)",
    )
    assert said(verdict(gain, track("weight", (6 * DAY, 79), (2 * DAY, 81), (0, 82.3))))[1] == (
        "Weight up 3.3 kg in 6 days (limit 3 kg)"
    )
    assert verdict(gain, track("weight", (3 * DAY, 80), (0, 82))) == Nothing(cleared=True)


def test_heart_failure_weight_up_with_low_oxygen_is_red() -> None:
    both = rule("heart_failure.weight_and_oxygen")
    gained = track("weight", (2 * DAY, 80), (0, 82.5))
    assert said(verdict(both, gained, track("spo2", (0, 90))))[0] is Severity.RED
    assert verdict(both, gained, track("spo2", (0, 95))) == Nothing(cleared=True)


def test_hypertension_of_180_or_120_is_red_when_repeated() -> None:
    high = rule("hypertension.very_high")
    fine = track("diastolic", (0, 80))
    assert said(verdict(high, track("systolic", (0, 182)), fine))[0] is Severity.AMBER
    assert said(verdict(high, track("systolic", (600, 180), (0, 182)), fine))[0] is Severity.RED
    twice = track("diastolic", (600, 121), (0, 120))
    assert said(verdict(high, track("systolic", (0, 150)), twice))[0] is Severity.RED


def test_hypertension_means_are_watched_from_135_85_and_amber_from_150_95() -> None:
    mean = rule("hypertension.mean_high")
    means = ("systolic_home_mean", "diastolic_home_mean")

    def found(systolic: float, diastolic: float) -> object:
        each = zip(means, (systolic, diastolic), strict=True)
        return verdict(mean, *(evenly(kind, [value], 60) for kind, value in each))

    assert said(found(135, 80))[0] is Severity.WATCH
    assert said(found(128, 85))[0] is Severity.WATCH
    assert said(found(151, 80))[0] is Severity.AMBER
    assert said(found(130, 95))[0] is Severity.AMBER
    assert found(134, 84) == Nothing(cleared=False)
    assert found(130, 81) == Nothing(cleared=True)


def test_damp_at_the_wall_for_days_is_amber_and_where_no_wall_is_known_nobody_says_it_is_dry() -> None:
    wall = rule("warm_dry_home.damp_wall")
    assert said(verdict(wall, evenly("surface_humidity", [84.0] * 160, 1800)))[0] is Severity.AMBER
    a_day = [70.0] * 96 + [90.0] * 48
    assert verdict(wall, evenly("surface_humidity", a_day, 1800)) == Nothing(cleared=False)
    assert isinstance(verdict(wall, evenly("room_humidity", [60.0] * 96, 1800)), Unknown)


def test_a_home_below_16_for_5_hours_is_amber_and_below_12_for_2_hours_red() -> None:
    cold = rule("warm_dry_home.cold")
    assert said(verdict(cold, evenly("room_temperature", [15.0] * 31, 600)))[0] is Severity.AMBER
    assert said(verdict(cold, evenly("room_temperature", [11.0] * 13, 600)))[0] is Severity.RED
    # It has been below 16 °C for 4 hours, and below 18 °C for fewer than 12.
    evening = [19.0] * 6 + [15.0] * 25
    assert verdict(cold, evenly("room_temperature", evening, 600)) == Nothing(cleared=False)
    assert verdict(cold, evenly("room_temperature", [19.0] * 13, 600)) == Nothing(cleared=True)


def test_a_home_whose_mean_humidity_stays_high_is_amber_and_a_steamy_hour_is_nothing() -> None:
    damp = rule("warm_dry_home.damp")
    assert said(verdict(damp, evenly("room_humidity", [78.0] * 96, 1800)))[0] is Severity.AMBER
    assert said(verdict(damp, evenly("room_humidity", [72.0] * 96, 1800)))[0] is Severity.WATCH
    shower = [60.0] * 92 + [95.0] * 4
    assert verdict(damp, evenly("room_humidity", shower, 1800)) == Nothing(cleared=True)


def test_a_pendant_a_fall_smoke_and_carbon_monoxide_are_red() -> None:
    for key, kind in (
        ("frailty_falls.pendant", "pendant"),
        ("frailty_falls.fall", "fall"),
        ("frailty_falls.smoke", "smoke"),
        ("warm_dry_home.carbon_monoxide", "carbon_monoxide_alarm"),
    ):
        found = verdict(rule(key), Track(kind, [track(kind, (HOUR, 1)).times[0]], [1], [0]))
        assert isinstance(found, Finding)
        assert (found.severity, found.at) == (Severity.RED, ago(HOUR))


def test_falls_are_answered_and_never_predicted() -> None:
    falls = [trigger.rule for pathway, trigger in triggers() if pathway.code == "frailty_falls"]
    assert falls
    assert all(isinstance(leaf, Event | Missing | Routine) for one in falls for leaf in conditions(one))
    assert not [kind.code for kind in kinds.all_kinds() if "risk" in kind.code or "score" in kind.code]


def test_damp_asks_for_an_inspection_and_proves_nothing() -> None:
    damp = next(one for one in reading.get("warm_dry_home").contingencies if one.key == "damp_home")
    rules = [trigger.rule for trigger in damp.triggers]
    assert {one.class_ for one in rules} == {Class.HOME_SOCIAL}
    assert Severity.RED not in {step.severity for one in rules for step in one.steps}
    assert damp.follow_up is not None
    assert (damp.follow_up.kind, damp.follow_up.team.role) == ("check", "housing_officer")


@pytest.mark.parametrize("minutes", [-20, 20])
def test_weight_counts_from_the_same_morning_three_days_before_whatever_the_minute(minutes: int) -> None:
    weights = track("weight", (3 * DAY + minutes * MINUTE, 80.0), (2 * DAY, 80.7), (DAY, 81.4), (0, 82.1))
    assert said(verdict(rule("heart_failure.weight_up"), weights))[0] is Severity.AMBER


def test_a_cold_home_clears_also_by_sensors_that_speak_each_hour() -> None:
    rooms = evenly("room_temperature", [14.0] * 8 + [18.5] * 3, 62 * MINUTE)
    assert verdict(rule("warm_dry_home.cold"), rooms) == Nothing(cleared=True)


def test_every_pathway_says_whose_it_is_for_whom_since_when_by_which_clocks_and_with_how_many_hours() -> None:
    for pathway in reading.all_pathways().values():
        assert pathway.accountable, pathway.code
        assert pathway.for_whom, pathway.code
        assert pathway.not_for, pathway.code
        assert pathway.in_force.since is not None, pathway.code
        assert pathway.clocks, pathway.code
        assert pathway.staffing, pathway.code
        assert all(len(clock.source) > 10 for clock in pathway.clocks)


def test_an_earlier_version_stays_as_it_was() -> None:
    versions = reading.versions("hypertension")
    assert [each.version for each in versions] == [3, 2, 1]
    assert versions[0] is reading.get("hypertension")
    assert versions[-1].clocks == ()
    assert reading.versions("diabetes") == (reading.get("diabetes"),)
    with pytest.raises(NotFound):
        reading.versions("measles")


def test_every_file_of_an_earlier_version_is_of_a_pathway_there_is_and_older_than_it() -> None:
    for code, pathway in reading.all_pathways().items():
        numbers = [each.version for each in reading.versions(code)]
        assert numbers == list(range(pathway.version, 0, -1)), code


def test_every_pathway_has_actions_of_health_social_care_housing_and_the_third_sector_or_says_whose() -> None:
    across = {"discharge_home", "virtual_ward", "dementia", "medication", "carer", "end_of_life", "diabetes"}
    for code in across:
        sectors = {action.team.sector for goal in reading.get(code).goals for action in goal.actions}
        assert {"health", "social_care", "housing", "third_sector"} <= sectors, code


def test_at_the_end_of_life_comfort_is_asked_about_and_no_part_of_news2_is_judged() -> None:
    triggers_of = [trigger.rule for pathway, trigger in triggers() if pathway.code == "end_of_life"]
    judged = {leaf.kind for one in triggers_of for leaf in conditions(one)}
    news2 = {"spo2", "pulse", "systolic", "respiratory_rate", "body_temperature", "consciousness_alert"}
    assert judged == {"pain", "breathlessness", "pendant", "fall"}
    lent = {kind for kit in reading.get("end_of_life").kit for kind in kit.kinds}
    asked = {one.kind for one in reading.get("end_of_life").monitoring}
    assert not (judged | lent | asked) & news2


def test_end_of_life_ladders_ring_the_palliative_line_first() -> None:
    for ladder in reading.get("end_of_life").ladders:
        first = ladder.steps[0]
        assert (first.team.role, first.way) == ("palliative_care", "call"), ladder.key


def test_what_watches_somebody_is_marked_so() -> None:
    watching = {kit.key for kit in reading.get("dementia").kit if kit.watches}
    assert watching == {"exit_sensor", "movement", "kettle"}
    assert [kit.key for kit in reading.get("dementia").kit if not kit.watches] == ["pendant"]


def test_dementia_is_a_name_that_gives_something_away() -> None:
    told = {code for code, one in reading.all_pathways().items() if one.record_class == "mental_health"}
    assert told == {"dementia"}


def test_a_glucose_below_4_is_amber_and_again_or_below_3_red() -> None:
    low = rule("diabetes.low")
    assert said(verdict(low, track("glucose", (0, 3.6))))[0] is Severity.AMBER
    assert said(verdict(low, track("glucose", (16 * MINUTE, 3.6), (0, 3.8))))[0] is Severity.RED
    assert said(verdict(low, track("glucose", (0, 2.9))))[0] is Severity.RED
    assert verdict(low, track("glucose", (0, 5.2))) == Nothing(cleared=True)


def test_a_missed_dose_is_amber_and_two_days_without_any_are_red() -> None:
    missed = Track("medication_missed", [track("medication_missed", (HOUR, 1)).times[0]], [1], [0])
    assert said(verdict(rule("medication.missed"), missed)) == (Severity.AMBER, "A dose was not taken")
    none = rule("medication.none_taken")
    assert said(verdict(none, track("medication_taken", (27 * HOUR, 1))))[0] is Severity.AMBER
    assert said(verdict(none, track("medication_taken", (51 * HOUR, 1))))[0] is Severity.RED
    assert not isinstance(verdict(none, track("medication_taken", (9 * HOUR, 1))), Finding)


def test_breathing_of_25_twice_is_red_on_the_virtual_ward_and_of_18_is_nothing() -> None:
    fast = rule("virtual_ward.breathing_fast")
    assert said(verdict(fast, track("respiratory_rate", (HOUR, 26), (0, 25))))[0] is Severity.RED
    assert said(verdict(fast, track("respiratory_rate", (HOUR, 21), (0, 22))))[0] is Severity.AMBER
    assert verdict(fast, track("respiratory_rate", (HOUR, 18), (0, 18))) == Nothing(cleared=True)


def test_pain_of_7_is_red_at_the_end_of_life_and_amber_after_a_stay_in_hospital() -> None:
    assert said(verdict(rule("end_of_life.pain"), track("pain", (0, 7))))[0] is Severity.RED
    assert said(verdict(rule("discharge_home.pain"), track("pain", (0, 7))))[0] is Severity.AMBER


def test_caring_that_is_too_much_twice_in_three_days_is_amber_and_a_rise_is_watched() -> None:
    much = rule("carer.too_much")
    assert said(verdict(much, track("caring_load", (DAY, 8), (0, 8))))[0] is Severity.AMBER
    assert not isinstance(verdict(much, track("caring_load", (DAY, 5), (0, 8))), Finding)
    rising = rule("carer.rising")
    assert said(verdict(rising, track("caring_load", (6 * DAY, 3), (0, 6))))[0] is Severity.WATCH
    check = rule("carer.strain_rising")
    assert said(verdict(check, track("carer_strain", (90 * DAY, 9), (0, 13))))[0] is Severity.WATCH
    assert not isinstance(verdict(check, track("carer_strain", (90 * DAY, 9), (0, 12))), Finding)


def test_going_out_in_the_agreed_hours_is_red_and_a_kettle_left_alone_for_a_day_amber() -> None:
    out = Track("property_exit", [track("property_exit", (HOUR, 1)).times[0]], [1], [0])
    assert said(verdict(rule("mental_health.gone_out"), out))[0] is Severity.RED
    cold_kettle = track("appliance_power", (25 * HOUR, 2800), (HOUR, 0))
    assert said(verdict(rule("mental_health.no_drinks"), cold_kettle))[0] is Severity.AMBER
