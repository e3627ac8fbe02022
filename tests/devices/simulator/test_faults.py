import itertools
import json
import re
from datetime import datetime, timedelta
from random import Random

import pytest

from devices.decode import FORMATS, decode
from devices.measurement import Undecodable
from devices.simulator.acts import Act, Turn
from devices.simulator.faults import FAULTS, TWO_HOURS
from devices.simulator.fleet_homes import FleetHome
from devices.simulator.speaking import Emission
from devices.topics import parse
from tests.devices.simulator.fleets import fleet, message
from tests.devices.simulator.made import NOW
from tests.house.source import ROOT

SENSOR = b'{"temperature":20.1,"humidity":50,"battery":87,"last_seen":"2026-11-22T07:46:00Z"}'


def befallen(name: str, said: list[Act], *, times: int = 1, home: FleetHome | None = None) -> list[Act]:
    """What becomes of the same acts, said so many times by one home."""
    befall, whose = FAULTS[name].of(Random(5)), home or fleet(2)[0]
    return [act for _ in range(times) for act in befall(whose, said)]


def payloads(found: list[Act]) -> list[bytes]:
    return [act.payload for act in found if isinstance(act, Emission)]


def after(found: list[Act]) -> list[float]:
    return [(act.at - NOW).total_seconds() for act in found]


def test_every_fault_that_the_design_names_can_be_switched_on() -> None:
    assert set(FAULTS) == {
        *("sent-twice", "out-of-order", "upload", "retained", "cache-replay", "partial", "mmwave-repeats"),
        *("clock-1970", "clock-null", "clock-no-zone", "clock-day-first", "clock-drifts", "clock-dst"),
        *("alarm-twice", "counter-reset", "battery-text", "battery-null", "battery-zero", "nan", "moved"),
        *("flapping", "dies", "oversized", "broken", "foreign-topic"),
    }
    assert all(fault.what and not fault.what.endswith(".") for fault in FAULTS.values())


def test_the_document_lists_every_fault_and_no_other() -> None:
    rows = (ROOT / "docs" / "operations" / "simulator.md").read_text().partition("## Faults")[2]
    table = [line.split("|")[1] for line in rows.partition("## ")[0].splitlines() if line.startswith("| `")]
    assert [name for cell in table for name in re.findall("`([a-z0-9-]+)`", cell)] == list(FAULTS)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_the_same_chance_makes_the_same_of_it(name: str) -> None:
    def once() -> list[Act]:
        home, befall = fleet(2)[0], FAULTS[name].of(Random(11))
        found: list[Act] = []
        for n in range(60):
            acts: list[Act] = list(home.say(NOW + timedelta(seconds=n)))
            found += befall(home, acts)
        return found

    assert once() == once()


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_whatever_it_makes_is_read_or_refused_with_a_reason(name: str) -> None:
    home = fleet(2, formats=frozenset(FORMATS))[0]
    befall = FAULTS[name].of(Random(11))
    for n in range(60):
        at = NOW + timedelta(seconds=n)
        acts: list[Act] = list(home.say(at))
        for act in befall(home, acts):
            if isinstance(act, Emission):
                _read(act, at)


def _read(said: Emission, at: datetime) -> None:
    topic = parse(said.topic)
    assert topic is not None
    try:
        decode(topic.format, topic.rest, said.payload, retained=said.retained, received_at=at, models={})
    except Undecodable as refused:
        assert refused.reason.endswith(".")  # noqa: PT017 - either is right


def test_some_come_twice_within_seconds() -> None:
    found = befallen("sent-twice", [message(b"x")], times=100)
    assert 120 <= len(found) <= 140
    assert all(0 <= seconds <= 5 for seconds in after(found))


def test_some_come_late_and_none_is_lost() -> None:
    found = befallen("out-of-order", [message(b"x")], times=100)
    assert len(found) == 100
    late = [seconds for seconds in after(found) if seconds]
    assert 20 <= len(late) <= 40
    assert all(2 <= seconds <= 90 for seconds in late)


def test_an_upload_has_two_hours_of_readings_at_once_and_happens_once() -> None:
    home = fleet(1, formats=frozenset({"readings"}))[0]
    found = befallen("upload", [message(b"now")], times=2, home=home)
    kept = [json.loads(payload) for payload in payloads(found)[:-2]]
    told = [datetime.fromisoformat(body["readings"][0]["at"]) for body in kept]
    assert len(kept) == 60
    assert (told[0], told[-1]) == (NOW - TWO_HOURS, NOW - timedelta(minutes=2))
    assert max(after(found)) < 3
    assert payloads(found)[-2:] == [b"now", b"now"]


