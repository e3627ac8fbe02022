"""Every page on a desk and on a phone: nothing that axe finds, nothing cut off, nothing on the console.

Pages are read from the application, so a new one is held to it without further ado; one whose address takes
an id that `ids` does not know fails until it does.
"""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.routing import Rule

from app.auth import for_visitors
from people.access import MAY, Need
from people.models.agencies import Role
from tests.house.test_routes import made
from tests.journeys.browser.conftest import DESK, PHONE, Open
from tests.journeys.browser.place import Place
from tests.journeys.browser.watched import Watched

pytestmark = pytest.mark.browser

APP: Flask = made()
NOT_PAGES = (".json", ".csv", ".ics", ".svg", ".js", ".webmanifest", "/content")
FOR_MACHINES = ("/api/v1/openapi", "/health/", "/metrics", "/static/")
ROLES = {
    "Cora": Role.COORDINATOR,
    "Dev": Role.CLINICIAN,
    "Lena": Role.ADMINISTRATOR,
    "Noor": Role.PRIVACY_OFFICER,
}
WORDS = {
    "part": "goals",
    "part_key": "copd.stay_home",
    "rule_key": "copd.oxygen_low",
    "measure": "",
    "kind": "not-found",
    "mark": "no_clock",
    "pathway": "copd",
    "form_code": "falls_check",
}
CUFF = {"sort": "cuff", "model": "Omron M3", "way": "by_hand"}
# Pages that the route map does not name: other states of the same addresses.
STATES = {
    "board, nothing fits": ("/?severity=watch&area=Nowhere", "Cora"),
    "board, nothing open": ("/", "Mallory"),
    "board for one who has none": ("/", "Sol"),
    "people, nobody": ("/people", "Mallory"),
    "follow-ups of the team": ("/follow-ups?view=team", "Cora"),
    "follow-ups overdue": ("/follow-ups?view=overdue", "Cora"),
    "follow-ups done": ("/follow-ups?view=done", "Dev"),
    "calls, nobody to ring": ("/calls", "Mallory"),
    "calls of a volunteer": ("/calls", "Vi"),
    "a pathway in an earlier version": ("/pathways/copd?version=1", "Dev"),
    "follow-ups, nothing": ("/follow-ups?view=team", "Mallory"),
    "the board of the landlord": ("/", "Hana"),
    "visits, nobody": ("/visits", "Mallory"),
    "checks, none that lapse": ("/checks", "Mallory"),
    "a check that lapses soon": ("/checks", "Dev"),
    "follow-ups of a volunteer": ("/follow-ups?view=team", "Vi"),
    "who has looked, none that fit": ("/admin/looks?since=2099-01-01", "Noor"),
    "referrals out": ("/referrals?box=out", "Dev"),
    "referrals over": ("/referrals?box=done", "Dev"),
    "referrals, nothing": ("/referrals", "Mallory"),
    "concerns, nothing": ("/concerns", "Cora"),
    "my page of another": ("/me", "Beth Marsh"),
    "my page in larger letters": ("/me/paper?size=large", "Ada Marsh"),
}


IN_THE_DARK = (
    "/",
    "/referrals/{referral_id}",
    "/alerts/{alert_id}",
    "/people/{person_id}",
    "/people/{person_id}/plan/paper",
    "/people/{person_id}/my-page",
    "/people/new",
    "/outcomes",
)


def pages() -> list[str]:
    """Every address that answers a page to whoever opens it."""
    found = []
    for rule in APP.url_map.iter_rules():
        view = APP.view_functions[rule.endpoint]
        whole = not getattr(view, "live", False) and not rule.rule.endswith(NOT_PAGES)
        ours = rule.rule == "/api/v1/docs" or not rule.rule.startswith(("/api/", "/fhir/", *FOR_MACHINES))
        if "GET" in (rule.methods or set()) and whole and ours:
            found.append(rule.rule)
    return sorted(found)


