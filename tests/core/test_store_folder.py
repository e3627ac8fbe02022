"""Files in a folder."""

import io
import os
import stat
from pathlib import Path

import pytest

from core.errors import Unavailable
from core.store import new_key
from core.store_folder import FolderStore
from tests.core.stores import Broken, ahead, holds_to_the_contract


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_it_keeps_what_it_is_given(tmp_path: Path) -> None:
    holds_to_the_contract(FolderStore(tmp_path / "files"))


def test_only_its_owner_can_read_a_file(tmp_path: Path) -> None:
    FolderStore(tmp_path / "files").put(new_key(), io.BytesIO(b"x"))
    (path,) = files(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_fails_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        FolderStore(tmp_path).put(new_key(), Broken(b"a long text indeed"))
    assert files(tmp_path) == []


def test_what_was_left_half_written_by_a_crash_is_no_file_and_goes_in_time(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    (tmp_path / "ab").mkdir()
    left = tmp_path / "ab" / f"{new_key()}.part"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert list(store.list_keys(ahead())) == []
    assert not left.exists()


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "AB" * 16, "a/b"])
def test_a_key_that_is_none_reaches_no_path(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        FolderStore(tmp_path).open(key)


def test_a_folder_that_can_not_be_written_is_said_to_be_away(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(Unavailable):
        FolderStore(blocked).put(new_key(), io.BytesIO(b"x"))
    with pytest.raises(Unavailable):
        FolderStore(blocked).delete(new_key())
