"""Who of several intake workers holds which seat: by locks of the database, which end with their holder."""

import logging
from collections.abc import Iterable

from sqlalchemy import Connection, Engine, TextClause, text
from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

SAFETY = 0
"""The seat of the life-safety lane, which is not shared: one worker has it, and the others stand by."""
LOCKS = 4_711_010
PRESENT = 1_000
"""Not a seat: every worker holds this one, together with the others, so that they can be counted."""

_LOCK = "(CAST(:locks AS integer), CAST(:seat AS integer))"
_JOIN = text(f"SELECT pg_advisory_lock_shared{_LOCK}")
_TAKE = text(f"SELECT pg_try_advisory_lock{_LOCK}")
_GIVE = text(f"SELECT pg_advisory_unlock{_LOCK}")
# How a lock of two numbers is listed, among those of all databases (PostgreSQL's manual, 53.12).
_WORKERS = text(
    """
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 2 AND granted
      AND classid = CAST(:locks AS oid) AND objid = CAST(:seat AS oid)
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    """
)


class Seats:
    """The seats that this worker holds, on a database connection of its own.

    A worker that dies lets go of all of them at once; one whose machine vanishes, within a quarter of a
    minute. A worker holds no more ordinary seats than its even share, rounded up.
    """

    def __init__(self, engine: Engine, count: int) -> None:
        """`count` is how many ordinary seats there are; they are numbered from 1."""
        self._engine = engine
        self._count = count
        self._connection: Connection | None = None
        self._held: set[int] = set()

    @property
    def held(self) -> frozenset[int]:
        """The seats we hold, as far as we know."""
        return frozenset(self._held)

    def surplus(self) -> list[int]:
        """The ordinary seats beyond our even share, which others wait for: leave them, then `give` them.

        When the database has let go of us, we hold nothing any more: `held` is empty.
        """
        try:
            fair = self._fair()
        except DBAPIError as fault:
            self._lose(fault)
            return []
        return sorted(self._held - {SAFETY})[fair:]

    def give(self, seats: Iterable[int]) -> None:
        """Let others have these seats, which nothing of ours uses any more."""
        try:
            for seat in seats:
                self._ask(_GIVE, seat)
                self._held.discard(seat)
        except DBAPIError as fault:
            self._lose(fault)

    def take(self) -> list[int]:
        """Take the life-safety seat and one ordinary seat of our even share, if free; what was taken.

        One at a time, so that workers that start together share from the start.
        """
        taken: list[int] = []
        try:
            room = min(1, self._fair() - len(self._held - {SAFETY}))
            for seat in (SAFETY, *range(1, self._count + 1)):
                if seat in self._held or (seat != SAFETY and room <= 0):
                    continue
                if self._ask(_TAKE, seat):
                    taken.append(seat)
                    room -= seat != SAFETY
        except DBAPIError as fault:
            self._lose(fault)
            return []
        self._held.update(taken)
        return taken

    def close(self) -> None:
        """Give everything up."""
        self._held.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _fair(self) -> int:
        workers = max(1, self._ask(_WORKERS, PRESENT))
        return -(-self._count // workers)

    def _ask(self, question: TextClause, seat: int) -> int:
        if self._connection is None:
            made = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            # Never back into the pool, where the locks would outlive us.
            made.detach()
            self._connection = made
            made.execute(_JOIN, {"locks": LOCKS, "seat": PRESENT})
        answer = self._connection.execute(question, {"locks": LOCKS, "seat": seat}).scalar()
        return int(answer or 0)

    def _lose(self, fault: DBAPIError) -> None:
        log.warning("the seats are lost", extra={"error": type(fault).__name__})
        self._held.clear()
        lost, self._connection = self._connection, None
        if lost is not None:
            lost.invalidate()
            lost.close()
