"""Every input has its stated outcome, and no bytes whatever get more than that."""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.decode import FORMATS, decode, resolve_time
from devices.kinds import KINDS
from devices.measurement import Decoded, Flags, Source, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
AT = "2026-11-22T10:00:00Z"
RETENTION_START = NOW - timedelta(days=3650)
GOOD = {"kind": "spo2", "value": 93, "at": AT}


def message(*readings: Any, **more: Any) -> bytes:
    return json.dumps({"readings": list(readings), **more}).encode()


def spo2(**changes: Any) -> bytes:
    return message({**GOOD, **changes})


def without(key: str, reading: dict[str, Any] = GOOD) -> bytes:
    return message({name: value for name, value in reading.items() if name != key})


def read(
    payload: bytes, form: str = "readings", rest: str = "", *, retained: bool = False, **more: Any
) -> Decoded:
    return decode(form, rest, payload, retained=retained, received_at=NOW, **more)


def refusal(reading: Callable[[], Decoded]) -> Undecodable | Decoded:
    """Return what was decoded, or the refusal; anything else that is raised fails the test."""
    try:
        return reading()
    except Undecodable as fault:
        return fault


def z2m(body: object, rest: str = "0x01") -> Callable[[], Decoded]:
    return lambda: read(json.dumps(body).encode(), "zigbee2mqtt", rest)


def shelly(**params: Any) -> Callable[[], Decoded]:
    body = {"method": "NotifyStatus", "params": {"ts": NOW.timestamp(), **params}}
    return lambda: read(json.dumps(body).encode(), "shelly", "events/rpc")


PRESS = {"kind": "pendant", "value": True, "at": AT}
METER = {"timestamp": AT, "power": {"value": 1, "units": "horses"}}

