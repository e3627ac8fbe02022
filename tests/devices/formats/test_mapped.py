"""A message is read by what its mapping says, and by nothing else."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import mapped, mapping_file
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Measurement, Status, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
HEAD = "name: box\ntitle: A box\nsource: its makers\n"
SPO2 = "readings: [{kind: spo2, path: o}]\n"
DMY = '{path: t, form: "%d/%m/%Y %H:%M"}'


def read(fields: str, body: Any, rest: str = "", *, retained: bool = False) -> Decoded:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    mapping = mapping_file.read(HEAD + fields)
    return mapped.decode(mapping, rest, payload, Arrival(NOW, retained, "Europe/London", {}))


def one(fields: str, body: Any, rest: str = "", *, retained: bool = False) -> Measurement:
    [found] = read(fields, body, rest, retained=retained).measurements
    return found


def test_a_value_is_converted_and_multiplied() -> None:
    assert one("readings: [{kind: weight, path: w, unit: lb}]", {"w": "154.324"}).value == pytest.approx(
        70, abs=0.01
    )
    assert one("readings: [{kind: water_volume, path: p, factor: 0.01}]", {"p": 1234}).value == 12.34


@pytest.mark.parametrize(
    "body", [{}, {"o": None}, {"o": "n/a"}, {"o": []}, {"o": {}}, {"o": True}, [], 7, None]
)
def test_what_is_missing_is_no_value(body: Any) -> None:
    assert read(SPO2, body).nothing is not None


@pytest.mark.parametrize(
    ("time", "said", "at", "flags"),
    [
        ("{path: t, form: epoch}", 1764000000, "2025-11-24T16:00:00+00:00", Flags.NONE),
        ("{path: t, form: epoch}", "1764000000", "2025-11-24T16:00:00+00:00", Flags.NONE),
        ("{path: t, form: epoch_ms}", 1764000000123, "2025-11-24T16:00:00.123000+00:00", Flags.NONE),
        ("{path: t, form: iso}", "2026-06-22T10:00:00", "2026-06-22T09:00:00+00:00", Flags.CLOCK_CORRECTED),
        (DMY, "22/06/2026 10:00", "2026-06-22T09:00:00+00:00", Flags.CLOCK_CORRECTED),
        (f"{DMY[:-1]}, zone: UTC}}", "22/06/2026 10:00", "2026-06-22T10:00:00+00:00", Flags.CLOCK_CORRECTED),
        (DMY.replace("%M", "%M%z"), "22/06/2026 10:00+0200", "2026-06-22T08:00:00+00:00", Flags.NONE),
        (DMY, "06/22/2026 10:00", None, Flags.CLOCK_CORRECTED),
        ("{path: t, form: epoch}", None, None, Flags.NONE),
        ("{path: t, form: epoch}", 0, None, Flags.NONE),
    ],
)  # fmt: skip
def test_a_time_is_read_in_its_form(time: str, said: Any, at: str | None, flags: Flags) -> None:
    found = one(f"time: {time}\n{SPO2}", {"o": 93, "t": said})

    assert found.at == (datetime.fromisoformat(at) if at else None)
    assert found.flags == flags


def test_only_what_is_accepted_is_read() -> None:
    fields = f"accept: [{{path: type, is: vitals}}, {{path: sub, is_not: test}}]\n{SPO2}"

    assert one(fields, {"type": "Vitals", "o": 93}).value == 93
    assert read(fields, {"type": "other", "o": 93}).nothing is not None
    assert read(fields, {"type": "vitals", "sub": "test", "o": 93}).nothing is not None


def test_only_its_topics_are_read() -> None:
    fields = f'topic: "+/vitals"\naddress: "topic[0]"\n{SPO2}'

    assert one(fields, {"o": 93}, "box7/vitals").address == "box7"
    assert read(fields, {"o": 93}, "box7/logs").nothing is not None


def test_each_item_of_a_list_is_read() -> None:
    fields = "each: list\naddress: .mac\nuser: .user\nreadings: [{kind: spo2, path: .o, channel: left}]"
    body = {"list": [{"mac": "a/1", "o": 93, "user": 2}, {"mac": "a 2", "o": 94}, {"mac": "a3"}, 7]}

    first, second = read(fields, body).measurements

    assert (first.address, first.value, first.user, first.channel) == ("a_1", 93, 2, "left")
    assert (second.address, second.user) == ("a_2", None)
    with pytest.raises(Undecodable, match="500"):
        read(fields, {"list": [{}] * 501})


def test_states_are_said_as_the_mapping_says() -> None:
    fields = "readings: [{kind: smoke, path: s, on: [FIRE, 1], off: [ok, 0]}]"

    assert one(fields, {"s": "fire"}).value == 1.0
    assert one(fields, {"s": 0}).value == 0.0
    assert one("readings: [{kind: smoke, path: s}]", {"s": True}).value == 1.0
    with pytest.raises(Undecodable, match="neither true nor false"):
        read(fields, {"s": "perhaps"})


def test_an_event_that_did_not_happen_says_nothing() -> None:
    fields = "readings: [{kind: pendant, path: b, on: SOS, off: idle}]"

    assert one(fields, {"b": "SOS"}).kind == "pendant"
    assert read(fields, {"b": "idle"}).nothing is not None


def test_flags_say_what_is_to_be_known_of_a_reading() -> None:
    fields = (
        "stored: {path: m, is: old}\ntest: {path: m, is: demo}\n"
        "readings: [{kind: spo2, path: o, doubted: true}]"
    )

    assert one(fields, {"o": 93, "m": "old"}).flags == Flags.FROM_STORAGE | Flags.DOUBTED
    assert one(fields, {"o": 93, "m": "demo"}).flags == Flags.TEST | Flags.DOUBTED
    assert one(fields, {"o": 93}, retained=True).flags == Flags.REPLAYED | Flags.DOUBTED


def test_the_kit_itself_tells_how_it_is() -> None:
    fields = (
        f"status: {{battery: b, firmware: v, online: {{path: s, on: up, off: down}}}}\nmessage_id: id\n{SPO2}"
    )
    decoded = read(fields, {"b": "80", "v": "1.2", "s": "down", "id": 17, "o": 93})

    assert decoded.statuses == (Status(online=False, battery=80, firmware="1.2"),)
    assert decoded.message_id == "17"


def test_a_retained_message_that_was_removed_says_nothing() -> None:
    assert read(SPO2, b"").nothing is not None


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("otbsul"), inner, max_size=4),
    max_leaves=12,
)
FULL = (
    'each: l\naddress: .b\nuser: .u\ntime: {path: .t, form: "%d/%m/%Y %H:%M%z"}\nmessage_id: s\n'
    "status: {battery: b, firmware: s, online: {path: s}}\nstored: {path: .s}\n"
    "readings: [{kind: spo2, path: .o, factor: 1.0e+300}, {kind: smoke, path: .o}, {kind: fall, path: .o}]"
)


@given(ANY)
@settings(max_examples=200, deadline=None)
def test_any_message_is_read_or_refused(body: Any) -> None:
    for fields in (FULL, FULL.replace('"%d/%m/%Y %H:%M%z"', "epoch_ms")):
        try:
            read(fields, json.dumps(body).encode())
        except Undecodable:
            continue
