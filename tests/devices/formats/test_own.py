"""Our own format: what may be left out, and what a press never fails for."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from devices.formats import own
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Status, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)


def readings(*some: dict[str, Any], retained: bool = False, **more: Any) -> Decoded:
    payload = json.dumps({"readings": some, **more}).encode()
    return own.decode_readings("", payload, Arrival(NOW, retained, "Europe/London", {}))


def test_a_press_needs_only_its_kind() -> None:
    [press] = readings({"kind": "pendant"}).measurements

    assert (press.value, press.at, press.flags) == (1.0, None, Flags.NONE)


@pytest.mark.parametrize("at", ["yesterday", 17, {"year": 2026}, "22/11/2026 10:00:00"])
def test_a_press_is_never_refused_for_its_time(at: object) -> None:
    [press] = readings({"kind": "pendant", "value": True, "at": at}).measurements

    assert (press.value, press.at, press.flags) == (1.0, None, Flags.CLOCK_CORRECTED)


@pytest.mark.parametrize("message_id", [None, "", 1.5, ["a"], "x" * 129, "a\x00b"])
def test_a_press_is_never_refused_for_its_message_id(message_id: object) -> None:
    decoded = readings({"kind": "fall"}, message_id=message_id)

    assert len(decoded.measurements) == 1
    assert decoded.message_id is None


def test_exactly_500_readings_are_taken() -> None:
    assert len(readings(*[{"kind": "motion", "value": True}] * 500).measurements) == 500


def test_flags_add_up() -> None:
    at = "2026-11-22T10:00:00"
    [one] = readings(
        {"kind": "spo2", "value": 20, "at": at, "source": "self_reported"}, retained=True
    ).measurements

    expected = Flags.REPLAYED | Flags.IMPLAUSIBLE | Flags.BEYOND_ABSOLUTE
    assert one.flags == expected | Flags.SELF_REPORTED | Flags.CLOCK_CORRECTED


def test_limits_are_held_after_conversion() -> None:
    [fine] = readings({"kind": "body_temperature", "value": 98.6, "unit": "°F"}).measurements
    [hot] = readings({"kind": "body_temperature", "value": 98.6, "unit": "Cel"}).measurements

    assert fine.flags == Flags.NONE
    assert hot.flags & Flags.BEYOND_ABSOLUTE


@pytest.mark.parametrize(
    ("channel", "expected"), [(None, ""), ("", ""), ("bedroom", "bedroom"), ("x" * 128, "x" * 128)]
)
def test_a_channel_is_a_short_text(channel: object, expected: str) -> None:
    [one] = readings({"kind": "motion", "value": 1, "channel": channel}).measurements

    assert one.channel == expected


@pytest.mark.parametrize("channel", ["x" * 129, "a\x00b", 3])
def test_it_refuses_another_channel(channel: object) -> None:
    with pytest.raises(Undecodable) as caught:
        readings({"kind": "motion", "value": 1, "channel": channel})

    assert caught.value.where == "readings[0].channel"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"state": "online"}, Status(online=True)),
        ({"battery": 87}, Status(battery=87.0)),
        ({"state": "offline", "battery": 255, "firmware": 3}, Status(online=False)),
    ],
)
def test_a_status_says_what_it_can(body: dict[str, Any], expected: Status) -> None:
    decoded = own.decode_status("", json.dumps(body).encode(), Arrival(NOW, True, "Europe/London", {}))

    assert decoded.statuses == (expected,)


BAD = {"kind": "mood", "value": 3}


def test_a_press_is_never_refused_for_what_stands_beside_it() -> None:
    decoded = readings(BAD, {"kind": "spo2", "value": 93}, {"kind": "pendant"}, 7)  # type: ignore[arg-type]
    assert [(one.kind, one.value) for one in decoded.measurements] == [("pendant", 1.0)]
    assert decoded.fault is not None
    assert (decoded.fault.code, decoded.fault.where) == ("unknown_kind", "readings[0].kind")


@pytest.mark.parametrize("odd", [{"unit": "presses"}, {"source": "button"}, {"channel": 7}])
def test_a_press_is_never_refused_for_its_trimmings(odd: dict[str, Any]) -> None:
    decoded = readings({"kind": "pendant", "value": 1, "at": "2026-11-22T10:00:00Z", **odd})
    [press] = decoded.measurements
    assert (press.value, press.at, press.channel) == (1.0, datetime(2026, 11, 22, 10, tzinfo=UTC), "")
    assert decoded.fault is not None, "whoever looks after the kit is told"


@pytest.mark.parametrize("calm", [{"kind": "smoke", "value": False}, {"kind": "pendant", "value": "perhaps"}])
def test_what_is_no_danger_is_refused_with_what_stands_beside_it(calm: dict[str, Any]) -> None:
    with pytest.raises(Undecodable):
        readings(BAD, calm)
