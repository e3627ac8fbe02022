"""The demo place gets ready by itself, and its homes give coordinators something to do without a click."""

import json
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
        seeded_at = json.loads((system.state_dir / "secrets" / "simulated.json").read_text())["seeded_at"]
        past = [one for one in api.get("/alerts?limit=200")["items"] if one["raised_at"] <= seeded_at]
        assert past, "the place has a past"
        since = seeded_at.replace("+", "%2B")

        def called() -> list[str]:
            items = api.get(f"/alerts?limit=200&class=life_safety&since={since}")["items"]
            return [one["rule_key"] for one in items if one["raised_at"] > seeded_at and one["step"] >= 1]

        assert until(called, "somebody called to a fall", within=60)