# input, as docs/formats.md says it: how to get it
CASES: dict[str, Callable[[], Decoded]] = {
    "not JSON": lambda: read(b"hello"),
    "NaN or Infinity as a value": lambda: read(b'{"readings":[{"kind":"spo2","value":NaN}]}'),
    "a number such as 1e400": lambda: read(b'{"readings":[{"kind":"spo2","value":1e400}]}'),
    "500 KB": lambda: read(b" " * 500_000),
    "nested deeper than 1,024 levels": lambda: read(b'{"readings":' + b"[" * 30_000 + b"]" * 30_000 + b"}"),
    "lists nested where a value should be": lambda: read(spo2(value=json.loads("[" * 900 + "]" * 900))),
    "bytes that are not UTF-8": lambda: read(b'{"readings":"\xff\xfe"}'),
    "an empty message": lambda: read(b""),
    "JSON that is not an object": lambda: read(b"[1,2]"),
    "no list of readings": lambda: read(b'{"kind":"spo2"}'),
    "0 readings": lambda: read(message()),
    "more than 500 readings": lambda: read(message(*[{"kind": "motion", "value": 1}] * 501)),
    "a reading that is not an object": lambda: read(message(93)),
    "an unknown kind": lambda: read(spo2(kind="mood")),
    "an unknown unit": lambda: read(spo2(unit="mmHg")),
    "an unknown source": lambda: read(spo2(source="guessed")),
    "value null": lambda: read(spo2(value=None)),
    "value missing": lambda: read(without("value")),
    "value missing of an event": lambda: read(without("value", PRESS)),
    "a number as text": lambda: read(spo2(value="93")),
    "true or false for a number": lambda: read(spo2(value=True)),
    "a number other than 0 and 1 for a state": lambda: read(spo2(kind="door_open", value=2)),
    "a channel that is not a text": lambda: read(spo2(channel=7)),
    "one bad reading among good ones": lambda: read(message(GOOD, {**GOOD, "kind": "mood"}, GOOD)),
    "a bad reading beside a press": lambda: read(message({**PRESS, "unit": "presses"}, {"kind": "mood"})),
    "the same key twice in one object": lambda: read(
        b'{"readings":[{"kind":"spo2","value":90,"value":93,"at":"2026-11-22T10:00:00Z"}]}'
    ),
    "a time that is not RFC 3339": lambda: read(spo2(at="22/11/2026 10:00")),
    "a time that is not RFC 3339, of a life-safety kind": lambda: read(
        message({**PRESS, "at": "22/11/2026"})
    ),
    "a time without a zone": lambda: read(spo2(at="2026-11-22T10:00:00")),
    "no time, or null": lambda: read(spo2(at=None)),
    "year 1970": lambda: read(spo2(at="1970-01-01T00:00:12Z")),
    "year 2099": lambda: read(spo2(at="2099-01-01T00:00:00Z")),
    "more than ten minutes ahead": lambda: read(spo2(at="2026-11-22T11:00:00Z")),
    "more than ten minutes ago": lambda: read(spo2(at="2026-11-22T09:00:00Z")),
    "a value outside the plausible limits": lambda: read(spo2(value=60)),
    "a value outside the absolute limits": lambda: read(spo2(value=0)),
    "a retained message replayed": lambda: read(spo2(), retained=True),
    "a message id that can't be used": lambda: read(message(GOOD, message_id=["a"])),
    "a time of sending that can't be read": lambda: read(message(GOOD, sent_at="soon")),
    "a state other than online and offline": lambda: read(b'{"state":"asleep"}', "status"),
    "a format Hearthline doesn't know": lambda: read(b"{}", "telex"),
    "Zigbee2MQTT: one key a topic": z2m("2026-07-27T09:41:41+02:00", "z1/last_seen"),
    "Zigbee2MQTT: an alarm neither true nor false": z2m({"smoke": "perhaps"}),
    "Zigbee2MQTT: repeated from the hub's cache": z2m({"contact": True, "last_seen": "2026-11-22T09:40:00Z"}),
    "Zigbee2MQTT: an alarm from a model nobody registered": z2m({"alarm_1": True, "last_seen": AT}),
    "Zigbee2MQTT: action null or empty": z2m({"action": "", "battery": 100}),
    "Shelly: an alarm neither true nor false": shelly(**{"smoke:0": {"alarm": "perhaps"}}),
    "Shelly: cable unplugged": shelly(**{"flood:0": {"alarm": None, "errors": ["cable_unplugged"]}}),
    "Shelly: battery 0 % on external power": shelly(
        **{"devicepower:0": {"battery": {"percent": 0}, "external": {"present": True}}}
    ),
    "Shelly: offline, of a model that sleeps": lambda: read(
        b"false", "shelly", "online", models={"": "SNSN-0031Z"}
    ),
    "Glow: a unit the meter never had": lambda: read(
        json.dumps({"electricitymeter": METER}).encode(), "glow"
    ),
    "Theengs: a sensor nobody registered behind the gateway": lambda: read(
        b'{"tempc":20}', "theengs", "gateway/BTtoMQTT/5A0102030405"
    ),
    "Tasmota: a clock not set yet": lambda: read(
        b'{"Time":"1970-01-01T00:00:12","AM2301":{"Humidity":45}}', "tasmota", "tele/x/SENSOR"
    ),
}

DOCS = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
TABLE = re.findall(r"^\| ([^|]+) \| ([^|]+) \| `([a-z0-9_]+|[A-Z_ ]+)` \|$", DOCS, re.MULTILINE)


def test_its_documented_table_and_these_cases_are_the_same() -> None:
    assert [row[0] for row in TABLE] == list(CASES)


@pytest.mark.parametrize(("given_input", "outcome", "code"), TABLE, ids=[row[0] for row in TABLE])
def test_it_gives_each_bad_input_its_stated_outcome(given_input: str, outcome: str, code: str) -> None:
    began = time.thread_time()
    if outcome.startswith("rejected"):
        with pytest.raises(Undecodable) as caught:
            CASES[given_input]()
        assert caught.value.code == code
        assert caught.value.reason.endswith(".")
    else:
        decoded = CASES[given_input]()
        assert bool(decoded.measurements) is outcome.startswith("stored")
        for one in decoded.measurements:
            _, clock, _ = resolve_time(one.at, NOW, RETENTION_START)
            expected = Flags.NONE
            for name in code.split():
                expected |= Flags[name]
            assert one.flags | clock == expected
    assert time.thread_time() - began < 0.05


