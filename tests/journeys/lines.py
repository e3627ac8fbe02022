"""A whole installation whose lines can fail: from kit to broker to intake, and to the database."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from threading import Event
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psutil
from sqlalchemy import make_url, select

from app import opening
from bench.system import WholeSystem, pause
from core.children import Children
from core.db import Db
from core.embedded.broker import Broker
from core.embedded.postgres import Postgres
from core.embedded.secrets import Secrets
from core.journal import Actor
from devices.lanes import MqttAddress
from people import staff, teams
from people.models.agencies import Agency, Role, Team, TeamRole
from tests.journeys.household import until
from tests.proxy import Proxy

CORA, PASSWORD = "cora@lines.example", "seven quiet otters at dawn"
BY = Actor("journey")


class Desk:
    """What a coordinator's browser is answered, who has signed in."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._browser = build_opener(HTTPCookieProcessor(CookieJar()))
        form = self.ask("/sign-in")[1]
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        assert token is not None, form
        said = urlencode({"email": CORA, "password": PASSWORD, "csrf_token": token[1]})
        self.ask("/sign-in", said.encode())

    def ask(self, path: str, form: bytes | None = None) -> tuple[int, str]:
        """The status and the text of a page."""
        try:
            with self._browser.open(self._url + path, form, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def checks(self) -> dict[str, str]:
        """What /health/ready says of each part."""
        found: dict[str, str] = json.loads(self.ask("/health/ready")[1])["checks"]
        return found

    def is_well(self) -> bool:
        """Whether it is ready, and the strip on the board says nothing else."""
        status, board = self.ask("/")
        return (
            self.ask("/health/ready")[0] == status == 200
            and "<b>Listening.</b>" in board
            and "not answering" not in board
        )


@dataclass(frozen=True, slots=True)
class Place:
    """An installation with servers of its own, and the lines in between."""

    kit: Proxy
    intake: Proxy
    workers: Proxy
    pages: Proxy
    system: WholeSystem
    db: Db
    desk: Desk
    servers: Children
    broker: Broker

    @property
    def lines(self) -> tuple[Proxy, ...]:
        """Every line."""
        return self.kit, self.intake, self.workers, self.pages

    def mqtt(self) -> MqttAddress:
        """Where kit connects."""
        return MqttAddress("127.0.0.1", self.kit.port)

    def until(self, so: Callable[[], Any], what: str, *, within: float) -> None:
        """Wait until it is so; a server that died is started again meanwhile, as a supervisor does."""

        def look() -> Any:
            self.servers.tend()
            return so()

        until(look, what, within=within)

    def stay(self, seconds: float) -> None:
        """Let things go on as they are."""
        self.servers.tend()
        pause(seconds)

    def kill(self, server: str) -> None:
        """End the database ("postgres") or the broker outright; the next `until` starts it again."""
        psutil.Process(self.servers.pids()[server]).kill()


@contextmanager
def faulty_place(folder: Path, environment: Mapping[str, str]) -> Iterator[Place]:
    """Starts servers, lines and `hearthline up`; somebody at the desk has signed in."""
    state = folder / "state"
    postgres, broker = Postgres(state), Broker(state, 0)
    postgres.prepare()
    broker.prepare()
    servers = Children(folder / "servers", Event())
    with ExitStack() as stack:
        stack.callback(servers.stop_all)
        servers.start(postgres.child())
        servers.start(broker.child())
        database = make_url(postgres.url("app")).port or 0
        kit, intake = (stack.enter_context(Proxy(("127.0.0.1", broker.port))) for _ in range(2))
        workers, pages = (stack.enter_context(Proxy(("127.0.0.1", database))) for _ in range(2))
        settings = {
            "HEARTH_OWNER_DATABASE_URL": postgres.url("owner"),
            "HEARTH_DATABASE_URL": _by(workers, postgres.url("app")),
            "HEARTH_WEB_DATABASE_URL": _by(pages, postgres.url("web")),
            "HEARTH_MQTT_URL": _by(intake, broker.intake_url()),
        }
        system = stack.enter_context(
            WholeSystem(folder, "--seed", "none", environment={**environment, **settings})
        )
        secrets = Secrets(state / "secrets")
        key = secrets.keep("secret_key") + secrets.keep("secret_key.more")
        db = opening.open_db(postgres.url("app"), key, "journey")
        stack.callback(db.engine.dispose)
        _let_cora_in(db)
        desk = Desk(system.ready()["web_url"])
        yield Place(kit, intake, workers, pages, system, db, desk, servers, broker)


def _by(line: Proxy, url: str) -> str:
    """The same address by way of the line."""
    return re.sub(r"@[^/]+", f"@127.0.0.1:{line.port}", url)


def _let_cora_in(db: Db) -> None:
    with db.transaction() as session:
        team = session.scalars(select(Team).where(Team.role == TeamRole.COORDINATOR)).one()
        given = {"name": "Cora Lind", "email": CORA, "role": Role.COORDINATOR.value}
        agency = session.get_one(Agency, team.agency_id)
        cora = staff.add(session, agency, given, actor=BY)
        staff.set_password(session, cora, PASSWORD, actor=BY)
        teams.join(session, team, cora, db.clock.now(), actor=BY)
