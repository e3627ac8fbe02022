"""The command that takes in what devices publish."""

import argparse
from collections.abc import Mapping

from app.running import settings
from config import Config
from core import heartbeats
from core.worker import stop_on_signals
from devices.intake import Intake
from devices.lanes import MqttAddress


def run(config: Config, _asked: argparse.Namespace) -> None:
    """Take in what devices publish until told to stop."""
    config.require("database_url", "secret_key", "mqtt_url")
    settings.read_mappings(config)
    db = settings.open_db(config, "intake")
    intake = Intake(db, MqttAddress.of_url(config.mqtt_url or "", config.mqtt_ca))

    def beat(oldest_waiting: float | None, counts: Mapping[str, float]) -> None:
        heartbeats.beat(db, "intake", oldest_waiting, {**counts, heartbeats.LISTENING: intake.listening})

    intake.run(stop_on_signals(), beat)
