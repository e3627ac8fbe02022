"""Recorded runs: what a fleet published and which lines it lost, in order, to be sent again byte for byte.

A file of JSON lines, compressed where its name ends in .gz. The first line is the head, an object with what
the run was asked for:

    {"hearthline":"recording","version":1,"seed":7,"begins":"2026-11-22T07:00:00+00:00","devices":100}

Each other line is a list. A message: microseconds since `begins`, device key, topic, QoS, 1 where it is
retained, and the payload: as text, or as {"b64": …} where it is not UTF-8. A line lost or found again:
microseconds, device key, "down" or "up". What a device says when it is let in (its state) and its last will
follow from its line and are not written down.
"""

import base64
import gzip
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

import orjson

from core.errors import Invalid
from devices.simulator.acts import Act, Turn
from devices.simulator.speaking import Emission

VERSION = 1
QOS = 1
_MICROSECOND = timedelta(microseconds=1)
_WORDS = {False: "down", True: "up"}


@dataclass(frozen=True, slots=True)
class Head:
    """What a recording says of itself: from when its times count, and what made it."""

    seed: int
    begins: datetime
    devices: int
    besides: Mapping[str, Any] = field(default_factory=dict)


def recorded(path: Path, head: Head, acts: Iterable[Act]) -> Iterator[Act]:
    """The same acts, each written down as it is taken; the same acts make the same file."""
    with _writing(path) as file:
        said = {"hearthline": "recording", "version": VERSION, "seed": head.seed}
        said |= {"begins": head.begins.isoformat(), "devices": head.devices}
        file.write(orjson.dumps({**said, **head.besides}) + b"\n")
        for act in acts:
            file.write(orjson.dumps(_line(act, head.begins)) + b"\n")
            yield act


def head_of(path: Path) -> Head:
    """What a recording says of itself. Invalid for a file that is none, or of another version."""
    with _reading(path) as file:
        return _head(path, file.readline())


def replayed(path: Path) -> Iterator[Act]:
    """The acts of a recording. Invalid for a file that is none, with the line that can't be read."""
    with _reading(path) as file:
        begins = _head(path, file.readline()).begins
        for number, line in enumerate(file, 2):
            try:
                yield _act(orjson.loads(line), begins)
            except (ValueError, TypeError, LookupError, AttributeError):
                raise Invalid({"replay": f"Line {number} of {path.name} is no act of a recording."}) from None


def devices_of(path: Path) -> set[str]:
    """The keys of all devices that a recording has a line of."""
    return {act.device_key for act in replayed(path)}


def _head(path: Path, line: bytes) -> Head:
    try:
        said = orjson.loads(line)
        if said.pop("hearthline") != "recording" or said.pop("version") != VERSION:
            raise Invalid({"replay": f"{path.name} is no recording of version {VERSION}."})
        return Head(said.pop("seed"), datetime.fromisoformat(said.pop("begins")), said.pop("devices"), said)
    except (ValueError, TypeError, LookupError, AttributeError):
        raise Invalid({"replay": f"{path.name} is no recording: its first line is no head."}) from None


def _line(act: Act, begins: datetime) -> list[Any]:
    after = (act.at - begins) // _MICROSECOND
    if isinstance(act, Turn):
        return [after, act.device_key, _WORDS[act.up]]
    return [after, act.device_key, act.topic, QOS, int(act.retained), _written(act.payload)]


def _act(line: list[Any], begins: datetime) -> Act:
    at = begins + line[0] * _MICROSECOND
    if len(line) == 3:
        return Turn(at, line[1], up={word: up for up, word in _WORDS.items()}[line[2]])
    _, key, topic, qos, retained, payload = line
    if qos != QOS or retained not in (0, 1):
        raise ValueError("A message of a recording has QoS 1, and is retained or not.")
    return Emission(at, key, topic, _read(payload), bool(retained))


def _written(payload: bytes) -> str | dict[str, str]:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return {"b64": base64.b64encode(payload).decode()}


def _read(said: Any) -> bytes:
    if isinstance(said, dict):
        return base64.b64decode(said["b64"], validate=True)
    payload: bytes = said.encode()
    return payload


@contextmanager
def _writing(path: Path) -> Iterator[IO[bytes]]:
    with path.open("wb") as file:
        if path.suffix != ".gz":
            yield file
            return
        # Without its name and the time in it: the same acts make the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
            yield packed  # type: ignore[misc]


@contextmanager
def _reading(path: Path) -> Iterator[IO[bytes]]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            yield file  # type: ignore[misc]
    except (OSError, EOFError) as fault:
        raise Invalid({"replay": f"{path.name} can't be read: {fault.__class__.__name__}."}) from None
