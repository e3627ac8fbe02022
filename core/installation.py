"""The row that ties processes to one installation: its clock and its secret key."""

from datetime import datetime

from psycopg.errors import UndefinedTable
from sqlalchemy import Engine
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from core.clock import Clock, real_time
from core.db import Db
from core.errors import Unavailable
from core.models import Installation
from core.vault import Vault

KEY_CHECK = "hearthline"
NOTHING_YET = "This database holds no installation yet: run hearthline migrate."


def found(session: Session, vault: Vault, *, start: datetime | None = None, factor: float = 1.0) -> Clock:
    """Lay the installation's row with a clock that starts at `start` (or now); an existing row stays."""
    row = session.get(Installation, 1)
    if row is None:
        real = real_time().real_start
        row = Installation(
            id=1,
            clock_real_start=real,
            clock_start=start or real,
            clock_factor=factor,
            key_check=vault.blind(KEY_CHECK),
        )
        session.add(row)
        session.flush()
    return Clock(row.clock_real_start, row.clock_start, row.clock_factor)


def set_pace(session: Session, factor: float) -> Clock:
    """Let the clock run `factor` as fast from this moment on, without a jump."""
    row = session.get_one(Installation, 1)
    real = real_time().real_start
    row.clock_start = Clock(row.clock_real_start, row.clock_start, row.clock_factor).at(real)
    row.clock_real_start, row.clock_factor = real, factor
    session.flush()
    return Clock(row.clock_real_start, row.clock_start, row.clock_factor)


def open_db(engine: Engine, vault: Vault) -> Db:
    """A Db with the installation's own clock; Unavailable without a row or with another secret key."""
    with Session(engine) as session:
        try:
            row = session.get(Installation, 1)
        except ProgrammingError as fault:
            if not isinstance(fault.orig, UndefinedTable):
                raise
            raise Unavailable(NOTHING_YET) from fault
        if row is None:
            raise Unavailable(NOTHING_YET)
        if row.key_check != vault.blind(KEY_CHECK):
            raise Unavailable("HEARTH_SECRET_KEY is not the key that this database was set up with.")
        clock = Clock(row.clock_real_start, row.clock_start, row.clock_factor)
    return Db(engine, clock, vault)
