import stat
from pathlib import Path

import bcrypt
import pytest

from core.embedded.broker_users import BrokerUser, hash_password, is_password, subjects, write_users
from core.errors import Invalid


@pytest.mark.parametrize(
    ("topic_filter", "names"),
    [
        ("hearth/v1/k1/readings", ("hearth.v1.k1.readings",)),
        ("hearth/v1/k1/#", ("hearth.v1.k1.>", "hearth.v1.k1")),
        ("glow/+/SENSOR/#", ("glow.*.SENSOR.>", "glow.*.SENSOR")),
        ("#", (">",)),
        ("+", ("*",)),
    ],
)
def test_a_topic_filter_is_said_in_the_brokers_own_names(topic_filter: str, names: tuple[str, ...]) -> None:
    assert subjects(topic_filter) == names


@pytest.mark.parametrize(
    ("topic_filter", "why"),
    [
        ("home/living room/x", "a space"),
        ("home/v1.2/x", "a full stop"),
        ("home/*/x", "an asterisk"),
        ("home/>", "greater-than"),
        ("home//x", "empty level"),
        ("/home", "empty level"),
        ("", "empty level"),
        ("home/#/x", "last level"),
        ("home/a+/x", "level of its own"),
        ("home/a#", "level of its own"),
    ],
)
def test_what_the_broker_would_misread_is_refused_with_the_reason(topic_filter: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        subjects(topic_filter)


def test_only_its_owner_reads_the_users_file(tmp_path: Path) -> None:
    write_users(tmp_path / "users.conf", [BrokerUser("k1", hash_password("secret"), ("hearth/v1/k1/#",))])
    assert stat.S_IMODE((tmp_path / "users.conf").stat().st_mode) == 0o600
    assert "secret" not in (tmp_path / "users.conf").read_text()


def test_a_user_with_a_bad_topic_or_a_plain_password_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "users.conf"
    write_users(path, [BrokerUser("k1", hash_password("secret"))])
    before = path.read_text()
    for bad in (BrokerUser("k2", hash_password("x"), ("a b",)), BrokerUser("k2", "plain")):
        with pytest.raises(Invalid):
            write_users(path, [bad])
    assert path.read_text() == before
    assert [file.name for file in tmp_path.iterdir()] == ["users.conf"]


def test_a_hash_is_in_the_form_the_broker_takes_for_one() -> None:
    hashed = hash_password("secret")
    assert hashed.startswith("$2a$")
    assert bcrypt.checkpw(b"secret", hashed.encode())


def test_a_password_is_known_by_its_hash_and_one_too_long_is_none() -> None:
    hashed = hash_password("secret", 4)
    assert is_password("secret", hashed)
    assert not is_password("Secret", hashed)
    assert not is_password("s" * 100, hashed)
    assert not is_password("sec\0ret", hashed)
