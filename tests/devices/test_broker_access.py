"""The broker's users."""

import json
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core.db import Db
from core.embedded.broker_users import BrokerUser
from core.errors import Unavailable
from core.mosquitto import MosquittoFiles, hash_password
from devices import broker_access, registry
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA

OURS = [BrokerUser("hearth_intake", "$2a$06$" + "x" * 53, subscribe=("#",))]
GLOW = {"name": "Display", "model": "IHD2"}


def test_a_device_may_publish_under_its_own_key_and_its_routes_only(session: Session) -> None:
    made = registry.enrol(session, GLOW, now=NOW, actor=CORA, key="glow-1")
    registry.add_route(session, made.device, "glow/AABB/#", "glow", actor=CORA)
    (user,) = broker_access.users(session)
    assert (user.name, user.publish, user.subscribe) == ("glow-1", ("hearth/v1/glow-1/#", "glow/AABB/#"), ())
    assert user.password_hash == made.device.secret_hash


def test_revoked_deleted_and_secretless_kit_and_sensors_are_no_users(session: Session) -> None:
    revoked = registry.enrol(session, GLOW, now=NOW, actor=CORA).device
    registry.revoke(session, revoked, now=NOW, actor=CORA)
    registry.enrol(session, GLOW, now=NOW, actor=CORA).device.deleted_at = NOW
    kit.sensor(session, kit.device(session, "hub-1"), "0xa1")
    session.flush()
    assert broker_access.users(session) == []


def test_a_topic_this_broker_cannot_express_locks_nobody_out(session: Session) -> None:
    made = registry.enrol(session, GLOW, now=NOW, actor=CORA, key="glow-1")
    registry.add_route(session, made.device, "my.home/x", "glow", actor=CORA)
    assert broker_access.users(session)[0].publish == ("hearth/v1/glow-1/#",)


def test_the_file_is_written_and_the_broker_told_only_when_something_changed(
    real_db: Db, tmp_path: Path
) -> None:
    path, told = tmp_path / "users.conf", []

    def refresh() -> bool:
        return broker_access.refresh(real_db, path, OURS, lambda: told.append(path.read_text()))

    assert refresh()
    assert not refresh()
    with real_db.transaction() as session:
        registry.enrol(session, GLOW, now=NOW, actor=CORA, key="glow-1")
    assert refresh()
    assert not refresh()
    assert len(told) == 2
    rows = [json.loads(line.rstrip(",")) for line in told[1].splitlines()[1:-1]]
    assert [row["user"] for row in rows] == ["hearth_intake", "glow-1"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_broker_that_could_not_be_told_is_told_the_next_time(real_db: Db, tmp_path: Path) -> None:
    path = tmp_path / "users.conf"

    def down() -> None:
        raise Unavailable

    with pytest.raises(Unavailable):
        broker_access.refresh(real_db, path, OURS, down)
    assert broker_access.refresh(real_db, path, OURS, lambda: None)


def test_before_the_broker_runs_there_is_nobody_to_tell(real_db: Db, tmp_path: Path) -> None:
    assert broker_access.refresh(real_db, tmp_path / "users.conf", OURS)
    assert (tmp_path / "users.conf").exists()


def test_a_route_that_mosquitto_can_not_be_told_of_locks_nobody_out(session: Session) -> None:
    made = registry.enrol(session, GLOW, now=NOW, actor=CORA, key="glow-1")
    for topic in ("my meter/AA BB/#", "meter\nuser glow-2"):
        registry.add_route(session, made.device, topic, "glow", actor=CORA)
    (user,) = broker_access.mosquitto_users(session)
    assert user.publish == ("hearth/v1/glow-1/#", "my meter/AA BB/#")
    assert user.password_hash == made.device.mosquitto_hash


def test_kit_from_before_mosquittos_hashes_is_counted_until_it_has_another_password(session: Session) -> None:
    old, shut_out, _new = (registry.enrol(session, GLOW, now=NOW, actor=CORA).device for _ in range(3))
    old.mosquitto_hash = shut_out.mosquitto_hash = None
    registry.revoke(session, shut_out, now=NOW, actor=CORA)
    assert broker_access.count_without_mosquitto(session) == 1
    assert len(broker_access.mosquitto_users(session)) == 1
    registry.rotate(session, old, now=NOW, actor=CORA)
    assert broker_access.count_without_mosquitto(session) == 0


def test_a_device_with_intakes_name_takes_intakes_place_from_nobody(real_db: Db, tmp_path: Path) -> None:
    with real_db.transaction() as session:
        registry.enrol(session, GLOW, now=NOW, actor=CORA, key="intake")
    files, intake = MosquittoFiles(tmp_path), BrokerUser("intake", hash_password("x"), subscribe=("#",))
    broker_access.refresh_mosquitto(real_db, files, intake, lambda: None)
    assert files.passwords.read_text() == f"intake:{intake.password_hash}\n"
    assert files.rights.read_text() == "user intake\ntopic read #\n"
