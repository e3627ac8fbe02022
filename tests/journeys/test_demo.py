"""The demo place gets ready by itself, and its homes give coordinators something to do without a click."""

from pathlib import Path

import pytest

from bench.system import WholeSystem
from tests.journeys.conftest import without_settings
from tests.journeys.household import until

pytestmark = pytest.mark.journey
ARGUMENTS = ("--seed", "demo", "--homes", "6", "--speed", "60")


def test_an_alert_rises_by_itself_in_a_demo_place_that_lives_an_hour_a_minute(folder: Path) -> None:
    with WholeSystem(folder, *ARGUMENTS, environment=without_settings()) as system, system.api() as api:
        assert "simulate" in system.pids()
        before = {alert["id"] for alert in api.get("/alerts?limit=200")["items"]}
        assert before, "the place has a past"

        def risen() -> list[str]:
            items = api.get("/alerts?limit=200")["items"]
            return [alert["rule_key"] for alert in items if alert["id"] not in before]

        assert until(risen, "a new alert", within=90)
        stored = api.get("/people?limit=200")["items"]
        assert len(stored) >= 6
