"""Find a Chromium for the browser tests and the screenshots, and install one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

# Without the last ones every start asks hosts on the internet, which a closed network refuses one by one.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_browser() -> str | None:
    """Path of a Chromium: the machine's own, else the one Playwright downloaded, else None."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install_browser() -> None:
    """Install Chromium: Debian's package as root, else Playwright's own build in the user's cache."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
        packages = ["chromium", "fonts-dejavu-core"]
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        subprocess.run(command, check=True, env=quiet, stdin=subprocess.DEVNULL)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main() -> None:
    """Print where the browser is, after installing one if need be."""
    path = find_browser()
    if path is None:
        print("── a browser for the tests: none here, installing Chromium", flush=True)
        install_browser()
        path = find_browser()
    if path is None:
        sys.exit("No Chromium could be found or installed. Install one, then run this again.")
    print(f"── browser: {path}", flush=True)


if __name__ == "__main__":
    main()
