"""Keeps whatever is wrong with one row from stopping the work on all others."""

import logging
from collections.abc import Callable

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

PASSING = (OperationalError, InterfaceError)
"""The database is away, or in a deadlock: nothing is wrong with the row; the whole step is taken anew."""


def attempt(session: Session, act: Callable[[], object], what: str, row_id: int) -> bool:
    """Do `act` in a savepoint; whether it went well. What is wrong is logged as `what` with the row's key."""
    try:
        with session.begin_nested():
            act()
    except PASSING:
        raise
    except Exception as fault:
        log.exception(
            "one row was passed over", extra={"work": what, "row_id": row_id, "error": type(fault).__name__}
        )
        return False
    return True
