"""Bluetooth values: where they stand, how they come, and that no bytes get more than a reason."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices import kinds
from devices.formats import gatt
from devices.measurement import Decoded, Flags, Undecodable
from tests.devices.formats.gatt_kit import MAC, arrival, read, values

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "gatt_vectors.json").read_text())["vectors"]
# key of a vector: the kind, the unit where it isn't told by the vector
MEANT = {
    "sys": ("systolic", None),
    "dia": ("diastolic", None),
    "map": ("mean_arterial_pressure", None),
    "pulse": ("pulse", "/min"),
    "weight": ("weight", None),
    "value": ("body_temperature", None),
    "spo2": ("spo2", "%"),
    "mmol_l": ("glucose", "mmol/L"),
    "mg_dl": ("glucose", "mg/dL"),
    "bpm": ("pulse", "/min"),
}


def told(body: object, rest: str = MAC, *, retained: bool = False) -> Decoded:
    return gatt.decode(rest, json.dumps(body).encode(), arrival(retained=retained))


def outcome(rest: str, payload: bytes) -> Decoded | Undecodable:
    """What was decoded, or the refusal; anything else that is raised fails the test."""
    try:
        return gatt.decode(rest, payload, arrival())
    except Undecodable as fault:
        return fault


def refusal(rest: str, payload: bytes) -> str:
    with pytest.raises(Undecodable) as caught:
        gatt.decode(rest, payload, arrival())
    assert caught.value.reason.endswith(".")
    return caught.value.code


def expected(vector: dict[str, Any]) -> dict[str, float]:
    meant: dict[str, Any] = vector["expect"]
    found = {}
    for key, value in meant.items():
        if key in MEANT:
            code, unit = MEANT[key]
            found[code] = kinds.to_canonical(kinds.get(code), value, unit or meant["unit"])
    if "status" in meant and vector["characteristic"] == "2A35":
        found["irregular_pulse"] = float("irregular_pulse" in meant["status"])
    elif "status" in meant:
        found["battery_low"] = float(meant["status"] & 1)
    return found


def moment(vector: dict[str, Any]) -> datetime | None:
    meant = vector["expect"]
    text = meant.get("local_time", meant.get("base_time", "unknown"))
    if text == "unknown" or meant.get("clock_not_set"):
        return None
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London"))
    return datetime.fromtimestamp(local.timestamp() + 60 * meant.get("offset_min", 0), UTC)


GOOD = [vector for vector in VECTORS if not vector["must_not_become_a_reading"]]
BAD = [vector for vector in VECTORS if vector["must_not_become_a_reading"]]


@pytest.mark.parametrize("vector", GOOD, ids=lambda vector: vector["name"])
def test_it_reads_what_a_frame_means(vector: dict[str, Any]) -> None:
    decoded = read(vector["characteristic"], vector["hex"])

    assert values(decoded) == expected(vector)
    assert {one.at for one in decoded.measurements} == {moment(vector)}
    assert {one.user for one in decoded.measurements} == {vector["expect"].get("user_id")}


@pytest.mark.parametrize("vector", BAD, ids=lambda vector: vector["name"])
def test_it_makes_no_reading_of_what_is_none(vector: dict[str, Any]) -> None:
    decoded = outcome(f"{MAC}/{vector['characteristic']}", bytes.fromhex(vector["hex"]))

    if isinstance(decoded, Undecodable):
        assert decoded.code == "truncated"
        return
    assert all(Flags.TEST in one.flags for one in decoded.measurements)
    assert bool(decoded.measurements) is not bool(decoded.nothing)


@pytest.mark.parametrize("name", ["2A37", "2a37", "00002A37-0000-1000-8000-00805F9B34FB"])
def test_it_reads_bytes_hex_and_json_alike(name: str) -> None:
    decoded = [
        read(name, "0648"),
        gatt.decode(f"{MAC}/{name}/hex", b"06 48\n", arrival()),
        told({"characteristic": name.lower(), "hex": "0648"}),
    ]

    assert [values(each) for each in decoded] == [{"pulse": 72.0}] * 3
    assert {one.address for each in decoded for one in each.measurements} == {MAC}


def test_the_gateways_time_stands_in_where_kit_has_none() -> None:
    heard = {"at": "2026-11-22T09:59:58.5Z"}
    [without] = told({"characteristic": "2A37", "hex": "0648", **heard}).measurements
    [own] = told({"characteristic": "2A9D", "hex": "02e03ce9070a0f0a1e00", **heard}).measurements
    [unknown] = told({"characteristic": "2A9D", "hex": "02e03c00000000000000", **heard}).measurements

    at = datetime(2026, 11, 22, 9, 59, 58, 500_000, tzinfo=UTC)
    assert (without.at, without.flags) == (at, Flags.NONE)
    assert (own.at, own.flags) == (datetime(2025, 10, 15, 9, 30, tzinfo=UTC), Flags.CLOCK_CORRECTED)
    assert (unknown.at, unknown.flags) == (at, Flags.NONE)


@pytest.mark.parametrize(
    ("name", "frame"), [("2A5E", "026100480000 02"), ("2A18", "02070000000000000000b6b011")]
)
def test_the_gateways_time_is_not_that_of_a_record_that_kit_had_kept(name: str, frame: str) -> None:
    decoded = told({"characteristic": name, "hex": frame, "at": "2026-11-22T10:00:00Z"})

    assert {one.at for one in decoded.measurements} == {None}


def test_a_gateways_time_without_a_zone_is_the_homes_and_an_unreadable_one_none() -> None:
    [local] = told({"characteristic": "2A37", "hex": "0648", "at": "2026-07-22T10:00:00"}).measurements
    [unread] = told({"characteristic": "2A37", "hex": "0648", "at": "soon"}).measurements

    assert (local.at, local.flags) == (datetime(2026, 7, 22, 9, tzinfo=UTC), Flags.CLOCK_CORRECTED)
    assert (unread.at, unread.flags) == (None, Flags.CLOCK_CORRECTED)


def test_the_zone_of_the_home_is_the_kits() -> None:
    frame = bytes.fromhex("02e03ce9070a0f0a1e00")
    [one] = gatt.decode(f"{MAC}/2A9D", frame, arrival(zone="Europe/Madrid")).measurements

    assert one.at == datetime(2025, 10, 15, 8, 30, tzinfo=UTC)


def test_what_was_retained_is_replayed() -> None:
    assert read("2A37", "0648", retained=True).measurements[0].flags == Flags.REPLAYED


@pytest.mark.parametrize("name", ["2A19", "2a29", "23434101-1fe4-1eff-80cb-00ff78297d8b"])
def test_other_characteristics_hold_nothing(name: str) -> None:
    assert read(name, "64").nothing


@pytest.mark.parametrize("rest", ["a", "a/2A35", "a/2A35/hex"])
def test_an_empty_message_is_a_retained_one_removed(rest: str) -> None:
    assert gatt.decode(rest, b"", arrival()).nothing


@pytest.mark.parametrize(
    ("rest", "payload", "code"),
    [
        ("", b"{}", "bad_topic"),
        ("/2A35", b"\x06\x48", "bad_topic"),
        ("a/2A35/raw", b"\x06\x48", "bad_topic"),
        ("a/2A35/hex/x", b"0648", "bad_topic"),
        ("a/2A3", b"\x06\x48", "bad_characteristic"),
        ("a/0x2A35", b"\x06\x48", "bad_characteristic"),
        ("a/pulse", b"\x06\x48", "bad_characteristic"),
        ("a/2A3\u0665", b"\x06\x48", "bad_characteristic"),
        ("a/2A37", b"0648", "not_raw"),
        ("a/2A37", b'{"hex":"0648"}', "not_raw"),
        ("a/2A37/hex", b"064", "not_hex"),
        ("a/2A37/hex", b"06:48", "not_hex"),
        ("a/2A37/hex", b"\x06\x48", "not_hex"),
        ("a/2A37/hex", b"\xff\xfe", "not_hex"),
        ("a/2A37/hex", b"  ", "truncated"),
        ("a/2A37", b"\x06", "truncated"),
        ("a/2A37", b"\x06\x48\x00", "surplus_bytes"),
        ("a/2A37", b"\x16" * 513, "too_large"),
        ("a/2A37/hex", b"16" * 513, "too_large"),
        ("a", b"\x06\x48", "not_json"),
        ("a", b"[]", "not_an_object"),
        ("a", b"{" * 2000, "not_json"),
        ("a", b"[" * 2000, "too_deep"),
        ("a", b" " * 70_000, "too_large"),
        ("a", b'{"hex":"0648"}', "bad_characteristic"),
        ("a", b'{"characteristic":10807,"hex":"0648"}', "bad_characteristic"),
        ("a", b'{"characteristic":"2A37"}', "not_hex"),
        ("a", b'{"characteristic":"2A37","hex":[6,72]}', "not_hex"),
        ("a", b'{"characteristic":"2A37","hex":"0648\\u0665"}', "not_hex"),
    ],
)
def test_it_says_why_it_refuses(rest: str, payload: bytes, code: str) -> None:
    assert refusal(rest, payload) == code


NAMES = st.sampled_from([*gatt.LAYOUTS, "2A19", "00002a5e-0000-1000-8000-00805f9b34fb"])


def tried(rest: str, payload: bytes) -> None:
    found = outcome(rest, payload)
    if isinstance(found, Undecodable):
        assert found.code
        return
    assert found.measurements or found.nothing
    assert all(abs(one.value) < float("inf") for one in found.measurements)


@settings(deadline=None, max_examples=150)
@given(rest=st.text(max_size=20) | NAMES.map(lambda name: f"{MAC}/{name}"), payload=st.binary(max_size=40))
def test_any_bytes_give_a_result_or_a_reason(rest: str, payload: bytes) -> None:
    tried(rest, payload)


@settings(deadline=None, max_examples=200)
@given(name=NAMES, frame=st.binary(min_size=1, max_size=24), has=st.integers(0, 31))
def test_any_frame_gives_a_result_or_a_reason(name: str, frame: bytes, has: int) -> None:
    for length in range(len(frame) + 1):
        tried(f"{MAC}/{name}", bytes([has]) + frame[:length])


ANY = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("0648")


@settings(deadline=None, max_examples=150)
@given(body=st.fixed_dictionaries({}, optional={"characteristic": NAMES | ANY, "hex": ANY, "at": ANY}))
def test_any_object_gives_a_result_or_a_reason(body: dict[str, Any]) -> None:
    tried(MAC, json.dumps(body).encode("utf-8", "replace"))


@pytest.mark.parametrize("rest", [MAC, f"{MAC}/2A37", f"{MAC}/2A37/hex"])
@pytest.mark.parametrize("byte", [b"\x00", b"0", b"[", b"{", b" ", b"\xff"])
def test_64_kib_of_anything_are_refused_at_once(rest: str, byte: bytes) -> None:
    began = time.thread_time()
    tried(rest, byte * 65_536)

    assert time.thread_time() - began < 0.05
