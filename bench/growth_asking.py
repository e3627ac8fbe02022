"""Pages asked for as a browser does, with the time that each of their statements takes at the database."""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.context import AppContext
from app.factory import create_app
from bench.database import SECRET
from bench.growth_place import Site
from core import installation
from core.clock import real_time
from core.db import make_engine
from core.vault import Vault
from people.models.agencies import Staff

ROOT = Path(__file__).parents[1]
PRODUCT = tuple(f"{ROOT / name}/" for name in ("app", "outcomes", "care_plans", "devices", "people"))

_spent: list[tuple[str, float]] = []
_on_processor: list[float] = []


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer: the seconds that it took, and those of each statement by the function that asked.

    `processor` is the seconds that the database was on a processor for it.
    """

    whole: float
    statements: tuple[tuple[str, float], ...]
    processor: float

    @property
    def queries(self) -> float:
        """Seconds that its statements took together."""
        return sum(seconds for _, seconds in self.statements)

    def by_place(self) -> Counter[str]:
        """Seconds by the function of the product whose statements they are."""
        found: Counter[str] = Counter()
        for place, seconds in self.statements:
            found[place] += seconds  # type: ignore[assignment]  # a Counter adds seconds as well
        return found


class Timed(psycopg.Cursor[Any]):
    """A cursor that notes how long each statement takes until its rows are here, and who asked it."""

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        """Execute, and note it."""
        pid = self.connection.info.backend_pid
        began, before = time.perf_counter(), on_processor(pid)
        try:
            return super().execute(*args, **kwargs)
        finally:
            _spent.append((_asker(sys._getframe(1)), time.perf_counter() - began))
            _on_processor.append(on_processor(pid) - before)


@contextmanager
def open_pages(site: Site) -> Iterator[FlaskClient]:
    """The product's pages over the site's database, in their own role, with the coordinator signed in."""
    engine = make_engine(site.database.web_url, name="bench pages", planned_once=True)

    @event.listens_for(engine, "do_connect")
    def time_statements(_dialect: Any, _record: Any, _args: Any, given: dict[str, Any]) -> None:
        given["cursor_factory"] = Timed

    db = installation.open_db(engine, Vault(SECRET))
    app = create_app(AppContext(db=db, secret_key=SECRET * 8))
    client = app.test_client()
    with db.transaction() as session:
        epoch = session.scalars(select(Staff.session_epoch).where(Staff.uuid == site.coordinator)).one()
    now = real_time().start.timestamp()
    with client.session_transaction() as kept:
        kept.update(staff=str(site.coordinator), epoch=epoch, began=now, seen=now)
    yield client
    engine.dispose()


def ask(client: FlaskClient, path: str) -> Asked:
    """Ask for a page; AssertionError for any other answer than 200."""
    _spent.clear()
    _on_processor.clear()
    began = time.perf_counter()
    answer = client.get(path)
    whole = time.perf_counter() - began
    if answer.status_code != 200:
        raise AssertionError(f"{path} answered {answer.status_code}")
    return Asked(whole, tuple(_spent), sum(_on_processor))


def on_processor(pid: int) -> float:
    """The seconds that a process of this machine has been on a processor, as Linux counts them."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _asker(frame: FrameType | None) -> str:
    """The innermost function of the product among those that called."""
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(PRODUCT):
            return f"{name.removeprefix(f'{ROOT}/').removesuffix('.py')}.{frame.f_code.co_name}"
        frame = frame.f_back
    return "the session itself"
