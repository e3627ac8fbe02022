"""Tells the database who looks, so that its own policies limit what a session reads (the second wall)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from core.db import limit
from people.access import Viewer


def limit_to(session: Session, viewer: Viewer, now: datetime) -> None:
    """Let the session read, from now on, only what `viewer` may see at `now`."""
    everyone = "yes" if viewer.everyone else "no"
    limit(session, {"staff": str(viewer.staff_id), "now": now.isoformat(), "everyone": everyone})


def count_everybody(session: Session) -> None:
    """Let the session read past the limits until it ends: for figures that count all and name nobody."""
    if "limits" in session.info:
        limit(session, {**session.info["limits"], "everyone": "yes"})


@contextmanager
def lifted(session: Session) -> Iterator[None]:
    """Read past the limits inside the block, for what no viewer is shown: a search for doubles, a retry.

    Whoever lifts them answers for what leaves the block.
    """
    before: Mapping[str, str] = session.info.get("limits", {})
    session.flush()
    limit(session, {**before, "everyone": "yes"})
    try:
        yield
        session.flush()
    finally:
        limit(session, before)
