from datetime import UTC, datetime

from devices.simulator.encoders.said import Said, Wire

SUMMER = Said("fleet-0001", "a1", datetime(2026, 7, 1, 22, 30, 5, 250_000, tzinfo=UTC), {})


def test_a_message_stands_under_the_device_and_its_format() -> None:
    assert SUMMER.wire("gatt", "a1/2A35", b"\x00") == Wire("hearth/v1/fleet-0001/gatt/a1/2A35", b"\x00")
    assert SUMMER.wire("x", "y", {"a": 1}, retained=True) == Wire(
        "hearth/v1/fleet-0001/x/y", b'{"a":1}', retained=True
    )


def test_a_time_is_written_as_each_sort_of_kit_writes_it() -> None:
    assert SUMMER.utc == "2026-07-01T22:30:05.250Z"
    assert SUMMER.nanoseconds == "2026-07-01T22:30:05.250000000Z"
    assert SUMMER.local == "2026-07-01T23:30:05+01:00"
    assert SUMMER.wall.isoformat() == "2026-07-01T23:30:05.250000"
