"""Looks every ten seconds whether everything goes on, and tells somebody outside when it does not."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from app.auditing import troubles
from app.auditing.asking import Asking
from app.auditing.standing import Standing, Trouble
from app.auditing.troubles import DATABASE, NO_DATABASE, PAGES, Look
from app.auditing.ways import Alarm, LogWay, Way
from care_plans.alerts import auditor
from core import heartbeats
from core.db import Db
from core.errors import Unavailable

log = logging.getLogger(__name__)
NAME = "audit"
PATIENCE = 10.0
"""Seconds for all that the database is asked at a look."""


class Auditing:
    """One process's looking and telling.

    `open_db` is tried until the database answers. `alive` says to somebody outside that we look; `pages`
    says what is wrong with the pages, None where they can be used.
    """

    def __init__(
        self,
        open_db: Callable[[], Db],
        ways: Sequence[Way],
        real_now: Callable[[], datetime],
        alive: Callable[[], None] = lambda: None,
        pages: Callable[[], str | None] = lambda: None,
        patience: float = PATIENCE,
    ) -> None:
        self._open_db = open_db
        self._db: Db | None = None
        self._ways = ways
        self._real_now = real_now
        self._alive = alive
        self._pages = pages
        self._asking = Asking(patience)
        self._since = self._pages_well_at = real_now()
        self._standing = Standing()
        self._counts = {"told": 0, "failed": 0}

    def step(self) -> bool:
        """Look once, and tell what is due; there is never more to do at once."""
        now = self._real_now()
        look = self._look(now)
        self._standing = self._standing.seen({**look.found, **self._look_at_pages(now)}, now)
        for way in (LogWay(), *self._ways):
            self._tell(way, now)
        self._note(look)
        self._say_that_we_look(now)
        return False

    def _look(self, now: datetime) -> Look:
        """What the database tells, or that it tells nothing."""
        try:
            return self._asking.ask(lambda: troubles.look(self._opened(), self._since, now))
        except Unavailable as fault:
            return Look({DATABASE: f"{NO_DATABASE} {fault}"})
        except (SQLAlchemyError, TimeoutError) as fault:
            log.warning("database not asked", extra={"error": type(fault).__name__})
            return Look({DATABASE: NO_DATABASE})

    def _opened(self) -> Db:
        if self._db is None:
            self._db = self._open_db()
        return self._db

    def _look_at_pages(self, now: datetime) -> dict[str, str]:
        words = self._pages()
        if words is None:
            self._pages_well_at = now
        away = now - self._pages_well_at
        return {PAGES: words} if words is not None and away >= troubles.SILENT_AFTER else {}

    def _tell(self, way: Way, now: datetime) -> None:
        """Tell by this way what it has not taken yet; one that fails keeps no other from being tried."""
        due, over = self._standing.due(way.name, now), self._standing.over_for(way.name)
        if not due and not over:
            return
        still = {key: each for key, each in self._standing.troubles.items() if key not in due}
        try:
            way.tell(Alarm(now, _words(due), _words(over), _words(still)))
        except Exception as fault:
            # Whatever is wrong with one way, the others have to be tried; this one is tried again.
            self._counts["failed"] += 1
            log.exception("alarm not taken", extra={"way": way.name, "error": type(fault).__name__})
        else:
            self._counts["told"] += way in self._ways
            self._standing = self._standing.told(way.name, now)

    def _note(self, look: Look) -> None:
        """Put on record that we look, and what the auditor found, as far as the database lets us."""
        db, alerts = self._db, look.alerts
        if db is None:
            return
        counts = {**self._counts, "ways": len(self._ways)}
        self._write(lambda: heartbeats.beat(db, NAME, None, counts))
        if alerts is not None:
            self._write(lambda: _put_on_record(db, alerts))

    def _write(self, write: Callable[[], None]) -> None:
        try:
            self._asking.ask(write)
        except (SQLAlchemyError, TimeoutError) as fault:
            log.warning("heartbeat not kept", extra={"error": type(fault).__name__})

    def _say_that_we_look(self, now: datetime) -> None:
        """Say so outside, but not while we look in vain: whoever misses it comes and sees."""
        unheard = self._standing.unheard([way.name for way in self._ways], now)
        if unheard:
            log.critical("nobody outside hears what stands still", extra={"troubles": sorted(unheard)})
            return
        try:
            self._alive()
        except Unavailable as fault:
            log.warning("nobody outside hears that we look", extra={"why": str(fault)})


def _put_on_record(db: Db, alerts: auditor.Looked) -> None:
    with db.transaction() as session:
        auditor.note(session, alerts)


def _words(those: Mapping[str, Trouble]) -> dict[str, str]:
    return {key: each.words for key, each in those.items()}
