"""The command that keeps the timetable: ladders, silence, follow-ups, messages."""

import argparse
from collections.abc import Callable
from urllib.parse import urlsplit

from app import broker, outside, ticks
from app.running import settings
from app.schedule import Timetable
from care_plans.channel import Channel
from care_plans.messages.channels.sms import SmsCarrier
from care_plans.messages.letter import Carrier
from config import Config, ConfigError
from core.clock import real_time
from core.db import Db
from core.mosquitto import MosquittoFiles
from core.worker import stop_on_signals


def run(config: Config, _asked: argparse.Namespace) -> None:
    """Keep the timetable until told to stop."""
    if config.smtp_url:
        config.require("database_url", "secret_key", "base_url")  # a mail's link has to lead somewhere
    db = settings.open_db(config, "schedule", pool=12, patience_seconds=settings.PATIENCE)
    carriers = (
        ticks.carriers(config.smtp_url, config.base_url, db.clock) | _texts(config) | _pushes(db, config)
    )
    store = settings.open_store(config)
    beside = outside.webhooks(db, inside=config.webhooks_inside, web_url=config.base_url)
    beside.append(outside.texts(db))
    telephone = _telephone(config)
    if telephone is not None:
        beside += outside.calls(db, telephone)
    refresh = _refresh_broker(db, config)
    every = ticks.timetable(db, carriers, refresh, store, beside, calls=telephone is not None)
    Timetable(db, every, lambda: ticks.oldest_waiting(db)).run(stop_on_signals())


def _refresh_broker(db: Db, config: Config) -> Callable[[], None]:
    """What lets whoever is enrolled in at the broker, where its users are ours to write."""
    if config.mosquitto_files is None:
        return broker.refresher(db, config.state_dir)
    config.require("mqtt_url")
    if not config.mosquitto_files.is_dir():
        raise ConfigError("HEARTH_MOSQUITTO_FILES is not a folder that is there: make it.")
    files = MosquittoFiles(config.mosquitto_files, config.mosquitto_pid)
    return broker.mosquitto_refresher(db, files, config.mqtt_url or "", lambda: real_time().start)


def _texts(config: Config) -> dict[Channel, Carrier]:
    """The way of texts, where the settings name one."""
    if config.notify_key is None:
        return {}
    config.require("notify_template", "base_url")
    by = SmsCarrier(
        config.notify_key,
        config.notify_template or "",
        web_url=config.base_url or "",
        zone=config.time_zone,
        url=config.notify_url,
    )
    return {Channel.SMS: by}


def _pushes(db: Db, config: Config) -> dict[Channel, Carrier]:
    """The way to browsers, where the settings hold a key for it."""
    if config.push_key is None:
        return {}
    subject = (
        config.push_subject or f"mailto:hearthline@{urlsplit(config.base_url or '').hostname or 'localhost'}"
    )
    return {Channel.PUSH: outside.pushes(db, config.push_key, subject, zone=config.time_zone)}


def _telephone(config: Config) -> outside.Telephone | None:
    """The telephone that the settings name; None where none is set."""
    if config.voice_url is None:
        return None
    config.require("voice_secret", "base_url")  # reports of calls have to come back signed, and somewhere
    return outside.telephone(
        config.voice_url, config.voice_secret or "", web_url=config.base_url or "", ring=config.voice_ring
    )
