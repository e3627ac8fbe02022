"""The command that runs the whole system on one machine."""

import argparse
import os
from pathlib import Path

from app.running import settings
from app.up import Given, System
from config import Config
from core.worker import stop_on_signals


def run(config: Config, asked: argparse.Namespace) -> None:
    """Run the whole system on this machine until told to stop."""
    System(
        Given(
            state_dir=Path(asked.state_dir) if asked.state_dir else config.state_dir,
            database_url=config.database_url,
            web_database_url=config.web_database_url,
            owner_database_url=config.owner_database_url,
            mqtt_url=config.mqtt_url,
            secret_key=config.secret_key,
            base_url=config.base_url,
            environment=os.environ,
            seed=asked.seed,
            homes=asked.homes,
            speed=asked.speed,
            ready_file=Path(asked.ready_file).resolve() if asked.ready_file else None,
            web_port=config.web_port if asked.web_port is None else asked.web_port,
            mqtt_port=asked.mqtt_port,
            store=settings.open_store(config) if config.attachments_url else None,
            push_key=config.push_key,
            intake_share=config.intake_share,
        ),
        stop_on_signals(),
    ).run()