def rule_of(text: str) -> Rule:
    return next(
        each for each in APP.url_map.iter_rules() if each.rule == text and "GET" in (each.methods or ())
    )


def who_opens(rule: Rule) -> str | None:
    """One of the demo's people whose role may."""
    need: Need | None = getattr(APP.view_functions[rule.endpoint], "needs", None)
    view = APP.view_functions[rule.endpoint]
    if rule.rule == "/sign-in":
        return None
    if for_visitors(rule.rule):
        return "Ada Marsh" if getattr(view, "my_page", False) else None
    if "concern_id" in rule.arguments:
        return "Sol"  # whose team holds it: no other may know that it is there
    return next((name for name, role in ROLES.items() if need is None or need in MAY[role]), None)


def refer(place: Place, person_id: str) -> str:
    """The nurses ask the hub for something, so that those who open the pages are on either side."""
    asked = {
        "person_id": person_id,
        "from_team_id": place.team("Community nurses"),
        "to_team_id": place.team("Westmere hub"),
        "reason": "See whether a morning call would help.",
        "includes": ["plan"],
    }
    return str(place.ask("/referrals", asked)["id"])


@pytest.fixture(scope="session")
def ids(place: Place) -> dict[str, str]:
    """An example of everything that an address can name."""
    patient = place.new_patient("Everypage")
    alert = place.red_alert(patient)
    return {
        **WORDS,
        "person_id": patient.id,
        "home_id": patient.home,
        "alert_id": alert,
        "follow_up_id": place.one(f"/follow-ups?alert_id={alert}")["id"],
        "device_id": place.one("/devices")["id"],
        "own_id": place.ask(f"/people/{patient.id}/own-kit", CUFF)["id"],
        "filled_id": place.filled(patient),
        "attachment_id": place.attached(patient),
        "measure": place.one("/outcomes")["measure"],
        "referral_id": refer(place, patient.id),
        "agency_id": place.one("/agencies")["id"],
        "team_id": place.one("/teams")["id"],
        "staff_id": place.one("/staff")["id"],
        "pair_id": place.one("/people/duplicates")["id"],
        "concern_id": place.raise_concern(patient.id),
        "override_id": place.one("/overrides")["id"],
        "trial_id": place.tried(WORDS["pathway"], WORDS["rule_key"], oxygen="86"),
        "endpoint_id": place.webhook("Lena"),
        **decided(place, patient.id),
    }


def decided(place: Place, person: str) -> dict[str, str]:
    """Who decides for somebody, what may watch, and who is let in: one of each."""
    at, soon = f"{datetime.now(UTC):%Y-%m-%d}", f"{datetime.now(UTC) + timedelta(days=60):%Y-%m-%d}"
    here = f"/people/{person}"
    agreed = {
        "watched": "movement",
        "agreed_by": "person",
        "why": "Mornings",
        "said": "Yes",
        "objections": "None",
    }
    let_in = {"name": "Ned", "email": f"{uuid4().hex[:8]}@westmere.example", "relation": "son", "said": "Yes"}
    seen = {"seen_alone_on": at, "seen_alone_by": "Sol", "seen_alone_where": "At home"}
    made = {
        "authority_id": (f"{here}/authorities", {"kind": "appointee", "name": "Beth Marsh"}),
        "agreement_id": (f"{here}/agreements", agreed | {"less_intrusive": "A call", "review_on": soon}),
        "proxy_id": (f"{here}/proxies", let_in | seen | {"classes": ["plan"], "expires_on": soon}),
    }
    return {name: str(place.ask(path, body)["id"]) for name, (path, body) in made.items()}


