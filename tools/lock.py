"""Rebuild the locks: exact versions with hashes, for every platform, and no address of any index."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = "uv==0.13.9"
LOCKS = ("requirements", "requirements-dev", "requirements-node")
ADDRESS = re.compile(r"^\s*(--(find-links|index-url|extra-index-url|trusted-host).*)?$")


def without_addresses(text: str) -> str:
    """The lock's text without blank lines and without lines that say where to download from."""
    kept = [line for line in text.splitlines() if not ADDRESS.match(line)]
    return "\n".join(kept) + "\n"


def lock_python(name: str, upgrade: bool) -> None:
    """Write NAME.txt from NAME.in; without `upgrade`, versions already locked stay."""
    out = ROOT / f"{name}.txt"
    command = [sys.executable, "-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet"]
    command += ["--upgrade"] if upgrade else []
    subprocess.run([*command, f"{name}.in", "--output-file", out.name], cwd=ROOT, check=True)
    out.write_text(without_addresses(out.read_text()))


def main() -> None:
    """Lock Python's packages with uv and the front end's with npm."""
    upgrade = "--upgrade" in sys.argv[1:]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", UV], check=True)
    for name in LOCKS:
        lock_python(name, upgrade)
    npm = ["npm", "update" if upgrade else "install", "--package-lock-only", "--ignore-scripts"]
    subprocess.run(npm, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
