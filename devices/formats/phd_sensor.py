"""Which sensor behind a gateway a FHIR resource speaks of.

The address of a sensor is its IEEE 11073 system id, 16 hexadecimal digits in capitals ("74E8FFFEFF051C00"):
the Personal Health Device guide makes it a part of the logical id of its Device
("phd-74E8FFFEFF051C00.001C05FFE874") and one of that Device's identifiers, with dashes. Without one it is
the Bluetooth address, 12 digits. A reference to a Device by the number that some server gave it names
nothing one could register: such a reading is that of the publishing device.
"""

import re
from typing import Any

from devices.formats import fhir_codes, wire
from devices.formats.fhir_parts import References, part, parts, text
from devices.measurement import Sensor

_SYSTEMS = ("urn:oid:1.2.840.10004.1.1.1.0.0.1.0.0.1.2680", "http://hl7.org/fhir/sid/eui-48/bluetooth")
"""EUI-64 and Bluetooth address, the better first."""
_GATEWAY = "http://hl7.org/fhir/StructureDefinition/observation-gatewayDevice"
_HEX = re.compile(r"[0-9A-F]{12}(?:[0-9A-F]{4})?")
_UNUSABLE = re.compile(r"[\s+#/]")


def address(resource: dict[str, Any], references: References) -> str | None:
    """Return the address of the sensor that measured, or None for the publishing device itself."""
    device = part(resource, "device")
    name = text(device, "reference")
    if name and name == _gateway(resource):
        return None
    found = references.find(device, resource)
    if found is not None:
        return None if _is_gateway(found) else _of_device(found) or _of_name(text(found, "id"))
    return _plain(text(part(device, "identifier"), "value")) or _of_name(name.rpartition("/")[2])


def sensor(resource: dict[str, Any]) -> Sensor | None:
    """Return the sensor a Device resource is of, or None for a gateway and for what has no address."""
    if text(resource, "resourceType") != "Device" or _is_gateway(resource):
        return None
    found = _of_device(resource) or _of_name(text(resource, "id"))
    return None if found is None else Sensor(found, wire.short_text(text(resource, "modelNumber").strip()))


def is_about_kit(resource: dict[str, Any], references: References) -> bool:
    """Whether the subject is a device: a number is then a setting, such as the limit it beeps at."""
    subject = part(resource, "subject")
    found = references.find(subject, resource) or {}
    return "Device" in (*text(subject, "reference").split("/")[-2:-1], text(found, "resourceType"))


def _gateway(resource: dict[str, Any]) -> str:
    said = [each for each in parts(resource, "extension") if text(each, "url") == _GATEWAY]
    return text(part(said[0], "valueReference"), "reference") if said else ""


def _is_gateway(device: dict[str, Any]) -> bool:
    return fhir_codes.GATEWAY in fhir_codes.codes(part(device, "type"))


def _of_device(device: dict[str, Any]) -> str | None:
    known = {text(each, "system"): text(each, "value") for each in parts(device, "identifier")}
    return next((found for system in _SYSTEMS if (found := _plain(known.get(system, "")))), None)


def _of_name(name: str) -> str | None:
    if not name.startswith("phd-"):
        return None
    system_id = name.removeprefix("phd-").partition(".")[0]
    return system_id if _HEX.fullmatch(system_id) else _plain(name)


def _plain(written: str) -> str | None:
    bare = written.replace("-", "").replace(":", "").upper()
    if _HEX.fullmatch(bare):
        return bare
    return None if _UNUSABLE.search(written) else wire.short_text(written)