def test_it_decodes_a_whole_message() -> None:
    decoded = read(
        message(
            {
                "kind": "spo2",
                "value": 93,
                "unit": "%",
                "at": "2026-11-22T10:00:00.123456Z",
                "channel": "left",
            },
            {
                "kind": "weight",
                "value": 11,
                "unit": "st",
                "at": "2026-11-22T11:00:00+01:00",
                "source": "staff",
            },
            {"kind": "breathlessness", "value": 3, "at": AT, "source": "self_reported"},
            {"kind": "door_open", "value": True, "at": AT},
            message_id=17,
            sent_at="2026-11-22T10:00:04Z",
        )
    )

    oxygen, weight, breath, door = decoded.measurements
    at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert (oxygen.kind, oxygen.value, oxygen.channel) == ("spo2", 93.0, "left")
    assert oxygen.at == at + timedelta(milliseconds=123)
    assert (weight.value, weight.at) == (pytest.approx(69.853, abs=0.001), at)
    assert (weight.source, weight.flags) == (Source.STAFF, Flags.STAFF)
    assert (breath.source, breath.flags) == (Source.SELF_REPORTED, Flags.SELF_REPORTED)
    assert door.value == 1.0
    assert (decoded.message_id, decoded.sent_at) == ("17", datetime(2026, 11, 22, 10, 0, 4, tzinfo=UTC))
    assert oxygen.address is None


def test_it_says_where_the_fault_is_and_never_what_was_sent() -> None:
    with pytest.raises(Undecodable) as caught:
        read(message(GOOD, {**GOOD, "unit": "Mrs Smith"}))

    assert caught.value.where == "readings[1].unit"
    assert "Smith" not in str(caught.value)


