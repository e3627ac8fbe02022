"""Clocks: a correction is made once, by the gateway or by us, and a time that can't be believed is none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from devices.measurement import Flags
from tests.devices.formats.fhir_kit import AT, MDC, bundle, clock, coded, pulse, quantity, read, refers

BEHIND = clock("2026-11-22T09:59:00Z", valueDateTime="2026-11-22T09:54:00Z")
"""A sensor five minutes behind its gateway."""
OWN_TIME = [{"value": "74E8FFFEFF051C00-somebody-149530-20261122T100000.00-150588"}]
OTHER_TIME = [{"value": "74E8FFFEFF051C00-somebody-149530-20261122T095500.00-150588"}]


def when(timestamp: dict[str, Any], **more: Any) -> tuple[datetime | None, Flags]:
    [one] = read(bundle(timestamp, pulse(**{"extension": refers(), **more}))).measurements
    return one.at, one.flags


def test_what_the_gateway_has_corrected_is_not_corrected_again() -> None:
    assert when(BEHIND) == (AT, Flags.CLOCK_CORRECTED)
    assert when(BEHIND, identifier=OTHER_TIME) == (AT, Flags.CLOCK_CORRECTED)


@pytest.mark.parametrize("stamp", ["20261122T100000.00", "20261122100000.00"])
def test_the_sensors_own_time_is_corrected_where_the_identifier_shows_that_nobody_did(stamp: str) -> None:
    identifier = [{"value": f"74E8FFFEFF051C00-somebody-149530-{stamp}"}]

    assert when(BEHIND, identifier=identifier) == (AT + timedelta(minutes=5), Flags.CLOCK_CORRECTED)


def test_a_second_is_no_fault_of_a_clock() -> None:
    near = clock("2026-11-22T09:59:00Z", valueDateTime="2026-11-22T09:58:59Z")

    assert when(near, identifier=OWN_TIME) == (AT, Flags.NONE)


def test_a_sensor_that_knows_the_time_better_is_believed() -> None:
    assert when(clock(None, valueDateTime="2026-11-22T09:54:00Z"), identifier=OWN_TIME) == (AT, Flags.NONE)


def test_ticks_are_the_gateways_to_read() -> None:
    ticks = clock(
        "2026-11-22T09:59:00Z", code=coded((MDC, "67983")), valueQuantity=quantity(3_723_456_000, "us")
    )

    assert when(ticks) == (AT, Flags.NONE)


def test_after_a_sensor_time_fault_there_is_no_time() -> None:
    fault = clock("2026-11-22T09:59:00Z", dataAbsentReason={"text": "Sensor Time Fault"})

    assert when(fault) == (None, Flags.CLOCK_CORRECTED)


def test_a_timestamp_that_is_contained_or_referred_to_in_the_old_way_counts() -> None:
    corrected = (AT + timedelta(minutes=5), Flags.CLOCK_CORRECTED)
    inside = read(pulse(contained=[BEHIND], extension=refers("#clock"), identifier=OWN_TIME)).measurements[0]

    assert (inside.at, inside.flags) == corrected
    old_way = [{"reference": "Observation/clock"}]
    assert when(BEHIND, extension=[], derivedFrom=old_way, identifier=OWN_TIME) == corrected


def test_a_timestamp_of_another_message_changes_nothing() -> None:
    [one] = read(pulse(extension=refers("Observation/elsewhere"), identifier=OWN_TIME)).measurements

    assert (one.at, one.flags) == (AT, Flags.NONE)


def test_a_timestamp_is_no_reading() -> None:
    assert read(BEHIND).nothing is not None


def test_a_clock_beyond_the_calendar_gives_no_time() -> None:
    far = clock("9999-12-31T23:00:00Z", valueDateTime="0001-01-01T00:00:00Z")

    assert when(far, identifier=OWN_TIME) == (None, Flags.CLOCK_CORRECTED)


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({"effectiveInstant": "2026-11-22T10:00:00Z"}, AT),
        ({"effectivePeriod": {"start": "2026-11-22T09:00:00Z", "end": "2026-11-22T10:00:00Z"}}, AT),
        ({"effectivePeriod": {"start": "2026-11-22T10:00:00Z"}}, AT),
        ({"effectiveDateTime": "2026-11-22T11:00:00+01:00"}, AT),
        ({}, None),
    ],
)
def test_it_knows_each_way_to_say_when(more: dict[str, Any], at: datetime | None) -> None:
    bare = pulse()
    del bare["effectiveDateTime"]
    [one] = read(bare | more).measurements

    assert (one.at, one.flags) == (at, Flags.NONE)


def test_a_time_without_a_zone_is_the_homes() -> None:
    [one] = read(pulse(effectiveDateTime="2026-06-22T10:00:00")).measurements

    assert (one.at, one.flags) == (datetime(2026, 6, 22, 9, tzinfo=UTC), Flags.CLOCK_CORRECTED)
