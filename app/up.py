"""`hearthline up`: the whole system on one machine, from an empty folder to answering, and down again."""

import json
import logging
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from urllib.error import URLError

from sqlalchemy import Engine

from app import files, migrate, opening, trial, web_server
from app.demo import place
from care_plans.messages.channels.push import new_key
from core import heartbeats, installation
from core.children import Child, Children
from core.clock import real_time
from core.db import Db, make_engine
from core.embedded.broker import Broker
from core.embedded.ports import LOOPBACK, free_port, is_free
from core.embedded.postgres import Postgres
from core.embedded.secrets import Secrets, write_private
from core.errors import Unavailable
from core.store import Store
from core.vault import Vault
from devices import broker_access, kind_classes

log = logging.getLogger(__name__)

SCRIPT = str(Path(sys.executable).with_name("hearthline"))
WORKERS = ("intake", "evaluate", "schedule", "audit")
LOOK_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line and the settings ask for; servers that are not named are our own.

    `store` keeps attached files; without it they lie in the state directory.
    """

    state_dir: Path
    database_url: str | None
    web_database_url: str | None
    owner_database_url: str | None
    mqtt_url: str | None
    secret_key: str | None
    base_url: str | None
    environment: Mapping[str, str]
    seed: str
    homes: int
    speed: float
    ready_file: Path | None
    web_port: int
    mqtt_port: int
    store: Store | None = None
    push_key: str | None = None
    intake_share: tuple[str, int] | None = None


class System:
    """One installation under one folder, with its processes as children."""

    def __init__(self, given: Given, stop: Event) -> None:
        self._given = given
        self._stop = stop
        self._state = given.state_dir.resolve()
        self._state.mkdir(parents=True, exist_ok=True)
        self._secrets = Secrets(self._state / "secrets")
        self._postgres = None if given.database_url else Postgres(self._state)
        how, self._intakes = given.intake_share or ("", 1)
        parts = self._intakes if how == "partitions" else 1
        if how == "group" and not given.mqtt_url:
            raise Unavailable("The broker of our own knows no groups: set HEARTH_INTAKE_SHARE to partitions.")
        self._broker = None if given.mqtt_url else Broker(self._state, given.mqtt_port, parts=parts)
        self._children = Children(
            self._state / "logs", stop, say=say, on_change=lambda _pids: self._write_ready()
        )
        self._web_port = given.web_port
        self._token = ""
        self._opened: Db | None = None

    def run(self) -> None:
        """Start everything, say so, keep it running until told to stop, and stop it all."""
        try:
            self._start()
            if not self._stop.is_set():
                self._write_ready()
                self._welcome()
                self._children.watch()
        finally:
            say("stopping")
            if self._opened is not None:
                self._opened.engine.dispose()
            self._children.stop_all()
            if self._given.ready_file:
                self._given.ready_file.unlink(missing_ok=True)

    def _start(self) -> None:
        if self._web_port and not is_free(self._web_port):
            raise Unavailable(
                f"Port {self._web_port}, for the web, is taken by another program: choose another."
            )
        self._web_port = self._web_port or free_port()
        if self._postgres:
            say("preparing the database")
            self._postgres.prepare()
            self._children.start(self._postgres.child())
        db = self._found()
        if self._broker:
            self._broker.prepare()
            broker_access.refresh(db, self._broker.users_file, [self._broker.intake_user()])
            self._children.start(self._broker.child())
        db.engine.dispose()
        since = real_time().real_start
        for child in self._workers():
            if not self._stop.is_set():
                self._children.start(child)
        while not self._stop.is_set() and not self._all_have_spoken(since):
            self._children.tend()
            self._stop.wait(LOOK_EVERY)
        if self._given.seed == "demo" and self._given.homes and not self._stop.is_set():
            # Not before intake is kept for at the broker: what is said to nobody is lost.
            self._children.start(self._simulate())

    def _found(self) -> Db:
        migrate.upgrade(self._url("owner"))
        vault = Vault(self._secret_key())
        engine: Engine = make_engine(self._url("app"))
        bare = Db(engine, real_time(), vault)
        with bare.transaction() as session:
            installation.found(session, vault)
            kind_classes.lay(session)
        db = installation.open_db(engine, vault)
        with db.transaction() as session:
            secret = self._secrets.keep("trial.token") + self._secrets.keep("trial.token.more")
            with_teams = self._given.seed == "none"
            self._token = trial.ensure(session, secret, db.clock.now(), with_teams=with_teams)
        if self._given.seed == "demo":
            store = self._given.store or files.store_of(None, self._state, None, None)
            place.ensure(db, self._given.homes, self._secrets, self._state / "secrets", store, say)
        # Only now: a place that is seeded while the clock hurries would have gone by before anybody looks.
        with db.transaction() as session:
            if db.clock.factor != self._given.speed:
                installation.set_pace(session, self._given.speed)
        return db

    def _workers(self) -> list[Child]:
        env = self._environment()
        program, *arguments = web_server.command(self._web_port)
        command = (str(Path(sys.executable).with_name(program)), *arguments)
        return [
            # Nobody waits for these: they get ready while the web does.
            *(Child(name, (SCRIPT, name), lambda: True, env, worker=True) for name in WORKERS),
            *(
                Child(f"intake-{number}", (SCRIPT, "intake"), lambda: True, env, worker=True)
                for number in range(2, self._intakes + 1)
            ),
            Child("web", command, self._web_answers, env, folder=migrate.FOLDER.parent, worker=True),
        ]

    def _simulate(self) -> Child:
        return Child("simulate", (SCRIPT, "simulate"), lambda: True, self._environment(), worker=True)

    def _environment(self) -> Mapping[str, str]:
        given = {
            "HEARTH_DATABASE_URL": self._url("app"),
            "HEARTH_WEB_DATABASE_URL": self._url("web"),
            "HEARTH_MQTT_URL": self._mqtt_url(),
            "HEARTH_SECRET_KEY": self._secret_key(),
            "HEARTH_STATE_DIR": str(self._state),
            "HEARTH_WEB_PORT": str(self._web_port),
            "HEARTH_BASE_URL": self._given.base_url or self._web_url(),
            "HEARTH_READY_URL": f"{self._web_url()}/health/ready",
            "HEARTH_PUSH_KEY": self._given.push_key or self._secrets.keep("push_key", new_key),
            "PYTHONUNBUFFERED": "1",
        }
        # A secret that came from a file would be given twice; and only migrations need the owner's rights.
        ours = given.keys() | {"HEARTH_OWNER_DATABASE_URL"}
        inherited = {
            name: value
            for name, value in self._given.environment.items()
            if name.removesuffix("_FILE") not in ours
        }
        return {**inherited, **given}

    def _url(self, role: str) -> str:
        if self._postgres:
            return self._postgres.url(role)  # type: ignore[arg-type]
        given = {
            "app": self._given.database_url,
            "web": self._given.web_database_url or self._given.database_url,
            "owner": self._given.owner_database_url or self._given.database_url,
        }
        return given[role] or ""

    def _mqtt_url(self) -> str:
        return self._broker.intake_url() if self._broker else self._given.mqtt_url or ""

    def _secret_key(self) -> str:
        return self._given.secret_key or self._secrets.keep("secret_key") + self._secrets.keep(
            "secret_key.more"
        )

    def _web_url(self) -> str:
        return f"http://{LOOPBACK}:{self._web_port}"

    def _web_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self._web_url()}/health/live", timeout=5) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def _all_have_spoken(self, since: datetime) -> bool:
        """Whether every worker has said since then that it lives, and intake that the broker keeps for it.

        Where several share the load, the broker has to keep for the seats of all.
        """
        with self._db().transaction() as session:
            said = [beat for beat in heartbeats.list_all(session) if beat.at >= since]
        live = {beat.name for beat in said if beat.counts.get(heartbeats.LISTENING, True)}
        seats = sum(beat.counts.get(heartbeats.SEATS, 0) for beat in said if beat.name in live)
        return live.issuperset(WORKERS) and seats >= self._intakes

    def _db(self) -> Db:
        if self._opened is None:
            self._opened = opening.open_db(self._url("app"), self._secret_key(), "up", pool=1)
        return self._opened

    def _write_ready(self) -> None:
        if self._given.ready_file is None:
            return
        mqtt = f"mqtt://{LOOPBACK}:{self._broker.port}" if self._broker else self._given.mqtt_url
        write_private(
            self._given.ready_file,
            json.dumps(
                {
                    "web_url": self._web_url(),
                    "api_url": f"{self._web_url()}/api/v1",
                    "fhir_url": f"{self._web_url()}/fhir/R4",
                    "mqtt_url": mqtt,
                    "database_url": self._url("app"),
                    "token": self._token,
                    "processes": self._children.pids(),
                },
                indent=2,
            ),
        )

    def _welcome(self) -> None:
        say("")
        say(f"Hearthline answers at {self._web_url()}")
        if self._given.seed == "demo":
            say("Sign in as:")
            for one in place.sign_ins(self._secrets):
                say(f"  {one.email:28} {one.password:18} {one.name}, {one.role}")
        say("Ctrl-C stops it.")


def say(line: str) -> None:
    """One plain line for whoever started the system."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
