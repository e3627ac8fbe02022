"""Without a mouse: from signing in to a closed alert, always seeing where one is."""

import re

import pytest
from playwright.sync_api import Page

from tests.journeys.browser.conftest import Open
from tests.journeys.browser.place import Place

pytestmark = pytest.mark.browser

STOPS = 80  # more than any page has before what is looked for
WHERE = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const behind = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 30) / 2);
  const labels = [...(at.labels ?? [])];
  const shown = behind && [at, ...labels].some((each) => each.contains(behind) || behind.contains(each));
  return {
    words: (at.labels?.[0]?.innerText || at.getAttribute("aria-label") || at.innerText || "").trim(),
    inside: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && !!shown,
    marked: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
      || style.boxShadow !== "none"
      || labels.some((each) => getComputedStyle(each, "::before").boxShadow !== "none"),
  };
}"""


class Keys:
    """Somebody's hands on the keyboard, and nowhere else."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._keyboard = page.keyboard

    def press(self, key: str) -> None:
        self._keyboard.press(key)

    def here(self) -> str:
        """The words of what is focused, which is in sight and marked as such."""
        at = self._page.evaluate(WHERE)
        assert at["inside"], f"{at['words']!r} is focused and out of sight"
        assert at["marked"], f"{at['words']!r} is focused and looks as if it were not"
        return str(at["words"])

    def to(self, words: str) -> None:
        """Move on until what is focused begins with `words`."""
        passed = []
        for _ in range(STOPS):
            self.press("Tab")
            if self._page.evaluate("() => document.activeElement === document.body"):
                continue
            passed.append(self.here())
            if re.match(rf"{re.escape(words)}\b", passed[-1]):
                return
        raise AssertionError(f"{words!r} is not among {passed}")

    def to_row(self, words: str) -> None:
        """Go down the list by its own keys, then up, until a row begins with `words`."""
        passed = []
        for key in [*("j" * STOPS), *("k" * STOPS)]:
            self.press(key)
            passed.append(self.here())
            if passed[-1].startswith(words):
                return
        raise AssertionError(f"{words!r} is not among {sorted(set(passed))}")

    def write(self, words: str) -> None:
        self._keyboard.type(words)

    def choose(self, words: str) -> None:
        """In a list to choose from, by typing how it begins."""
        self.write(words)
        chosen = self._page.evaluate("() => document.activeElement.selectedOptions[0].innerText")
        assert chosen.startswith(words), f"{chosen!r} was chosen"


def heading(page: Page) -> str:
    page.wait_for_load_state("load")
    return page.locator("h1").inner_text()


def test_from_signing_in_to_a_closed_alert(open_as: Open, place: Place) -> None:
    patient = place.new_patient("Keys")
    alert = place.red_alert(patient)
    email, password = place.sign_in("Dev")
    page = open_as(None).go("/sign-in")
    keys = Keys(page)

    page.keyboard.press("Tab")
    assert keys.here() == "Skip to the main part"
    keys.press("Enter")
    keys.to("E-mail")
    keys.write(email)
    keys.to("Password")
    keys.write(password)
    keys.press("Enter")
    page.wait_for_url("**/")
    assert heading(page) == "Board"

    keys.to_row(patient.name)
    page.locator(f"#beside [data-alert='{alert}']").wait_for()
    assert f"alert={alert}" in page.url

    keys.press("m")
    page.get_by_role("dialog").get_by_role("heading", name="Contact made").wait_for()
    keys.here()
    keys.press("Space")  # the first of "what happened": spoke to them
    assert page.evaluate("() => document.activeElement.checked")
    keys.to("How are they")
    keys.write("Short of breath, talking in sentences.")
    keys.to("Record it")
    with page.expect_navigation():
        keys.press("Enter")
    assert place.ask(f"/alerts/{alert}")["contact_at"]

    keys.to_row(patient.name)
    with page.expect_navigation():
        keys.press("Enter")
    assert patient.name in heading(page)

    keys.to("Visit: breathing")
    with page.expect_navigation():
        keys.press("Enter")
    assert heading(page).startswith("Visit: breathing")
    follow_up = page.url.rpartition("/")[2]
    keys.to("Outcome")
    keys.choose("Done")
    keys.to("What was found and agreed")
    keys.write("Rescue pack started; nurse rings tomorrow.")
    keys.to("Done")
    with page.expect_navigation():
        keys.press("Enter")
    assert place.ask(f"/follow-ups/{follow_up}")["state"] == "done"

    with page.expect_navigation():
        keys.press("g")
        keys.press("b")
    assert heading(page) == "Board"
    keys.to_row(patient.name)
    keys.press("x")
    page.get_by_role("dialog").get_by_role("heading", name="Close the alert").wait_for()
    assert keys.here().startswith("What was behind it")
    keys.choose("It was so, and something")
    keys.to("What was done")
    keys.press("ArrowDown")
    keys.to("How it ended")
    keys.press("ArrowDown")
    keys.to("Close the alert")
    with page.expect_navigation():
        keys.press("Enter")
    closed = place.ask(f"/alerts/{alert}")["closed"]
    assert closed
    assert all(closed[name] for name in ("cause", "action", "outcome"))
    assert page.locator(f"#alert-{alert}").count() == 0


def test_a_form_over_the_page_gives_the_focus_back(open_as: Open, place: Place) -> None:
    alert = place.red_alert(place.new_patient("Back"))
    page = open_as("Cora").go(f"/alerts/{alert}")
    keys = Keys(page)
    keys.to("Assign")
    before = keys.here()
    keys.press("Enter")
    page.get_by_role("dialog").get_by_role("heading", name="Assign").wait_for()
    keys.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    assert keys.here() == before


def test_single_keys_can_be_switched_off(open_as: Open) -> None:
    page = open_as("Cora").go("/")
    keys = Keys(page)
    keys.press("?")
    page.get_by_role("dialog").get_by_role("heading", name="Keys").wait_for()
    keys.to("Single keys act on this computer")
    keys.press("Space")
    keys.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    keys.press("/")
    assert page.evaluate("() => document.activeElement.id") != "find"
    page.evaluate("() => localStorage.clear()")
    page.reload()
    keys.press("/")
    assert keys.here() == "Find a person"