def test_a_hub_says_old_things_at_its_start_and_only_then() -> None:
    home = fleet(1, formats=frozenset({"zigbee2mqtt"}))[0]
    found = befallen("cache-replay", [message(b"now")], times=2, home=home)
    assert len(found) == 10
    assert all(b'"last_seen":"2026-10-26T' in payload for payload in payloads(found)[:8])
    assert set(after(found)) == {0.0}


def test_some_are_retained() -> None:
    found = befallen("retained", [message(b"x")], times=100)
    kept = [act for act in found if isinstance(act, Emission) and act.retained]
    assert 20 <= len(kept) <= 40


def test_a_part_without_measures_follows_and_takes_nothing_back() -> None:
    found = befallen("partial", [message(SENSOR, "zigbee2mqtt/0x1")])
    assert payloads(found)[0] == SENSOR
    assert json.loads(payloads(found)[1]) == {"battery": 87, "last_seen": "2026-11-22T07:46:00Z"}


def test_a_movement_comes_thrice_in_102_ms_and_again_every_two_seconds() -> None:
    found = befallen("mmwave-repeats", [message(b'{"occupancy":true}')])
    assert after(found) == [0.0, 0.051, 0.102, 2, 4, 6, 8, 10]
    assert befallen("mmwave-repeats", [message(SENSOR)]) == [message(SENSOR)]


def test_an_alarm_comes_twice_and_nothing_else_does() -> None:
    press = message(b'{"readings":[{"kind":"pendant","value":1.0}]}', "urgent")
    assert after(befallen("alarm-twice", [press])) == [0.0, 0.03]
    assert befallen("alarm-twice", [message(SENSOR)]) == [message(SENSOR)]


def test_a_counter_begins_again_now_and_then() -> None:
    befall, home = FAULTS["counter-reset"].of(Random(5)), fleet(1)[0]
    totals = [
        json.loads(payloads(befall(home, [message(b'{"cumulative":%d}' % (1000 + n))]))[0])["cumulative"]
        for n in range(100)
    ]
    assert totals[0] == 0
    resets = sum(later < earlier for earlier, later in itertools.pairwise(totals))
    assert 1 <= resets <= 15


@pytest.mark.parametrize(
    ("name", "charge"), [("battery-text", "87.00"), ("battery-null", None), ("battery-zero", 0)]
)
def test_a_charge_is_what_kit_makes_of_it(name: str, charge: object) -> None:
    assert json.loads(payloads(befallen(name, [message(SENSOR)]))[0])["battery"] == charge


def test_some_numbers_are_none() -> None:
    found = befallen("nan", [message(SENSOR)], times=100)
    assert 20 <= sum(b"NaN" in payload for payload in payloads(found)) <= 40


def test_kit_that_was_moved_speaks_through_the_neighbour_and_the_rest_stays() -> None:
    home, other = fleet(2)[0], message(b"y", "zigbee2mqtt/0x2")
    found = befallen("moved", [message(b"x", "zigbee2mqtt/0x1"), other], times=10, home=home)
    moved = [act for act in found if act.device_key == home.neighbour]
    assert 4 <= len(moved) <= 8
    assert {act.topic for act in moved if isinstance(act, Emission)} == {
        f"hearth/v1/{home.neighbour}/zigbee2mqtt/0x1"
    }
    assert sum(act == other for act in found) == 10


def test_a_line_flaps_without_a_goodbye_and_is_found_again() -> None:
    befall, home = FAULTS["flapping"].of(Random(5)), fleet(1)[0]
    turns = [
        act
        for n in range(200)
        for act in befall(home, [message(b"x", at=NOW + timedelta(seconds=n))])
        if isinstance(act, Turn)
    ]
    assert len(turns) > 20
    assert [turn.up for turn in turns] == [False, True] * (len(turns) // 2)
    assert [turn.at for turn in turns] == sorted(turn.at for turn in turns)


def test_a_line_that_dies_says_nothing_any_more() -> None:
    found = befallen("dies", [message(b"x")], times=20)
    assert isinstance(found[-1], Turn)
    assert len(found) <= 6


def test_some_are_longer_than_any_format_reads() -> None:
    found = befallen("oversized", [message(SENSOR)], times=100)
    sizes = [len(payload) for payload in payloads(found)]
    assert set(sizes) == {len(SENSOR), 65_537}


def test_some_are_no_messages() -> None:
    found = payloads(befallen("broken", [message(SENSOR)], times=200))
    broken = [payload for payload in found if payload != SENSOR]
    assert 40 <= len(broken) <= 80
    assert b"" in broken


def test_some_are_sent_as_if_another_had_said_them() -> None:
    home = fleet(2)[0]
    found = [
        act
        for act in befallen("foreign-topic", [message(b"x")], times=200, home=home)
        if isinstance(act, Emission)
    ]
    assert {act.device_key for act in found} == {home.key}
    foreign = [act for act in found if act.topic == f"hearth/v1/{home.neighbour}/readings"]
    assert 10 <= len(foreign) <= 32
