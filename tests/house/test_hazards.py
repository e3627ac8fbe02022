import re
from typing import Any

import pytest
import yaml

from tests.house.source import ROOT, names_of_tests

REGISTER = ROOT / "docs" / "safety" / "hazards.yaml"


HAZARDS = 25
"""How many hazards, H1 to H25, the design began with."""


@pytest.fixture(scope="module")
def hazards() -> list[dict[str, Any]]:
    return list(yaml.safe_load(REGISTER.read_text())["hazards"])


@pytest.fixture(scope="module")
def still_open() -> list[dict[str, Any]]:
    return list(yaml.safe_load(REGISTER.read_text())["open"])


def test_every_hazard_says_its_cause_its_severity_and_what_risk_is_left(
    hazards: list[dict[str, Any]],
) -> None:
    for hazard in hazards:
        assert {"id", "hazard", "cause", "controls", "severity", "residual"} <= set(hazard), hazard.get("id")
        assert re.fullmatch(r"H\d+[a-z]?", hazard["id"])
        assert hazard["controls"]
    ids = [hazard["id"] for hazard in hazards]
    assert len(ids) == len(set(ids))


def test_every_control_names_a_test_that_exists(hazards: list[dict[str, Any]]) -> None:
    missing = []
    for hazard in hazards:
        for control in hazard["controls"]:
            file, _, name = str(control.get("test", "")).partition("::")
            path = ROOT / file
            if not (control.get("control") and path.is_file() and name in names_of_tests(path)):
                missing.append(f"{hazard['id']}: {control}")
    assert not missing, "\n".join(missing)


def test_what_is_open_says_what_is_in_place_and_what_is_missing(still_open: list[dict[str, Any]]) -> None:
    for hazard in still_open:
        assert set(hazard) == {"id", "hazard", "in_place", "missing"}, hazard.get("id")
        assert all(hazard.values())


def test_no_hazard_is_left_out_of_the_log(
    hazards: list[dict[str, Any]], still_open: list[dict[str, Any]]
) -> None:
    logged = {hazard["id"] for hazard in (*hazards, *still_open)}
    assert {f"H{number}" for number in range(1, HAZARDS + 1)} <= logged
