"""The API's description that is kept is the one the code gives, and the guide keeps to it."""

import json
import re

from app.running.openapi import description
from tests.house.source import ROOT


def kept() -> str:
    return (ROOT / "docs" / "openapi.json").read_text()


def test_the_description_that_is_kept_is_what_the_code_says() -> None:
    assert kept() == description() + "\n", "run: hearthline openapi > docs/openapi.json"


def test_the_guide_leads_only_where_the_description_says() -> None:
    paths = [re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in json.loads(kept())["paths"]]
    guide = (ROOT / "docs" / "api.md").read_text()
    led = {f"/api/v1{found}" for found in re.findall(r"\$API(/[^\s\"`?]+)", guide)}
    assert len(led) > 15
    assert [address for address in sorted(led) if not any(path.fullmatch(address) for path in paths)] == []
