"""Glow: running totals and the power of the moment, in our units, without meter numbers."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import glow
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Status, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
ROOMS = {"glowsensorth1": {"00CAFEBABE01": 3, "": {}}}


def read(body: Any, *, retained: bool = False) -> Decoded:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return glow.decode("electricitymeter", payload, Arrival(NOW, retained, "Europe/London", {}))


def electricity(**changes: Any) -> dict[str, Any]:
    meter = {
        "timestamp": "2026-11-22T10:00:00Z",
        "energy": {
            "import": {"cumulative": 6613.405, "day": 13.2, "units": "kWh", "mpan": "1200012345678"},
            "export": {"cumulative": 1.5, "units": "kWh"},
        },
        "power": {"value": 0.951, "units": "kW"},
    }
    return {"electricitymeter": {**meter, **changes}}


def values(decoded: Decoded) -> dict[str, float]:
    return {one.kind: one.value for one in decoded.measurements}


def test_it_takes_totals_and_power_and_nothing_else() -> None:
    decoded = read(electricity())

    assert values(decoded) == {
        "electricity_energy": 6613.405,
        "electricity_export_energy": 1.5,
        "electricity_power": 951.0,
    }
    assert {one.at for one in decoded.measurements} == {AT}
    assert "1200012345678" not in repr(decoded)


def test_it_takes_gas_as_energy_and_volume() -> None:
    taken = {"cumulative": 8570.9, "units": "kWh", "cumulativevol": 775.6, "cumulativevolunits": "m3"}
    decoded = read({"gasmeter": {"timestamp": "2026-11-22T10:00:00Z", "energy": {"import": taken}}})

    assert values(decoded) == {"gas_energy": 8570.9, "gas_volume": 775.6}


def test_a_part_that_is_missing_is_not_zero() -> None:
    assert (
        values(read(electricity(power=None, energy={"import": {"cumulative": None, "units": "kWh"}}))) == {}
    )


def test_the_absurd_totals_of_old_firmware_are_flagged() -> None:
    taken = {"cumulative": 4_000_000_000, "units": "kWh"}
    [one] = read({"gasmeter": {"energy": {"import": taken}}}).measurements

    assert one.flags & Flags.BEYOND_ABSOLUTE
    assert one.at is None


def test_it_reads_the_state_of_the_display() -> None:
    state = {
        "software": "v1.8.12",
        "timestamp": "2026-11-22T10:00:00Z",
        "han": {"rssi": -75, "status": "joined"},
    }
    decoded = read(state)

    assert decoded.statuses == (Status(firmware="v1.8.12"),)
    assert values(decoded) == {"sensor_fault": 0.0}


def room(**said: Any) -> Decoded:
    return read({"glowsensorth1": {"00CAFEBABE01": {"timestamp": "2026-11-22T10:00:00Z", **said}}})


def test_it_reads_its_own_thermometers_by_their_ids() -> None:
    decoded = room(
        temperature={"value": 19.1, "units": "°C"},
        humidity={"value": 46, "units": "%"},
        battery={"value": 55, "units": "%"},
        status="connected",
        customname="Somebody's bedroom",
    )

    assert values(decoded) == {"room_temperature": 19.1, "room_humidity": 46.0, "sensor_fault": 0.0}
    assert {(one.address, one.at) for one in decoded.measurements} == {("00CAFEBABE01", AT)}
    assert decoded.statuses == (Status(battery=55.0, address="00CAFEBABE01"),)
    assert "Somebody" not in repr(decoded)


def test_a_thermometer_that_is_not_heard_is_a_fault() -> None:
    assert values(room(status="disconnected")) == {"sensor_fault": 1.0}


@pytest.mark.parametrize("said", [{}, {"temperature": {"value": 20}}, {"temperature": 20, "battery": {}}])
def test_a_thermometer_may_say_nothing(said: dict[str, Any]) -> None:
    assert room(**said).nothing


def test_a_display_that_hears_no_meter_is_a_fault() -> None:
    assert values(read({"han": {"status": "disconnected"}})) == {"sensor_fault": 1.0}


@pytest.mark.parametrize(
    "body", [b"", {}, {"electricitymeter": 3}, {"gasmeter": {"energy": []}}, {"han": 1}, ROOMS]
)
def test_there_may_be_nothing_to_store(body: Any) -> None:
    assert read(body).nothing


def test_a_retained_reading_is_a_replay() -> None:
    assert all(one.flags == Flags.REPLAYED for one in read(electricity(), retained=True).measurements)


KEYS = st.sampled_from(
    [
        "glowsensorth1",
        "00CAFEBABE01",
        "electricitymeter",
        "gasmeter",
        "energy",
        "import",
        "export",
        "power",
        "value",
        "units",
        "cumulative",
        "timestamp",
        "temperature",
        "humidity",
        "battery",
        "status",
        "han",
        "software",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
BODIES = st.recursive(
    LEAVES | st.sampled_from(["kWh", "°C", "%"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@settings(deadline=None, max_examples=200)
@given(body=st.dictionaries(KEYS, BODIES, max_size=5) | st.binary(max_size=100))
def test_any_message_is_read_or_refused(body: Any) -> None:
    try:
        decoded = read(body)
    except Undecodable:
        return
    assert decoded.measurements or decoded.statuses or decoded.nothing
