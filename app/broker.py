"""Keeps the embedded broker's users up to date with the registry, from whichever process changed it."""

from collections.abc import Callable
from pathlib import Path

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


def _nothing() -> None:
    return None
