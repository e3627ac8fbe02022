import stat
from pathlib import Path

from core.embedded.secrets import Secrets, random_password, write_private


def test_a_secret_is_made_once_and_kept_for_whoever_asks_later(tmp_path: Path) -> None:
    first = Secrets(tmp_path / "secrets").keep("broker.intake")
    assert Secrets(tmp_path / "secrets").keep("broker.intake") == first
    assert Secrets(tmp_path / "secrets").keep("postgres.app") != first


def test_a_secret_may_be_made_in_a_way_of_its_own(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path / "secrets")
    assert secrets.keep("a", lambda: "made") == "made"
    assert secrets.keep("a", lambda: "made again") == "made"


def test_only_its_owner_may_look_into_the_folder_and_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o755)
    Secrets(folder).keep("a")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "secrets.json").stat().st_mode) == 0o600


def test_a_private_file_is_replaced_whole_and_stays_private(tmp_path: Path) -> None:
    path = tmp_path / "users.conf"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["users.conf"]


def test_passwords_differ_and_are_safe_in_an_address() -> None:
    passwords = {random_password() for _ in range(100)}
    assert len(passwords) == 100
    assert all(password.isalnum() and len(password) == 32 for password in passwords)
