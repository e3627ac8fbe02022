"""Where files lie, outside the database: one interface, whether they lie in a folder or in a bucket."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Protocol
from urllib.parse import parse_qs, urlsplit

AWAY = "The place where files are kept is not answering. Try again in a moment; nothing of it was kept."
CHUNK = 64 * 1024


class Store(Protocol):
    """Keeps files by key. Every method raises Unavailable when the place does not answer."""

    def put(self, key: str, content: BinaryIO) -> None:
        """Keep all of `content` under `key`, whole or not at all."""

    def open(self, key: str) -> Iterator[bytes]:
        """The file in chunks; Unavailable, before the first, where it is not there."""

    def delete(self, key: str) -> None:
        """Let the file go; one that is not there is gone already."""

    def list_keys(self, before: datetime) -> Iterator[str]:
        """The keys of the files that were put before a (real) time."""


def new_key() -> str:
    """A key that says nothing of what is kept under it."""
    return secrets.token_hex(16)


def bucket_of(url: str) -> tuple[str, str, dict[str, str]]:
    """Bucket, prefix and options (endpoint, region) of s3://bucket/prefix?endpoint=https://host&region=name."""
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    prefix = parts.path.strip("/")
    return parts.hostname or "", f"{prefix}/" if prefix else "", options
