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

from playwright.sync_api import Browser, Page, sync_playwright

from tools.browser import FLAGS, find_browser

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = {1280: 900, 390: 844}
PAGES = {
    "board": "/",
    "people": "/people",
    "follow-ups": "/follow-ups",
    "kit": "/kit",
    "outcomes": "/outcomes",
    "outbox": "/outbox",
}
FOUND = {"alert": "/alerts/", "person": "/people/"}  # the first such link on the board
PATIENCE = 180  # seconds for the demo place to be ready


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


def sign_in(page: Page, url: str) -> None:
    """As the first of the demo's people, whose password the sign-in page itself tells."""
    page.goto(f"{url}/sign-in")
    row = page.locator("tbody tr").first
    page.fill("[name=email]", row.locator("td").nth(0).inner_text().strip())
    page.fill("[name=password]", row.locator("code").inner_text().strip())
    page.locator("main form button[type=submit], main form button").last.click()
    page.wait_for_url(f"{url}/")


def photograph(page: Page, url: str, path: str, file: Path) -> None:
    """One page, whole, once its charts and parts have come."""
    page.goto(f"{url}{path}")
    page.wait_for_load_state("load")
    page.wait_for_timeout(1500)
    page.screenshot(path=file, full_page=True)
    print(file.relative_to(ROOT), flush=True)


def links(page: Page, url: str) -> dict[str, str]:
    """Addresses of one alert, its person and their plan, as the board links to them."""
    page.goto(url)
    page.wait_for_load_state("load")
    found: dict[str, str] = {}
    for name, start in FOUND.items():
        link = page.locator(f"main a[href^='{start}']").first
        if link.count():
            found[name] = str(link.get_attribute("href"))
    if "person" in found:
        found["plan"] = f"{found['person'].split('?')[0].rstrip('/')}/plan"
    return found


def photograph_all(browser: Browser, url: str, folder: Path) -> None:
    """Every page at every width; signing in once for each width."""
    for width, height in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
        page = context.new_page()
        photograph(page, url, "/sign-in", folder / f"sign-in-{width}.png")
        sign_in(page, url)
        for name, path in (PAGES | links(page, url)).items():
            photograph(page, url, path, folder / f"{name}-{width}.png")
        context.close()


def main() -> None:
    """Photograph into var/screenshots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a running demo place; without it one is started")
    wanted = parser.parse_args()
    folder = ROOT / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    chromium = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        if wanted.url:
            photograph_all(browser, wanted.url.rstrip("/"), folder)
        else:
            with demo_place() as url:
                photograph_all(browser, url, folder)
        browser.close()


if __name__ == "__main__":
    main()
