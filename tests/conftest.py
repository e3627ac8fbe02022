"""A real PostgreSQL for the whole run, databases for each worker, an outer transaction for each test."""

import fcntl
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

from core import installation
from core.clock import Clock
from core.db import Db, make_engine
from core.vault import Vault
from devices import kind_classes
from tests.cast import Cast
from tests.postgres import Server
from tests.scenes import NOW, TEMPLATE, Scene, Scenes

ROOT = Path(__file__).parent.parent


class AroundSystems(LoadScopeScheduling):
    """Tests that share a running system go to one worker: all of the browser, each module of journeys."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/journeys/browser/"):
            return "browser"
        return nodeid.partition("::")[0] if nodeid.startswith("tests/journeys/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> AroundSystems:
    """Who of the workers runs what."""
    return AroundSystems(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hold every test to an id of its own: of those that share one, the workers run one and drop the rest."""
    for item in items:
        operation = getattr(item, "operation_label", None)
        if operation:  # schemathesis gives all of a function's tests one id
            item._id = item.id.with_params(operation)
    shared = [nodeid for nodeid, count in Counter(item.nodeid for item in items).items() if count > 1]
    if shared:
        raise pytest.UsageError(f"{len(shared)} ids are shared by several tests, the first: {shared[0]}")


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process names the folder that all workers share."""
    if not hasattr(config, "workerinput"):
        os.environ["HEARTH_TEST_DIR"] = tempfile.mkdtemp(prefix="hearth-test-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The controlling process stops the server, if any test asked for it."""
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ.pop("HEARTH_TEST_DIR"))
        Server(folder).stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Server:
    """The run's PostgreSQL with a migrated template; the first worker that needs it starts it."""
    folder = Path(os.environ["HEARTH_TEST_DIR"])
    server = Server(folder)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if server.start():
            server.create(TEMPLATE)
            migrate(server.url(TEMPLATE, "owner"))
            engine = create_engine(server.url(TEMPLATE, "owner"))
            with Session(engine) as session, session.begin():
                installation.found(session, Vault("test"), start=NOW)
                kind_classes.lay(session)
            engine.dispose()
    return server


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest migration, as its owner."""
    alembic = AlembicConfig(ROOT / "alembic.ini")
    alembic.set_main_option("script_location", str(ROOT / "migrations"))
    alembic.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(alembic, "head")


@pytest.fixture(scope="session")
def scenes(server: Server) -> Iterator[Scenes]:
    """What this worker's tests find laid."""
    scenes = Scenes(server, os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield scenes
    scenes.close()


@pytest.fixture
def now() -> datetime:
    """The moment at which tests stand, unless they move."""
    return NOW


@pytest.fixture
def scene(scenes: Scenes, request: pytest.FixtureRequest) -> Scene:
    """What this test finds laid: the cast where it asks for that, else nothing. A module may ask for more."""
    return scenes.of() if "cast" in request.fixturenames else scenes.empty


@pytest.fixture
def session(scene: Scene) -> Iterator[Session]:
    """A session as the workers' role, in a transaction that is rolled back; the clock stands at NOW."""
    with scene.session() as session:
        yield session


@pytest.fixture
def own_database(server: Server) -> Iterator[str]:
    """The name of a database of the test's own, for real commits; it is dropped afterwards."""
    name = f"own_{os.urandom(4).hex()}"
    server.create(name, template=TEMPLATE)
    yield name
    server.drop(name)


@pytest.fixture
def real_db(server: Server, own_database: str) -> Iterator[Db]:
    """A Db with real commits, as the workers' role; the clock stands at NOW."""
    engine = make_engine(server.url(own_database, "hearth_app"), pool_size=10)
    yield Db(engine, Clock(NOW, NOW, 0.0), Vault("test"))
    engine.dispose()


@pytest.fixture
def owner_url(server: Server, own_database: str) -> str:
    """The owner's URL of the test's own database."""
    return server.url(own_database, "owner")


def scalar(session: Session, sql: str, **values: object) -> object:
    """One value by plain SQL."""
    return session.execute(text(sql), values).scalar_one()


@pytest.fixture
def cast(scene: Scene, session: Session) -> Cast:
    """Ada, Ben, Cora, Dev, Hana, Sol, Vi and Mallory, in the test's transaction."""
    return scene.cast_in(session)
