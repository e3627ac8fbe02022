"""What tests find laid: databases in which something stands, made once for a worker and left as they were."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from core.clock import Clock
from core.vault import Vault
from tests.cast import Cast
from tests.cast import make as make_cast
from tests.postgres import Server

TEMPLATE = "hearth_template"
NOW = datetime.fromisoformat("2026-11-22T07:46Z")
Lay = Callable[[Session, Cast, datetime], Any]


@dataclass(frozen=True)
class Scene:
    """A database, the rows of the cast in it (None: it is empty), and what was told by whoever laid more."""

    engine: Engine
    cast: Cast | None = None
    told: Any = None

    def cast_in(self, session: Session) -> Cast:
        """The cast as rows of this session, as if it had loaded them."""
        assert self.cast is not None
        rows = {field.name: getattr(self.cast, field.name) for field in fields(self.cast)}
        return replace(self.cast, **{name: session.merge(row, load=False) for name, row in rows.items()})

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session as the workers' role, in a transaction that is rolled back; the clock stands at NOW."""
        with self.engine.connect() as connection:
            outer = connection.begin()
            with session_of(connection, join_transaction_mode="create_savepoint") as session:
                yield session
            outer.rollback()


class Scenes:
    """The scenes of one worker."""

    def __init__(self, server: Server, worker: str) -> None:
        self._server = server
        self._worker = worker
        self._made: dict[Lay | None, Scene] = {}
        self.empty = Scene(self._engine("empty"))

    def of(self, lay: Lay | None = None) -> Scene:
        """The cast, and what `lay` lays beside it."""
        if lay not in self._made:
            engine = self._engine(str(len(self._made)))
            with session_of(engine) as session:
                cast = make_cast(session)
                told = lay(session, cast, NOW) if lay else None
                session.commit()
            self._made[lay] = Scene(engine, cast, told)
        return self._made[lay]

    def _engine(self, name: str) -> Engine:
        """One engine for a database of its own: it keeps what it has made of each statement."""
        database = f"scene_{self._worker}_{name}"
        self._server.create(database, template=TEMPLATE)
        return create_engine(self._server.url(database, "hearth_app"))

    def close(self) -> None:
        """Leave every database."""
        for scene in (self.empty, *self._made.values()):
            scene.engine.dispose()


def session_of(bind: Any, **options: Any) -> Session:
    """A session whose clock stands at NOW."""
    known = {"clock": Clock(NOW, NOW, 0.0), "vault": Vault("test")}
    return Session(bind, expire_on_commit=False, info=known, **options)
