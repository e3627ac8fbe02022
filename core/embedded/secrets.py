"""Passwords that the installation makes for itself, in one file that only its owner can read."""

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def random_password() -> str:
    """32 random letters and digits, safe in a URL and in a configuration file."""
    return secrets.token_hex(16)


def write_private(path: Path, text: str, *, for_group: bool = False) -> None:
    """Replace a file in one step; nobody but its owner, or its group as well, may read it at any moment."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
        if for_group:
            os.fchmod(file.fileno(), 0o640)
    fresh.replace(path)


class Secrets:
    """Named secrets, each made when first asked for. The folder is 0700, the file 0600."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._path = folder / "secrets.json"

    def keep(self, name: str, make: Callable[[], str] = random_password) -> str:
        """The secret of that name; made by `make` and kept the first time."""
        kept: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}
        if name not in kept:
            kept[name] = make()
            write_private(self._path, json.dumps(kept, indent=1))
        return kept[name]