def test_it_reads_a_time_without_zone_as_local_to_the_home() -> None:
    [summer] = read(spo2(at="2026-07-22T10:00:00")).measurements
    [elsewhere] = read(spo2(at="2026-07-22T10:00:00"), zone="Europe/Madrid").measurements

    assert summer.at == datetime(2026, 7, 22, 9, tzinfo=UTC)
    assert elsewhere.at == datetime(2026, 7, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-11-22t10:00:00.123456789z", datetime(2026, 11, 22, 10, 0, 0, 123000, tzinfo=UTC)),
        ("9999-12-31T23:59:59-12:00", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_it_reads_odd_but_legal_times(text: str, expected: datetime) -> None:
    [one] = read(spo2(at=text)).measurements

    assert one.at == expected


@pytest.mark.parametrize(
    "text", ["2026-11-22", "2026-11-22T10:60:00Z", "2026-02-30T10:00:00Z", "x" * 40, 1_795_000_000, True, []]
)
def test_it_refuses_what_is_no_time(text: object) -> None:
    with pytest.raises(Undecodable, match="RFC 3339"):
        read(spo2(at=text))


def test_it_reads_the_state_of_a_device() -> None:
    [status] = read(b'{"state":"offline","battery":87,"firmware":"1.2"}', "status", retained=True).statuses

    assert (status.online, status.battery, status.firmware) == (False, 87.0, "1.2")
    assert read(b"", "status").nothing
    assert read(b'{"battery":null}', "status").nothing


def test_it_keeps_a_time_that_it_sets_aside() -> None:
    wrong = datetime(1970, 1, 1, tzinfo=UTC)
    received = NOW + timedelta(microseconds=1500)

    assert resolve_time(wrong, received, RETENTION_START) == (
        NOW + timedelta(milliseconds=1),
        Flags.CLOCK_CORRECTED,
        wrong,
    )
    assert resolve_time(None, NOW, RETENTION_START) == (NOW, Flags.NO_CLOCK, None)


@pytest.mark.parametrize(
    ("measured", "believed"),
    [
        (RETENTION_START, True),
        (RETENTION_START - timedelta(milliseconds=1), False),
        (NOW + timedelta(minutes=10), True),
        (NOW + timedelta(minutes=10, milliseconds=1), False),
    ],
)
def test_it_believes_times_from_retention_to_minutes_ahead(measured: datetime, believed: bool) -> None:
    at, flags, original = resolve_time(measured, NOW, RETENTION_START)

    assert (at == measured) is believed
    assert bool(flags & Flags.CLOCK_CORRECTED) is not believed
    assert (original is None) is believed


@pytest.mark.parametrize(
    ("measured", "sent", "expected"),
    [
        (timedelta(hours=5), timedelta(hours=12), -timedelta(hours=7)),
        (timedelta(hours=12), timedelta(hours=5), timedelta(0)),
        (timedelta(hours=12), timedelta(0), timedelta(0)),
        (-timedelta(days=4000), timedelta(days=4000), -timedelta(days=3650)),
    ],
    ids=["both ahead", "sent before it was measured", "sent when it should be", "longer than is kept"],
)
def test_a_time_is_set_right_only_by_a_clock_as_wrong(
    measured: timedelta, sent: timedelta, expected: timedelta
) -> None:
    at, flags, original = resolve_time(NOW + measured, NOW, RETENTION_START, NOW + sent)

    assert (at - NOW, flags, original) == (expected, Flags.CLOCK_CORRECTED, NOW + measured)


KEYS = st.sampled_from(
    [
        "readings",
        "kind",
        "value",
        "unit",
        "at",
        "channel",
        "source",
        "state",
        "battery",
        "action",
        "last_seen",
        "smoke",
        "alarm_1",
        "contact",
        "occupancy",
        "electricitymeter",
        "gasmeter",
        "energy",
        "power",
        "import",
        "cumulative",
        "units",
        "timestamp",
        "method",
        "params",
        "ts",
        "events",
        "event",
        "component",
        "switch:0",
        "flood:0",
        "devicepower:0",
        "aenergy",
        "total",
        "apower",
        "alarm",
        "errors",
        "han",
        "status",
        "device",
    ]
)
WORDS = st.sampled_from(
    ["spo2", "pendant", "%", AT, "2099-01-01T00:00", "NotifyStatus", "NotifyEvent", "emergency", "kWh", "nan"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | WORDS
BODIES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=25,
)
RESTS = st.sampled_from(
    [
        "",
        "0x01",
        "a b/c",
        "0x01/availability",
        "0x01/action",
        "bridge/state",
        "events/rpc",
        "online",
        "status/x:0",
    ]
)


@settings(deadline=None)
@given(
    form=st.sampled_from(sorted(FORMATS)),
    rest=RESTS | st.text(max_size=20),
    payload=st.binary(max_size=300) | BODIES.map(lambda body: json.dumps(body).encode("utf-8", "replace")),
    retained=st.booleans(),
)
def test_it_gives_a_result_or_a_reason_for_any_bytes(
    form: str, rest: str, payload: bytes, retained: bool
) -> None:
    decoded = refusal(lambda: read(payload, form, rest, retained=retained))
    if isinstance(decoded, Undecodable):
        assert decoded.code
        assert decoded.reason
        return
    assert decoded.measurements or decoded.statuses or decoded.nothing
    for one in decoded.measurements:
        assert one.kind in KINDS
        assert one.value == one.value
        assert abs(one.value) < float("inf")
        assert bool(one.flags & Flags.REPLAYED) >= retained
        resolve_time(one.at, NOW, RETENTION_START)


@settings(deadline=None)
@given(reading=st.dictionaries(st.sampled_from([*GOOD, "unit", "channel", "source"]), BODIES))
def test_it_gives_a_result_or_a_reason_for_any_reading(reading: dict[str, Any]) -> None:
    decoded = refusal(lambda: read(message({**GOOD, **reading})))

    assert isinstance(decoded, Undecodable) or len(decoded.measurements) == 1


@pytest.mark.parametrize("depth", [100, 1023, 1024, 1025, 32_000])
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_it_stands_any_depth(form: str, depth: int) -> None:
    began = time.thread_time()
    deep = b"[" * depth + b"]" * depth
    said = refusal(lambda: read(deep, form, "0x01" if form != "shelly" else "events/rpc"))
    assert isinstance(said, Undecodable) or said.nothing
    assert time.thread_time() - began < 0.05
