"""The command that takes in what devices publish."""

import argparse
from collections.abc import Mapping

from app.running import settings
from config import Config
from core import heartbeats
from core.worker import stop_on_signals
from devices.intake import Intake
from devices.lanes import MqttAddress
from devices.seats import SAFETY
from devices.share import ALONE, Share

PATIENCE = 15.0
"""As `settings.PATIENCE`; less, as a press may wait behind it and a batch takes a fraction of a second."""


def run(config: Config, _asked: argparse.Namespace) -> None:
    """Take in what devices publish until told to stop."""
    config.require("database_url", "secret_key", "mqtt_url")
    settings.read_mappings(config)
    db = settings.open_db(config, "intake", patience_seconds=PATIENCE)
    how, seats = config.intake_share or ("", 1)
    share = Share(seats, by_parts=how == "partitions") if config.intake_share else ALONE
    intake = Intake(db, MqttAddress.of_url(config.mqtt_url or "", config.mqtt_ca), share=share)

    def beat(oldest_waiting: float | None, counts: Mapping[str, float]) -> None:
        # Several workers are several processes; the one with the life-safety lane is the one that is missed.
        if intake.seats:
            name = "intake" if SAFETY in intake.seats else f"intake-{min(intake.seats)}"
            said = {heartbeats.LISTENING: intake.listening, heartbeats.SEATS: len(intake.seats - {SAFETY})}
            heartbeats.beat(db, name, oldest_waiting, {**counts, **said})

    intake.run(stop_on_signals(), beat)
