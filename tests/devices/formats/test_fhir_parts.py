"""Parts of a resource: what is missing or something else is empty, and a reference may lead nowhere."""

import pytest

from devices.formats import fhir_parts
from devices.formats.fhir_parts import References
from devices.measurement import Undecodable
from tests.devices.formats.fhir_kit import bundle


@pytest.mark.parametrize("said", [None, 1, "text", [1], {"key": "text"}])
def test_what_stands_in_the_wrong_place_is_empty(said: object) -> None:
    of = {"at": said}

    assert fhir_parts.part(of, "at") == (said if isinstance(said, dict) else {})
    assert fhir_parts.parts(of, "at") == []
    assert fhir_parts.text(of, "at") == (said if isinstance(said, str) else "")


def test_a_resource_is_found_by_its_address_its_type_and_id_and_inside_another() -> None:
    inner = {"resourceType": "Device", "id": "7"}
    outer = {"resourceType": "Observation", "id": "o", "contained": [{"resourceType": "Device", "id": "c"}]}
    body = bundle(inner, outer)
    body["entry"][0]["fullUrl"] = "urn:uuid:1"
    references = References.among(list(fhir_parts.placed(body)))

    for name in ("urn:uuid:1", "Device/7", "https://somewhere.example/fhir/Device/7"):
        assert references.find({"reference": name}, outer) is inner
    assert references.find({"reference": "#c"}, outer) == {"resourceType": "Device", "id": "c"}
    assert references.find({"reference": "#7"}, outer) is None
    assert references.find({"reference": "Device/8"}, outer) is None
    assert references.find({}, outer) is None


def test_an_entry_without_a_resource_is_passed_over() -> None:
    body = {
        "resourceType": "Bundle",
        "type": "batch",
        "entry": [{"request": {"method": "DELETE"}}, 3, {"resource": {}}],
    }

    assert list(fhir_parts.placed(body)) == []


def test_it_counts_the_entries_it_passes_over() -> None:
    body = bundle({}, {"resourceType": "Device"})

    assert [each.where for each in fhir_parts.placed([body])] == ["[0].entry[1].resource"]


def test_a_value_that_is_no_number_is_refused() -> None:
    assert fhir_parts.number({}, "") is None
    assert fhir_parts.number({"value": 36.5}, "") == 36.5
    with pytest.raises(Undecodable):
        fhir_parts.number({"value": {}}, "")
