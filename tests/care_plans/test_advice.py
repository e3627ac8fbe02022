"""Where pathways tell somebody the opposite."""

from care_plans.pathways import advice, reading


def of(*codes: str) -> dict[str, list[str]]:
    found = advice.contradictions(reading.get(code) for code in codes)
    return {one.topic: [f"{pathway.code}: {said.stance}" for pathway, said in one.said] for one in found}


def test_pathways_that_say_the_opposite_are_named_with_what_each_says() -> None:
    assert of("heart_failure", "diabetes") == {"fluids": ["heart_failure: as_agreed", "diabetes: encourage"]}
    assert of("copd", "end_of_life")["hospital"] == ["copd: when_needed", "end_of_life: stay_home"]


def test_pathways_that_agree_or_stand_alone_contradict_nobody() -> None:
    assert of("diabetes") == {}
    assert of("hypertension", "carer") == {}
    assert of() == {}


def test_whose_pendant_is_answered_by_two_lines_is_a_contradiction_to_be_settled() -> None:
    assert of("frailty_falls", "end_of_life")["pendant"] == [
        "frailty_falls: receiving_centre_first", "end_of_life: palliative_line_first",
    ]  # fmt: skip
