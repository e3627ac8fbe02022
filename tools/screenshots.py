"""Photograph every page at desktop and phone width, from a demo place started for it or one that runs."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

from app.context import AppContext
from app.factory import create_app
from core.clock import real_time
from core.db import Db, make_engine
from core.vault import Vault
from tools.browser import FLAGS, find_browser

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = {1280: 900, 390: 844}
BEGIN = (
    "/",
    "/people/new",
    "/people",
    "/people/duplicates",
    "/follow-ups?view=team",
    "/referrals",
    "/kit",
    "/pathways",
    "/pathways/virtual_ward",
    "/outcomes",
    "/outbox",
)
MY_PAGE = ("/me", "/me/kit", "/me/claim", "/me/choices", "/me/looks", "/me/paper", "/me/password")
FILES = (".csv", ".json", ".ics", "/content")
PATIENCE = 180  # seconds for the demo place to be ready
DRAWN = """() => [...document.querySelectorAll("figure[data-chart] .plot")].every(
  (plot) => plot.dataset.drawn || !plot.offsetParent || plot.nextElementSibling?.matches(".plot__wrong"))"""


@contextmanager
def demo_place() -> Iterator[str]:
    """The address of a demo place of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hearth-photos-") as folder:
        ready = Path(folder) / "ready.json"
        options = ["--seed", "demo", "--homes", "40", "--web-port", "0", "--mqtt-port", "0"]
        options += ["--state-dir", f"{folder}/state", "--ready-file", str(ready)]
        system = subprocess.Popen([Path(sys.executable).with_name("hearthline"), "up", *options])
        try:
            deadline = time.monotonic() + PATIENCE
            while not ready.exists():
                if system.poll() is not None or time.monotonic() > deadline:
                    sys.exit("The demo place did not come up.")
                time.sleep(0.5)
            yield json.loads(ready.read_text())["web_url"]
        finally:
            system.terminate()
            system.wait(60)


def route_map() -> MapAdapter:
    """Tells which page an address is, by the application's own routes; nothing is asked of a database."""
    nowhere = Db(make_engine("postgresql+psycopg://nobody@localhost/nothing"), real_time(), Vault("none"))
    return create_app(AppContext(db=nowhere, secret_key="none")).url_map.bind("localhost")


def file_name(rule: Rule) -> str:
    """The address in words: "people-one-plan" for /people/<uuid:person_id>/plan."""
    parts = ["one" if part.startswith("<") else part for part in rule.rule.split("/") if part]
    return "-".join(parts) or "board"


def sign_in(page: Page, url: str, front: str = "") -> None:
    """As the first of the demo's people, whose password the sign-in page itself tells; of My page at /me."""
    page.goto(f"{url}{front}/sign-in")
    row = page.locator("tbody tr").first
    page.fill("[name=email]", row.locator("td").nth(0).inner_text().strip())
    page.fill("[name=password]", row.locator("code").inner_text().strip())
    page.locator("main form button[type=submit], main form button").last.click()
    page.wait_for_url(f"{url}{front or '/'}")


def find_pages(page: Page, url: str) -> dict[str, str]:
    """One address for each page that links lead to, by the name of its picture."""
    routes = route_map()
    found: dict[str, str] = {}
    waiting = list(BEGIN)
    while waiting:
        path = waiting.pop(0)
        try:
            rule, _ = routes.match(urlsplit(path).path, return_rule=True)
        except HTTPException:
            continue
        name = file_name(rule)
        if name in found or rule.endpoint == "static" or rule.rule.endswith(FILES):
            continue
        found[name] = path
        page.goto(f"{url}{path}")
        links = page.locator("main a[href^='/'], footer a[href^='/']")
        waiting += links.evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    return found


def photograph(page: Page, address: str, file: Path) -> None:
    """One page, whole, once its charts have come."""
    page.goto(address, wait_until="load")
    page.wait_for_function(DRAWN)
    page.screenshot(path=file, full_page=True)
    print(file.relative_to(ROOT), flush=True)


def photograph_all(browser: Browser, url: str, folder: Path, theme: str) -> None:
    """Every page at every width; signing in once for each width."""
    found: dict[str, str] = {}
    for width, height in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        ending = f"{width}-dark.png" if theme == "dark" else f"{width}.png"
        photograph(page, f"{url}/sign-in", folder / f"sign-in-{ending}")
        sign_in(page, url)
        found = found or find_pages(page, url)
        for name, path in found.items():
            photograph(page, f"{url}{path}", folder / f"{name}-{ending}")
        page.context.clear_cookies()
        sign_in(page, url, "/me")
        for path in MY_PAGE:
            photograph(page, f"{url}{path}", folder / f"{path.strip('/').replace('/', '-')}-{ending}")
        context.close()


def main() -> None:
    """Photograph into var/screenshots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a running demo place; without it one is started")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    wanted = parser.parse_args()
    folder = ROOT / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    chromium = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        if wanted.url:
            photograph_all(browser, wanted.url.rstrip("/"), folder, wanted.theme)
        else:
            with demo_place() as url:
                photograph_all(browser, url, folder, wanted.theme)
        browser.close()


if __name__ == "__main__":
    main()
