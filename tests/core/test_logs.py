import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.logs import configure

ROOT = Path(__file__).parents[2]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    stream = io.StringIO()
    configure("intake", "info", stream)
    yield stream
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)
    logging.captureWarnings(False)


def parsed(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_is_one_json_line_with_its_extras(lines: io.StringIO) -> None:
    logging.getLogger("devices.intake").info("batch stored", extra={"batch_id": 7, "readings": 200})
    (line,) = parsed(lines)
    assert line.pop("ts").endswith("+00:00")
    assert line == {
        "level": "info",
        "process": "intake",
        "logger": "devices.intake",
        "event": "batch stored",
        "batch_id": 7,
        "readings": 200,
    }


def test_a_library_is_heard_only_from_a_warning_upwards(lines: io.StringIO) -> None:
    logging.getLogger("apscheduler").info("chatter")
    logging.getLogger("apscheduler").warning("trouble")
    assert [line["event"] for line in parsed(lines)] == ["trouble"]


def test_the_level_holds(lines: io.StringIO) -> None:
    logging.getLogger("core.seal").debug("looked")
    assert lines.getvalue() == ""


def test_an_exception_is_its_types_its_sqlstate_and_where_but_never_its_text(lines: io.StringIO) -> None:
    class UniqueViolation(Exception):
        sqlstate = "23505"

    def save() -> None:
        raise ValueError("could not save Ada Lovelace") from UniqueViolation("Key (name)=(Ada Lovelace)")

    try:
        save()
    except ValueError:
        logging.getLogger("people.person").exception("could not save")
    (line,) = parsed(lines)
    assert line["error"] == ["ValueError", "UniqueViolation"]
    assert line["sqlstate"] == "23505"
    assert line["trace"][-1].endswith("save")
    assert "Ada" not in lines.getvalue()


def test_what_ends_a_process_is_logged_in_the_same_guarded_form() -> None:
    program = "from core.logs import configure; configure('intake'); int('Ada Lovelace')"
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    (line,) = [json.loads(line) for line in ended.stderr.splitlines()]
    assert ended.returncode == 1
    assert (line["level"], line["error"]) == ("critical", ["ValueError"])
    assert "Ada" not in ended.stderr
