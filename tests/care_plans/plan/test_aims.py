"""What was given for strengths, needs, goals and who does what."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from care_plans.plan import aims
from care_plans.plan.known import Known
from core.errors import Invalid
from tests.care_plans.planning import Draft
from tests.cast import Cast

MEASURED = {
    "measure_kind": "spo2", "measure_counts": "days_met", "measure_sense": "at_least",
    "measure_target": "88,5", "measure_days": "30", "measure_enough": "25",
}  # fmt: skip


@pytest.fixture
def known(session: Session, cast: Cast, now: datetime) -> Known:
    return Draft(session, cast, now, "copd").known


def test_a_goal_is_measured_in_words_or_from_readings(known: Known) -> None:
    need = next(iter(known.needs))
    values = aims.goal({"need": need, "text": "Dance", "importance": "5", **MEASURED}, known)
    assert values["measure"] == {
        "kind": "spo2", "counts": "days_met", "sense": "at_least", "target": 88.5, "days": 30, "enough": 25,
    }  # fmt: skip
    assert (values["need_key"], values["importance"]) == (need, 5)
    assert aims.goal({"need": need, "text": "Dance", "measure_words": "She went"}, known)["measure"] is None


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"measure_target": None}, "measure_target"),
        ({"measure_enough": 31}, "measure_enough"),
        ({"measure_target": 500}, "measure_target"),
        ({"measure_target": "many"}, "measure_target"),
        ({"measure_kind": "no_such"}, "measure_kind"),
        ({"measure_kind": None}, "measure_kind"),
        ({"importance": 6}, "importance"),
        ({"need": "no_such"}, "need"),
    ],
)
def test_each_fault_of_a_goal_is_at_its_field(known: Known, more: dict[str, Any], field: str) -> None:
    given = {"need": next(iter(known.needs)), "text": "Dance", **MEASURED, **more}
    with pytest.raises(Invalid) as refused:
        aims.goal(given, known)
    assert list(refused.value.fields) == [field]


def test_an_action_belongs_to_a_team_that_sees_the_person_and_to_somebody_in_it(
    known: Known, cast: Cast
) -> None:
    goal = next(iter(known.goals))
    given = {"goal": goal, "text": "Visit", "team": cast.nurses.uuid, "staff": cast.dev.uuid}
    values = aims.action({**given, "due_on": "2026-12-01", "confidence": "0"}, known)
    assert (values["team_id"], values["agency_id"], values["staff_id"]) == (
        cast.nurses.id, cast.health.id, cast.dev.id,
    )  # fmt: skip
    assert (values["due_on"], values["confidence"]) == (date(2026, 12, 1), 0)
    assert aims.action({"goal": goal, "text": "Visit"}, known)["agency_id"] is None, "in a draft nobody may"
    for wrong, field in (
        ({**given, "team": cast.strangers.uuid}, "team"),
        ({**given, "staff": cast.sol.uuid}, "staff"),
        ({**given, "confidence": 11}, "confidence"),
    ):
        with pytest.raises(Invalid) as refused:
            aims.action(wrong, known)
        assert list(refused.value.fields) == [field]


def test_strengths_needs_stages_and_documents_have_to_say_something(known: Known) -> None:
    action = next(iter(known.actions))
    assert aims.strength({"text": " Cooks "}, known) == {"text": "Cooks"}
    assert aims.stage({"action": action, "text": "To the gate"}, known)["status"] == "proposed"
    assert aims.document({"title": "Form", "place": "Folder"}, known)["title"] == "Form"
    for read, given in ((aims.need, {"text": " "}), (aims.stage, {"action": action}), (aims.document, {})):
        with pytest.raises(Invalid):
            read(given, known)


def test_a_number_is_read_with_a_point_or_a_comma_and_a_team_by_its_id(known: Known, cast: Cast) -> None:
    assert aims.decimal("1,5") == aims.decimal("1.5") == 1.5
    for wrong in ("x", "inf", ""):
        with pytest.raises(Invalid):
            aims.decimal(wrong)
    assert aims.team(known)(str(cast.nurses.uuid)).name == "Community nurses"
