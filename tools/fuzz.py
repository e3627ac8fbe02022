"""Feeds every decoder bytes that nobody would send: any are read or refused, soon and in little memory.

A coverage-guided fuzzer (atheris) looks for bytes that lead into code not seen yet, a process for each format
(tools/fuzz_one.py), starting from the messages of real kit. What fails is left in var/fuzz, to be tried once
more with `python -m tools.fuzz FORMAT --bytes FILE`.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

from devices import decode
from devices.formats.announced import Announced
from devices.measurement import Undecodable
from tools import payloads

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "fuzz"
AT_MOST = 0.05
"""Seconds of processor that any 64 KiB may take."""
SLOWED = 20
"""How much slower a decoder is while its coverage is looked at."""
MEGABYTES = 50


class TooSlow(Exception):
    """A message took longer than AT_MOST."""


@cache
def seeds(name: str) -> tuple[tuple[dict[str, Any], bytes], ...]:
    """The messages there are of a format, each with the bytes that `one` takes for it."""
    rows = [row for row in payloads.rows() if row["format"] == name]
    rows = rows or [{"format": name, "rest": "", "received_at": "2026-11-22T10:00:00Z", "payload": "{}"}]
    return tuple((row, bytes([place % 256, 0]) + payloads.payload_of(row)) for place, row in enumerate(rows))


def one(name: str, data: bytes, slowed: int = 1) -> None:
    """Read one message: topic, models and announcements are a real one's, which the first byte chooses.

    The second byte says whether it is retained and whether somebody looks for new sensors. Any error but
    Undecodable goes up, and TooSlow.
    """
    known = seeds(name)
    row = known[data[0] % len(known)][0] if data else known[0][0]
    how = data[1] if len(data) > 1 else 0
    message = {**row, "retain": bool(how & 1), "hex": data[2:].hex()}
    announced = Announced()
    began = time.thread_time()
    with contextlib.suppress(Undecodable):
        payloads.read(message, announced=announced, listening=bool(how & 2))
    if time.thread_time() - began > AT_MOST * slowed:
        raise TooSlow


def options(name: str, seconds: int) -> list[str]:
    """What libFuzzer is told."""
    KEPT.mkdir(parents=True, exist_ok=True)
    return [
        f"-max_total_time={seconds}",
        "-max_len=8192",
        f"-malloc_limit_mb={MEGABYTES}",
        "-timeout=5",
        f"-artifact_prefix={KEPT}/{name}-",
        "-print_final_stats=1",
        "-verbosity=0",
    ]


def _one_format(name: str, seconds: int) -> bool:
    """Fuzz one format in a process of its own, and print what came of it; whether nothing failed."""
    with tempfile.TemporaryDirectory() as corpus:
        for place, (_, data) in enumerate(seeds(name)):
            Path(corpus, str(place)).write_bytes(data)
        command = [sys.executable, "-m", "tools.fuzz_one", name, *options(name, seconds), corpus]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = done.stderr.splitlines()
    runs = next((line.split()[-1] for line in said if "number_of_executed_units" in line), "?")
    print(
        f"{name:16} {len(seeds(name)):6} seeds  {runs:>9} runs  {'ok' if not done.returncode else 'FAILED'}"
    )
    if done.returncode:
        print("\n".join(said[-30:]))
    return not done.returncode


def main() -> int:
    """Fuzz the formats that are named, or all; 1 when one of them fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*")
    parser.add_argument("--seconds", type=int, default=20, help="for each format")
    parser.add_argument("--bytes", help="a file that failed, to be tried once more")
    asked = parser.parse_args()
    if asked.bytes:
        one(asked.formats[0], Path(asked.bytes).read_bytes())
        return 0
    failed = [name for name in asked.formats or decode.format_names() if not _one_format(name, asked.seconds)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
