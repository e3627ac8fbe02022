import os
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from core.children import Children
from core.embedded.postgres import ROLES, Postgres, Role


@contextmanager
def running(state: Path) -> Iterator[tuple[Postgres, Children]]:
    postgres = Postgres(state)
    postgres.prepare()
    children = Children(state / "logs", Event())
    try:
        children.start(postgres.child())
        yield postgres, children
    finally:
        children.stop_all()


def ask(postgres: Postgres, sql: str, role: Role = "app") -> object:
    engine = create_engine(postgres.url(role), poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(sql))
        return result.scalar() if result.returns_rows else None


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Postgres, Path]]:
    state = tmp_path_factory.mktemp("private")
    state.chmod(0o700)
    with running(state) as (postgres, _):
        yield postgres, state


@pytest.mark.parametrize("role", ROLES)
def test_each_role_signs_in_with_its_own_password_and_none_is_a_superuser(
    place: tuple[Postgres, Path], role: Role
) -> None:
    assert ask(place[0], "SELECT current_user", role) == f"hearth_{role}"
    assert ask(place[0], "SELECT bool_or(rolsuper) FROM pg_roles WHERE rolname LIKE 'hearth%'", role) is False


def test_nobody_signs_in_as_the_superuser(place: tuple[Postgres, Path]) -> None:
    url = create_engine(place[0].url("app")).url.set(username="postgres")
    with pytest.raises(OperationalError, match=r"no pg_hba\.conf entry"):
        create_engine(url, poolclass=NullPool).connect()


def test_a_wrong_password_is_refused(place: tuple[Postgres, Path]) -> None:
    url = create_engine(place[0].url("app")).url.set(password="guess")
    with pytest.raises(OperationalError, match="password authentication failed"):
        create_engine(url, poolclass=NullPool).connect()


def test_the_owner_owns_the_database_and_the_workers_may_not_change_its_tables(
    place: tuple[Postgres, Path],
) -> None:
    ask(place[0], "CREATE TABLE kept (id int)", "owner")
    with pytest.raises(ProgrammingError, match="permission denied"):
        ask(place[0], "CREATE TABLE sneaked (id int)", "app")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
        ("max_connections", "100"),
        ("shared_buffers", "128MB"),
        ("fsync", "on"),
        ("log_min_error_statement", "panic"),
    ],
)
def test_it_runs_with_the_sizes_and_the_zone_of_the_design(
    place: tuple[Postgres, Path], setting: str, value: str
) -> None:
    assert ask(place[0], f"SHOW {setting}") == value
    assert ask(place[0], "SELECT datlocale FROM pg_database WHERE datname = 'hearthline'") == "C.UTF-8"


def test_passwords_are_in_a_file_that_only_its_owner_reads_and_the_folder_above_lists_to_nobody(
    place: tuple[Postgres, Path],
) -> None:
    secrets = place[1] / "secrets"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert stat.S_IMODE((secrets / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(place[1].stat().st_mode) & 0o066 == 0


def test_a_failing_statement_leaves_nothing_of_itself_in_the_log(place: tuple[Postgres, Path]) -> None:
    ask(place[0], "CREATE TABLE names (name text UNIQUE)", "owner")
    ask(place[0], "INSERT INTO names VALUES ('Ada Lovelace')", "owner")
    with pytest.raises(Exception, match="duplicate key"):
        ask(place[0], "INSERT INTO names VALUES ('Ada Lovelace')", "owner")
    assert "Ada" not in (place[1] / "logs" / "postgres.log").read_text()


def test_it_comes_up_again_after_being_killed_with_what_was_committed(tmp_path: Path) -> None:
    with running(tmp_path) as (postgres, children):
        ask(postgres, "CREATE TABLE kept AS SELECT 7 AS id", "owner")
        first = children.pids()["postgres"]
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 15
        while children.pids()["postgres"] == first or not postgres.ready():
            assert time.monotonic() < deadline
            children.tend()
            time.sleep(0.05)
        assert ask(postgres, "SELECT id FROM kept", "owner") == 7
        url = postgres.url()
    with running(tmp_path) as (again, _):
        assert again.url() == url
        assert ask(again, "SELECT id FROM kept", "owner") == 7


def test_a_pid_file_left_behind_whose_number_now_belongs_to_another_is_no_obstacle(tmp_path: Path) -> None:
    postgres = Postgres(tmp_path)
    postgres.prepare()
    pid_file = tmp_path / "postgres" / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n")
    with running(tmp_path) as (again, _):
        assert again.ready()
    assert psutil.pid_exists(os.getpid())


def test_a_data_directory_that_was_never_finished_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres" / "data"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with running(tmp_path) as (postgres, _):
        assert postgres.ready()


def test_lost_passwords_are_made_again_without_touching_the_data(tmp_path: Path) -> None:
    with running(tmp_path) as (postgres, _):
        ask(postgres, "CREATE TABLE kept AS SELECT 7 AS id", "owner")
    (tmp_path / "secrets" / "secrets.json").unlink()
    with running(tmp_path) as (again, _):
        assert ask(again, "SELECT id FROM kept", "owner") == 7
