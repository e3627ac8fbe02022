"""A message to a browser: shown while no page is open, and opening what it is about."""

import json

import pytest
from playwright.sync_api import Page

from tests.care_plans.messages.browser import Browser as Subscribed
from tests.journeys.browser.conftest import Open
from tests.journeys.browser.place import Place

TOLD = {
    "title": "Red alert, clinical, for A.M., Westmere",
    "body": "Sunday 22 November, 07:46",
    "path": "/follow-ups",
    "tag": "6f2d1c1e-6a0e-5d0b-9c59-1f4b1e0c7a11",
}
REGISTER = """async () => {
  await navigator.serviceWorker.register("/service-worker.js");
  await navigator.serviceWorker.ready;
}"""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  for (let tries = 0; tries < 100; tries += 1) {
    const found = await worker.getNotifications();
    if (found.length) return found.map(({ title, body, tag, data }) => ({ title, body, ...data, tag }));
    await new Promise((later) => setTimeout(later, 50));
  }
  return [];
}"""


def deliver(page: Page, origin: str, told: dict[str, str]) -> None:
    """Let the browser do what it does when its push service brings a message, already decrypted."""
    browser = page.context.new_cdp_session(page)
    seen: list[str] = []
    browser.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: seen.extend(each["registrationId"] for each in said["registrations"]),
    )
    browser.send("ServiceWorker.enable")
    while not seen:
        page.wait_for_timeout(20)
    browser.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": seen[0], "data": json.dumps(told)},
    )


def test_a_message_to_this_browser_is_shown_with_the_page_that_it_is_about(
    open_as: Open, place: Place
) -> None:
    page = open_as("Dev").go("/my-messages")
    page.context.grant_permissions(["notifications"], origin=place.url)
    page.evaluate(REGISTER)
    deliver(page, place.url, TOLD)
    assert page.evaluate(SHOWN) == [TOLD]


PERMISSION = 'Object.defineProperty(Notification, "permission", { get: () => "%s" })'


@pytest.mark.parametrize(
    ("permission", "says", "offered"),
    [("denied", "allow them in its settings", False), ("default", "A message shows even while", True)],
)
def test_the_page_offers_what_the_browser_can_do_and_says_why_not(
    open_as: Open, permission: str, says: str, *, offered: bool
) -> None:
    watched = open_as("Dev")
    watched.page.add_init_script(PERMISSION % permission)
    page = watched.go("/my-messages")
    page.get_by_text(says).wait_for()
    button = page.get_by_role("button", name="Switch this browser on")
    assert button.is_visible() is offered


# A push manager as the Push API describes it: one that holds a subscription for another key takes no new one.
MANAGER = """
  let held = %s;
  const of = (key, name) => ({
    options: { applicationServerKey: key },
    unsubscribe: async () => { held = null; return true; },
    toJSON: () => ({ endpoint: `https://push.example/${name}`, keys: { p256dh: "%s", auth: "%s" } }),
  });
  if (held) held = of(new Uint8Array(held).buffer, "before");
  PushManager.prototype.getSubscription = async () => held;
  PushManager.prototype.subscribe = async ({ applicationServerKey: key }) => {
    if (held && new Uint8Array(held.options.applicationServerKey).join() !== key.join())
      throw new DOMException("held for another key", "InvalidStateError");
    held ??= of(key.slice().buffer, "now");
    return held;
  };
  Notification.requestPermission = async () => "granted";
"""


@pytest.mark.parametrize("held", ["null", "[4, 1, 2, 3]"], ids=["anew", "of another key"])
def test_a_press_switches_this_browser_on_and_another_off_again(
    open_as: Open, place: Place, held: str
) -> None:
    watched = open_as("Dev")
    watched.page.context.grant_permissions(["notifications"], origin=place.url)
    keys = Subscribed().subscription
    watched.page.add_init_script(MANAGER % (held, keys["p256dh"], keys["auth"]))
    page = watched.go("/my-messages")
    page.get_by_role("button", name="Switch this browser on").click()
    page.get_by_text("This browser is switched on.").wait_for()
    off = page.get_by_role("button", name="Switch off")
    assert off.count() == 1
    off.click()
    page.get_by_text("You are told in that browser no more.").wait_for()
    page.get_by_text("None is switched on yet.").wait_for()
