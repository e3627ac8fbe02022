"""The command of a fleet: enrolled once, it speaks as asked, and what it said is said again."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func, select

from app import commands
from app.running import fleet, settings, simulate
from config import Config
from core.db import Db
from core.errors import Invalid
from devices.models import Device
from tests.devices.simulator.brokers import SECRET, place_with

KEYS = [f"fleet-{number:05d}" for number in range(1, 9)]
Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in a state directory of the test's own; what it prints."""
    monkeypatch.setattr(fleet, "stop_on_signals", Event)
    config = Config.from_env({"HEARTH_STATE_DIR": str(tmp_path / "state")})

    def command(*arguments: str) -> str:
        simulate.run(config, commands._parser().parse_args(["simulate", *arguments]))
        return capsys.readouterr().out

    return command


@pytest.fixture
def secrets(tmp_path: Path) -> str:
    """The secrets of eight homes, which the broker of a test knows."""
    path = tmp_path / "fleet.json"
    path.write_text(json.dumps({"secrets": dict.fromkeys(KEYS, SECRET), "seed": 7}))
    return f"--credentials={path}"


def test_it_is_enrolled_once_and_its_secrets_are_kept_for_us_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_db: Db
) -> None:
    monkeypatch.setattr(settings, "open_db", lambda *_args, **_kwargs: real_db)
    assert "3 homes enrolled" in run("--fleet=3", "--enrol")
    kept = tmp_path / "state" / "secrets" / "fleet.json"
    before = json.loads(kept.read_text())
    assert kept.stat().st_mode & 0o777 == 0o600
    assert set(before["secrets"]) == set(KEYS[:3])
    assert "1 homes enrolled" in (said := run("--fleet=4", "--enrol"))
    assert "3 were there" in said
    after = json.loads(kept.read_text())
    assert after["secrets"].items() >= before["secrets"].items()
    with real_db.transaction() as session:
        assert session.scalar(select(func.count()).where(Device.key.in_(KEYS))) == 4


def test_it_speaks_is_written_down_and_is_sent_again(run: Run, secrets: str, tmp_path: Path) -> None:
    first, again = tmp_path / "first.jsonl", tmp_path / "again.jsonl"
    with place_with(tmp_path, KEYS) as place:
        url = f"--url=mqtt://127.0.0.1:{place.port}"
        asked = ("--fleet=8", "--rate=40", "--seconds=1.5", "--begins=2026-11-22T07:46:00Z", "--fault=nan=1")
        said = run(*asked, url, secrets, f"--record={first}")
        assert re.search(r"8 of 8 homes signed in .*\n68 messages .*every message has its receipt", said)
        assert "fault nan: 8 homes" in said
        head = json.loads(first.read_bytes().splitlines()[0])
        assert (head["seed"], head["rate"], head["faults"]) == (7, 40.0, {"nan": 1.0})
        said = run(f"--replay={first}", "--speed=3", url, secrets, f"--record={again}")
        assert "every message has its receipt" in said
        asked_again = run(*asked, url, secrets, f"--record={tmp_path / 'third.jsonl'}")
    assert "68 messages" in asked_again
    assert (tmp_path / "third.jsonl").read_bytes() == first.read_bytes()
    assert again.read_bytes() == first.read_bytes()


def test_what_kit_there_is_is_settled_by_the_first_enrolment(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_db: Db
) -> None:
    monkeypatch.setattr(settings, "open_db", lambda *_args, **_kwargs: real_db)
    run("--fleet=2", "--enrol", "--formats=readings,shelly", "--seed=9")
    run("--fleet=3", "--enrol", "--seed=10")
    kept = json.loads((tmp_path / "state" / "secrets" / "fleet.json").read_text())
    assert (kept["seed"], kept["formats"]) == (9, ["readings", "shelly"])
    with pytest.raises(Invalid, match="was enrolled with readings,shelly"):
        run("--fleet=2", "--url=mqtt://127.0.0.1", "--formats=readings")


def test_a_fleet_without_secrets_is_told_to_enrol(run: Run, secrets: str) -> None:
    with pytest.raises(Invalid, match="enrol the fleet first"):
        run("--fleet=2", "--url=mqtt://127.0.0.1")
    with pytest.raises(Invalid, match="2 of 10 devices have no secret"):
        run("--fleet=10", "--url=mqtt://127.0.0.1", secrets)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--formats=morse", "Choose from chirpstack"),
        ("--fault=gremlins", "Choose from all, sent-twice"),
    ],
)
def test_what_can_not_be_is_refused(run: Run, secrets: str, option: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        run("--fleet=2", secrets, option, "--url=mqtt://127.0.0.1")


def test_a_recording_that_is_none_is_refused(run: Run, secrets: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="can't be read"):
        run(f"--replay={tmp_path / 'none.jsonl'}", "--url=mqtt://127.0.0.1", secrets)
