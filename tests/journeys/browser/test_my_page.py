"""My page in a browser: leaving it in a hurry, with and without script, and by key (H17)."""

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.browser.conftest import Open, sign_in
from tests.journeys.browser.place import Place

pytestmark = pytest.mark.browser

WEATHER = "https://www.bbc.co.uk/weather"
NEUTRAL = "<!doctype html><html lang='en'><title>Weather</title><h1>Sunny</h1></html>"


def shut_off(page: Page) -> None:
    """The weather, without a network."""
    page.route(f"{WEATHER}**", lambda route: route.fulfill(body=NEUTRAL, content_type="text/html"))


def test_one_press_leaves_for_the_weather_and_there_is_no_way_back(place: Place, chromium: Browser) -> None:
    context = chromium.new_context(base_url=place.url)
    page = context.new_page()
    shut_off(page)
    sign_in(page, place, "Beth Marsh")
    page.goto("/me")
    page.get_by_role("button", name="Leave this page now").click()
    page.wait_for_url(f"{WEATHER}**")
    assert "Hearthline" not in page.title()
    page.goto(f"{place.url}/me")
    assert page.url.endswith("/me/sign-in")
    context.close()


def test_escape_three_times_does_the_same(place: Place, chromium: Browser) -> None:
    context = chromium.new_context(base_url=place.url)
    page = context.new_page()
    shut_off(page)
    sign_in(page, place, "Beth Marsh")
    page.goto("/me")
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url(f"{WEATHER}**")
    context.close()


def test_without_script_the_button_leaves_too(place: Place, chromium: Browser) -> None:
    context = chromium.new_context(base_url=place.url, java_script_enabled=False)
    page = context.new_page()
    shut_off(page)
    email, password = place.sign_in("Beth Marsh")
    page.goto("/me/sign-in")
    page.fill("#email", email)
    page.fill("#password", password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/me")
    page.get_by_role("button", name="Leave this page now").click()
    page.wait_for_url(f"{WEATHER}**")
    page.goto(f"{place.url}/me")
    assert page.url.endswith("/me/sign-in")
    context.close()


def test_my_page_is_read_by_keyboard_from_signing_in_on(open_as: Open, place: Place) -> None:
    email, password = place.sign_in("Ada Marsh")
    page = open_as(None).go("/me/sign-in")
    page.locator("#email").focus()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/me")
    assert page.locator("h1").inner_text() == "Hello Ada"
