"""The codes of SCAIP: each leads to a kind there is, and an alarm always to one."""

import pytest

from devices import kinds
from devices.formats import scaip_codes


def test_every_code_leads_to_a_kind_there_is() -> None:
    states = [
        *scaip_codes.OF_KIT.values(),
        *scaip_codes.OF_HOME.values(),
        *scaip_codes.OF_DEVICE.values(),
    ]
    sensed = {*scaip_codes.SENSES.values(), *scaip_codes.ALARMS.values()}
    named = {*sensed, *scaip_codes.BEYOND.values(), *(each.kind for each in states)}

    assert all(kinds.get(code).is_binary for code in named)


def test_what_is_listed_is_known() -> None:
    listed = {*scaip_codes.OF_KIT, *scaip_codes.OF_HOME, *(status for _, status in scaip_codes.OF_DEVICE)}

    assert listed | scaip_codes.CALLS | scaip_codes.OVER | scaip_codes.REACHED <= scaip_codes.KNOWN


@pytest.mark.parametrize("status", sorted(scaip_codes.CALLS))
@pytest.mark.parametrize("device", [None, *range(60), 9999])
def test_an_alarm_of_any_device_is_never_dropped(device: int | None, status: int) -> None:
    said = scaip_codes.call(device, status)

    assert said is not None
    assert said.value == 1.0


@pytest.mark.parametrize(
    ("device", "status", "kind"),
    [
        (5, 9, "fall"),
        (5, 10, "pendant"),
        (3, 6, "pendant"),
        (2, 10, "pendant"),
        (2, 9, "unnamed_alarm"),
        (10, 9, "activity_alarm"),
        (11, 9, "medication_alarm"),
        (12, 11, "bed_alarm"),
        (14, 9, "door_alarm"),
        (15, 9, "property_exit"),
        (17, 9, "seizure"),
        (44, 110, "chair_alarm"),
        (12, 100, "unnamed_alarm"),
        (23, 126, "heat_alarm"),
        (20, 101, "unnamed_alarm"),
    ],
)
def test_what_calls_depends_on_the_device(device: int, status: int, kind: str) -> None:
    said = scaip_codes.call(device, status)

    assert said is not None
    assert said.kind == kind


@pytest.mark.parametrize("status", [5, 14, 70, 75, 102, 117])
def test_what_is_no_alarm_calls_nobody(status: int) -> None:
    assert scaip_codes.call(3, status) is None


@pytest.mark.parametrize("device", sorted(scaip_codes.ALARMS))
@pytest.mark.parametrize("status", sorted(scaip_codes.CALLS))
def test_an_alarm_whose_sense_is_not_told_is_no_less_than_an_unnamed_one(device: int, status: int) -> None:
    said = scaip_codes.call(device, status)

    assert said is not None
    assert kinds.alarms(said.kind, said.value)


@pytest.mark.parametrize("device", sorted(scaip_codes.ALARMS))
@pytest.mark.parametrize("status", sorted(scaip_codes.ACTIVE))
def test_that_it_is_active_is_no_call_of_it(device: int, status: int) -> None:
    assert scaip_codes.call(device, status) is None


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (14, ("battery_failed", 1.0, "")),
        (15, ("battery_low", 0.0, "")),
        (23, ("line_lost", 1.0, "IP line")),
        (26, ("line_lost", 1.0, "first line")),
        (115, ("line_lost", 0.0, "first line")),
        (27, ("backup_line_lost", 1.0, "second line")),
        (85, ("mains_failed", 1.0, "")),
        (86, ("mains_failed", 0.0, "")),
        (102, ("test_call", 1.0, "first line")),
    ],
)
def test_what_a_unit_says_of_its_power_and_lines_is_told_apart(
    status: int, said: tuple[str, float, str]
) -> None:
    assert scaip_codes.state(2, status) == said


def test_a_movement_of_a_detector_is_no_call() -> None:
    assert scaip_codes.call(10, 6) is None
    assert scaip_codes.state(10, 6) == scaip_codes.State("motion", 1.0)


def test_kit_whose_sense_is_not_known_says_what_it_is() -> None:
    assert scaip_codes.unnamed(12).part == "bed monitor"
    assert scaip_codes.unnamed(None).part == ""
