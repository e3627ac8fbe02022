import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core import leash
from core.children import LEASH

KILL = str(int(signal.SIGKILL))


def test_it_becomes_the_program_with_the_same_pid() -> None:
    command = [*LEASH, str(os.getpid()), KILL, "-", sys.executable, "-c", "import os; print(os.getpid())"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert int(child.stdout.read()) == child.pid


def test_a_child_whose_parent_is_already_gone_does_not_begin(tmp_path: Path) -> None:
    flag = tmp_path / "began"
    command = [*LEASH, "1", KILL, "-", "/usr/bin/touch", str(flag)]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "parent died" in ended.stderr
    assert not flag.exists()


def test_a_program_that_is_not_there_is_said() -> None:
    command = [*LEASH, str(os.getpid()), KILL, "-", "/no/such/program"]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "/no/such/program" in ended.stderr or "FileNotFoundError" in ended.stderr


def test_giving_up_root_drops_groups_first_and_the_user_last(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, object]] = []
    for name in ("setgroups", "setgid", "setuid"):
        monkeypatch.setattr(os, name, lambda value, name=name: done.append((name, value)))
    nobody = pwd.getpwnam("nobody")
    leash.become("nobody")
    assert done == [("setgroups", []), ("setgid", nobody.pw_gid), ("setuid", nobody.pw_uid)]
