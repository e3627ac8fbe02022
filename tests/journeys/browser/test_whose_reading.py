"""A reading of shared kit that says nobody's number: it asks, somebody answers, and it is that person's."""

import pytest

from tests.journeys.browser.conftest import DESK, PHONE, Open
from tests.journeys.browser.place import Kit, Patient, Place, until

pytestmark = pytest.mark.browser


def shared_oximeter(place: Place, patient: Patient) -> Kit:
    """An oximeter of the home."""
    device = place.ask("/devices", {"name": "Oximeter of the home", "model": "HL-O1"})
    place.ask(f"/devices/{device['id']}/assignments", {"home_id": patient.home})
    mqtt = device["mqtt"]
    return Kit(mqtt["username"], mqtt["password"], mqtt["topic_prefix"])


def test_a_dangerous_reading_of_nobody_asks_at_once_and_is_whose_it_is_said_to_be(
    open_as: Open, place: Place
) -> None:
    patient = place.new_patient("Shared")
    kit = shared_oximeter(place, patient)
    place.publish(kit, 95)
    place.publish(kit, 84)
    asked = f"/alerts?state=open&severity=red&person_id={patient.id}"
    alert = until(lambda: place.ask(asked)["items"], "the question")[0]
    assert alert["name"] == "Whose reading is this?"
    watched = open_as("Cora")
    page = watched.go(f"/alerts/{alert['id']}")
    page.get_by_role("link", name="Say whose it is").click()
    page.get_by_role("heading", name="Whose is this?").wait_for()
    for size in (PHONE, DESK):
        watched.resize(size)
        assert watched.faults() == []
        assert watched.loose(size[0], 320 if size == PHONE else 1280) == []
    page.get_by_role("group", name="84").get_by_role("button", name="Ada").press("Enter")
    page.get_by_role("heading", name="Answered lately").wait_for()
    found = place.ask(f"/people/{patient.id}/readings?kind=spo2")["items"]
    assert [each["value"] for each in found] == [84]
