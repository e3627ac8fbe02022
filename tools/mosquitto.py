"""Find a Mosquitto for the tests that need another broker than our own, and install one if need be."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAME = "mosquitto"
BESIDE_PATH = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
MISSING = (
    "Tests need Mosquitto 2.0 or later: install the package mosquitto, or run make test as root on Debian."
)


def find_mosquitto() -> str | None:
    """Path of the broker; it may lie where only administrators look."""
    return shutil.which(NAME) or shutil.which(NAME, path=os.pathsep.join(BESIDE_PATH))


def install_mosquitto() -> None:
    """Install Debian's package, as root; its own broker, on port 1883, is not what we are here for."""
    # RUNLEVEL: scripts of packages start nothing in the first level
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", NAME]
    subprocess.run(command, check=True, env=quiet, stdin=subprocess.DEVNULL)
    if Path("/run/systemd/system").exists():
        subprocess.run(["systemctl", "disable", "--now", NAME], check=True)


def main() -> None:
    """Print where the broker is, after installing one if need be; end in words where that can't be."""
    if find_mosquitto() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("── Mosquitto for the tests: none here, installing it", flush=True)
        install_mosquitto()
    path = find_mosquitto()
    if path is None:
        sys.exit(MISSING)
    print(f"── mosquitto: {path}", flush=True)


if __name__ == "__main__":
    main()
