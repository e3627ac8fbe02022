"""What the processes of `hearthline up` are given."""

from collections.abc import Mapping
from pathlib import Path
from threading import Event

import pytest

from app.up import Given, System
from config import Config
from core.embedded.ports import free_port
from core.errors import Unavailable


def given_to_children(state: Path, environment: Mapping[str, str]) -> Mapping[str, str]:
    return system(state, environment)._workers()[0].env or {}


def system(
    state: Path, environment: Mapping[str, str], mqtt_url: str | None = "mqtt://intake:secret@broker:1883"
) -> System:
    config = Config.from_env(environment)
    return System(
        Given(
            state_dir=state,
            database_url=config.database_url,
            web_database_url=config.web_database_url,
            owner_database_url=config.owner_database_url,
            mqtt_url=mqtt_url,
            secret_key=config.secret_key,
            base_url=None,
            environment=environment,
            seed="none",
            homes=0,
            speed=1.0,
            ready_file=None,
            web_port=free_port(),
            mqtt_port=1883,
            intake_share=config.intake_share,
        ),
        Event(),
    )


def test_there_are_as_many_intake_workers_as_the_load_is_parted_into(tmp_path: Path) -> None:
    children = system(tmp_path, {"HEARTH_INTAKE_SHARE": "partitions:3"})._workers()
    assert [child.name for child in children if child.command[-1] == "intake"] == [
        "intake",
        "intake-2",
        "intake-3",
    ]
    assert children[0].env is not None
    assert children[0].env["HEARTH_INTAKE_SHARE"] == "partitions:3"


def test_a_group_is_refused_where_the_broker_is_our_own(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="knows no groups"):
        system(tmp_path, {"HEARTH_INTAKE_SHARE": "group:2"}, mqtt_url=None)


def test_it_is_told_where_the_pages_say_whether_they_are_ready(tmp_path: Path) -> None:
    config = Config.from_env(given_to_children(tmp_path, {}))
    assert config.ready_url == f"{config.base_url}/health/ready"


def test_a_secret_that_came_from_a_file_is_not_given_twice(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("k" * 40)
    env = given_to_children(
        tmp_path / "state", {"HEARTH_SECRET_KEY_FILE": str(key), "HEARTH_LOG_LEVEL": "DEBUG"}
    )
    config = Config.from_env(env)
    assert (config.secret_key, config.log_level) == ("k" * 40, "DEBUG")


def test_only_migrations_are_given_the_owners_rights(tmp_path: Path) -> None:
    env = given_to_children(
        tmp_path,
        {
            "HEARTH_DATABASE_URL": "postgresql://hearth_app:a@db/h",
            "HEARTH_WEB_DATABASE_URL": "postgresql://hearth_web:w@db/h",
            "HEARTH_OWNER_DATABASE_URL": "postgresql://hearth_owner:secret@db/h",
        },
    )
    assert not any("hearth_owner" in value for value in env.values())
    assert Config.from_env(env).web_database_url == "postgresql+psycopg://hearth_web:w@db/h"
