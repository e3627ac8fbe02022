"""What real kit published gives what we read in it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from devices import topics
from devices.decode import decode
from devices.measurement import Decoded, Flags, Undecodable
from devices.topics import Route

DATA = Path(__file__).parents[1] / "data"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in (DATA / "payloads.jsonl").read_text().splitlines()]
MEANING = yaml.safe_load((DATA / "expect_map.yaml").read_text())
ROUTES = {
    "zigbee2mqtt": Route("+/#", "hub-0001", "zigbee2mqtt"),
    "glow": Route("glow/+/SENSOR/#", "glow-0001", "glow"),
    "shelly": Route("+/#", "shelly-0001", "shelly"),
}


def read(row: dict[str, Any], models: dict[str, str] | None = None) -> Decoded:
    topic = topics.parse(row["topic"], [ROUTES[row["format"]]])
    assert topic is not None
    return decode(
        topic.format,
        topic.rest,
        row["payload"].encode(),
        retained=bool(row["retain"]),
        received_at=datetime.fromisoformat(row["received_at"]),
        models=models or {},
    )


def stated_refusal(row: dict[str, Any]) -> str | None:
    """Return why nothing is stored from a message; None if something is."""
    try:
        decoded = read(row)
    except Undecodable as fault:
        return fault.reason
    return None if decoded.measurements or decoded.statuses else decoded.nothing


def check(decoded: Decoded, means: dict[str, Any], wanted: Any) -> None:
    by_kind = {one.kind: one for one in decoded.measurements}
    if "kind" in means:
        assert by_kind[means["kind"]].value == pytest.approx(float(wanted) * means.get("factor", 1))
    elif "event" in means:
        assert (means["event"] in by_kind) is wanted
    elif "status" in means:
        said = [getattr(status, means["status"]) for status in decoded.statuses]
        assert said == ([] if wanted is None else [wanted])
    elif "no_kind" in means:
        assert wanted is False
        assert means["no_kind"] not in by_kind
        assert all(status.battery is None for status in decoded.statuses)
    elif "flag" in means:
        assert wanted is True
        assert all(one.flags & Flags[means["flag"]] for one in decoded.measurements)
    else:
        assert {one.at for one in decoded.measurements} == {datetime.fromisoformat(wanted)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['format']}-{row['topic']}"[:60])
def test_it_reads_what_kit_published(row: dict[str, Any]) -> None:
    if row["expect"] is None:
        assert stated_refusal(row)
        return
    decoded = read(row)
    for key, wanted in row["expect"].items():
        check(decoded, MEANING[row["format"]][key], wanted)


def test_it_has_every_built_format_among_the_samples() -> None:
    assert {row["format"] for row in ROWS} == set(ROUTES)
    assert len(ROWS) == 26


def test_it_names_an_alarm_once_its_model_is_registered() -> None:
    [row] = [row for row in ROWS if "alarm_1" in row["payload"]]

    decoded = read(row, {"flood": "S4SN-0071A"})

    assert ("water_leak", 0.0) in [(one.kind, one.value) for one in decoded.measurements]


def test_it_never_takes_a_meter_number_over() -> None:
    meters = [row for row in ROWS if row["format"] == "glow"]
    assert all('"mpan"' in row["payload"] or '"mprn"' in row["payload"] for row in meters)

    for row in meters:
        said = repr(read(row))
        assert "mpan" not in said
        assert "1234" not in said
        assert "XXXXXXXXXXXX" not in said
