"""Connections to the database that give up a server which holds the line and says nothing."""

from typing import Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

RV = TypeVar("RV")
LOOK_UP_EVERY = 0.1
"""psycopg's own: seconds after which it looks whether somebody wants it to stop."""


class PatientConnection(Connection[Any]):
    """A connection that is closed, with an OperationalError, when an answer takes longer than its patience.

    Neither a limit of the server's (statement_timeout) nor one of TCP's (keep-alive, user timeout) ends that
    wait where the server's machine still takes our bytes: it hangs, or something between us forwards no more.
    """

    patience = 20.0

    def wait(self, gen: PQGen[RV], interval: float = LOOK_UP_EVERY, timeout: float | None = None) -> RV:
        """What psycopg waits by for every answer; `timeout` is its own, where it has less patience."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # its answer may still come, and would be taken for the next one's
            raise


def lend(engine: Engine, seconds: float) -> None:
    """Let each connection that `engine` makes from now on wait no longer than this for any answer."""

    def connect(
        _dialect: object, _record: object, arguments: tuple[Any, ...], given: dict[str, Any]
    ) -> PatientConnection:
        made = PatientConnection.connect(*arguments, **given)
        made.patience = seconds
        return made

    event.listen(engine, "do_connect", connect)
