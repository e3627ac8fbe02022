"""Sealing the journal in tests, where other tests run on the same server."""

import time

from sqlalchemy import func, select

from core import seal
from core.db import Db
from core.models import JournalEntry


def seal_all(db: Db, seconds: float = 30.0) -> None:
    """Seal all that has been committed; what is running anywhere on the server holds that up for a while."""
    unsealed = select(func.count()).select_from(JournalEntry).where(JournalEntry.number.is_(None))
    deadline = time.monotonic() + seconds
    while True:
        with db.transaction() as session:
            seal.seal(session)
            left = session.scalars(unsealed).one()
        if not left:
            return
        assert time.monotonic() < deadline, f"{left} entries are not sealed after {seconds:.0f} s"
        time.sleep(0.02)
