"""The console command says in one plain message what an operator can put right, and tells no secret."""

import subprocess
import sys

import pytest

from app import commands

NOBODY_THERE = "postgresql://somebody:a-secret@127.0.0.1:1/hearthline"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment that a command runs in, with nothing of ours set; this process's logs stay alone."""
    monkeypatch.setattr("core.logs.configure", lambda *_args: None)
    for name in ("HEARTH_DATABASE_URL", "HEARTH_OWNER_DATABASE_URL", "HEARTH_SECRET_KEY", "HEARTH_MQTT_URL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize("command", ["web", "evaluate", "schedule", "check"])
def test_a_command_without_what_it_needs_stops_with_one_message(
    run: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert commands.main([command]) == 1
    said = capsys.readouterr().err
    assert "HEARTH_DATABASE_URL is not set" in said
    assert "HEARTH_SECRET_KEY is not set" in said


def test_mail_without_an_address_for_its_links_is_refused(
    run: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run.setenv("HEARTH_SMTP_URL", "smtp://mail.example.org")
    run.delenv("HEARTH_BASE_URL", raising=False)
    assert commands.main(["schedule"]) == 1
    assert "HEARTH_BASE_URL is not set" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--web-port", "70000", "is not a port"),
        ("--mqtt-port", "-1", "is not a port"),
        ("--homes", "41", "choose from 0 to 40"),
        ("--homes", "-1", "choose from 0 to 40"),
        ("--speed", "nan", "choose from 0.1 to 3600"),
        ("--speed", "fast", "choose from 0.1 to 3600"),
    ],
)
def test_an_option_that_can_not_be_is_refused_before_anything_starts(
    run: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: str, value: str, said: str
) -> None:
    with pytest.raises(SystemExit):
        commands.main(["up", f"{option}={value}"])
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--fleet", "10001", "choose from 1 to 10000"),
        ("--fleet", "0", "choose from 1 to 10000"),
        ("--rate", "nan", "choose from 0.01 to 100000"),
        ("--begins", "2026-11-22T07:00:00", "write a time with its zone"),
        ("--begins", "soon", "write a time with its zone"),
    ],
)
def test_an_option_of_a_fleet_that_can_not_be_is_refused(
    run: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: str, value: str, said: str
) -> None:
    with pytest.raises(SystemExit):
        commands.main(["simulate", f"{option}={value}"])
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--enrol", "--record=run.jsonl", "--fault=nan"])
def test_what_only_a_fleet_has_asks_how_large_it_is(
    run: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert commands.main(["simulate", option]) == 1
    assert "Say how many homes, with --fleet." in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "migrate"])
def test_a_database_that_is_not_there_is_one_message_without_a_password(
    run: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    run.setenv("HEARTH_DATABASE_URL", NOBODY_THERE)
    run.setenv("HEARTH_OWNER_DATABASE_URL", NOBODY_THERE)
    run.setenv("HEARTH_SECRET_KEY", "k" * 32)
    assert commands.main([command]) == 1
    said = capsys.readouterr().err
    assert said.startswith("The database can't be used")
    assert "127.0.0.1" in said
    assert "a-secret" not in said
    assert said.count("\n") == 1


PROCESSES = ("web", "intake", "evaluate", "schedule", "simulate")


@pytest.mark.parametrize(
    "arguments",
    [
        *([name] for name in (*PROCESSES, "up", "migrate", "check", "openapi", "bench")),
        ["staff", "password", "--email", "cora@westmere.example"],
        ["token", "revoke", "--email", "cora@westmere.example", "--name", "Ward round"],
    ],
)
def test_every_command_names_a_function_that_is_there(arguments: list[str]) -> None:
    asked = commands._parser().parse_args(arguments)
    assert callable(commands._found(asked.run))


@pytest.mark.parametrize("process", ["intake", "evaluate", "schedule", "simulate"])
def test_a_worker_loads_neither_pages_nor_what_speaks_to_a_bucket(process: str) -> None:
    """Everything together takes seconds to load, and four workers start at once."""
    said = subprocess.run(
        [sys.executable, "-c", f"import sys, app.running.{process}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert f"app.running.{process}" in said
    assert {"app.factory", "marshmallow", "boto3"}.isdisjoint(said)
