"""Bluetooth behind a Shelly: components by their numbers, what a script hears by the MAC if registered."""

from datetime import UTC, datetime
from typing import Any

import pytest

from devices.formats import shelly_blu
from devices.formats.wire import Arrival

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
OURS = "3C2EF5AABBCC"


def arrival(**models: str) -> Arrival:
    return Arrival(NOW, False, "Europe/London", models)


def script(said: Any, **models: str) -> dict[str, float]:
    found, batteries = shelly_blu.event("script:1", "shelly-blu", {"data": said}, AT, arrival(**models))
    assert {(one.at, one.address) for one in found} <= {(AT, OURS)}
    return {one.kind: one.value for one in found} | {
        f"battery {key}": each for key, each in batteries.items()
    }


HEARD = {"address": "3c:2e:f5:aa:bb:cc", "battery": 98, "window": 1, "illuminance": 87, "button": [0, 1]}


def test_it_reads_what_a_script_heard() -> None:
    expected = {"door_open": 1.0, "illuminance": 87.0, f"battery {OURS}": 98.0}

    assert script(HEARD, **{OURS: "SBDW-002C"}) == expected


def test_it_hears_a_call_for_help() -> None:
    assert script(HEARD, **{OURS: "SOS button"})["pendant"] == 1.0


@pytest.mark.parametrize("said", [HEARD, None, 3, {}, {"address": 3}, {"address": ""}, {"address": "ours"}])
def test_of_what_nobody_registered_it_reads_nothing(said: Any) -> None:
    assert script(said, **{"": "", "ours": ""}) == {}


def test_the_other_script_tells_states_and_presses_apart() -> None:
    known = arrival(**{OURS: "SOS button"})
    blu = {f"shellyblubutton1-{OURS.lower()}": {"addr": HEARD["address"], "button": 1, "battery": 98}, "x": 3}

    assert shelly_blu.component("blu", blu, AT, known) == ([], {OURS: 98.0})
    told = {"data": {"device": f"shellyblubutton1-{OURS.lower()}", "value": 1, "event": "press"}}
    [press], _ = shelly_blu.event("blu", "button", told, AT, known)
    assert (press.kind, press.at, press.address) == ("pendant", AT, OURS)


def test_it_reads_a_radiator_valve_at_its_own_time() -> None:
    state = {"current_C": 17.1, "battery": 100, "last_updated_ts": AT.timestamp()}
    [warmth], batteries = shelly_blu.component("blutrv:200", state, NOW, arrival())

    assert (warmth.kind, warmth.value, warmth.at, warmth.address) == (
        "room_temperature",
        17.1,
        AT,
        "blutrv:200",
    )
    assert batteries == {"blutrv:200": 100.0}


@pytest.mark.parametrize(
    ("name", "word", "model", "presses"),
    [
        ("bthomedevice:202", "single_push", "SOS button", 1),
        ("bthomesensor:201", "long_push", "SOS button", 1),
        ("bthomedevice:202", "rotate_left", "SOS button", 0),
        ("bthomedevice:202", "single_push", "SBBT-002C", 0),
    ],
)
def test_a_push_calls_for_help_if_the_button_was_given_for_that(
    name: str, word: str, model: str, presses: int
) -> None:
    found, _ = shelly_blu.event(name, word, {}, AT, arrival(**{name: model}))

    assert [(one.kind, one.address) for one in found] == [("pendant", name)] * presses
