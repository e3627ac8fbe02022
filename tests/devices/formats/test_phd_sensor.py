"""Which sensor speaks: by its system id, however that is written, and by no number of a server."""

from typing import Any

import pytest

from devices.measurement import Sensor
from tests.devices.formats.fhir_kit import MDC, bundle, coded, pulse, read

EUI64 = "urn:oid:1.2.840.10004.1.1.1.0.0.1.0.0.1.2680"
BLUETOOTH = "http://hl7.org/fhir/sid/eui-48/bluetooth"
NONIN: dict[str, Any] = {
    "resourceType": "Device",
    "id": "17",
    "identifier": [
        {"system": BLUETOOTH, "value": "00-1C-05-FF-E8-74"},
        {"system": EUI64, "value": "74-E8-FF-FE-FF-05-1C-00"},
    ],
    "modelNumber": "Model 3230 ",
    "type": coded((MDC, "65573")),
}
GATEWAY = {
    "resourceType": "Device",
    "id": "g",
    "identifier": NONIN["identifier"],
    "type": coded((MDC, "531981")),
}


def address(device: dict[str, Any], *beside: dict[str, Any], **more: Any) -> str | None:
    [one] = read(bundle(pulse(device=device, **more), *beside)).measurements
    return one.address


@pytest.mark.parametrize(
    ("device", "found"),
    [
        ({"reference": "Device/phd-74E8FFFEFF051C00.001C05FFE874"}, "74E8FFFEFF051C00"),
        ({"reference": "https://somewhere.example/Device/phd-74E8FFFEFF051C00"}, "74E8FFFEFF051C00"),
        ({"reference": "Device/phd-001"}, "phd-001"),
        ({"identifier": {"system": EUI64, "value": "74-e8-ff-fe-ff-05-1c-00"}}, "74E8FFFEFF051C00"),
        ({"identifier": {"value": "00:1C:05:FF:E8:74"}}, "001C05FFE874"),
        ({"identifier": {"value": "SN-501900083"}}, "SN-501900083"),
        ({"identifier": {"value": "two words/three"}}, None),
        ({"reference": "Device/17"}, None),
        ({}, None),
    ],
)
def test_a_sensor_is_named_by_what_can_be_registered(device: dict[str, Any], found: str | None) -> None:
    assert address(device) == found


def test_a_device_in_the_message_tells_its_own_system_id() -> None:
    assert address({"reference": "Device/17"}, NONIN) == "74E8FFFEFF051C00"


def test_without_a_system_id_it_is_the_bluetooth_address() -> None:
    assert (
        address({"reference": "Device/17"}, NONIN | {"identifier": NONIN["identifier"][:1]}) == "001C05FFE874"
    )


def test_the_gateway_itself_is_the_publishing_device() -> None:
    assert address({"reference": "Device/g"}, GATEWAY) is None
    said = {"url": "http://hl7.org/fhir/StructureDefinition/observation-gatewayDevice",
            "valueReference": {"reference": "Device/phd-1"}}  # fmt: skip
    assert address({"reference": "Device/phd-1"}, extension=[said]) is None


def test_a_gateway_lists_the_sensors_it_has_and_not_itself() -> None:
    assert read(bundle(NONIN, GATEWAY)).sensors == (Sensor("74E8FFFEFF051C00", "Model 3230"),)
    assert read({"resourceType": "Device", "id": "17"}).sensors == ()


@pytest.mark.parametrize("subject", ["Device/17", "https://somewhere.example/Device/9"])
def test_what_is_about_kit_is_no_reading(subject: str) -> None:
    assert read(bundle(pulse(subject={"reference": subject}))).measurements == ()
