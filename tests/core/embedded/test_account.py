import os
import stat
import subprocess
from pathlib import Path

import pytest

from core.embedded import account
from core.embedded.account import ensure_account, open_the_way, own
from core.errors import Unavailable


def test_an_ordinary_user_needs_no_other_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert ensure_account() is None


def test_root_creates_the_account_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    there = [False]
    ran: list[tuple[str, ...]] = []

    def create(command: tuple[str, ...], **_: object) -> None:
        ran.append(command)
        there[0] = True

    monkeypatch.setattr(account, "_exists", lambda: there[0])
    monkeypatch.setattr(subprocess, "run", create)
    assert ensure_account() == ensure_account() == "hearthline"
    assert ran == [account.CREATE]


def test_root_without_the_means_to_create_it_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(account, "_exists", lambda: False)
    monkeypatch.setattr(account, "CREATE", ("no-such-program",))
    with pytest.raises(Unavailable, match="create it, or run as another user"):
        ensure_account()


def test_the_folders_above_may_be_passed_through_but_not_listed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "inner").mkdir(parents=True)
    closed.chmod(0o700)
    open_the_way(closed / "inner" / "data")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o701


def test_an_ordinary_user_keeps_what_is_theirs(tmp_path: Path) -> None:
    before = tmp_path.stat()
    own(tmp_path, None)
    assert (tmp_path.stat().st_uid, tmp_path.stat().st_gid) == (before.st_uid, before.st_gid)
