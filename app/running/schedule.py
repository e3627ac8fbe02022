"""The command that keeps the timetable: ladders, silence, follow-ups, messages."""

import argparse

from app import broker, ticks
from app.running import settings
from app.schedule import Timetable
from config import Config
from core.worker import stop_on_signals


def run(config: Config, _asked: argparse.Namespace) -> None:
    """Keep the timetable until told to stop."""
    if config.smtp_url:
        config.require("database_url", "secret_key", "base_url")  # a mail's link has to lead somewhere
    db = settings.open_db(config, "schedule", pool=8)
    carriers = ticks.carriers(config.smtp_url, config.base_url, db.clock)
    store = settings.open_store(config)
    every = ticks.timetable(db, carriers, broker.refresher(db, config.state_dir), store)
    Timetable(db, every, lambda: ticks.oldest_waiting(db)).run(stop_on_signals())
