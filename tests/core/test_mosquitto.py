"""Mosquitto's files."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core import mosquitto
from core.embedded.broker_users import BrokerUser
from core.errors import Invalid, Unavailable
from core.mosquitto import MosquittoFiles, hash_password, is_password

# made by mosquitto_passwd 2.0.11: its user and password are a and b
THEIRS = (
    "$7$101$+t0ITqKypAOt7bb1$"
    "Oq+TEM1f9Hn0pAAJtkCUuBX6v02nXfQz9dA77xadNPsc1MjVhzXptbUtskDwNSja7W61vn0ZmIvJ0Hw7tLiBCA=="
)
INTAKE = BrokerUser("intake", hash_password("secret"), subscribe=("#",))


def user(name: str = "glow-1", publish: tuple[str, ...] = ("hearth/v1/glow-1/#",)) -> BrokerUser:
    return BrokerUser(name, THEIRS, publish)


def test_a_password_is_known_by_what_mosquittos_own_program_wrote() -> None:
    assert is_password("b", THEIRS)
    assert not is_password("c", THEIRS)


def test_a_hash_is_in_mosquittos_form_and_never_twice_the_same() -> None:
    one, other = hash_password("secret"), hash_password("secret")
    assert one != other
    assert [len(part) for part in one.split("$")] == [0, 1, 3, 16, 88]
    assert is_password("secret", one)


@pytest.mark.parametrize(
    "kept", ["", "$2a$04$abc", "$7$x$y$z", "$7$101$!$z", "$6$101$aaaa$bbbb", "$7$0$aaaa$b"]
)
def test_what_is_no_hash_of_that_form_is_nobodys_password(kept: str) -> None:
    assert not is_password("b", kept)


def test_each_may_do_what_is_written_under_their_name_and_nothing_else(tmp_path: Path) -> None:
    files = MosquittoFiles(tmp_path)
    files.write([INTAKE, user(publish=("hearth/v1/glow-1/#", "my meter/+/x"))])
    assert files.rights.read_text().split("\n") == [
        "user intake", "topic read #", "",
        "user glow-1", "topic write hearth/v1/glow-1/#", "topic write my meter/+/x", "",
    ]  # fmt: skip
    assert files.passwords.read_text() == f"intake:{INTAKE.password_hash}\nglow-1:{THEIRS}\n"
    assert (files.kept("glow-1"), files.kept("nobody")) == (THEIRS, None)


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    files = MosquittoFiles(tmp_path)
    files.write([INTAKE])
    assert [path.stat().st_mode & 0o777 for path in (files.passwords, files.rights)] == [0o600, 0o600]


def test_in_a_folder_that_hands_down_its_group_the_group_may_read_them(tmp_path: Path) -> None:
    tmp_path.chmod(0o2750)
    files = MosquittoFiles(tmp_path)
    files.write([INTAKE])
    assert [path.stat().st_mode & 0o777 for path in (files.passwords, files.rights)] == [0o640, 0o640]
    assert files.passwords.stat().st_gid == tmp_path.stat().st_gid


@pytest.mark.parametrize(
    "wrong",
    [
        user(name="two\nlines"),
        user(name="with:colon"),
        user(name=" spaced"),
        user(name=""),
        user(publish=("glow/x\ntopic readwrite #",)),
        user(publish=(" glow/x",)),
        BrokerUser("glow-1", "$2a$04$bcrypt", ("hearth/v1/glow-1/#",)),
        BrokerUser("glow-1", "$7$101$a$b\nmallory:", ("hearth/v1/glow-1/#",)),
    ],
)
def test_what_would_be_read_as_something_else_is_refused_and_nothing_is_written(
    tmp_path: Path, wrong: BrokerUser
) -> None:
    files = MosquittoFiles(tmp_path)
    with pytest.raises(Invalid):
        files.write([INTAKE, wrong])
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_nobodys_rights_is_never_written_as_it_would_allow_everything(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        MosquittoFiles(tmp_path).write([])


def test_rights_are_there_before_whom_they_are_of_is_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(mosquitto, "write_private", lambda path, _text, **_: written.append(path.name))
    MosquittoFiles(tmp_path).write([INTAKE])
    assert written == ["rights", "passwords"]


def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    files = MosquittoFiles(tmp_path)
    files.write([INTAKE])
    before = files.passwords.stat().st_ino
    files.write([INTAKE])
    assert files.passwords.stat().st_ino == before


def test_without_a_file_of_its_process_nobody_is_told(tmp_path: Path) -> None:
    MosquittoFiles(tmp_path).reload()


@pytest.mark.parametrize("text", ["", "no number", "999999999"])
def test_a_mosquitto_that_is_not_there_can_not_be_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "pid").write_text(text)
    with pytest.raises(Unavailable):
        MosquittoFiles(tmp_path, tmp_path / "pid").reload()


def test_another_process_with_the_number_of_one_that_is_gone_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        (tmp_path / "pid").write_text(str(other.pid))
        with pytest.raises(Unavailable):
            MosquittoFiles(tmp_path, tmp_path / "pid").reload()
        assert other.poll() is None
        os.kill(other.pid, signal.SIGKILL)
