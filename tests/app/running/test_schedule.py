"""What the timetable's command makes of the settings of the broker."""

from pathlib import Path

import pytest

from app.running import schedule
from app.ticks import ADMIT_EVERY
from config import Config, ConfigError
from core.db import Db
from core.errors import Invalid


def test_mosquittos_files_are_written_where_a_folder_is_set(real_db: Db, tmp_path: Path) -> None:
    config = Config(mosquitto_files=tmp_path, mqtt_url="mqtt://intake:secret@broker")
    schedule._refresh_broker(real_db, config)()
    assert "user intake" in (tmp_path / "rights").read_text()


def test_a_folder_that_is_not_there_or_nobody_to_sign_in_stops_the_start(real_db: Db, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="HEARTH_MOSQUITTO_FILES"):
        schedule._refresh_broker(real_db, Config(mosquitto_files=tmp_path / "none", mqtt_url="mqtt://i:s@b"))
    with pytest.raises(ConfigError, match="HEARTH_MQTT_URL"):
        schedule._refresh_broker(real_db, Config(mosquitto_files=tmp_path))
    with pytest.raises(Invalid):
        schedule._refresh_broker(real_db, Config(mosquitto_files=tmp_path, mqtt_url="mqtt://broker"))


def test_without_a_folder_none_is_written(real_db: Db, tmp_path: Path) -> None:
    schedule._refresh_broker(real_db, Config(state_dir=tmp_path))()
    assert list(tmp_path.rglob("rights")) == []


def test_whoever_is_shut_out_is_told_of_in_time_for_five_seconds() -> None:
    assert ADMIT_EVERY <= 2
