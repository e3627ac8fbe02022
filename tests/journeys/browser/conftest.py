"""One running place and one browser for the browser tests, and pages that tell what went wrong in them."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.browser.place import VISITORS, Place, running
from tests.journeys.browser.watched import Watched
from tools.browser import FLAGS, find_browser

DESK, PHONE = (1280, 900), (390, 844)
Open = Callable[..., Watched]


@pytest.fixture(scope="session")
def place() -> Iterator[Place]:
    """A small demo place that runs; not below pytest's own folder, which each run shuts to other accounts."""
    with tempfile.TemporaryDirectory(prefix="hearth-place-") as folder, running(Path(folder)) as place:
        yield place


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    path = find_browser()
    assert path, "no Chromium here: `make test` installs one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def cookies(
    place: Place, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """The cookies of somebody who has signed in; each signs in once for all tests."""
    folder = tmp_path_factory.mktemp("cookies")

    def of(name: str) -> Path:
        kept = folder / f"{name}.json"
        if not kept.exists():
            context = chromium.new_context()
            sign_in(context.new_page(), place, name)
            context.storage_state(path=kept)
            context.close()
        return kept

    return of


@pytest.fixture
def open_as(place: Place, chromium: Browser, cookies: Callable[[str], Path]) -> Iterator[Open]:
    """Opens a browser in which somebody is signed in (None: nobody), at a size; errors end the test."""
    contexts: list[tuple[BrowserContext, Watched]] = []

    def open_it(name: str | None, size: tuple[int, int] = DESK) -> Watched:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="en-GB",
            base_url=place.url,
            storage_state=cookies(name) if name else None,
        )
        watched = Watched(context.new_page())
        contexts.append((context, watched))
        return watched

    yield open_it
    for context, _ in contexts:
        context.close()
    for _, watched in contexts:
        assert not watched.wrongs, "\n".join(watched.wrongs)


def sign_in(page: Page, place: Place, name: str) -> None:
    """By typing, as anybody would."""
    email, password = place.sign_in(name)
    page.goto(f"{place.url}{'/me' if name in VISITORS else ''}/sign-in")
    page.fill("#email", email)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))
