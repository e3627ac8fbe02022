"""What the settings name, opened: the installation's database, its place for files, its mapping files."""

from collections.abc import Callable

from app import files, opening
from config import Config
from core.db import Db
from core.store import Store
from devices import known_mappings

PATIENCE = 20.0
"""Seconds that a worker waits for any one answer of the database: far more than its largest step takes.

Then the database counts as away: the step is tried again on a connection that is new.
"""

BRIEF_PATIENCE = 8.0
"""The same for who may not wait: longer than the database itself lets a statement of theirs take."""


def open_db(config: Config, name: str, *, pool: int = 5, patience_seconds: float | None = None) -> Db:
    """The installation; ConfigError where its address or its key is missing."""
    config.require("database_url", "secret_key")
    return opening.open_db(
        config.database_url or "", config.secret_key or "", name, pool=pool, patience_seconds=patience_seconds
    )


def brief_opener(config: Config, name: str) -> Callable[[], Db]:
    """What opens the installation for a process that may not wait; ConfigError as with `open_db`, at once."""
    config.require("database_url", "secret_key")
    return opening.opener(
        config.database_url or "",
        config.secret_key or "",
        name,
        pool=1,
        brief=True,
        patience_seconds=BRIEF_PATIENCE,
    )


def read_mappings(config: Config) -> None:
    """Know the operator's own mapping files as well; BadMapping names each mistake in them."""
    if config.mappings is not None:
        known_mappings.add(config.mappings)


def open_store(config: Config) -> Store:
    """Where attached files are kept."""
    return files.store_of(
        config.attachments_url, config.state_dir, config.s3_access_key, config.s3_secret_key
    )
