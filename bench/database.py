"""A database alone, founded as an installation's is, for what is measured without the rest of a system."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app import migrate, trial
from core import installation
from core.children import Children
from core.db import Db, make_engine
from core.embedded.postgres import Postgres
from core.vault import Vault
from devices import kind_classes

SECRET = "bench"


@dataclass(frozen=True, slots=True)
class Database:
    """A founded database: as its workers open it, as its owner does, and as the pages do."""

    url: str
    owner_url: str
    web_url: str

    def open(self, name: str) -> Db:
        """The installation, as its workers open it; `name` is how the server lists them."""
        return installation.open_db(make_engine(self.url, name=f"bench {name}"), Vault(SECRET))

    def owner(self) -> Engine:
        """For what only its owner may: to lay in at once what would take long one by one."""
        return create_engine(self.owner_url)

    def settle(self) -> None:
        """Let the database know what it holds, as it does by itself after a while."""
        owner = self.owner()
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        owner.dispose()


def start(folder: Path, children: Children) -> Database:
    """Start one under `folder`, with the agencies and the clinician of a trial installation."""
    postgres = Postgres(folder)
    postgres.prepare()
    children.start(postgres.child())
    migrate.upgrade(postgres.url("owner"))
    found = Database(postgres.url("app"), postgres.url("owner"), postgres.url("web"))
    owner = found.owner()
    with Session(owner) as session, session.begin():
        installation.found(session, Vault(SECRET))
        kind_classes.lay(session)
    owner.dispose()
    db = found.open("prepare")
    with db.transaction() as session:
        trial.ensure(session, "bench" * 8, db.clock.now(), with_teams=True)
    db.engine.dispose()
    return found


@contextmanager
def alone() -> Iterator[tuple[Database, Children]]:
    """A database of its own, and what runs it; both are gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    children = Children(folder / "logs", threading.Event())
    try:
        yield start(folder, children), children
    finally:
        children.stop_all()
        shutil.rmtree(folder, ignore_errors=True)
