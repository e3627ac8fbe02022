"""What a technician asks of the formats: which there are, and what would be stored of a captured message."""

import argparse
import sys
from pathlib import Path

from app.running import settings
from config import Config
from core.clock import real_time
from core.errors import Invalid
from devices import decode, known_mappings, tryout
from devices.measurement import Undecodable
from devices.tryout import Captured


def formats(config: Config, _asked: argparse.Namespace) -> None:
    """Print every format, with what a mapping file says that it reads."""
    settings.read_mappings(config)
    for name in decode.format_names():
        mapping = known_mappings.find(name)
        _say(f"{name:16} {mapping.title if mapping is not None else 'built in; see docs/formats.md'}")


def attempt(config: Config, asked: argparse.Namespace) -> int:
    """Print what would be stored of one message; 1 where it would be rejected.

    Invalid names line and field of each mistake in a mapping file.
    """
    settings.read_mappings(config)
    if not tryout.is_zone(asked.zone):
        raise Invalid({"zone": "There is no such time zone."})
    payload = sys.stdin.buffer.read() if asked.message == "-" else _bytes(asked.message)
    parts = [each.partition("=") for each in asked.model]
    models = {address if found else "": model or address for address, found, model in parts}
    captured = Captured(payload, asked.topic, real_time().now(), asked.retained, asked.zone, models)
    try:
        if asked.format.endswith(known_mappings.ENDING):
            text = _bytes(asked.format).decode("utf-8", "replace")
            decoded = tryout.by_mapping(text, captured, Path(asked.format).stem)
        else:
            decoded = tryout.by_format(asked.format, captured)
    except Undecodable as fault:
        _say(f"rejected ({fault.code}): {fault}")
        return 1
    for line in tryout.described(decoded):
        _say(line)
    return 0


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as fault:
        raise Invalid({"": f"{path} can't be read: {fault.strerror}."}) from fault


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
