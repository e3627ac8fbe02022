"""A calendar's address and a calendar's file, as staff meet them on a desk and on a phone."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.browser.conftest import DESK, PHONE, Open
from tests.journeys.browser.place import Place
from tests.journeys.browser.test_every_page import hold

pytestmark = pytest.mark.browser


def test_an_address_is_made_and_ended_on_pages_that_are_sound(open_as: Open) -> None:
    watched = open_as("Cora")
    page = watched.go("/calendar")
    page.get_by_role("button", name="Make an address").first.click()
    address = page.locator("code.secret").inner_text()
    assert hold(watched, page, DESK) == []
    watched.resize(PHONE)
    assert hold(watched, page, PHONE) == []
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "On duty: Westmere hub" in answer.text()
    page.get_by_role("button", name="End this address").first.click()
    page.get_by_role("status").filter(has_text="That address has ended").wait_for()
    assert page.request.get(address).status == 404


def test_a_file_is_chosen_looked_at_and_written_down_on_pages_that_are_sound(
    open_as: Open, place: Place
) -> None:
    day = datetime.now(UTC) + timedelta(days=9)
    event = "BEGIN:VEVENT\r\nDTSTART:{:%Y%m%d}T{}0000\r\nDURATION:PT2H\r\nSUMMARY:{}\r\nEND:VEVENT\r\n"
    events = [event.format(day, "09", "Maeve"), event.format(day, "12", "Somebody from another team")]
    content = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(events) + "END:VCALENDAR\r\n"
    watched = open_as("Dev")
    page = watched.go(f"/rotas/{place.team('Community nurses')}/calendar")
    assert hold(watched, page, DESK) == []
    page.get_by_label("Calendar file").set_input_files(
        {"name": "duty.ics", "mimeType": "text/calendar", "buffer": content.encode()}
    )
    page.get_by_label("Why?").fill("The list")
    page.get_by_role("button", name="Show what it would make").click()
    page.get_by_role("heading", name="What this calendar would make").wait_for()
    assert hold(watched, page, DESK) == []
    watched.resize(PHONE)
    assert hold(watched, page, PHONE) == []
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("status").filter(has_text="One cover is written down.").wait_for()
