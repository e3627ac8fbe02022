"""What a pathway costs for one person in a month."""

import pytest

from care_plans.pathways import costing, prices, reading


def test_hours_a_week_times_the_weeks_of_a_month_times_the_price() -> None:
    cost = costing.cost(reading.get("hypertension"), prices.all_prices())
    nurse, coordinator = cost.lines
    assert nurse.pounds == pytest.approx(0.1 * 52 / 12 * 50)
    assert coordinator.price.stand_in
    assert cost.pounds == pytest.approx(nurse.pounds + coordinator.pounds)
    assert cost.hours == pytest.approx(0.15)


def test_kit_is_said_to_be_left_out_and_a_volunteers_hours_count_without_a_price() -> None:
    cost = costing.cost(reading.get("frailty_falls"), prices.all_prices())
    assert "Pendant with fall detector" in cost.not_priced
    (befriender,) = [line for line in cost.lines if line.staffing.price == "volunteer"]
    assert (befriender.staffing.hours, befriender.pounds) == (1, 0)


@pytest.mark.parametrize("code", sorted(reading.all_pathways()))
def test_every_pathway_can_be_costed(code: str) -> None:
    assert costing.cost(reading.get(code), prices.all_prices()).pounds > 0
