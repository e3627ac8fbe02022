"""Files in a folder of this machine: readable by its owner alone, and never half written."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from core.errors import Unavailable
from core.store import AWAY, CHUNK

KEY = re.compile(r"[0-9a-f]{32}")
OURS = 0o600


class FolderStore:
    """Each file in a folder named by the first two letters of its key."""

    def __init__(self, folder: Path) -> None:
        """The folder is made with the first file."""
        self._folder = folder

    def put(self, key: str, content: BinaryIO) -> None:
        """Write beside it, sync, and put it in its place."""
        path = self._path(key)
        beside = path.with_suffix(".part")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OURS), "wb") as file:
                while chunk := content.read(CHUNK):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as fault:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise Unavailable(AWAY) from fault

    def open(self, key: str) -> Iterator[bytes]:
        """The file, opened now and read as it is asked for."""
        try:
            file = self._path(key).open("rb")
        except OSError as fault:
            raise Unavailable(AWAY) from fault
        return _chunks(file)

    def delete(self, key: str) -> None:
        """Remove the file."""
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as fault:
            raise Unavailable(AWAY) from fault

    def list_keys(self, before: datetime) -> Iterator[str]:
        """Keys by the time their files were written; what was left half written is removed on the way."""
        for path in sorted(self._folder.glob("??/*")):
            if path.stat().st_mtime >= before.timestamp():
                continue
            if path.suffix == ".part":
                path.unlink(missing_ok=True)
            elif KEY.fullmatch(path.name):
                yield path.name

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError("a key of the store is 32 hexadecimal digits")
        return self._folder / key[:2] / key


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