def hold(watched: Watched, page: Page, size: tuple[int, int]) -> list[str]:
    """What is wrong with the page that is open."""
    wrong = [f"axe {each}" for each in watched.faults()]
    headings = page.locator("h1").all_inner_texts()
    if len(headings) != 1:
        wrong.append(f"{len(headings)} h1: {headings}")
    title = page.title()
    if not re.fullmatch(r"(▲\d+ )?\w.* – Hearthline", title):
        wrong.append(f"title: {title!r}")
    skip = page.locator("a.skip")
    if skip.get_attribute("href") != "#main" or page.locator("main#main").count() != 1:
        wrong.append("no skip link")
    if size == DESK:
        return wrong + watched.loose(1920, 1280) + watched.loose_in_large_text()
    return wrong + watched.loose(390, 320)


@pytest.mark.parametrize("text", pages(), ids=lambda text: text.partition("<any")[0])
def test_a_page_is_sound(text: str, open_as: Open, ids: dict[str, str]) -> None:
    """Opened on a desk, then as small as a phone; the states below are opened on the phone itself."""
    rule = rule_of(text)
    unknown = rule.arguments - ids.keys()
    assert not unknown, f"{text}: tell `ids` an example of {unknown}"
    who = who_opens(rule)
    values = {name: ids[name] for name in rule.arguments}
    watched = open_as(who)
    page = watched.go(APP.url_map.bind("localhost").build(rule.endpoint, values))
    assert page.locator("html[lang=en-GB]").count() == 1, f"{text} is no page"
    assert hold(watched, page, DESK) == []
    watched.resize(PHONE)
    assert hold(watched, page, PHONE) == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("state", STATES)
def test_a_page_is_sound_in_another_state(state: str, size: tuple[int, int], open_as: Open) -> None:
    path, who = STATES[state]
    watched = open_as(who, size)
    assert hold(watched, watched.go(path), size) == []


def test_a_visit_card_is_sound_from_the_asking_to_the_end(open_as: Open) -> None:
    watched = open_as("Vi", PHONE)
    page = watched.go("/follow-ups?view=team")
    page.get_by_role("link", name="Bring the shopping").first.click()
    for press in ("I will go", "I am at the door", "I have left, I am safe"):
        assert hold(watched, page, PHONE) == [], press
        page.get_by_role("button", name=press).first.click()
        page.get_by_role("status").filter(has_text="You are" if "safe" not in press else "safe").wait_for()
    assert hold(watched, page, PHONE) == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_page_of_what_is_not_there_is_sound(size: tuple[int, int], open_as: Open) -> None:
    watched = open_as("Cora", size)
    assert hold(watched, watched.go(f"/alerts/{uuid4()}", status=404), size) == []


@pytest.mark.parametrize("path", IN_THE_DARK)
def test_a_page_is_sound_in_the_dark(path: str, open_as: Open, ids: dict[str, str]) -> None:
    watched = open_as("Cora")
    watched.page.emulate_media(color_scheme="dark")
    watched.go(path.format(**ids))
    assert watched.faults() == []


def test_the_forms_and_the_keys_over_a_page_are_sound(open_as: Open, ids: dict[str, str]) -> None:
    watched = open_as("Cora")
    page = watched.go(f"/alerts/{ids['alert_id']}")
    for key, heading in (("m", "Contact made"), ("h", "Hand over"), ("?", "Keys")):
        page.keyboard.press(key)
        page.get_by_role("dialog").get_by_role("heading", name=heading).wait_for()
        assert watched.faults() == [], heading
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")


# In one go, as fast as the browser itself: the form is shut, and the next key comes before anything is drawn.
SHUT_AND_PRESS = """() => {
  document.getElementById("sheet").close();
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }));
  return document.getElementById("keys").open;
}"""


def test_a_key_right_after_a_form_was_shut_counts(open_as: Open, ids: dict[str, str]) -> None:
    page = open_as("Cora").go(f"/alerts/{ids['alert_id']}")
    page.keyboard.press("h")
    page.get_by_role("dialog").get_by_role("heading", name="Hand over").wait_for()
    assert page.evaluate(SHUT_AND_PRESS)
