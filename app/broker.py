"""Keeps the embedded broker's users up to date with the registry, from whichever process changed it."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from core.db import Db
from core.embedded.broker import Broker
from core.errors import Unavailable
from devices import broker_access


def refresher(db: Db, state_dir: Path) -> Callable[[], None]:
    """What to call after a device's secret or route has changed; nothing where the broker isn't ours."""
    broker = Broker(state_dir)
    if not broker.users_file.exists():
        return _nothing

    def refresh() -> None:
        try:
            broker_access.refresh(db, broker.users_file, [broker.intake_user()], broker.reload)
        except Unavailable:
            return  # it is being restarted: the timetable asks again, and it reads its users at the start

    return refresh


def address(url: str | None) -> str | None:
    """Where kit connects: the broker's address without Hearthline's own name and password."""
    parts = urlsplit(url or "")
    if not parts.hostname:
        return None
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def _nothing() -> None:
    return None
